"""The `[fast]` extra: splintr counts several times as fast as tiktoken, for encodings where it gives the same ids.

`pip install 'tokencli[fast]'` brings it; nothing is asked of the user beyond that. Which encodings it may
serve is settled by tests, which compare it with tiktoken over whole corpora and every code point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

SERVES = {
    "cl100k_base": ("cl100k_base", 27),
    "o200k_base": ("o200k_base", 26),
    "o200k_harmony": ("o200k_base", 26),
    "qwen2": ("qwen3", 29),
    "deepseek-v3": ("deepseek_v3", 27),
    "deepseek-v4": ("deepseek_v3", 27),
    "glm-4": ("glm4", 27),
    "kimi-k2": ("kimi_k2", 27),
    "tekken": ("mistral_v3", 30),
}
"""Encoding to the name of the same vocabulary in splintr, which leaves normalisation to its caller, and the tokens of
PROBE: tests hold them against the other engines, as to count them here would delay the start by a tenth."""

PROBE = "def f(x):\n    return x  # naïve: 1234,  文字の数\r\n\tI'll don't\n\n"
"""What must count alike before splintr is trusted in this process."""


class SplintrEngine:
    """Counts of many texts at once; it uses all processors by itself."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._frame = len(tokenizer.encode_ordinary(""))
        # Only a text that holds the text of a special token needs the slower call that reads it as ordinary.
        self._marks = _marks(tokenizer.special_tokens())

    def count(self, text: str) -> int:
        """Tokens of one text; unlike `count_all` this starts no threads."""
        return len(self._tokenizer.encode_ordinary(text)) - self._frame

    def count_all(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special-token text counted as ordinary text."""
        plain = [text for text in texts if not any(mark in text for mark in self._marks)]
        _, offsets = self._tokenizer.encode_batch_flat(plain)
        bounds = memoryview(offsets).cast("Q").tolist()
        counts = iter([end - start - self._frame for start, end in pairwise(bounds)])
        if len(plain) == len(texts):
            return list(counts)
        return [self.count(text) if any(mark in text for mark in self._marks) else next(counts) for text in texts]


def _marks(special: Iterable[str]) -> tuple[str, ...]:
    """A few short strings of which every special token holds one."""
    texts = sorted(special)
    openings = [mark for mark in ("<|", "<｜") if any(mark in text for text in texts)]
    return (*openings, *(text for text in texts if not any(mark in text for mark in openings)))


def serves(name: str) -> bool:
    """Whether an encoding can be counted here by splintr."""
    return name in SERVES and find_spec("splintr") is not None


def start(name: str) -> SplintrEngine | None:
    """The engine for an encoding, or None where it is not installed, does not serve, or does not count the probe as
    it has to be."""
    if not serves(name):
        return None
    import splintr

    vocabulary, expected = SERVES[name]
    engine = SplintrEngine(splintr.Tokenizer.from_pretrained(vocabulary))
    return engine if engine.count_all([PROBE]) == [expected] else None
