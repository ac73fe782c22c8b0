"""Gemma 4's tokenizer, which stands for Gemini's: byte-pair merges over whole text, exact in two engines.

A space is the letter U+2581, so both come back from decoding as a space; nothing else is normalised. A
character outside the vocabulary is a token a byte. HTML tags and `<unusedN>` have ids but are ordinary text (in
Gemma 3 they were matched first, so a tag was one token there).
There is no split rule: a merge may cross any place. But no token of the vocabulary holds a letter beside
ASCII punctuation, a digit beside anything, or a space after anything except in `> </`, so PIECE cuts
text where no token can cross, and pieces merge on their own. Runs of blanks, tabs and newlines merge before
all else and take 31 at a time from the left, so they are cut as finished tokens.

Small texts are merged in Python against the memory-mapped vocabulary. A text whose pieces would cost more
than building tiktoken's engine is merged by tiktoken: its ranks are every prefix of a character in UTF-8,
then the characters, then the tokens in order. As no merge makes a byte, the engine for a first such text
holds only the tokens of its bytes (base64 needs a fifth of them, one letter five); a text with other bytes,
or much text announced, gets them all.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from tokencli.encoders import Recipe, special_tokens
from tokencli.encoders.memo import Memo
from tokencli.encoders.special import count_special, encode_special, unknown_token
from tokencli.encoders.stitch import Stitcher
from tokencli.model import Method
from tokencli.vocab.table import Table, open_table

if TYPE_CHECKING:
    import tiktoken

    from tokencli.encoders import Parallel

_LATIN = "A-Za-z\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u036f\u1e00-\u1eff"
_WORDS = (
    _LATIN,
    "\u0370-\u03ff\u1f00-\u1fff",  # Greek
    "\u0400-\u052f",  # Cyrillic
    "\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",  # kana and ideographs
    "\uac00-\ud7a3",  # Hangul
)
"""Classes of characters that no token joins with a character outside the class, except a space in front."""

PIECE = "|".join(
    [
        r"\n{1,31}|\t{1,31}| {2,31}|[0-9]",
        *(f" ?[{word}]+" for word in _WORDS),
        rf" ?(?:[^> \n\t0-9{''.join(_WORDS)}]+|> </|>)+",
        " ",
    ]
)
"""What merges on its own, in a syntax that `re` and tiktoken read alike; spaces stand for U+2581."""

# Judged by the two characters beside them, and none of them is inside a control token.
CUT = (
    r"(?<=\n)(?=[^\n])|(?<=[^\n])(?=\n)"
    r"|(?<=[A-Za-z,;:)\]}])(?= )"
    r"|(?<=[0-9])(?=[\s\S])|(?<=[\s\S])(?=[0-9])"
    r"|(?<=[\u3041-\u30fa\u4e00-\u9fff])(?=[\u3001\u3002\uff0c])"
)

HIDDEN = b"\xff"  # in front of entries that text never becomes, see vocab/gemma.py
FIRST_BYTE = 238
EVERY_BYTE = bytes(range(256))
MERGES = range(494, 236_743)  # their ids are their order of priority
NEVER = 1 << 24

# Bytes announced, or characters of new pieces in Python, from which building tiktoken's engine (0.2 s) pays.
LARGE = 1_500_000
BUDGET = 150_000
# The merge in Python is quadratic in the length of a piece; at this length it costs about 2 ms.
LONGEST_PIECE = 500
# Characters of a piece from which tiktoken is given it in chunks: a run of one letter takes it ten times as
# long as prose. No piece is longer than two such stretches without a character that PIECE always splits at.
STRETCH = 1_000
SPLITS = "[ \n\t0-9]"


class WorkLimitError(Exception):
    """A text would take Python as long to merge as it takes to start tiktoken, which should have it."""


class SmallEngine:
    """Merges in Python; raises WorkLimitError, before any work, for a text that the large engine should have."""

    def __init__(self, table: Table) -> None:
        self._get = table.get
        self._rank = Memo(self._look_up)
        self._counts = Memo(self._measure)
        self._find: Callable[[str], list[str]] = re.compile(PIECE).findall
        self._work = BUDGET

    def count(self, text: str) -> int:
        return sum(map(self._counts.__getitem__, self._pieces(text)))

    def encode(self, text: str) -> list[int]:
        ids: list[int] = []
        for piece in self._pieces(text):
            for token in self._split(piece):
                rank = self._rank[token]
                ids.extend([rank] if rank != NEVER else [FIRST_BYTE + byte for byte in token.encode()])
        return ids

    def _pieces(self, text: str) -> list[str]:
        """A text's pieces, those not counted before paid from the budget."""
        pieces = self._find(text)
        new = set(pieces).difference(self._counts)
        work = sum(map(len, new))
        if work > self._work or max(map(len, new), default=0) > LONGEST_PIECE:
            raise WorkLimitError
        self._work -= work
        return pieces

    def _look_up(self, text: str) -> int:
        rank = self._get(text.encode())
        return NEVER if rank is None else rank

    def _measure(self, piece: str) -> int:
        return 1 if self._rank[piece] != NEVER else sum(map(self._width, self._split(piece)))

    def _width(self, token: str) -> int:
        """1, or the number of bytes of a character outside the vocabulary."""
        return 1 if self._rank[token] != NEVER else len(token.encode())

    def _split(self, piece: str) -> list[str]:
        """A piece as tokens and unknown characters: of all neighbours that join to a token those of the lowest id
        are joined first, the leftmost of equals, until none is left."""
        rank = self._rank
        if len(piece) == 1 or rank[piece] != NEVER:
            return [piece]
        parts = list(piece)
        joined = [rank[left + right] for left, right in pairwise(parts)]
        while joined and (lowest := min(joined)) != NEVER:
            at = joined.index(lowest)
            parts[at] += parts.pop(at + 1)
            del joined[at]
            if at:
                joined[at - 1] = rank[parts[at - 1] + parts[at]]
            if at < len(joined):
                joined[at] = rank[parts[at] + parts[at + 1]]
        return parts


class TiktokenEngine:
    """The same merges in tiktoken, which starts from bytes: joining the bytes of a character comes first.

    It takes texts whose UTF-8 holds no byte outside `alphabet`.
    """

    def __init__(self, table: Table, alphabet: bytes = EVERY_BYTE) -> None:
        import tiktoken

        self._alphabet = alphabet
        # No text contains the byte that hidden entries begin with.
        tokens = table.spelled(alphabet.replace(HIDDEN, b""))
        merges = [identity for identity in MERGES if identity in tokens]
        rest = [*range(MERGES.start), *range(MERGES.stop, len(table))]
        others = {tokens[identity]: identity for identity in rest if identity in tokens}
        long = sorted(token for token in others if len(token) > 1)
        letters = [token for token in long if token.strip(b" \n\t")]
        prefixes = sorted({letter[:length] for letter in letters for length in range(2, len(letter))}, key=len)
        head = [*(bytes([byte]) for byte in range(256)), *prefixes, *long]
        ranks = {token: rank for rank, token in enumerate([*head, *map(tokens.__getitem__, merges)])}
        self._prefixes = dict(enumerate(prefixes, 256))
        self._ids = [others.get(token, FIRST_BYTE + token[0]) for token in head] + merges
        self._core: tiktoken.Encoding = tiktoken.Encoding(
            "gemma4", pat_str=PIECE, mergeable_ranks=ranks, special_tokens={}
        )
        self._stitcher = Stitcher(self._core._core_bpe.encode_single_piece, list(ranks).__getitem__)

    def takes(self, text: str) -> bool:
        """Whether the engine holds every token that a text may need."""
        return self._alphabet == EVERY_BYTE or not text.encode().translate(None, self._alphabet)

    def count(self, text: str) -> int:
        ranks = self._ranks(text)
        # A prefix left alone is the head of a character outside the vocabulary, which is a token a byte.
        if self._prefixes.keys().isdisjoint(ranks):
            return len(ranks)
        return len(ranks) + sum(len(prefix) - 1 for prefix in map(self._prefixes.get, ranks) if prefix)

    def encode(self, text: str) -> list[int]:
        ids: list[int] = []
        for rank in self._ranks(text):
            prefix = self._prefixes.get(rank)
            ids.extend([self._ids[rank]] if prefix is None else [FIRST_BYTE + byte for byte in prefix])
        return ids

    def _ranks(self, text: str) -> list[int]:
        """tiktoken's ranks of a text, long pieces stitched."""
        ranks: list[int] = []
        at = 0
        for start, end in long_pieces(text):
            ranks += self._core.encode_ordinary(text[at:start])
            ranks += self._stitcher.merge(text[start:end].encode())
            at = end
        return ranks + self._core.encode_ordinary(text[at:]) if at else self._core.encode_ordinary(text)


def long_pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where pieces of at least STRETCH characters lie; of those under twice that, some are left out."""
    piece = re.compile(PIECE)
    cut = re.compile(CUT)
    splits = re.compile(SPLITS)
    at = 0
    for start in range(0, len(text) - STRETCH + 1, STRETCH):
        end = start + STRETCH
        if start < at or text.find(" ", start, end) >= 0 or splits.search(text, start, end):
            continue
        before = cut.search(text, max(at, start - 2 * STRETCH), start + 1)
        split = splits.search(text, end)
        after = cut.search(text, split.start()) if split else None
        first, at = before.start() if before else at, after.start() if after else len(text)
        for match in piece.finditer(text, first, at):
            if match.end() - match.start() >= STRETCH:
                yield match.span()


class Gemma:
    """Counts, encodes and decodes as Gemma 4 does, without `<bos>` and the frames of turns."""

    name = "gemma4"
    method: Method = "vendor-local"
    parallel: Parallel = "threads"

    def __init__(self, table: Table, special: Callable[[], Mapping[str, int]]) -> None:
        self._table = table
        self._special = special
        self._small = SmallEngine(table)
        self._large: TiktokenEngine | None = None
        self._lock = threading.Lock()
        self._announced = 0

    @property
    def cut(self) -> re.Pattern[str]:
        return re.compile(CUT)

    def expect(self, size: int) -> None:
        self._announced = size

    def start(self) -> None:
        if self._announced >= LARGE:
            self._engine("")

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        """The count of each text."""
        return [self.count(text, special=special) for text in texts]

    def count(self, text: str, *, special: bool = False) -> int:
        if special:
            return count_special(text, self._special(), self.count)
        text = text.replace("\u2581", " ")
        if self._is_small(text):
            with suppress(WorkLimitError):
                return self._small.count(text)
        return self._engine(text).count(text)

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        if special:
            return encode_special(text, self._special(), self.encode)
        text = text.replace("\u2581", " ")
        if self._is_small(text):
            with suppress(WorkLimitError):
                return self._small.encode(text)
        return self._engine(text).encode(text)

    def decode(self, ids: Sequence[int]) -> bytes:
        """The bytes of ids, control tokens as their text; TokError `unknown-token` for an id that does not exist."""
        try:
            return b"".join([self._tokens[identity] for identity in ids])
        except KeyError as error:
            raise unknown_token(self.name, error.args[0]) from None

    @cached_property
    def _tokens(self) -> dict[int, bytes]:
        return {identity: token.removeprefix(HIDDEN) for identity, token in self._table.by_id().items()}

    def _is_small(self, text: str) -> bool:
        """Whether the small engine may have the text."""
        large = self._large is not None and self._large.takes(text)
        return not large and max(self._announced, len(text)) < LARGE

    def _engine(self, text: str) -> TiktokenEngine:
        """The engine for a text: the first is made to its measure unless more is to come, a second takes them all."""
        with self._lock:
            if self._large is None and max(self._announced, len(text)) < LARGE:
                alphabet = EVERY_BYTE.translate(None, EVERY_BYTE.translate(None, text.encode()))
                self._large = TiktokenEngine(self._table, alphabet)
            elif self._large is None or not self._large.takes(text):
                self._large = TiktokenEngine(self._table)
            return self._large


def load(_name: str, recipe: Recipe) -> Gemma:
    """The encoder of a row of the index."""
    return Gemma(open_table(recipe.table), lambda: special_tokens("gemma4"))
