"""Random words of ASCII at once: what a table's pieces save on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter

from tokencli.vocab.pieces import Pieces

# Runs are remembered up to this number.
REMEMBERED = 200_000


class Runs:
    """Prices many marked strings of ASCII together: their characters, less what pieces save.

    Many neighbours in random text stand side by side in no piece. What lies between two such places is laid out alone
    and comes again where a whole word does not. It is written as a run: a string whose characters are pairs of
    neighbours, so that a pattern finds it.
    """

    def __init__(self, table: Pieces) -> None:
        pairs = _pairs("\0".join(filter(str.isascii, table.pieces)))
        # Those without the zero between pieces: above U+0100 and below the surrogates, so a class needs no escapes.
        inner = _class(pair for pair in set(pairs) if ord(pair) > 0xFF and ord(pair) & 0xFF)
        pieces = frozenset(re.findall(f"{inner}+", pairs))
        first, last = _class(map(itemgetter(0), pieces)), _class(map(itemgetter(-1), pieces))
        # What stands in front of every piece or behind every piece of a run would only make it rarer.
        self._run = re.compile(f"{first}(?:{inner}*{last})?")
        self._saved = _Saved(pieces)

    def cost(self, marked: Sequence[str]) -> int:
        """Tokens of all the strings."""
        if len(self._saved) > REMEMBERED:
            self._saved.clear()
        runs = self._run.findall(_pairs("\0".join(marked)))
        return sum(map(len, marked)) - sum(map(self._saved.__getitem__, runs))


class _Saved(dict[str, int]):
    """Run to how many tokens its best layout saves, filled in as runs come; a piece saves as many as it has pairs."""

    def __init__(self, pieces: frozenset[str]) -> None:
        super().__init__()
        self._pieces = pieces
        self._pair_pieces = {piece for piece in pieces if len(piece) == 1}
        # Lengths as bits: that many sets take longer to make.
        endings: dict[str, int] = {}
        for piece in pieces - self._pair_pieces:
            ending = piece[-2:]
            endings[ending] = endings.get(ending, 0) | 1 << len(piece)
        self._endings = {ending: _lengths(bits) for ending, bits in endings.items()}

    def __missing__(self, run: str) -> int:
        pieces, pair_pieces, lengths_of = self._pieces, self._pair_pieces, self._endings.get
        # What is saved up to each character, and up to none in front of them.
        saved = [0, 0]
        best = 0
        for end, pair in enumerate(run, 1):
            if pair in pair_pieces and saved[-2] == best:
                best += 1
            # The last two pairs tell nearly always that no longer piece ends here.
            for length in lengths_of(run[end - 2 : end], ()):
                if length > end:
                    break
                gain = saved[end - length] + length
                if gain > best and run[end - length : end] in pieces:
                    best = gain
            saved.append(best)
        self[run] = best
        return best


def _pairs(text: str) -> str:
    """Each character of ASCII and the next as one character, the last with a zero."""
    data = text.encode("ascii")
    both = bytearray(2 * len(data))
    both[::2] = data
    both[1:-1:2] = data[1:]
    return both.decode("utf-16-le")


def _class(pairs: Iterable[str]) -> str:
    return f"[{''.join(set(pairs))}]"


@cache
def _lengths(bits: int) -> tuple[int, ...]:
    return tuple(length for length in range(bits.bit_length()) if bits >> length & 1)
