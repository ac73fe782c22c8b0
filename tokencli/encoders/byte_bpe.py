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
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from tokencli.encoders import Recipe, special_tokens
from tokencli.encoders.drift import drifts
from tokencli.encoders.memo import Memo, WorkLimitError
from tokencli.encoders.normal import normal
from tokencli.encoders.special import split_special
from tokencli.errors import ExitCode, TokError
from tokencli.model import Method
from tokencli.vocab.table import open_table

if TYPE_CHECKING:
    import tiktoken

    from tokencli.encoders.fast import SplintrEngine

# The small engine counts about 5 MB/s of ASCII and a tenth of that per byte of other scripts; tiktoken
# needs about 0.2 s to start. Below this much work (bytes of ASCII, or their equivalent) it never pays.
SMALL_WORK = 1_000_000
# Bytes of pieces that are no token, which are what costs: text of words has few, base64 nothing else.
MERGED = 100_000
# The merge loop is quadratic in the length of a piece; at this length it costs about 20 ms.
LONGEST_PIECE = 2_000
# tiktoken 0.14 overflows its stack on some patterns at about a million blanks in a row.
LONGEST_BLANK = 100_000

# Where every pattern of this family ends one piece and starts another, whatever stands further off:
# before a blank that separates two letters, between a letter and a digit, and after a line break that
# follows no white space and precedes a letter or digit (a line break before anything else may join it).
# Compiled at its first use, which a small input never makes.
CUT = (
    r"(?<=[A-Za-z])(?= [A-Za-z])|(?<=[A-Za-z])(?=[0-9])"
    r"|(?<=\S\n)(?=[A-Za-z0-9\u00c0-\u00d6\u0430-\u044f\u05d0-\u05ea\u0621-\u064a\u0905-\u0939\u0e01-\u0e30"
    r"\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3])"
)

NO_RANK = 1 << 30


class Ranks(Protocol):
    """A vocabulary: a token's rank, or all of them."""

    def get(self, token: bytes, /) -> int | None: ...
    def ranks(self) -> dict[bytes, int]: ...


class SmallEngine:
    """Counting and encoding straight from the table; WorkLimitError once so much is merged that tiktoken pays."""

    def __init__(self, table: Ranks, recipe: Recipe) -> None:
        self._get = table.get
        self._rank = Memo(self._look_up)
        self._counts = Memo(self._measure)
        self._merges_left = MERGED
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
        return 1 if len(token) == 1 or self._rank[token] != NO_RANK else len(self._merge(token)) - 1

    def _tokens(self, piece: bytes) -> list[bytes]:
        if self._rank[piece] != NO_RANK:
            return [piece]
        bounds = self._merge(piece)
        return [piece[start:end] for start, end in pairwise(bounds)]

    def _merge(self, piece: bytes) -> list[int]:
        """Where the tokens of a piece begin, and its length: of all neighbours that join to a token the lowest
        rank is joined first, the leftmost of equals, until none is left."""
        self._merges_left -= len(piece)
        if self._merges_left < 0 or len(piece) > LONGEST_PIECE:
            raise WorkLimitError
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


def unicode_splitter(pattern: str) -> Callable[[str], list[str]]:
    """A function that splits a text by a pattern in tiktoken's syntax, by the `regex` package.

    Version 1 behaviour is needed: in version 0 the intersections (`&&`) of some patterns are silently misread.
    """
    import regex

    return regex.compile(pattern, regex.V1).findall


class TiktokenEngine:
    """tiktoken, made from a table that is already here."""

    threads = True

    def __init__(self, name: str, table: Ranks, pattern: str) -> None:
        import tiktoken

        self._pattern = pattern
        self._encoding: tiktoken.Encoding = tiktoken.Encoding(
            name, pat_str=pattern, mergeable_ranks=table.ranks(), special_tokens={}
        )

    def count(self, text: str) -> int:
        return len(self.encode(text))

    def encode(self, text: str) -> list[int]:
        if _long_blank(text):
            return self._encode_pieces(text)
        return self._encoding.encode_ordinary(text)

    def decode(self, ranks: Sequence[int]) -> bytes:
        """The bytes of ranks; KeyError for one that does not exist."""
        return b"".join(self._encoding.decode_single_token_bytes(rank) for rank in ranks)

    def _encode_pieces(self, text: str) -> list[int]:
        encode = self._encoding._core_bpe.encode_single_piece
        return [rank for piece in unicode_splitter(self._pattern)(text) for rank in encode(piece.encode())]


def _long_blank(text: str) -> bool:
    """Whether some LONGEST_BLANK places in a row, at a multiple of that number, are all white space: every run of
    twice that length holds such a stretch, and almost every text is answered by one character each."""
    return any(
        text[start : start + 1].isspace() and text[start : start + LONGEST_BLANK].isspace()
        for start in range(0, len(text) - LONGEST_BLANK + 1, LONGEST_BLANK)
    )


class ByteBPE:
    """One byte-level BPE encoding."""

    threads = True

    def __init__(self, name: str, recipe: Recipe, table: Ranks, special: Callable[[], Mapping[str, int]]) -> None:
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
    def cut(self) -> re.Pattern[str]:
        return re.compile(CUT)

    def expect(self, size: int) -> None:
        if size > SMALL_WORK:
            self._work = 0

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        if special or self._work > 0:
            return [self.count(text, special=special) for text in texts]
        fast = self._fast_engine()
        if fast is None:
            return [self.count(text) for text in texts]
        return fast.count_all([self._normal(text) for text in texts])

    def count(self, text: str, *, special: bool = False) -> int:
        if special:
            return sum(
                1 if isinstance(part, int) else self.count(part) for part in split_special(text, self._special())
            )
        text = self._normal(text)
        if self._is_small(text):
            with suppress(WorkLimitError):
                return self._small.count(self._small.pieces(text))
        return self._engine().count(text)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        if special:
            ids: list[int] = []
            for part in split_special(text, self._special()):
                ids.extend([part] if isinstance(part, int) else self.encode(part))
            return ids
        ranks = self._ranks(self._normal(text))
        offset = self._recipe.offset
        return [rank + offset for rank in ranks] if offset else ranks

    def _ranks(self, text: str) -> list[int]:
        if self._is_small(text):
            with suppress(WorkLimitError):
                return self._small.encode(self._small.pieces(text))
        return self._engine().encode(text)

    def decode(self, ids: Sequence[int]) -> bytes:
        names = {identity: text.encode() for text, identity in self._special().items()}
        offset = self._recipe.offset
        out: list[bytes] = []
        for identity in ids:
            try:
                out.append(names[identity] if identity in names else self._engine().decode([identity - offset]))
            except (KeyError, OverflowError):
                raise TokError(
                    f"{self.name} has no token {identity}",
                    hint="these ids may belong to another encoding; name it with -e",
                    code="unknown-token",
                    exit=ExitCode.DATA,
                ) from None
        return b"".join(out)

    def _normal(self, text: str) -> str:
        form = self._recipe.normalize
        return normal(form, text) if form else text

    def _is_small(self, text: str) -> bool:
        """Whether the small engine may have the text."""
        if self._large is not None:
            return False
        self._work -= len(text) if text.isascii() else 10 * len(text.encode()) - 9 * len(text)
        return self._work >= 0 and (text.isascii() or not drifts(text))

    def _fast_engine(self) -> SplintrEngine | None:
        with self._lock:
            if self._fast is None and not self._fast_asked:
                from tokencli.encoders import fast

                self._fast_asked = True
                probe = self._small.count(self._small.pieces(fast.PROBE))
                self._fast = fast.start(self.name, probe)
            return self._fast

    def _engine(self) -> TiktokenEngine:
        with self._lock:
            if self._large is None:
                self._large = TiktokenEngine(self.name, self._table, str(self._recipe.unicode))
            return self._large


def load(name: str, recipe: Recipe) -> ByteBPE:
    """The encoder of a row of the index."""
    return ByteBPE(name, recipe, open_table(recipe.table, recipe.limit), lambda: special_tokens(name))
