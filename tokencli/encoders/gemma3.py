"""Gemma 3's tokenizer, by which Google's library counts Gemini 2 to 3-preview: Gemma 4's merges, with HTML tags
of a fixed list matched first, a token each.

Both generations share vocabulary and ids. In Gemma 3 these tags (ids 168 to 237) are added tokens, as its published
tokenizer.json lists them; so are `[multimodal]`, `<unusedN>` and runs of U+2581 itself, which are left as text here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tokencli.encoders import Parallel, Recipe, special_tokens
from tokencli.encoders.gemma import Gemma
from tokencli.encoders.gemma import load as load_gemma
from tokencli.encoders.special import count_special, encode_special
from tokencli.model import Method

FIRST_TAG = 168
GROUPS = (
    "table caption thead tbody tfoot tr th td",
    "h1 h2 h3 h4 h5 h6 blockquote",
    "strong em b i u s sub sup code",
    "a html body img span bbox ul li div iframe footer",
)
"""The tags in the order of their ids: each group's opening tags, then its closing ones."""

# Gemma 4's without those beside a digit, which `<h1>` holds; no tag holds a blank or a line break.
CUT = (
    r"(?<=\n)(?=[^\n])|(?<=[^\n])(?=\n)|(?<=[A-Za-z,;:)\]}])(?= )"
    r"|(?<=[\u3041-\u30fa\u4e00-\u9fff])(?=[\u3001\u3002\uff0c])"
)


def tags() -> dict[str, int]:
    """The HTML tags that are a token each: text to id."""
    texts = [f"<{mark}{name}>" for group in GROUPS for mark in ("", "/") for name in group.split()]
    return {text: FIRST_TAG + place for place, text in enumerate(texts)}


class Gemma3:
    """Counts, encodes and decodes as Gemma 3 does, without `<bos>` and the frames of turns."""

    name = "gemma3"
    method: Method = "vendor-local"
    parallel: Parallel = "threads"

    def __init__(self, merges: Gemma, special: Mapping[str, int]) -> None:
        self._merges = merges
        self._tags = tags()
        self._all = self._tags | dict(special)
        self.expect = merges.expect
        self.start = merges.start
        self.decode = merges.decode

    @property
    def cut(self) -> re.Pattern[str]:
        return re.compile(CUT)

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        """The count of each text."""
        return [self.count(text, special=special) for text in texts]

    def count(self, text: str, *, special: bool = False) -> int:
        if not special and "<" not in text:
            return self._merges.count(text)
        return count_special(text, self._all if special else self._tags, self._merges.count)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        return encode_special(text, self._all if special else self._tags, self._merges.encode)


def load(name: str, recipe: Recipe) -> Gemma3:
    """The encoder of a row of the index."""
    return Gemma3(load_gemma(name, recipe), special_tokens(name))
