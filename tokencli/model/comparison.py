"""How economical encodings are with given texts: what `tok tokenizers compare` reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tokencli.model import Count, Method

SCRIPTS = ("latin", "han", "kana", "hangul", "arabic", "devanagari", "code")


class Sample(NamedTuple):
    """The texts that were compared: files, words (between white space), characters (code points), bytes in UTF-8,
    and the characters of the runs of each script that is in them."""

    files: int
    words: int
    characters: int
    bytes: int
    scripts: Mapping[str, int]


class Row(NamedTuple):
    """One encoding, reached by its own name or through a model: its tokens of the texts, and of the runs of each
    script counted apart."""

    encoding: str
    model: str | None
    method: Method
    tokens: Count
    scripts: Mapping[str, int]


class Comparison(NamedTuple):
    """The encodings, the best first."""

    sample: Sample
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def premium(self, row: Row) -> float:
        """What an encoding needs more than the best, as a share of it."""
        best = min(each.tokens.tokens for each in self.rows)
        return row.tokens.tokens / best - 1 if best else 0.0

    def rates(self, row: Row) -> tuple[float | None, ...]:
        """Tokens per word, per character and per byte; None of nothing."""
        sizes = (self.sample.words, self.sample.characters, self.sample.bytes)
        return tuple(row.tokens.tokens / size if size else None for size in sizes)

    def by_script(self, row: Row) -> dict[str, float]:
        """Tokens per character of the runs of each script that the texts hold."""
        return {script: row.scripts[script] / size for script, size in self.sample.scripts.items() if size}
