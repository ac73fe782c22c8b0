"""What a gate goes by, and what it found: rules, waivers, and a verdict for each file and rule."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from tokencli.model import Column, Method, Problem, Skipped
from tokencli.model.diff import Side

if TYPE_CHECKING:
    from tokencli.model.spending import Charge, Switch

Scope = Literal["file", "total"]
Severity = Literal["error", "warning"]
Word = Literal["ok", "over", "grew", "new", "over-before", "policy", "model", "lock"]
"""`over`, `new` and `grew` are this change's doing: a limit passed, by a new file, or by growing (past `max_increase`,
past a ratchet, or further above a limit that was passed before). `over-before` was over and did not grow. `policy` is
a change of the rules themselves, `model` a change of a model's name."""


class Increase(NamedTuple):
    """How much a file or total may grow: tokens, or with `percent` hundredths of what it was."""

    amount: int
    percent: bool = False

    def __str__(self) -> str:
        return f"{self.amount:,}%" if self.percent else f"{self.amount:,}"


class ModelKey(NamedTuple):
    """Where a model's name stands: `file` below the policy's folder, and there a dotted `key` of YAML, JSON or TOML,
    or a regular expression `pattern` whose first group is the name."""

    file: str
    key: str = ""
    pattern: str = ""


class Budget(NamedTuple):
    """What a rule allows in money, for one call and for 1,000, and what it assumes of a call besides its input.

    The words are those of `tok cost`; `at` is the instant of the prices (seconds since 1970 UTC), None for that of the
    check or of tok.lock.
    """

    currency: str = "USD"
    max_cost: Decimal | None = None
    max_cost_per_1000: Decimal | None = None
    output_tokens: int | None = None
    output_ratio: Decimal | None = None
    cached_share: Decimal | None = None
    batch: bool = False
    service_tier: str = ""
    speed: str = ""
    region: str = ""
    thinking: bool = False
    at: int | None = None

    @property
    def limited(self) -> bool:
        """Whether it limits money, and does not only say how to price where a model changes."""
        return self.max_cost is not None or self.max_cost_per_1000 is not None


STANDING = ("context",)
"""The `paths` of a rule about the standing context of agents: one unit for each agent, named `context/claude`."""


class Rule(NamedTuple):
    """One `[[rules]]` table. `name` is its own, or made from its paths; `origin` is `tok.toml:7`.

    `paths` are patterns in .gitignore syntax relative to `folder`, which is relative to the root of the repository
    ("" or ending in `/`). `require` is the least exact way of counting that it accepts. `report_only` is set by the
    policy file that it came from: its verdicts are shown and fail nothing.
    """

    name: str
    paths: tuple[str, ...]
    origin: str
    folder: str = ""
    encoding: str | None = None
    model: str | None = None
    max_tokens: int | None = None
    max_increase: Increase | None = None
    scope: Scope = "file"
    severity: Severity = "error"
    ratchet: bool = False
    require: Method | None = None
    reason: str = ""
    owner: str = ""
    expires: date | None = None
    model_keys: tuple[ModelKey, ...] = ()
    report_only: bool = False
    budget: Budget | None = None

    @property
    def priced(self) -> bool:
        """Whether it limits money."""
        return self.budget is not None and self.budget.limited

    @property
    def standing(self) -> bool:
        """Whether it speaks of no files, but of what agents always load."""
        return self.paths == STANDING


class Waiver(NamedTuple):
    """One `[[waivers]]` table: files (and, with `rule`, one rule) whose failures are shown and not counted until the
    end of the day `expires`; with `max_tokens`, only up to that.

    Without `paths` it holds for everything that `rule` says. The total of a rule is waived so, or by its very paths.
    """

    paths: tuple[str, ...]
    reason: str
    expires: date
    origin: str
    folder: str = ""
    rule: str = ""
    owner: str = ""
    max_tokens: int | None = None


class Policy(NamedTuple):
    """The rules of one revision, those of extended policy files first.

    `file` is the settings file, relative to the root of the repository. `over_before` says whether files that were over
    before the change are only reported or fail it, `policy_change` what a loosened policy is. `baseline` is the path of
    the ratchet's file, `values` what it holds: (rule, path) to tokens. `lock` are the fingerprints that tok.lock pins
    (None without that file), `lock_models` the encodings of models, `lock_prices` the digests of prices by
    `provider/model`, `lock_at` their instant, `lock_version` the version of tok that wrote it. `providers` are those
    whose price is meant where several sell a model.
    """

    file: str
    rules: tuple[Rule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    over_before: Literal["report", "error"] = "report"
    policy_change: Severity = "error"
    baseline: str = ""
    values: Mapping[tuple[str, str], int] = MappingProxyType({})
    lock: Mapping[str, str] | None = None
    lock_models: Mapping[str, str] = MappingProxyType({})
    lock_version: str = ""
    lock_prices: Mapping[str, str] = MappingProxyType({})
    lock_at: int | None = None
    providers: tuple[str, ...] = ()

    def locked_as(self, other: "Policy") -> "Policy":
        """The policy with the tok.lock of another one."""
        return self._replace(**{name: value for name, value in other._asdict().items() if name.startswith("lock")})


class PolicyChange(NamedTuple):
    """How the head's policy differs from the base's, in words; `loosened` where it lets more pass."""

    rule: str
    message: str
    loosened: bool
    origin: str


class Measured(NamedTuple):
    """One file that a rule speaks of: tokens (the high end of a range) at base and head, None where it is not there."""

    path: str
    base: int | None
    head: int | None
    old_path: str = ""


class Verdict(NamedTuple):
    """What a rule says about one path (of a total: about its patterns, joined by blanks).

    `limit` is the number of tokens that `head` was held against. `fails` says whether the exit code is 1 because of
    it; where a failing word does not fail, `message` says why (a warning, a waiver, report-only). `origin` is where
    the rule stands, `line` the place in the file, `old_path` the path at the base of a renamed file. With
    `scope` total, `path` names no file. `message` is a whole sentence, numbers included; formats add where and why.
    `loosened` says of a change of the policy whether it lets more pass. Where `unit` is a currency, the amounts are in
    `charge`; `switch` says what a change of the model costs.
    """

    rule: str
    path: str
    verdict: Word
    message: str
    base: int | None = None
    head: int | None = None
    limit: int | None = None
    unit: str = "tokens"
    severity: Severity = "error"
    fails: bool = False
    origin: str = ""
    line: int = 1
    column: Column | None = None
    reason: str = ""
    owner: str = ""
    old_path: str = ""
    scope: Scope = "file"
    loosened: bool = False
    charge: "Charge | None" = None
    switch: "Switch | None" = None

    @property
    def over(self) -> int | None:
        """Tokens past the limit; None where nothing was held against one, or it holds."""
        if self.head is None or self.limit is None or self.head <= self.limit:
            return None
        return self.head - self.limit


class CheckReport(NamedTuple):
    """Everything `tok check` has to say. `measured` is how many files were counted at the head, `rules` how many rules
    were applied. Verdicts `ok` are part of it; formats for people leave them out."""

    base: Side
    head: Side
    verdicts: tuple[Verdict, ...]
    measured: int
    rules: int
    policy: str = ""
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    warn_only: bool = False

    @property
    def complete(self) -> bool:
        return not self.problems

    @property
    def failed(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.fails)
