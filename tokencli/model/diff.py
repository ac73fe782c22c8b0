"""What a comparison of two states of a repository found."""

from typing import TYPE_CHECKING, Literal, NamedTuple

from tokencli.model import Column, Count, Problem, Skipped

if TYPE_CHECKING:
    from tokencli.model.spending import CostChange

Status = Literal["added", "changed", "deleted", "renamed"]


class Side(NamedTuple):
    """One of the two states: what it is called (`main`, `merge base of main and HEAD`, `the index`, `the working tree`,
    `nothing`) and its commit in full (None where it is no commit)."""

    name: str
    commit: str | None = None

    @property
    def label(self) -> str:
        """The name, and the beginning of the commit where the name does not say it."""
        if self.commit is None or self.commit.startswith(self.name):
            return self.name
        return f"{self.name} ({self.commit[:10]})"


class Change(NamedTuple):
    """One file that is not the same on both sides.

    `path` is its path at the head, or at the base where it is gone; `old_path` is that at the base of a renamed file.
    `base` and `head` are its counts, one per column of the report; None where there is no such file, or no text, on
    that side. `remark` says in a few words what else there is to say: `over before`, `was a binary file`.
    """

    path: str
    status: Status
    base: tuple[Count, ...] | None
    head: tuple[Count, ...] | None
    old_path: str = ""
    remark: str = ""
    warnings: tuple[str, ...] = ()

    def delta(self, column: int) -> int:
        """Tokens added in a column; negative where some went."""
        before = self.base[column].tokens if self.base is not None else 0
        after = self.head[column].tokens if self.head is not None else 0
        return after - before


class DiffReport(NamedTuple):
    """Everything `tok diff` has to say. `base_totals` and `head_totals` sum the changes, those in `rest` included;
    `rest` is how many smaller changes were left out of the listing, and the tokens they add in each column. `cost` is
    what the change means in money, where that was asked for."""

    columns: tuple[Column, ...]
    base: Side
    head: Side
    changes: tuple[Change, ...]
    base_totals: tuple[Count, ...]
    head_totals: tuple[Count, ...]
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    default_encoding: bool = False
    rest: tuple[int, tuple[int, ...]] | None = None
    max_increase: int | None = None
    cost: "CostChange | None" = None

    @property
    def complete(self) -> bool:
        return not self.problems

    @property
    def file_count(self) -> int:
        return len(self.changes) + (self.rest[0] if self.rest else 0)

    def delta(self, column: int) -> int:
        """Tokens that all changes add in a column; negative where some went."""
        return self.head_totals[column].tokens - self.base_totals[column].tokens

    def increase(self, column: int) -> int:
        """What `max_increase` is held against: the difference of the high ends."""
        return self.head_totals[column].high - self.base_totals[column].high
