"""A vocabulary as one file that is used where it lies: token bytes to id, found through `mmap`.

Layout, little-endian: the magic; u32 number of groups; per group u16 token length in bytes and u32
number of tokens; then each group's tokens side by side in byte order; then the ids of all tokens in that
same order as three planes (low, middle and high bytes). Tokens of one length side by side need no
offsets, so a lookup is a binary search over slices and nothing has to be built at start; planes of ids
compress to two thirds of interleaved ones in the wheel.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from collections.abc import Iterable, Iterator
from itertools import compress
from pathlib import Path
from typing import Protocol

MAGIC = b"TOKVOC1\n"
FOLDER = Path(__file__).parent


def pack(tokens: Iterable[tuple[bytes, int]]) -> bytes:
    """The file image of a vocabulary: (token, id) pairs in any order, ids below 2**24, no token twice."""
    groups: dict[int, list[tuple[bytes, int]]] = {}
    for token, identity in tokens:
        groups.setdefault(len(token), []).append((token, identity))
    ordered = [(length, sorted(groups[length])) for length in sorted(groups)]
    head = MAGIC + struct.pack("<I", len(ordered))
    head += b"".join(struct.pack("<HI", length, len(group)) for length, group in ordered)
    text = b"".join(token for _, group in ordered for token, _ in group)
    ids = [identity for _, group in ordered for _, identity in group]
    distinct = {token for _, group in ordered for token, _ in group}
    if len(distinct) != len(ids) or (ids and max(ids) >= 1 << 24):
        raise ValueError("a token stands twice, or an id does not fit in 24 bits")
    planes = (bytes((identity >> shift) & 255 for identity in ids) for shift in (0, 8, 16))
    return head + text + b"".join(planes)


class Vocabulary(Protocol):
    """Tokens and their ids, however they are kept."""

    def get(self, token: bytes, /) -> int | None:
        """The id of a token, or None."""

    def ranks(self) -> dict[bytes, int]:
        """Every token with its id."""

    def by_id(self) -> dict[int, bytes]:
        """Every id with its token."""


class Table:
    """A packed vocabulary, opened; `len()` is its number of tokens.

    `limit` hides ids at and above it (an older vocabulary that is the head of a newer one).
    """

    def __init__(self, data: bytes | mmap.mmap, limit: int | None = None) -> None:
        if data[: len(MAGIC)] != MAGIC:
            raise ValueError("not a packed vocabulary")
        self._data = data
        (number,) = struct.unpack_from("<I", data, len(MAGIC))
        at = len(MAGIC) + 4
        sizes = [struct.unpack_from("<HI", data, at + 6 * i) for i in range(number)]
        at += 6 * number
        total = 0
        self._groups: dict[int, tuple[int, int, int]] = {}
        for length, size in sizes:
            self._groups[length] = (at, size, total)
            at += length * size
            total += size
        self._planes = (at, at + total, at + 2 * total)
        self._total = total
        self._limit = 1 << 24 if limit is None else limit

    def __len__(self) -> int:
        return min(self._total, self._limit)

    def get(self, token: bytes) -> int | None:
        """The id of a token, or None."""
        length = len(token)
        group = self._groups.get(length)
        if group is None:
            return None
        start, high, first = group
        data, low = self._data, 0
        last = high
        while low < high:
            middle = (low + high) >> 1
            at = start + middle * length
            if data[at : at + length] < token:
                low = middle + 1
            else:
                high = middle
        at = start + low * length
        if low == last or data[at : at + length] != token:
            return None
        index = first + low
        low_plane, middle_plane, high_plane = self._planes
        identity = data[low_plane + index] | data[middle_plane + index] << 8 | data[high_plane + index] << 16
        return identity if identity < self._limit else None

    def _ids(self) -> array[int]:
        wide = bytearray(4 * self._total)
        for byte, start in enumerate(self._planes):
            wide[byte::4] = self._data[start : start + self._total]
        ids = array("I" if array("I").itemsize == 4 else "L", bytes(wide))
        if struct.pack("=I", 1) != struct.pack("<I", 1):
            ids.byteswap()
        return ids

    def _tokens(self) -> Iterator[list[bytes]]:
        for length, (start, size, _) in self._groups.items():
            block = bytes(self._data[start : start + length * size])
            yield [block[i : i + length] for i in range(0, length * size, length)]

    def ranks(self) -> dict[bytes, int]:
        """Every token with its id, as tiktoken takes them."""
        tokens = [token for group in self._tokens() for token in group]
        ranks = dict(zip(tokens, self._ids(), strict=True))
        if self._limit < self._total:
            return {token: identity for token, identity in ranks.items() if identity < self._limit}
        return ranks

    def by_id(self) -> dict[int, bytes]:
        """Every id with its token."""
        return {identity: token for token, identity in self.ranks().items()}

    def spelled(self, alphabet: bytes) -> dict[int, bytes]:
        """Id to token of the tokens that are made of these bytes only, found by long integers: one pass per byte of
        the longest token instead of one per token."""
        foreign = bytes(byte not in alphabet for byte in range(256))
        flip = b"\1\0" + bytes(254)
        ids = self._ids()
        found: dict[int, bytes] = {}
        for length, (start, size, first) in self._groups.items():
            block = bytes(self._data[start : start + length * size])
            marks = block.translate(foreign)
            strange = 0
            for byte in range(length):
                strange |= int.from_bytes(marks[byte::length], "little")
            own = strange.to_bytes(size, "little").translate(flip)
            tokens = [block[at : at + length] for at in compress(range(0, length * size, length), own)]
            found.update(zip(compress(ids[first : first + size], own), tokens, strict=True))
        if self._limit < self._total:
            return {identity: token for identity, token in found.items() if identity < self._limit}
        return found


def open_table(name: str, limit: int | None = None) -> Table:
    """The vocabulary that ships as `NAME.vocab`, memory-mapped where the platform can."""
    with open(FOLDER / f"{name}.vocab", "rb") as file:
        try:
            return Table(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), limit)
        except OSError:  # some network file systems cannot map
            return Table(file.read(), limit)
