"""The gate over a repository: the policy at the base, what it speaks of measured on both sides, the verdicts."""

from __future__ import annotations

import os
import posixpath
from calendar import timegm
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tokencli import comparing, gate
from tokencli.comparing import Ends, Outcome, Paths
from tokencli.counting import DEFAULT as DEFAULT_OPTIONS
from tokencli.counting import OpenCache, Progress
from tokencli.encoders import recipes
from tokencli.git.changes import LINK, SUBMODULE, Pair
from tokencli.git.objects import Objects
from tokencli.model import METHODS, Column, FileCount, Problem, Skipped
from tokencli.model.gate import CheckReport, Measured, Policy, Rule, Scope, Verdict
from tokencli.ruling import Policies, column_of, measured, pins, policies_of, speaks
from tokencli.spending import Money

if TYPE_CHECKING:
    from tokencli.spending.cards import OpenCards

Few = Callable[[], list[Pair] | None]


class Wish(NamedTuple):
    """What to check. `paths` (from the root) narrow it down to these files, and then to rules of single files; `scope`
    to rules of one kind; `today` decides what has expired, `at` (seconds since 1970 UTC; none: its first) what prices
    hold."""

    today: date
    paths: tuple[str, ...] = ()
    scope: Scope | None = None
    allow_policy_change: bool = False
    warn_only: bool = False
    at: int | None = None

    @property
    def instant(self) -> int:
        return timegm(self.today.timetuple()) if self.at is None else self.at

    def wants(self, rule: Rule) -> bool:
        wanted = self.scope or ("file" if self.paths else None)
        return wanted in (None, rule.scope)


class _Findings:
    """What is found on the way."""

    def __init__(self, note: str) -> None:
        self.verdicts: list[Verdict] = []
        self.problems: list[Problem] = []
        self.notes = [note] if note else []
        self.skipped: dict[str, Skipped] = {}
        self.measured: set[str] = set()


def check(
    objects: Objects,
    ends: Ends,
    wish: Wish,
    *,
    open_cache: OpenCache | None = None,
    progress: Progress | None = None,
    open_cards: OpenCards | None = None,
) -> CheckReport:
    """The verdicts of the base's policy about the head; what could not be judged is among the problems.

    `open_cards` gives the rate cards of the package, and is asked only where something has to be priced.
    """
    found, paths = _Findings(ends.note), Paths(objects.repo, ends)
    begun = comparing.begin_few(objects.repo, ends, wish.paths)
    policies = policies_of(objects, ends, paths, mending=wish.allow_policy_change)
    ruling = policies.ruling
    if policies.introduced:
        found.notes.append(f"the rules of {ruling.file} are {policies.introduced}, which is judged by them")
    rules = [rule for rule in ruling.rules if wish.wants(rule)]
    found.notes += gate.expired(ruling, wish.today)
    # A change that is agreed on may write tok.lock anew: else none could, once another tok counts or prices otherwise.
    relocked = ruling.locked_as(policies.head) if wish.allow_policy_change else None
    if relocked is not None and _unlocked(ruling, rules):
        ruling = relocked
    found.problems += _unjudgeable(ruling, rules, wish)
    live = [rule for rule in rules if gate.holds(rule.expires, wish.today)]
    found.notes += [note for rule in live if (note := _own_tokenizer(rule))]
    money = Money(objects, ends, paths, ruling, policies.side, wish.instant, open_cards)
    found.problems += money.problems(live, relocked)
    if not found.problems:
        files = [rule for rule in live if not rule.standing]
        measured = _measure(objects, ends, paths, files, wish, begun, found, policies, open_cache, progress)
        for rule in files:
            found.verdicts += gate.judge(rule, measured[rule.name], ruling, wish.today, column=column_of(rule))
            if rule.priced:
                found.verdicts += money.prices.judge(rule, measured[rule.name], wish.today, column=column_of(rule))
        if len(files) < len(live):
            _judge_standing(objects, paths, live, ruling, wish, money, found)
        if any(rule.model_keys for rule in live):
            from tokencli.switches import switches

            judged = (ruling, wish.today)
            verdicts, problems = switches(objects, ends, paths, live, judged, open_cache, lambda: money.prices)
            found.verdicts += verdicts
            found.problems += problems
        _judge_policy(policies, ruling, live, wish, money, found)
        found.notes += money.notes
        if not found.measured and not wish.paths:
            found.problems.append(_nothing(ruling))
    return _report(ends, ruling, live, wish, found)


def _report(ends: Ends, ruling: Policy, rules: Sequence[Rule], wish: Wish, found: _Findings) -> CheckReport:
    """What was found; with --warn-only nothing of it fails."""
    return CheckReport(
        base=ends.base,
        head=ends.head,
        verdicts=tuple(map(_only_shown, found.verdicts) if wish.warn_only else found.verdicts),
        measured=len(found.measured),
        rules=len(rules),
        policy=ruling.file,
        skipped=tuple(found.skipped.values()),
        problems=tuple(found.problems),
        notes=tuple(dict.fromkeys(found.notes)),
        warn_only=wish.warn_only,
    )


def _judge_standing(
    objects: Objects,
    paths: Paths,
    rules: Sequence[Rule],
    ruling: Policy,
    wish: Wish,
    money: Money,
    found: _Findings,
) -> None:
    """Add what the rules about the standing context say."""
    from tokencli import standing

    context = [rule for rule in rules if rule.standing]
    prices = money.prices if any(rule.priced for rule in context) else None
    seen = standing.judge(objects, paths.everything, context, ruling, wish.today, prices)
    found.verdicts += seen.verdicts
    found.measured.update(seen.files)
    found.problems += seen.problems
    found.notes += seen.notes


def _judge_policy(
    policies: Policies, ruling: Policy, rules: Sequence[Rule], wish: Wish, money: Money, found: _Findings
) -> None:
    """Add what the change makes of the policy, and of the cards that its rules are priced by."""
    held = gate.ceilings(ruling, found.verdicts)
    changed = []
    if policies.head is not policies.ruling:
        from tokencli.policy.compare import compare

        changed = compare(policies.ruling, policies.head, held)
    changed += money.changes(rules)
    found.verdicts += gate.policy_verdicts(changed, ruling, wish.allow_policy_change)


def _own_tokenizer(rule: Rule) -> str:
    """A note for a rule that counts with a tokenizer only this user has; "" for others."""
    made = column_of(rule)
    if made.proxy or made.encoding in recipes():
        return ""
    return f"rule {rule.name} counts with a tokenizer that others may not have, to whom it is unknown ({made.note})"


def _only_shown(verdict: Verdict) -> Verdict:
    """The verdict, failing nothing."""
    if not verdict.fails:
        return verdict
    return verdict._replace(fails=False, message=f"{verdict.message}; only shown, by --warn-only")


def _unjudgeable(ruling: Policy, rules: Sequence[Rule], wish: Wish) -> list[Problem]:
    """Why the rules cannot be applied: nothing to apply, an inexact count, another vocabulary than the pinned one."""
    problems = []
    if not any(gate.holds(rule.expires, wish.today) for rule in rules) and not wish.paths:
        which = f"rules of scope {wish.scope}" if wish.scope and not rules else "rules that still apply"
        problems.append(Problem("no-rules", f"{ruling.file}: there are no {which}", "tok gate explain PATH shows all"))
    for rule in rules:
        made = column_of(rule)
        if rule.require is not None and METHODS.index(made.method) > METHODS.index(rule.require):
            name = made.model or made.encoding
            message = f"{rule.origin}: rule {rule.name} requires {rule.require}, and {name} is {made.method}"
            problems.append(Problem("inexact", message, "count with another encoding or model, or require less"))
    return problems + _unlocked(ruling, rules)


def _unlocked(ruling: Policy, rules: Sequence[Rule]) -> list[Problem]:
    """Where this tok would count otherwise than the one that wrote tok.lock."""
    if ruling.lock is None:
        return []
    encodings, models = pins(column_of(rule) for rule in rules)
    now = {**encodings, **models}
    pinned = {**ruling.lock, **ruling.lock_models}
    folder = ruling.file[: ruling.file.rfind("/") + 1]
    problems = []
    for name, value in now.items():
        if pinned.get(name) == value:
            continue
        what = "counts otherwise in this tok" if name in pinned else "is not in it"
        message = f"{folder}tok.lock: {name} {what} (it was written by tok {ruling.lock_version})"
        anew = "write it anew with `tok gate lock`, and pass that with --allow-policy-change"
        hint = f"install tok {ruling.lock_version}, or {anew}"
        problems.append(Problem("lock-mismatch", message, hint))
    return problems


def _measure(
    objects: Objects,
    ends: Ends,
    paths: Paths,
    rules: Sequence[Rule],
    wish: Wish,
    begun: Few,
    found: _Findings,
    policies: Policies,
    open_cache: OpenCache | None,
    progress: Progress | None,
) -> dict[str, list[Measured]]:
    """What each rule speaks of, counted as it counts; rules that count alike are measured together."""
    pairs = _pairs(ends, paths, wish, begun, found)
    known = {name for pair in pairs for name in comparing.namings(pair)} if wish.paths else set()
    for path in wish.paths:
        if path not in known:
            message = f"{path}: neither in {ends.base.name} nor in {ends.head.name}"
            found.problems.append(Problem("not-found", message, "name files that git knows, or none"))
    wanted = {rule.name: [pair for pair in pairs if speaks(rule, pair)] for rule in rules}
    kept = {rule.name: rule.paths for rule in policies.head.rules}
    for rule in rules:
        if not wanted[rule.name] and not wish.paths:
            message = f"{rule.origin}: rule {rule.name} fits no file, neither now nor before"
            found.problems.append(Problem("idle-rule", message, "change its paths, or remove it"))
        elif (
            not wish.paths and kept.get(rule.name) == rule.paths and not any(_stays(rule, p) for p in wanted[rule.name])
        ):
            fits = f"after this change rule {rule.name} ({rule.origin}) fits no file"
            found.notes.append(f"{fits}: the next check cannot pass while the rule stands")
    columns: dict[Column, list[Rule]] = {}
    for rule in rules:
        columns.setdefault(column_of(rule), []).append(rule)
    result: dict[str, list[Measured]] = {}
    for one, alike in columns.items():
        union = list(dict.fromkeys(pair for rule in alike for pair in wanted[rule.name]))
        outcomes = _outcomes(objects, ends, union, one, found, open_cache, progress)
        for rule in alike:
            result[rule.name] = [measured(outcomes[pair]) for pair in wanted[rule.name]]
            if gate.limits(rule):
                lost = _hidden(objects, rule, [outcomes[pair] for pair in wanted[rule.name]], pairs, wish.paths)
                _tell(lost, rule, policies, wish, found)
    return result


def _stays(rule: Rule, pair: Pair) -> bool:
    """Whether the rule speaks of what is there at the head."""
    return pair.head is not None and gate.applies(rule, pair.path) is not None


def _hidden(
    objects: Objects, rule: Rule, outcomes: Sequence[Outcome], pairs: Sequence[Pair], only: Collection[str]
) -> dict[str, str]:
    """The files that a rule measured at the base and that are there at the head and no text, with what they are.

    A link to a file that the rule measures hides nothing; with `only` some paths measured, that it speaks of is enough.
    `pairs` are those of all paths: a link or a submodule may stand where the folder of a file was.
    """
    texts = {outcome.pair.path for outcome in outcomes if isinstance(outcome.head, FileCount)}
    swapped = {
        pair.path: "a submodule" if pair.head.mode == SUBMODULE else "a link"
        for pair in pairs
        if pair.head is not pair.base and pair.head is not None and pair.head.mode in (SUBMODULE, LINK)
    }
    found = {}
    for pair, base, head in outcomes:
        old = pair.old_path or pair.path
        if not isinstance(base, FileCount) or gate.applies(rule, old) is None:
            continue
        if isinstance(head, str) and head != comparing.UNREADABLE and gate.applies(rule, pair.path) is not None:
            target = _leads_to(objects, pair) if head == "symlink" else ""
            if not target or gate.applies(rule, target) is None or not (only or target in texts):
                found[pair.path] = f"is {head} now"
        elif pair.head is None or old != pair.path:
            above = next((folder for folder in comparing.above(old) if folder in swapped), None)
            if above is not None:
                found[old] = f"is behind {swapped[above]} now, {above}"
    return found


def _leads_to(objects: Objects, pair: Pair) -> str:
    """The path that a link at the head leads to, from the root; "" where that is none."""
    if pair.head is None:
        return ""
    if pair.head.blob:
        target = os.fsdecode(objects.read(pair.head.blob))
    else:
        try:
            target = os.readlink(os.path.join(objects.repo.root, pair.path))
        except OSError:
            return ""
    return "" if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(pair.path), target))


def _tell(lost: Mapping[str, str], rule: Rule, policies: Policies, wish: Wish, found: _Findings) -> None:
    """Say what a rule measured before and cannot measure any more: no pass, where nothing excuses the file.

    A change whose own rules do not speak of the file any more is judged as a change of the rules.
    """
    kept = next((other for other in policies.head.rules if other.name == rule.name), None)
    for path, what in lost.items():
        message = f"{path}: was text and {what}, so that rule {rule.name} ({rule.origin}) cannot measure it"
        if kept is None or gate.applies(kept, path) is None:
            found.notes.append(message)
        elif said := gate.excuse(rule, Verdict(rule.name, path, "over", message), policies.ruling, wish.today):
            found.notes.append(f"{message}; {said}")
        else:
            hint = "keep it a text; or change the paths of the rule, or waive it until a date, in a change of its own"
            found.problems.append(Problem("not-measured", message, hint))


def _pairs(ends: Ends, paths: Paths, wish: Wish, begun: Few, found: _Findings) -> list[Pair]:
    """Every path of both sides, or those that are named."""
    few = begun()
    if few is not None:
        return few
    if not paths.differing:
        found.notes.append(f"{ends.base.name} and {ends.head.name} are the same: what is over now was over before")
    names = frozenset(wish.paths)
    return [pair for pair in paths.everything if comparing.is_named(pair, names)] if names else paths.everything


def _outcomes(
    objects: Objects,
    ends: Ends,
    pairs: Sequence[Pair],
    one: Column,
    found: _Findings,
    open_cache: OpenCache | None,
    progress: Progress | None,
) -> dict[Pair, Outcome]:
    outcomes, counted = comparing.measure(
        objects, ends, pairs, [one], DEFAULT_OPTIONS, open_cache=open_cache, progress=progress
    )
    known = {problem.message for problem in found.problems}
    found.problems += [problem for problem in counted.problems if problem.message not in known]
    found.notes += [*counted.notes, *([one.note] if one.note else [])]
    for outcome in outcomes:
        if isinstance(outcome.head, str):
            found.skipped[outcome.pair.path] = Skipped(outcome.pair.path, outcome.head)
            if outcome.base is None and outcome.head not in ("image", "audio", "video"):
                found.notes.append(f"{outcome.pair.path}: new, and not measured ({outcome.head})")
        elif outcome.head is not None or isinstance(outcome.base, FileCount):
            found.measured.add(outcome.pair.path)
    return {outcome.pair: outcome for outcome in outcomes}


def _nothing(ruling: Policy) -> Problem:
    return Problem(
        "nothing-measured", f"nothing was measured: no rule of {ruling.file} fits a text file", "see tok gate explain"
    )
