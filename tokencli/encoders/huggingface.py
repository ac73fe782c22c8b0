"""A `tokenizer.json` of Hugging Face, counted by the `tokenizers` package as it is, without what frames a text.

Special tokens spelled out in a text are ordinary text unless they are asked for. Other added tokens, which their maker
did not mark as special, are matched in every text, as the package does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tokencli.encoders import Recipe, own, recipes
from tokencli.encoders.patterns import CUT
from tokencli.encoders.special import unknown_token
from tokencli.errors import TokError
from tokencli.model import Method

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from tokencli.encoders import Parallel

NO_CUT = r"(?!)"
"""Matches nowhere: such a text is counted whole."""

WORD_CUT = r"(?<=[A-Za-z])(?= [A-Za-z])"
"""Safe for every tokenizer that takes words apart at blanks before all else."""

LONGEST = 4 << 20
"""Code points that are counted in one piece at most: the package takes about 150 bytes of memory for each."""

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
DEEPSEEK = (
    r"\p{N}{1,3}",
    "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
    "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
)
"""DeepSeek's splits, one after the other; the encodings here have them as one pattern."""

UNICODE_FORMS = ("NFC", "NFD", "NFKC", "NFKD")
BY_CHARACTER = (*UNICODE_FORMS, "Lowercase", "StripAccents", "BertNormalizer", "Precompiled")
"""Normalisers that look at nothing beyond a blank."""


class HuggingFace:
    """Counts, encodes and decodes with a tokenizer of the `tokenizers` package."""

    method: Method = "exact"
    parallel: Parallel = "itself"

    def __init__(self, name: str, tokenizer: Tokenizer, cut: str) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._cut = cut
        tokenizer.no_padding()
        tokenizer.no_truncation()

    @property
    def cut(self) -> re.Pattern[str]:
        return re.compile(self._cut)

    @property
    def longest(self) -> int:
        """Code points that may be counted in one piece."""
        return LONGEST

    @property
    def vocabulary(self) -> int:
        """The number of tokens."""
        return int(self._tokenizer.get_vocab_size())

    def expect(self, size: int) -> None:
        """There is one engine."""

    def start(self) -> None:
        """The engine is started when it is loaded."""

    def count(self, text: str, *, special: bool = False) -> int:
        return len(self.encode(text, special=special))

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        """The count of each text, on all processors."""
        if len(texts) == 1:
            return [self.count(texts[0], special=special)]
        for text in texts:
            self._check(text)
        self._tokenizer.encode_special_tokens = not special
        with self._failures():
            return [len(each.ids) for each in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        self._check(text)
        self._tokenizer.encode_special_tokens = not special
        with self._failures():
            ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _check(self, text: str) -> None:
        if len(text) > LONGEST:
            raise own.too_long(self.name, LONGEST)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """TokError for a text that the package gives up on: an expression that tries too much, no unknown token."""
        try:
            yield
        except BaseException as problem:
            if not own.is_failure(problem):
                raise
            message = f"{self.name}: the tokenizers package cannot count a text: {problem}"
            raise TokError(message, hint="count it with another encoding", code="uncountable") from problem

    def decode(self, ids: Sequence[int]) -> bytes:
        tokens = [self._tokenizer.id_to_token(identity) if identity < 1 << 32 else None for identity in ids]
        for identity, token in zip(ids, tokens, strict=True):
            if token is None:
                raise unknown_token(self.name, identity)
        if self._added is None:
            return str(self._tokenizer.decode(list(ids), skip_special_tokens=False)).encode()
        return b"".join(self._spelled(identity, token or "") for identity, token in zip(ids, tokens, strict=True))

    def _spelled(self, identity: int, token: str) -> bytes:
        added = self._added or {}
        if identity in added:
            return added[identity].encode()
        return bytes(map(BYTES.__getitem__, token)) if all(map(BYTES.__contains__, token)) else token.encode()

    @cached_property
    def _added(self) -> dict[int, str] | None:
        """The added tokens where all others are bytes in GPT-2's letters; None where the package has to decode."""
        decoder = json.loads(self._tokenizer.to_str()).get("decoder") or {}
        if decoder.get("type") != "ByteLevel":
            return None
        added = self._tokenizer.get_added_tokens_decoder()
        return {identity: str(token.content) for identity, token in added.items()}


def letters() -> dict[str, int]:
    """GPT-2's letters for bytes: printable ones for themselves, the others from U+0100 on."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + at): byte for at, byte in enumerate(others)}


BYTES = letters()


def load(name: str, recipe: Recipe) -> HuggingFace:
    """The encoder of an own `tokenizer.json`."""
    return read(name, own.content(name))


def read(name: str, data: bytes) -> HuggingFace:
    """The encoder of the bytes of a `tokenizer.json`; TokError where they are none or cannot be counted exactly."""
    from tokenizers import Tokenizer

    try:
        document = json.loads(data)
        tokenizer = Tokenizer.from_str(data.decode())
    except RecursionError:
        raise own.unreadable(name, "a tokenizer.json that is nested too deeply") from None
    except BaseException as problem:
        if not own.is_failure(problem):
            raise
        raise own.unreadable(name, f"no tokenizer.json that the tokenizers package reads: {problem}") from problem
    if document["model"].get("dropout"):
        raise own.unreadable(name, "its model drops merges at random, so no count is exact")
    return HuggingFace(name, tokenizer, find_cut(document))


def find_cut(document: dict[str, Any]) -> str:
    """Where a text may be cut, by what the file says; nowhere where that is not known to be safe."""
    found = _split_cut(document.get("pre_tokenizer"), _parts(document.get("normalizer"), "normalizers"))
    added = [token for token in document.get("added_tokens") or [] if not token.get("special")]
    if any(token.get(strip) for token in added for strip in ("lstrip", "rstrip", "single_word")):
        return NO_CUT
    tried = (found, WORD_CUT) if found != NO_CUT else ()
    safe = (cut for cut in tried if not any(_crosses(cut, token["content"]) for token in added))
    return next(safe, NO_CUT)


def _parts(value: dict[str, Any] | None, plural: str) -> list[dict[str, Any]]:
    """The steps of a normaliser or pre-tokenizer, sequences taken apart."""
    if value is None:
        return []
    if value.get("type") == "Sequence":
        return [part for each in value[plural] for part in _parts(each, plural)]
    return [value]


def _split_cut(pre_tokenizer: dict[str, Any] | None, normalizers: list[dict[str, Any]]) -> str:
    steps = _parts(pre_tokenizer, "pretokenizers")
    *splits, last = steps or [{}]
    kind = last.get("type")
    forms = all(form["type"] in UNICODE_FORMS for form in normalizers)
    if kind == "ByteLevel" and not last.get("add_prefix_space", True) and forms:
        patterns = tuple(_pattern(split) for split in splits)
        if last.get("use_regex", True):
            return NO_CUT if splits else CUT
        known = {recipe.unicode for recipe in recipes().values()} | {GPT2}
        return CUT if patterns == DEEPSEEK or (len(patterns) == 1 and patterns[0] in known) else NO_CUT
    words = kind in ("BertPreTokenizer", "Whitespace", "WhitespaceSplit") or (
        kind == "Metaspace" and last.get("split", True) and last.get("prepend_scheme", "always") == "always"
    )
    return WORD_CUT if words and len(steps) == 1 and all(map(_harmless, normalizers)) else NO_CUT


def _pattern(step: dict[str, Any]) -> str | None:
    """The expression of a split that keeps all text."""
    kept = step.get("behavior") == "Isolated" and not step.get("invert")
    inverted = step.get("behavior") == "Removed" and step.get("invert")
    expression = step["pattern"].get("Regex") if step.get("type") == "Split" and (kept or inverted) else None
    return expression if isinstance(expression, str) else None


def _harmless(normalizer: dict[str, Any]) -> bool:
    """Whether a normaliser does the same to both sides of a blank between two words, seen apart."""
    if normalizer["type"] == "Strip":
        return not normalizer.get("strip_left", True)
    if normalizer["type"] == "Replace":
        return normalizer.get("pattern") in ({"Regex": " {2,}"}, {"String": "\\s"})
    return normalizer["type"] in BY_CHARACTER


def _crosses(cut: str, content: str) -> bool:
    """Whether a text may be cut inside this token, whatever stands around it."""
    pattern = re.compile(cut)
    for before in ("", "x", " ", "\n", "x\n"):
        for after in ("", "x", "1", " ", " x"):
            inner = range(len(before) + 1, len(before) + len(content))
            if any(pattern.match(before + content + after, at) for at in inner):
                return True
    return False
