"""Changes of a model's name that a rule looks out for, and what they mean in tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tokencli import comparing, gate, model_keys
from tokencli.catalog import resolve
from tokencli.comparing import Ends, Paths
from tokencli.counting import DEFAULT as DEFAULT_OPTIONS
from tokencli.counting import OpenCache
from tokencli.errors import TokError
from tokencli.git.changes import Pair
from tokencli.git.objects import Objects
from tokencli.model import Column, FileCount, Problem
from tokencli.model.gate import ModelKey, Policy, Rule, Verdict
from tokencli.model.spending import Quote, Switch
from tokencli.money import show
from tokencli.ruling import reader, speaks

if TYPE_CHECKING:
    from tokencli.spending.prices import Prices

OpenPrices = Callable[[], "Prices"]


def switches(
    objects: Objects,
    ends: Ends,
    paths: Paths,
    rules: Sequence[Rule],
    judged: tuple[Policy, date],
    open_cache: OpenCache | None,
    prices: OpenPrices,
) -> tuple[list[Verdict], list[Problem]]:
    """A verdict for each model that the change replaces by another, and what could not be read. `judged` are the policy
    and the day by which one that passes a limit in money fails."""
    verdicts: list[Verdict] = []
    problems: list[Problem] = []
    for rule in rules:
        for key in rule.model_keys:
            try:
                verdicts += _switch(objects, ends, paths, rule, key, judged, open_cache, prices)
            except TokError as error:
                problems.append(Problem(error.code, error.message, error.hint))
    return verdicts, problems


def _switch(
    objects: Objects,
    ends: Ends,
    paths: Paths,
    rule: Rule,
    key: ModelKey,
    judged: tuple[Policy, date],
    open_cache: OpenCache | None,
    prices: OpenPrices,
) -> list[Verdict]:
    """What a change of the model that stands at one place means; nothing where it is the same."""
    path = rule.folder + key.file
    before, after = (_named(reader(objects, ends, side)(path), key._replace(file=path)) for side in ("base", "head"))
    if before is None and after is None:
        place = key.key or key.pattern
        message = f"{rule.origin}: rule {rule.name}: no model is named at {place} of {path}, neither now nor before"
        raise TokError(message, hint="change its model_keys, or remove them", code="no-model-key")
    if before == after:
        return []
    seen = _consequence(objects, ends, paths, rule, before, after, open_cache, prices)
    verdict = Verdict(
        rule=rule.name,
        path=path,
        verdict="model",
        message=seen.message,
        switch=seen.switch,
        severity="warning",
        origin=rule.origin,
        reason=rule.reason,
        owner=rule.owner,
    )
    return [_held(rule, verdict, seen, judged, prices)] if rule.priced else [verdict]


def _held(rule: Rule, verdict: Verdict, seen: _Consequence, judged: tuple[Policy, date], prices: OpenPrices) -> Verdict:
    """A switch held against the limits of its rule in money: what passes one on the new model and cost less on the old
    fails. TokError where that is not known, and nothing excuses it."""
    tokens = max((now for _, now in seen.calls), default=0)
    said, unknown, passed = gate.excuse(rule, verdict._replace(head=tokens), *judged), seen.unknown, ""
    if seen.switch is not None:
        unknown, passed = prices().passed(rule, seen.switch, seen.calls)
    if unknown and not said:
        message = (
            f"{rule.origin}: rule {rule.name} limits money, and its price on the model of {verdict.path} is not known"
        )
        hint = "keep the model; or add a card for the new one, or waive the rule until a date, in a change of its own"
        raise TokError(f"{message}: {unknown}", hint=hint, code="no-price")
    if not passed:
        return verdict
    message = f"{verdict.message}; {passed}"
    if said:
        return verdict._replace(message=f"{message}; {said}")
    return verdict._replace(message=message, severity=rule.severity, fails=True)


def _named(data: bytes | None, key: ModelKey) -> str | None:
    return model_keys.find(key, data) if data is not None else None


class _Consequence(NamedTuple):
    """What a switch means, in words and in money, and the tokens of each call before and after it; `unknown` is why it
    cannot be told what the files cost now."""

    message: str
    switch: Switch | None = None
    calls: tuple[tuple[int, int], ...] = ()
    unknown: str = ""


def _consequence(
    objects: Objects,
    ends: Ends,
    paths: Paths,
    rule: Rule,
    before: str | None,
    after: str | None,
    open_cache: OpenCache | None,
    prices: OpenPrices,
) -> _Consequence:
    """The switch in words, with what the rule's files are in tokens of both models as they are now, and cost."""
    if before is None:
        return _Consequence(f"the model {after} is named here now")
    if after is None:
        gone = f"the model {before} is named here no more"
        return _Consequence(gone, unknown=gone)
    columns = []
    for name in (before, after):
        try:
            columns.append(resolve(name))
        except TokError as error:
            unknown = f"{error.message}, so what that means in tokens and money is not known"
            return _Consequence(f"{before} became {after}: {unknown}", unknown=error.message)
    files = _files(objects, ends, paths, rule, columns, open_cache)
    was, now = (sum(file.counts[at].tokens for file in files) for at in (0, 1))
    share = f" ({100 * (now - was) / was:+.1f}%)" if was else ""
    counts = " ".join(
        f"{'~' if one.method == 'estimate' else ''}{tokens:,} by {one.proxy or one.encoding}{word}"
        for one, tokens, word in ((columns[0], was, " become"), (columns[1], now, share))
    )
    message = f"{before} became {after}: {len(files):,} file{'' if len(files) == 1 else 's'}, {counts}"
    if not files:
        return _Consequence(message)
    together = rule.scope == "total" or len(files) == 1
    quotes = [
        prices().quote(name, [sum(each)] if together else each, rule, estimate=column.method == "estimate")
        for name, column, each in zip(
            (before, after), columns, ([file.counts[at].tokens for file in files] for at in (0, 1)), strict=True
        )
    ]
    switch = Switch(quotes[0], quotes[1], together)
    calls = [(file.counts[0].high, file.counts[1].high) for file in files]
    if together:
        calls = [(sum(one for one, _ in calls), sum(other for _, other in calls))]
    return _Consequence(f"{message}; {in_money(switch)}", switch, tuple(calls))


def _files(
    objects: Objects,
    ends: Ends,
    paths: Paths,
    rule: Rule,
    columns: Sequence[Column],
    open_cache: OpenCache | None,
) -> list[FileCount]:
    """The files of a rule as they are at the head, counted for both models; TokError for the first that cannot be."""
    pairs = [pair for pair in paths.everything if pair.head and speaks(rule, pair)]
    alone = [Pair(pair.path, None, pair.head) for pair in pairs if gate.applies(rule, pair.path) is not None]
    outcomes, counted = comparing.measure(objects, ends, alone, columns, DEFAULT_OPTIONS, open_cache=open_cache)
    for problem in counted.problems:
        raise TokError(problem.message, hint=problem.hint, code=problem.code)
    return [outcome.head for outcome in outcomes if isinstance(outcome.head, FileCount)]


def in_money(switch: Switch) -> str:
    """What both models cost for one call and for 1,000, and the difference; `--` and why where that is not known."""
    each = "" if switch.together else " of each"
    words = []
    for calls, unit in ((1, "call"), (1000, "calls")):
        before, after = (_amount(quote, calls) for quote in (switch.before, switch.after))
        number = f"{calls:,} {unit}{each}" if calls > 1 else f"{'a' if switch.together else 'one'} {unit}{each}"
        words.append(f"{before} for {number} become {after}{_difference(switch, calls)}")
    reasons = dict.fromkeys(quote.unknown for quote in (switch.before, switch.after) if quote.unknown)
    if not reasons and switch.difference is None:
        reasons[f"{switch.before.currency} and {switch.after.currency} are not compared"] = None
    return ", ".join(words) + (f" ({'; '.join(reasons)})" if reasons else "")


def _amount(quote: Quote, calls: int) -> str:
    if quote.amount is None:
        return "--"
    return f"{'~' if quote.estimate else ''}{show(quote.amount * calls, quote.currency)}"


def _difference(switch: Switch, calls: int) -> str:
    more = switch.difference
    if more is None:
        return ""
    return f" ({'+' if more > 0 else ''}{show(more * calls, switch.after.currency)})"
