"""Byte-level BPE: the tokenizers of OpenAI, Qwen, DeepSeek, GLM, Kimi, MiniMax, Mistral, Llama and old Claude.

A pattern splits the text into pieces; a piece that is a token counts one, any other is merged from its
bytes, the lowest rank first. Two engines do this with the same result. The small one needs nothing but
the memory-mapped table and counts a few kilobytes while tiktoken would still be building its core. The
large one is tiktoken, fed from the same table, which takes over once the work is worth its start (with
the `[fast]` extra, splintr takes the counting over from it).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from tokencli.encoders import Recipe, special_tokens
from tokencli.encoders.drift import drifts
from tokencli.encoders.memo import Memo
from tokencli.encoders.normal import normal
from tokencli.encoders.patterns import CUT, unicode_splitter
from tokencli.encoders.special import count_special, encode_special, unknown_token
from tokencli.encoders.stitch import CHUNK, Stitcher
from tokencli.model import Method
from tokencli.vocab.table import Vocabulary, open_table

if TYPE_CHECKING:
    from tokencli.encoders import Parallel
    from tokencli.encoders.fast import SplintrEngine
    from tokencli.encoders.large import TiktokenEngine

# The small engine counts about 5 MB/s of ASCII and a tenth of that per byte of other scripts; tiktoken
# needs about 0.2 s to start. Below this much work (bytes of ASCII, or their equivalent) it never pays.
SMALL_WORK = 1_000_000
# Most of the work goes into pieces not met before: text of words has few, base64 nothing else. So many characters
# of them (those outside ASCII count threefold) take about as long as tiktoken's start.
NEW_PIECES = 150_000
# A text of so many characters is judged by its first ones, before all of it is split in vain.
SAMPLED = 200_000
SAMPLE = 20_000
# The merge loop is quadratic in the length of a piece; longer ones are merged in chunks.
LONGEST_MERGE = 2 * CHUNK

NO_RANK = 1 << 30


class SmallEngine:
    """Counting and encoding straight from the table."""

    def __init__(self, table: Vocabulary, recipe: Recipe) -> None:
        self._get = table.get
        self._rank = Memo(self._look_up)
        self._stitcher = Stitcher(cache(self._merged), bytes)
        self._counts = Memo(self._measure)
        self._new_left = NEW_PIECES
        self._recipe = recipe
        self._ascii: re.Pattern[str] | None = None
        self._unicode: Callable[[str], list[str]] | None = None

    def pieces(self, text: str) -> list[str]:
        """The text, split; `text` must hold no code point that drifts."""
        if text.isascii():
            if self._ascii is None:
                self._ascii = re.compile(str(self._recipe.ascii), re.ASCII)
            return self._ascii.findall(text)
        if self._unicode is None:
            self._unicode = unicode_splitter(str(self._recipe.unicode))
        return self._unicode(text)

    def takes(self, pieces: Sequence[str], share: float = 1.0) -> bool:
        """Whether these pieces, which are that share of what is to come, are not too much new work."""
        new = set(pieces).difference(self._counts)
        work = sum(map(_work, new)) * (1 if all(map(str.isascii, new)) else 3)
        if share < 1:
            # New words become rarer as a text goes on, so only a sample of hardly anything else is telling.
            return work < self._new_left and 2 * work < sum(map(len, pieces))
        self._new_left -= work
        return self._new_left >= 0

    def count(self, pieces: Sequence[str]) -> int:
        return sum(map(self._counts.__getitem__, pieces))

    def encode(self, pieces: Sequence[str]) -> list[int]:
        """Ranks of the tokens of all pieces."""
        return [self._rank[token] for piece in pieces for token in self._tokens(piece.encode())]

    def _look_up(self, token: bytes) -> int:
        rank = self._get(token)
        return NO_RANK if rank is None else rank

    def _measure(self, piece: str) -> int:
        token = piece.encode()
        if len(token) == 1 or self._rank[token] != NO_RANK:
            return 1
        return len(self._merge(token)) - 1 if len(token) <= LONGEST_MERGE else len(self._stitcher.merge(token))

    def _tokens(self, piece: bytes) -> list[bytes]:
        return self._stitcher.merge(piece) if len(piece) > LONGEST_MERGE else self._merged(piece)

    def _merged(self, piece: bytes) -> list[bytes]:
        if len(piece) == 1 or self._rank[piece] != NO_RANK:
            return [piece]
        return [piece[start:end] for start, end in pairwise(self._merge(piece))]

    def _merge(self, piece: bytes) -> list[int]:
        """Where the tokens of a piece begin, and its length: of all neighbours that join to a token the lowest
        rank is joined first, the leftmost of equals, until none is left."""
        rank = self._rank
        bounds = list(range(len(piece) + 1))
        joined = [rank[piece[i : i + 2]] for i in range(len(piece) - 1)]
        while joined:
            lowest = min(joined)
            if lowest == NO_RANK:
                break
            at = joined.index(lowest)
            del bounds[at + 1], joined[at]
            if at < len(joined):
                joined[at] = rank[piece[bounds[at] : bounds[at + 2]]]
            if at:
                joined[at - 1] = rank[piece[bounds[at - 1] : bounds[at + 1]]]
        return bounds


def _work(piece: str) -> int:
    """How many characters of a piece have to be merged: of a long one, its distinct chunks."""
    if len(piece) <= CHUNK:
        return len(piece)
    return CHUNK * len({piece[start : start + CHUNK] for start in range(0, len(piece), CHUNK)})


class ByteBPE:
    """One byte-level BPE encoding."""

    def __init__(self, name: str, recipe: Recipe, table: Vocabulary, special: Callable[[], Mapping[str, int]]) -> None:
        self.name = name
        self.method: Method = recipe.method
        self._recipe = recipe
        self._table = table
        self._special = special
        self._small = SmallEngine(table, recipe)
        self._large: TiktokenEngine | None = None
        self._fast: SplintrEngine | None = None
        self._fast_asked = False
        self._lock = threading.Lock()
        self._work = SMALL_WORK

    @property
    def parallel(self) -> Parallel:
        from tokencli.encoders import fast

        return "itself" if fast.serves(self.name) else "threads"

    @property
    def cut(self) -> re.Pattern[str]:
        return re.compile(CUT)

    @property
    def vocabulary(self) -> int:
        """The number of tokens, special ones included."""
        return len(self._tokens)

    def expect(self, size: int) -> None:
        if size > SMALL_WORK:
            self._work = 0

    def start(self) -> None:
        if self._work <= 0 and self._fast_engine() is None:
            self._engine()

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        if special or self._work > 0:
            return [self.count(text, special=special) for text in texts]
        fast = self._fast_engine()
        if fast is None:
            return [self.count(text) for text in texts]
        return fast.count_all([self._normal(text) for text in texts])

    def count(self, text: str, *, special: bool = False) -> int:
        if special:
            return count_special(text, self._special(), self.count)
        text = self._normal(text)
        pieces = self._small_pieces(text)
        return self._engine().count(text) if pieces is None else self._small.count(pieces)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        if special:
            return encode_special(text, self._special(), self.encode)
        ranks = self._ranks(self._normal(text))
        offset = self._recipe.offset
        return [rank + offset for rank in ranks] if offset else ranks

    def _ranks(self, text: str) -> list[int]:
        pieces = self._small_pieces(text)
        return self._engine().encode(text) if pieces is None else self._small.encode(pieces)

    def decode(self, ids: Sequence[int]) -> bytes:
        try:
            return b"".join([self._tokens[identity] for identity in ids])
        except KeyError as error:
            raise unknown_token(self.name, error.args[0]) from None

    @cached_property
    def _tokens(self) -> dict[int, bytes]:
        """The bytes of every id, special tokens as their text."""
        offset = self._recipe.offset
        plain = {rank + offset: token for rank, token in self._table.by_id().items()}
        return plain | {identity: text.encode() for text, identity in self._special().items()}

    def _normal(self, text: str) -> str:
        form = self._recipe.normalize
        return normal(form, text) if form else text

    def _small_pieces(self, text: str) -> list[str] | None:
        """The text's pieces where the small engine should have them, else None."""
        if self._large is not None:
            return None
        self._work -= len(text) if text.isascii() else 10 * len(text.encode()) - 9 * len(text)
        if self._work < 0 or (not text.isascii() and drifts(text)):
            return None
        if len(text) > SAMPLED and not self._small.takes(self._small.pieces(text[:SAMPLE]), SAMPLE / len(text)):
            return None
        pieces = self._small.pieces(text)
        return pieces if self._small.takes(pieces) else None

    def _fast_engine(self) -> SplintrEngine | None:
        with self._lock:
            if self._fast is None and not self._fast_asked:
                from tokencli.encoders import fast

                self._fast_asked = True
                self._fast = fast.start(self.name)
            return self._fast

    def _engine(self) -> TiktokenEngine:
        with self._lock:
            if self._large is None:
                from tokencli.encoders.large import TiktokenEngine

                self._large = TiktokenEngine(self.name, self._table, str(self._recipe.unicode))
            return self._large


def load(name: str, recipe: Recipe) -> ByteBPE:
    """The encoder of a row of the index."""
    return ByteBPE(name, recipe, open_table(recipe.table, recipe.limit), lambda: special_tokens(name))
