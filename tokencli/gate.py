"""Judge measured files by the rules of a policy. Pure: no file, no clock, no counting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tokencli.model import Column
from tokencli.model.gate import Measured, Policy, PolicyChange, Rule, Verdict, Waiver, Word
from tokencli.sources.rules import Rules

FAILING: tuple[Word, ...] = ("over", "grew", "new")
"""Verdicts that are the doing of the change; they fail it unless something stands against that."""


class _Finding(NamedTuple):
    """What was found about one number of tokens, before severity and waivers."""

    word: Word
    message: str
    limit: int | None = None


class Size(NamedTuple):
    """One file, or one total, as a rule sees it. `base` is None where nothing was there, or nothing that the rule
    speaks of; `value` is the baseline's. `prefix` begins what is said of it."""

    path: str
    old_path: str
    base: int | None
    head: int
    value: int | None
    prefix: str = ""
    origin: str = "a new file"

    @property
    def ceiling(self) -> int | None:
        """What a ratchet holds it to: the baseline's value, else what it was."""
        return self.base if self.value is None else self.value

    @property
    def before(self) -> str:
        return self.origin if self.base is None else f"it was {self.base:,} before"


def judge(
    rule: Rule, files: Iterable[Measured], policy: Policy, today: date, *, column: Column | None = None
) -> list[Verdict]:
    """What a rule says about the tokens of each file, by path, or of all of them where its scope is `total`.

    No verdict about what `sized` leaves out, nor of a rule that limits no tokens.
    """
    if not limits_tokens(rule):
        return []
    return [_verdict(rule, size, policy, today, column) for size in sized(rule, files, policy, today)]


def sized(rule: Rule, files: Iterable[Measured], policy: Policy, today: date) -> list[Size]:
    """What a rule holds against its limits: each file, by path, or all of them where its scope is `total`.

    Files that the rule does not speak of are left out, but for those that left or entered its paths: what came in from
    elsewhere is new to a rule, and a total loses what went. Nothing of files that are gone, of a total of no files, and
    of a rule that has expired.
    """
    if not holds(rule.expires, today):
        return []
    seen = sorted((seen for file in files if (seen := _seen(rule, file)) is not None), key=lambda file: file.path)
    if rule.scope == "total":
        return [_total(rule, seen, policy)] if seen else []
    return [_file(rule, file, policy) for file in seen if file.head is not None]


def applies(rule: Rule, path: str) -> str | None:
    """The pattern by which the rule speaks of a path, None where it does not: the last that fits decides.

    Upper and lower case count, as in git's own names, so that the answer is the same on every system.
    """
    if not path.startswith(rule.folder):
        return None
    return _deciding(rule.paths, path[len(rule.folder) :])


def policy_verdicts(changes: Iterable[PolicyChange], policy: Policy, allowed: bool) -> list[Verdict]:
    """What the policy of the base says about changes of the policy; `allowed` is --allow-policy-change."""
    verdicts = []
    for change in changes:
        path, _, line = change.origin.rpartition(":")
        numbered = path != "" and line.isdigit()
        fails = change.loosened and policy.policy_change == "error" and not allowed
        why = ""
        if change.loosened and not fails:
            why = "; allowed by --allow-policy-change" if allowed else '; only a warning, by policy_change = "warning"'
        verdicts.append(
            Verdict(
                rule=change.rule,
                path=path if numbered else change.origin,
                verdict="policy",
                message=f"{'loosened' if change.loosened else 'not loosened'}: {change.message}{why}",
                severity="error" if fails else "warning",
                fails=fails,
                origin=change.origin,
                line=int(line) if numbered else 1,
                loosened=change.loosened,
            )
        )
    return verdicts


def expired(policy: Policy, today: date) -> list[str]:
    """A note for each rule and waiver whose day is past, in the order of the policy."""
    notes = [
        f"rule {rule.name} ({rule.origin}) expired on {rule.expires} and does not apply"
        for rule in policy.rules
        if not holds(rule.expires, today)
    ]
    return notes + [
        f"the waiver of {waiver.origin} expired on {waiver.expires} and does not hold"
        for waiver in policy.waivers
        if not holds(waiver.expires, today)
    ]


def ratcheted(policy: Policy, judged: Iterable[Verdict]) -> dict[tuple[str, str], int]:
    """The values for the baseline file after these verdicts: the lowest that each rule and path has reached.

    None is raised, and none dropped, as of a file that is gone for now; those of rules that have no ratchet any more
    are. Without a value yet, the lower of base and head is the lowest.
    """
    names = {rule.name for rule in policy.rules if rule.ratchet}
    values = {key: tokens for key, tokens in policy.values.items() if key[0] in names}
    for verdict in judged:
        if verdict.head is not None and verdict.rule in names and verdict.verdict in (*FAILING, "over-before", "ok"):
            ceiling = _ceiling(policy, verdict)
            values[verdict.rule, verdict.path] = min(verdict.head, ceiling) if ceiling is not None else verdict.head
    return values


def ceilings(policy: Policy, judged: Iterable[Verdict]) -> dict[tuple[str, str], int]:
    """What the ratchets of the base's policy hold each judged path to; of a new one, what it has now.

    A value that a change adds to the baseline file and that is no higher loosens nothing.
    """
    names = {rule.name for rule in policy.rules if rule.ratchet}
    found = {}
    for verdict in judged:
        if verdict.head is not None and verdict.rule in names:
            ceiling = _ceiling(policy, verdict)
            found[verdict.rule, verdict.path] = verdict.head if ceiling is None else ceiling
    return found


def _ceiling(policy: Policy, verdict: Verdict) -> int | None:
    value = _value(policy, verdict.rule, verdict.path, verdict.old_path)
    return verdict.base if value is None else value


def _value(policy: Policy, rule: str, path: str, old_path: str) -> int | None:
    """The baseline's value of a path, or of the one that a renamed file had."""
    value = policy.values.get((rule, path))
    return policy.values.get((rule, old_path)) if value is None and old_path else value


def _seen(rule: Rule, file: Measured) -> Measured | None:
    """The file as far as the rule speaks of it; None where it does on neither side."""
    before = applies(rule, file.old_path or file.path) is not None
    after = applies(rule, file.path) is not None
    if not (before or after):
        return None
    return file._replace(base=file.base if before else None, head=file.head if after else None)


def _file(rule: Rule, file: Measured, policy: Policy) -> Size:
    moved = file.old_path and applies(rule, file.old_path) is None
    value = _value(policy, rule.name, file.path, "" if moved else file.old_path)
    origin = f"new here, moved from {file.old_path}" if moved else "a new file"
    return Size(file.path, file.old_path, file.base, file.head or 0, value, origin=origin)


def _total(rule: Rule, files: Sequence[Measured], policy: Policy) -> Size:
    """The sums. A total that was nothing before is held to no ratchet and no per cent."""
    before = [file.base for file in files if file.base is not None]
    after = [file.head for file in files if file.head is not None]
    value = policy.values.get((rule.name, _total_path(rule)))
    prefix = f"{'1 file' if len(after) == 1 else f'{len(after):,} files'} together: "
    base = sum(before) if before else None
    return Size(_total_path(rule), "", base, sum(after), value, prefix, "there was nothing before")


def _total_path(rule: Rule) -> str:
    return " ".join(rule.paths)


def _find(rule: Rule, size: Size) -> _Finding:
    """The first of the limits that the change passes; one that was passed before; or none."""
    if size.base is None or size.head > size.base:
        found = _passed(rule, size) or _outgrown(rule, size)
        if found is not None:
            return found
    limits = [limit for limit in (rule.max_tokens, size.ceiling if rule.ratchet else None) if limit is not None]
    limit = min(limits, default=None)
    if limit is not None and size.head > limit:
        what = "" if limit == rule.max_tokens else " of the baseline"
        before = "as before" if size.base == size.head else size.before
        return _Finding("over-before", f"{_of(size, limit)}{what}: over by {size.head - limit:,}; {before}", limit)
    most = _most(rule, size)
    limits += [most] if most is not None else []
    limit = min(limits, default=None)
    return _Finding("ok", _of(size, limit), limit)


def _passed(rule: Rule, size: Size) -> _Finding | None:
    """What `max_tokens` says about something that grew."""
    limit = rule.max_tokens
    if limit is None or size.head <= limit:
        return None
    over = f"{_of(size, limit)}: over by {size.head - limit:,}"
    if size.base is None or size.base <= limit:
        return _Finding("new" if is_new(rule, size) else "over", f"{over}; {size.before}", limit)
    message = f"{over}; it was over before, at {size.base:,}, and grew by {size.head - size.base:,}"
    return _Finding("grew", message, limit)


def _outgrown(rule: Rule, size: Size) -> _Finding | None:
    """What the ratchet and `max_increase` say about something that grew."""
    word: Word = "new" if is_new(rule, size) else "grew"
    if rule.ratchet and size.ceiling is not None and size.head > size.ceiling:
        limit = size.ceiling
        what = "the baseline" if size.value is not None else "what it was, which a ratchet holds it to"
        return _Finding(word, f"{_tokens(size.head)}: {size.head - limit:,} more than {what} ({limit:,})", limit)
    most = _most(rule, size)
    if most is None or size.head <= most or rule.max_increase is None:
        return None
    base = size.base or 0
    share = f"{rule.max_increase} of it, {most - base:,}," if rule.max_increase.percent else f"{rule.max_increase}"
    grown = f"grew by {size.head - base:,}, of which {share} may be"
    return _Finding(word, f"{_tokens(size.head)}: {grown}; {size.before}", most)


def is_new(rule: Rule, size: Size) -> bool:
    """A total never is: the change made it grow."""
    return rule.scope == "file" and size.base is None


def _most(rule: Rule, size: Size) -> int | None:
    """How many tokens `max_increase` allows; per cent say nothing about what is new."""
    if rule.max_increase is None or (rule.max_increase.percent and size.base is None):
        return None
    base, amount = size.base or 0, rule.max_increase.amount
    return base + (base * amount // 100 if rule.max_increase.percent else amount)


def _verdict(rule: Rule, size: Size, policy: Policy, today: date, column: Column | None) -> Verdict:
    found = _find(rule, size)
    verdict = verdict_of(rule, size, found.word, found.message, column)
    return settled(rule, verdict._replace(base=size.base, head=size.head, limit=found.limit), policy, today)


def verdict_of(rule: Rule, size: Size, word: Word, message: str, column: Column | None) -> Verdict:
    """A verdict with all that the rule and the thing itself say, and no numbers; `settled` tells whether it fails."""
    return Verdict(
        rule=rule.name,
        path=size.path,
        verdict=word,
        message=size.prefix + message,
        severity=rule.severity,
        origin=rule.origin,
        column=column,
        reason=rule.reason,
        owner=rule.owner,
        old_path=size.old_path,
        scope=rule.scope,
    )


def settled(rule: Rule, verdict: Verdict, policy: Policy, today: date) -> Verdict:
    """The verdict with whether it fails; where something stands against that, the message says what."""
    word = verdict.verdict
    if not (word in FAILING or (word == "over-before" and policy.over_before == "error")):
        return verdict
    said = excuse(rule, verdict, policy, today)
    return verdict._replace(message=f"{verdict.message}; {said}") if said else verdict._replace(fails=True)


def excuse(rule: Rule, verdict: Verdict, policy: Policy, today: date) -> str:
    """Why a verdict of a rule fails nothing, or would not; "" where nothing stands against it."""
    for waiver in policy.waivers:
        if _waives(waiver, rule, verdict) and holds(waiver.expires, today):
            return f"waived until {waiver.expires} ({waiver.origin}): {waiver.reason}"
    if rule.report_only:
        return "only reported, by report_only"
    return 'only a warning, by severity = "warning"' if rule.severity == "warning" else ""


def _waives(waiver: Waiver, rule: Rule, verdict: Verdict) -> bool:
    if waiver.rule not in ("", rule.name):
        return False
    tokens = verdict.head if verdict.charge is None else verdict.charge.tokens
    if waiver.max_tokens is not None and (tokens or 0) > waiver.max_tokens:
        return False
    if not waiver.paths:
        return True
    if rule.scope == "total":
        return (waiver.folder, waiver.paths) == (rule.folder, rule.paths)
    below = verdict.path.removeprefix(waiver.folder)
    return verdict.path.startswith(waiver.folder) and _deciding(waiver.paths, below) is not None


def limits(rule: Rule) -> bool:
    """Whether the rule limits tokens or money, and not only names where models stand."""
    return limits_tokens(rule) or rule.priced


def limits_tokens(rule: Rule) -> bool:
    """Whether the rule limits tokens."""
    return rule.max_tokens is not None or rule.max_increase is not None or rule.ratchet


def holds(expires: date | None, today: date) -> bool:
    """Until the end of its day."""
    return expires is None or today <= expires


def _deciding(patterns: tuple[str, ...], path: str) -> str | None:
    """The last pattern that fits the path or a folder above it, None where there is none or it takes back."""
    every, each = _compiled(patterns)
    if not every.covers(path):
        return None
    return next(pattern for pattern, rules in reversed(each) if rules.covers(path))


@lru_cache(maxsize=1024)
def _compiled(patterns: tuple[str, ...]) -> tuple[Rules, list[tuple[str, Rules]]]:
    """The patterns together, and each that does not take back by itself."""
    each = [(pattern, Rules([pattern], fold=False)) for pattern in patterns if not pattern.startswith("!")]
    return Rules(patterns, fold=False), each


def _of(size: Size, limit: int | None) -> str:
    return f"{_tokens(size.head)}{f' of {limit:,}' if limit is not None else ''}"


def _tokens(number: int) -> str:
    return f"{number:,} token{'' if number == 1 else 's'}"
