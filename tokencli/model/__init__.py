"""The values that flow from sources to formats. Standard library only; frozen; no behaviour beyond arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal

if TYPE_CHECKING:
    from tokencli.model.transcript import TranscriptCount

Method = Literal["exact", "provider", "vendor-local", "reconstructed", "estimate"]
"""How a number was made, best first."""

METHODS: tuple[Method, ...] = ("exact", "provider", "vendor-local", "reconstructed", "estimate")


@dataclass(frozen=True, slots=True)
class Document:
    """One input before it is read.

    `path` is what people see (as typed, or relative to the folder of the walk, `/` separators; `-` is
    standard input). `file` opens it (None when `data` holds the bytes). `named` tells a file named on
    the command line from one found in a walk. `signature` is (mtime_ns, size, inode, ctime_ns) when the
    file was listed, for the cache. `rest` gives, once, the bytes that follow `data` where an input is too
    large to hold. `blob` is the id of the git blob that it is, for the cache, and `open` gives its bytes, or a stream
    of them where they are too many to hold.
    """

    path: str
    size: int
    file: str | None = None
    data: bytes | None = None
    named: bool = False
    signature: tuple[int, int, int, int] | None = None
    rest: BinaryIO | None = None
    blob: str = ""
    open: Callable[[], bytes | BinaryIO] | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that was left out, and why (`binary`, `symlink`, `git-ignored`, `excluded`, ...).

    `count` is more than 1 where the entry is a folder or a group that was not listed one by one.
    """

    path: str
    reason: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One requested way of counting: an encoding, reached by its own name or through a model.

    `method` says how its numbers are made, `window` is the model's context window in tokens, `note`
    says how the name was resolved where it was not the exact id, `proxy` names the encoding behind an
    estimate.
    """

    encoding: str
    method: Method
    model: str | None = None
    window: int | None = None
    note: str = ""
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Tokens in one column. `low` and `high` equal `tokens` unless the column's method is `estimate`."""

    tokens: int
    low: int
    high: int

    def __add__(self, other: Count) -> Count:
        return Count(self.tokens + other.tokens, self.low + other.low, self.high + other.high)


ZERO = Count(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a Markdown document: its heading, depth (1 to 6; 0 is text before the first heading),
    1-based first line, own counts and counts with everything below it, one per column, and the bytes of its own
    text in UTF-8."""

    title: str
    depth: int
    line: int
    own: tuple[Count, ...]
    total: tuple[Count, ...]
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class FileCount:
    """The counts of one document, one per column of the report; `columns` where they were made otherwise than those
    of the report say, `transcript` where it was read as one."""

    path: str
    kind: str
    bytes: int
    counts: tuple[Count, ...]
    warnings: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    columns: tuple[Column, ...] = ()
    transcript: TranscriptCount | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Counts under one key of a breakdown. `depth` indents a tree; `own` is what belongs to the key
    itself and not to a deeper group (None where the breakdown has no such notion). A section names its
    file in `path` and its 1-based first line in `line`."""

    by: str
    key: str
    files: int
    bytes: int
    counts: tuple[Count, ...]
    depth: int = 0
    own: tuple[Count, ...] | None = None
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that failed: it makes the answer incomplete and the exit code 3."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The verdict of `--max`: what was measured (the high end of a range), the limit, and whether it holds."""

    tokens: int
    limit: int
    column: Column

    @property
    def over(self) -> int:
        return max(0, self.tokens - self.limit)


@dataclass(frozen=True, slots=True)
class CountReport:
    """Everything `tok count` has to say; formats render it, nothing else is shown.

    `decisive` are those of `notes` that tell why other files may be counted than one thinks.
    `rest` sums the files (`rest.by` is "file") or groups that `--top` left out of the listing; `totals`,
    `bytes` and `file_count` cover everything. `window` asks formats for shares of the model's window.
    """

    columns: tuple[Column, ...]
    files: tuple[FileCount, ...]
    totals: tuple[Count, ...]
    groups: tuple[Group, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    decisive: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    default_encoding: bool = False
    rest: Group | None = None
    window: bool = False

    @property
    def complete(self) -> bool:
        return not self.problems

    @property
    def bytes(self) -> int:
        rest = self.rest.bytes if self.rest is not None and self.rest.by == "file" else 0
        return sum(file.bytes for file in self.files) + rest

    @property
    def file_count(self) -> int:
        rest = self.rest.files if self.rest is not None and self.rest.by == "file" else 0
        return len(self.files) + rest
