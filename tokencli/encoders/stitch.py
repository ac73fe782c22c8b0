"""Merge a very long piece in chunks, exactly, where merging it at once costs far more per byte.

Byte-pair merging has a local test: tokens side by side are the merge of their joined text if and only if every
two neighbours are the merge of theirs. (Take the first join across a token's edge in the whole text: until
then both neighbours went through the same joins as in their text alone, where it would have happened too.)
So chunks are merged on their own, and where the last token of one and the first of the next fail the
test, a growing stretch around the seam is merged anew until it fits on both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

CHUNK = 256

Token = TypeVar("Token", int, bytes)


class Stitcher(Generic[Token]):
    """Merges long pieces with `encode`, which merges one short piece of bytes; `spell` gives the bytes of a token."""

    def __init__(self, encode: Callable[[bytes], list[Token]], spell: Callable[[Token], bytes]) -> None:
        self._encode: Callable[[bytes], list[Token]] = encode
        self._spell: Callable[[Token], bytes] = spell
        self._fits: dict[tuple[Token, Token], bool] = {}

    def merge(self, piece: bytes) -> list[Token]:
        """The tokens of a piece."""
        done: list[Token] = []
        for start in range(0, len(piece), CHUNK):
            self._append(done, self._encode(piece[start : start + CHUNK]))
        return done

    def _append(self, done: list[Token], chunk: list[Token]) -> None:
        """Make `done`, the merge of a text, the merge of that text and a chunk's."""
        back = ahead = 0
        seam: list[Token] = []
        while True:
            left = done[-back - 1] if back < len(done) else None
            right = chunk[ahead] if ahead < len(chunk) else None
            if not self._fit(left, seam[0] if seam else right):
                back = min(max(1, 2 * back), len(done))
                ahead = max(1, ahead)
            elif seam and not self._fit(seam[-1], right):
                ahead = min(2 * ahead, len(chunk))
            else:
                break
            ranks = done[len(done) - back :] + chunk[:ahead]
            seam = self._encode(b"".join(map(self._spell, ranks)))
        del done[len(done) - back :]
        done += seam
        done += chunk[ahead:]

    def _fit(self, left: Token | None, right: Token | None) -> bool:
        """Whether two tokens side by side stay as they are; the ends of the text always do."""
        if left is None or right is None:
            return True
        fits = self._fits.get((left, right))
        if fits is None:
            fits = self._encode(self._spell(left) + self._spell(right)) == [left, right]
            self._fits[left, right] = fits
        return fits
