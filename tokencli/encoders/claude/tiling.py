"""The least number of pieces that a marked string can be laid out with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import repeat
from operator import add

from tokencli.vocab.pieces import Pieces

# A long string is laid out in blocks of this many characters; blocks seen before in the same state cost one lookup.
BLOCK = 64


class _Single(dict[str, int]):
    """What one character costs on its own: one token if it is a piece, else its bytes, less a known beginning."""

    def __init__(self, table: Pieces) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, character: str) -> int:
        table = self._table
        cost = 1
        if character not in table.pieces:
            data = character.encode()
            known = next((length for length in (3, 2) if data[:length] in table.prefixes), 1)
            cost = len(data) - known + 1
        self[character] = cost
        return cost


class Tiling:
    """Prices marked strings with one table; equal-cost layouts are not told apart."""

    def __init__(self, table: Pieces) -> None:
        self._pieces = table.pieces
        self._endings: Mapping[str, tuple[int, ...]] = table.endings
        self._single = _Single(table)

    def cost(self, marked: str) -> int:
        """Tokens of a marked string; time grows linearly with its length."""
        if marked in self._pieces:
            return 1
        if len(marked) <= 4 * BLOCK:
            return self._extend([0], marked, 0)[-1]
        return self._long(marked)

    def _extend(self, costs: list[int], marked: str, known: int) -> list[int]:
        """Continue `costs`, the cost of every beginning of `marked` up to its first `known` characters, to its end."""
        if not known:
            costs.append(self._single[marked[0]])
            known = 1
        pieces, append, before, end = self._pieces, costs.append, costs[-1], known
        # One character of ASCII costs 1 whether it is a piece or a byte.
        single: Iterable[int] = repeat(1) if marked.isascii() else map(self._single.__getitem__, marked[known:])
        pairs = map(add, marked[known - 1 :], marked[known:])
        for lengths, own in zip(map(self._endings.get, pairs), single):  # noqa: B905
            end += 1
            before += own
            if lengths:
                for length in lengths:
                    if length > end:
                        break
                    cost = costs[end - length] + 1
                    if cost < before and marked[end - length : end] in pieces:
                        before = cost
            append(before)
        return costs

    def _long(self, marked: str) -> int:
        """The same in blocks: all that a block needs of what lies before it is as many characters as the longest piece
        reaches back, and what those cost beyond each other, so a text that repeats itself repeats its blocks."""
        pairs = {marked[at : at + 2] for at in range(len(marked) - 1)}
        overlap = max((self._endings.get(pair) or (1,))[-1] for pair in pairs) - 1
        steps: dict[tuple[str, tuple[int, ...]], tuple[int, tuple[int, ...]]] = {}
        state: tuple[int, ...] = (0,)
        total = 0
        for at in range(0, len(marked), BLOCK):
            known = len(state) - 1
            stretch = marked[at - known : at + BLOCK]
            step = steps.get((stretch, state))
            if step is None:
                costs = self._extend(list(state), stretch, known)
                kept = costs[-overlap - 1 :]
                step = steps[stretch, state] = costs[-1], tuple(cost - costs[-1] for cost in kept)
            total += step[0]
            state = step[1]
        return total
