"""A `.tiktoken` rank file with the split of an encoding, or with a pattern of its own."""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tokencli.encoders import Recipe, own
from tokencli.encoders.byte_bpe import ByteBPE
from tokencli.encoders.special import count_special, encode_special, unknown_token
from tokencli.errors import TokError
from tokencli.model import Method

if TYPE_CHECKING:
    from tokencli.encoders import Parallel

NO_CUT = r"(?!)"
LONGEST = 4 << 20
"""Code points that are counted in one piece at most."""


class Ranks:
    """Tokens and their ranks, which need not be without gaps."""

    def __init__(self, ranks: dict[bytes, int]) -> None:
        self._ranks = ranks
        self.get = ranks.get

    def __len__(self) -> int:
        return len(self._ranks)

    def ranks(self) -> dict[bytes, int]:
        return self._ranks

    def by_id(self) -> dict[int, bytes]:
        return {rank: token for token, rank in self._ranks.items()}


class PatternBPE:
    """Byte-level BPE by tiktoken alone, for a pattern of which nothing is known: texts are counted whole."""

    method: Method = "exact"
    parallel: Parallel = "threads"

    def __init__(
        self, name: str, table: Ranks, pattern: str, offset: int = 0, special: Mapping[str, int] | None = None
    ) -> None:
        import tiktoken

        self.name = name
        self._table = table
        self._offset = offset
        self._special = special or {}
        self._tokens: dict[int, bytes] = {}
        try:
            self._encoding = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=table.ranks(), special_tokens={})
        except (ValueError, KeyError) as problem:
            raise own.unreadable(name, f"tiktoken does not take the pattern: {problem}") from problem

    @property
    def cut(self) -> re.Pattern[str]:
        return re.compile(NO_CUT)

    @property
    def longest(self) -> int:
        """Code points that may be counted in one piece."""
        return LONGEST

    @property
    def vocabulary(self) -> int:
        """The number of tokens."""
        return len(self._table) + len(self._special)

    def expect(self, size: int) -> None:
        """There is one engine."""

    def start(self) -> None:
        """The engine is started when it is loaded."""

    def count(self, text: str, *, special: bool = False) -> int:
        return count_special(text, self._special, self.count) if special else len(self._ordinary(text))

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        """The count of each text."""
        return [self.count(text, special=special) for text in texts]

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        if special:
            return encode_special(text, self._special, self.encode)
        return [rank + self._offset for rank in self._ordinary(text)]

    def _ordinary(self, text: str) -> list[int]:
        """The ranks of a text; TokError for one that tiktoken gives up on, which it does by a panic."""
        if len(text) > LONGEST:
            raise own.too_long(self.name, LONGEST)
        try:
            return self._encoding.encode_ordinary(text)
        except BaseException as problem:
            if not own.is_failure(problem):
                raise
            message = f"{self.name}: tiktoken cannot split a text by this pattern"
            raise TokError(message, hint="use an encoding that tok knows", code="too-long") from problem

    def decode(self, ids: Sequence[int]) -> bytes:
        if not self._tokens:
            plain = {rank + self._offset: token for rank, token in self._table.by_id().items()}
            self._tokens = plain | {identity: text.encode() for text, identity in self._special.items()}
        try:
            return b"".join([self._tokens[identity] for identity in ids])
        except KeyError as error:
            raise unknown_token(self.name, error.args[0]) from None


def read_ranks(name: str, data: bytes) -> Ranks:
    """The ranks of a `.tiktoken` file: a line each of base64 token and rank; TokError for anything else."""
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(data.splitlines(), 1):
        try:
            token, _, rank = line.strip().partition(b" ")
            if line.strip():
                ranks[a2b_base64(token, strict_mode=True)] = int(rank)
        except ValueError:
            raise own.unreadable(name, f"line {number} is not a token in base64 and its rank") from None
    return checked(name, ranks, len(data.split()) // 2)


def checked(name: str, ranks: dict[bytes, int], rows: int) -> Ranks:
    """The ranks of so many rows; TokError where tokens or ranks stand twice, or a byte is missing."""
    if not ranks or len(ranks) != rows or len(set(ranks.values())) != rows:
        raise own.unreadable(name, "a token or a rank stands twice in it" if ranks else "there are no tokens in it")
    missing = [byte for byte in range(256) if bytes([byte]) not in ranks]
    if missing:
        why = f"{len(missing)} bytes have no token, 0x{missing[0]:02x} the first: not every text can be counted"
        raise own.unreadable(name, why)
    if min(ranks.values()) < 0 or max(ranks.values()) >= 1 << 31:
        raise own.unreadable(name, "a rank is not between 0 and 2,147,483,647")
    return Ranks(ranks)


def load(name: str, recipe: Recipe) -> ByteBPE | PatternBPE:
    """The encoder of an own rank file."""
    return read(name, own.content(name), recipe)


def read(name: str, data: bytes, recipe: Recipe) -> ByteBPE | PatternBPE:
    """The encoder of the bytes of a rank file; a split that an encoding here has is counted by both its engines."""
    table = read_ranks(name, data)
    if recipe.ascii is not None:
        none: Callable[[], Mapping[str, int]] = dict
        return ByteBPE(name, recipe, table, none)
    return PatternBPE(name, table, str(recipe.unicode))
