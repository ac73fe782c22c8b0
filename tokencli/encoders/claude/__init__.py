"""Claude's tokenizers since Claude 3, reconstructed from measured counts: numbers without token ids.

The model and the tables are those of ctok 1.3.0 (MIT, Sander Land): text is normalised, markers for word borders and
capitals are written in, and the cheapest layout over a table of pieces is the count. A count here is that of one user
message less the fixed frame of the message. The frame touches both ends of the text: up to `claude-4.7` it ends in a
word start that absorbs one leading space and costs a token where the text gives it no use, and it always ends in
newlines that merge with those of the text. So a count is not the sum over any two halves; see `cut`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import filterfalse
from typing import TYPE_CHECKING, NoReturn

from tokencli.encoders.claude.runs import Runs
from tokencli.encoders.claude.stream import (
    ascii_splitter,
    mute_mixed_numbers,
    normalise,
    unicode_splitter,
    word_stream,
)
from tokencli.encoders.claude.tiling import Tiling
from tokencli.errors import ExitCode, TokError
from tokencli.vocab.pieces import WORD_END, WORD_START, open_pieces

if TYPE_CHECKING:
    from tokencli.encoders import Parallel, Recipe
    from tokencli.encoders.claude.stream import Splitter
    from tokencli.model import Method
    from tokencli.vocab.pieces import Pieces

# Units are listed for about this many characters at a time, and remembered up to this number and length.
STRETCH = 1 << 14
REMEMBERED = 200_000
LONGEST_REMEMBERED = 64
# Text soon has few new units; random characters have one in ten and go on so. What is new beyond one unit in so many
# characters adds up, and from this sum on new words are not remembered but priced by `Runs`, which take 10 to 50 ms to
# make.
USUAL = 12
SURPLUS = 2_000


@dataclass(frozen=True, slots=True)
class Family:
    """A generation: its table, the frame of a message where it differs from the table's, and whether that frame ends
    in a word start."""

    table: str
    frame: int | None
    opens_word: bool


FAMILIES = {
    "claude-3": Family("claude-3", None, True),
    "claude-4.7": Family("claude-4.7", None, True),
    "claude-4.8": Family("claude-4.7", 6, False),
}

# Letters that form words, and characters that stand alone, without those that compose with what comes before them.
_LETTER = (
    r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0391-\u03a1\u03b1-\u03c9\u0410-\u044f\u05d0-\u05ea\u0621-\u064a"
    r"\u0905-\u0939\u3041-\u3096\u30a1-\u30fa"
)
_ALONE = r"\u4e00-\u9fff\uac00-\ud7a3"

# Where the halves add up if the right one is counted with head=False, that is as going on after a letter: the same for
# all families, and there are such places in every text of words, lines or Chinese sentences.
_BETWEEN_WORDS = rf"(?<=[{_LETTER}])(?= [{_LETTER}])"
_BEFORE_ANYTHING = rf"(?<=[!-~{_LETTER}{_ALONE}\u3001\u3002])(?=\n)|(?<=[{_LETTER}])(?=[0-9])|(?<=\u3002)(?=[{_ALONE}])"
CUT = re.compile(rf"{_BETWEEN_WORDS}|{_BEFORE_ANYTHING}|(?<=[{_LETTER}{_ALONE}])(?= [0-9{_ALONE}])")

# In a marked text: in front of white space that follows none, in front of a character that stands alone, and between a
# letter and a digit or one of ()*+,-./ (base64 has no white space).
_STRETCH_END = re.compile(r"(?<=\S)[ \n\t]|(?=[\u4e00-\u9fff])|(?<=[A-Za-z])(?=[(-9])")


class _Costs(dict[str, int]):
    """Unit to number of tokens, filled in as units come."""

    def __init__(self, table: Pieces, tiling: Tiling) -> None:
        super().__init__()
        self._table = table
        self._cost = tiling.cost
        self._surplus = 0

    def total(self, units: list[str], size: int) -> int:
        """Tokens of the units of so many characters."""
        if self._surplus < SURPLUS:
            before = len(self)
            total, new = sum(map(self.__getitem__, units)), len(self) - before
        else:
            total, new = self._total_of_random(units)
        # Not far beyond the bound, so that text that follows soon has its words remembered.
        self._surplus = min(max(0, self._surplus + new - size // USUAL), 2 * SURPLUS)
        return total

    def _total_of_random(self, units: list[str]) -> tuple[int, int]:
        """Tokens, and how many new words of ASCII there are."""
        total = sum(filter(None, map(self.get, units)))
        words = []
        for unit in list(filterfalse(self.__contains__, units)):
            if unit.isalpha() and unit.isascii() and len(unit) <= LONGEST_REMEMBERED:
                words.append(word_stream(unit, self._table.caps_from))
            else:
                total += self[unit]
        return total + (self._runs.cost(words) if words else 0), len(set(words))

    @cached_property
    def _runs(self) -> Runs:
        return Runs(self._table)

    def __missing__(self, unit: str) -> int:
        cost = self._measure(unit)
        if len(unit) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[unit] = cost
        return cost

    def _measure(self, unit: str) -> int:
        head = unit[0]
        if "0" <= head <= "9":
            return (len(unit) + 2) // 3
        word = unit.isalpha() if unit.isascii() else unicode_splitter().word.match(head) is not None
        if word:
            return self._cost(word_stream(unit, self._table.caps_from))
        if head == "'" and unit[-1].isalpha():
            return self._cost(unit + WORD_END)
        return self._cost(unit)


class ClaudeEncoder:
    """Counts content as one user message, less its `frame`; the empty text counts 0 although the frame of the older
    two families would cost one token more around it."""

    method: Method = "reconstructed"
    parallel: Parallel = "copies"
    cut = CUT

    def __init__(self, name: str) -> None:
        self.name = name
        family = FAMILIES[name]
        table = open_pieces(family.table)
        self.frame = table.frame if family.frame is None else family.frame
        self._opens_word = family.opens_word
        self._fold_quotes = table.fold_quotes
        self._tiling = Tiling(table)
        self._costs = _Costs(table, self._tiling)

    def count(self, text: str, *, special: bool = False, head: bool = True) -> int:
        """Tokens of a text, in which special-token text is ordinary text.

        With `head=False` the text is what follows a `cut` and not the start of the message.
        """
        if not text:
            return 0
        normal = normalise(text, self._fold_quotes)
        body = normal.rstrip("\n")
        total = self._tail(len(normal) - len(body))
        if not head:
            return total + self._after("a", body)
        if not self._opens_word:
            return total + self._after("", body)
        # The frame absorbs a space of the text itself, not one that normalisation made or laid bare.
        if text[0] == " " and body[:1] == " " and body[1:2] != " ":
            body = body[1:]
        return total + self._after(" ", body)

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        """The count of each text, `inner` ones without a head."""
        inner = inner or [False] * len(texts)
        return [self.count(text, head=not within) for text, within in zip(texts, inner, strict=True)]

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Always a TokError: the pieces have no known ids."""
        self._no_ids()

    def decode(self, ids: Sequence[int]) -> bytes:
        """Always a TokError: the pieces have no known ids."""
        self._no_ids()

    def expect(self, size: int) -> None:
        """There is one engine only."""

    def start(self) -> None:
        """It needs no start."""

    def _tail(self, newlines: int) -> int:
        """What newlines at the end cost: they form one run with the frame's two, of which a token is the frame's."""
        return self._tiling.cost("\n" * (newlines + 2)) - 1 if newlines else 0

    def _after(self, before: str, text: str) -> int:
        """Tokens of a normalised text that stands after a letter, after nothing, or after a frame that ends in a word
        start: that acts as a space, and costs a token itself where the text has no use for it."""
        splitter = ascii_splitter()
        if not text.isascii():
            splitter = unicode_splitter()
            text = mute_mixed_numbers(text)
        start = len(before)
        marked = splitter.mark(before + text)
        used = before != " " or marked.startswith((" ", WORD_START), start) or splitter.word.match(marked, start)
        return (not used) + self._sum(splitter, marked, start)

    def _sum(self, splitter: Splitter, marked: str, start: int) -> int:
        total = 0
        while start < len(marked):
            end = _STRETCH_END.search(marked, start + STRETCH)
            stop = end.start() if end else len(marked)
            total += self._costs.total(splitter.unit.findall(marked, start, stop), stop - start)
            start = stop
        return total

    def _no_ids(self) -> NoReturn:
        raise TokError(
            f"{self.name} has counts but no token ids",
            hint="use an encoding with ids, such as -e o200k_base",
            code="no-token-ids",
            exit=ExitCode.DATA,
        )


def load(name: str, recipe: Recipe | None = None) -> ClaudeEncoder:
    """The encoder of `claude-3`, `claude-4.7` or `claude-4.8`; everything it needs is in its table and FAMILIES."""
    return ClaudeEncoder(name)
