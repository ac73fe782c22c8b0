"""The money of the gate: what measured files cost by the rate cards, held against what a rule allows.

Which cards hold is for `tokencli.spending.cards`; no card, discount or exchange rate of a person's own moves a verdict.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from tokencli import gate
from tokencli.costing import Assumptions, usage_of
from tokencli.errors import ExitCode, TokError
from tokencli.model import Column, Problem
from tokencli.model.cost import Selectors
from tokencli.model.gate import Budget, Measured, Policy, PolicyChange, Rule, Verdict, Word
from tokencli.model.rates import PricedModel
from tokencli.model.spending import Charge, Quote, Switch
from tokencli.money import places_of, show
from tokencli.rates import Cards
from tokencli.rates.effective import covering
from tokencli.rates.pricing import price

PROBE = 1_000
"""Tokens of a call that is priced before anything is counted, to see that there is a price."""


class Prices:
    """What calls cost for the rules of a policy; `at` is the instant where neither rule nor tok.lock says another."""

    def __init__(self, cards: Cards, policy: Policy, at: int) -> None:
        self._cards, self._policy, self._at = cards, policy, at
        self._calls: dict[tuple[str, Budget, int], Fraction] = {}
        self.notes: dict[str, None] = {}

    def problems(self, rules: Iterable[Rule]) -> list[Problem]:
        """Why calls cannot be priced, one for each rule, and where prices hang on the hour or are not those of
        tok.lock.

        TokError (usage) for a limit in another currency than that of its card.
        """
        found = []
        for rule in rules:
            if rule.budget is None or not rule.priced:
                continue
            try:
                model = self._model(rule, rule.budget)
                self._call(model, rule.budget, PROBE)
            except TokError as error:
                if error.exit != ExitCode.DATA:
                    raise
                message = f"{rule.origin}: rule {rule.name}: {error.message}"
                found.append(Problem(error.code, message, error.hint))
                continue
            if unpinned := self._unpinned(rule.budget, model):
                hint = "say which one holds: at = 2026-11-22T08:30:00Z in the rule, or tok.lock by `tok gate lock`"
                found.append(Problem("unpinned-price", f"{rule.origin}: rule {rule.name}: {unpinned}", hint))
            found += self._unlocked(model)
        return list(dict.fromkeys(found))

    def pins(self, rules: Iterable[Rule]) -> dict[str, str]:
        """What tok.lock says about the prices of rules: their digests, by `provider/model`; TokError where a call of
        one has no price."""
        found = {}
        for rule in rules:
            if rule.budget is not None and rule.priced:
                model = self._model(rule, rule.budget)
                self._call(model, rule.budget, PROBE)
                found[name_of(model)] = digest(model)
        return found

    def judge(
        self, rule: Rule, files: Iterable[Measured], today: date, *, column: Column | None = None
    ) -> list[Verdict]:
        """What a rule says about the money of each file, or of all of them as one call where its scope is `total`."""
        budget = rule.budget
        if budget is None or not rule.priced:
            return []
        model = self._model(rule, budget)
        how = self._how(model, budget)
        verdicts = []
        for size in gate.sized(rule, files, self._policy, today):
            base = None if size.base is None else self._call(model, budget, size.base)
            head = self._call(model, budget, size.head)
            for calls, limit in _limits(budget):
                before = None if base is None else base * calls
                charge = Charge(budget.currency, calls, before, head * calls, limit, size.head, how)
                word, message = _found(rule, size, charge)
                verdict = gate.verdict_of(rule, size, word, message, column)
                verdict = verdict._replace(unit=budget.currency, charge=charge)
                verdicts.append(gate.settled(rule, verdict, self._policy, today))
        return verdicts

    def quote(self, name: str, tokens: Sequence[int], rule: Rule, *, estimate: bool) -> Quote:
        """What one call of each of these inputs costs on a model, by a name that stands anywhere."""
        budget = rule.budget or Budget()
        try:
            model = self._cards.find(name)
            amount = sum((self._call(model, budget, each) for each in tokens), Fraction())
        except TokError as error:
            return Quote(name, unknown=error.message)
        return Quote(name_of(model), model.card.currency, amount, estimate=estimate)

    def passed(self, rule: Rule, switch: Switch, calls: Iterable[tuple[int, int]]) -> tuple[str, str]:
        """Why the limits of a rule cannot be held against a switch of the model, and else the first that its dearest
        call passes which cost less before; "" for neither. `calls` are tokens of input before and after."""
        budget, after = rule.budget or Budget(), switch.after
        if after.unknown or after.currency != budget.currency:
            other = f"{after.model} is priced in {after.currency}, and the limit in {budget.currency}"
            return after.unknown or other, ""
        new = self._cards.find(after.model)
        if unpinned := self._unpinned(budget, new):
            return unpinned, ""
        old = self._cards.find(switch.before.model) if switch.difference is not None else None
        dearest = max(
            (
                cost
                for was, now in calls
                if (cost := self._call(new, budget, now))
                > (Fraction() if old is None else self._call(old, budget, was))
            ),
            default=Fraction(),
        )
        for number, limit in _limits(budget):
            if dearest * number > limit:
                amounts = (dearest * number, limit, dearest * number - limit)
                shown, most, over = (show(amount, budget.currency) for amount in amounts)
                return "", f"{shown} {_per(number)} of {most}: over by {over}"
        return "", ""

    def _model(self, rule: Rule, budget: Budget) -> PricedModel:
        """The model of a rule; TokError where it has no card, or is priced in another currency than the limit."""
        model = self._cards.find(rule.model or "")
        if model.card.currency != budget.currency:
            message = f"rule {rule.name} limits {budget.currency}, and {name_of(model)} is priced in"
            raise TokError(
                f"{rule.origin}: {message} {model.card.currency}",
                hint=f'limits are not converted: give them in it, with currency = "{model.card.currency}"',
                code="config",
                exit=ExitCode.USAGE,
            )
        return model

    def _call(self, model: PricedModel, budget: Budget, tokens: int) -> Fraction:
        """The price of a call with so many tokens of input."""
        key = (name_of(model), budget, tokens)
        if key not in self._calls:
            usage = usage_of(tokens, Assumptions(budget.output_tokens, budget.output_ratio, None, budget.cached_share))
            cost = price(model, usage, _selectors(budget), self._instant(budget))
            self.notes.update(dict.fromkeys(f"{name_of(model)}: {note}" for note in cost.notes))
            if cost.confidence == "unconfirmed":
                self.notes[f"the price of {name_of(model)} is not confirmed"] = None
            self._calls[key] = cost.total
        return self._calls[key]

    def _instant(self, budget: Budget) -> int:
        return next(at for at in (budget.at, self._policy.lock_at, self._at) if at is not None)

    def _how(self, model: PricedModel, budget: Budget) -> str:
        """The model, the instant of its prices, and what is assumed of a call."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._instant(budget)))
        words = [f"{name_of(model)} at {at}"]
        if budget.output_ratio is not None:
            words.append(f"output {budget.output_ratio:f} of the input")
        else:
            words.append(f"{budget.output_tokens:,} tokens of output" if budget.output_tokens else "no output")
        words += [f"{budget.cached_share:f} of the input cached"] if budget.cached_share else []
        words += [name for name in ("batch", "thinking") if getattr(budget, name)]
        words += [
            f"{name.replace('_', ' ')} {getattr(budget, name)}"
            for name in ("service_tier", "speed", "region")
            if getattr(budget, name)
        ]
        return ", ".join(words)

    def _unpinned(self, budget: Budget, model: PricedModel) -> str:
        """Where the hour of the check would decide, that it would: who runs it again by night would pass."""
        if budget.at is not None or self._policy.lock_at is not None:
            return ""
        hourly = any(row.when.window for row in covering(model, self._at).overrides)
        return f"the price of {name_of(model)} depends on the hour, and none is pinned" if hourly else ""

    def _unlocked(self, model: PricedModel) -> Iterator[Problem]:
        """Where the price is not the one for which tok.lock was written."""
        policy = self._policy
        if policy.lock is None or policy.lock_prices.get(name_of(model)) == digest(model):
            return
        what = "are not those that it pins" if name_of(model) in policy.lock_prices else "are not in it"
        folder = policy.file[: policy.file.rfind("/") + 1]
        message = (
            f"{folder}tok.lock: the prices of {name_of(model)} {what} (it was written by tok {policy.lock_version})"
        )
        hint = (
            "look at them with `tok rates show`, then write it anew with `tok gate lock`, and pass that with "
            "--allow-policy-change"
        )
        yield Problem("lock-mismatch", message, hint)


def changes(base: Prices, head: Prices, rules: Iterable[Rule]) -> list[PolicyChange]:
    """How the cards of the head price the models of the base's rules otherwise: as with the rules themselves, what
    that lets pass from then on has to be agreed on."""
    found = []
    for rule in rules:
        if not rule.priced:
            continue
        [(name, pin)] = base.pins([rule]).items()
        try:
            now = head.pins([rule])
        except TokError as error:
            found.append(PolicyChange(rule.name, f"{name} is not priced any more: {error.message}", True, rule.origin))
            continue
        if now != {name: pin}:
            message = f"the cards of the repository price {next(iter(now))} otherwise"
            found.append(PolicyChange(rule.name, message, True, rule.origin))
    return found


def digest(model: PricedModel) -> str:
    """SHA-256 of all that makes the price of a model in its card: rates, dates, rules, windows, currency; not of where
    they were read, and when."""
    import json
    from hashlib import sha256

    from tokencli.rates.index import packed

    segments = tuple(
        segment._replace(
            checked="",
            sources=(),
            note="",
            confidence="imported",
            overrides=tuple(row._replace(note="") for row in segment.overrides),
        )
        for segment in model.prices
    )
    card = model.card
    record = packed((card.currency, card.tax, card.slices, card.windows, segments))
    return sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def name_of(model: PricedModel) -> str:
    """`provider/id`."""
    return f"{model.card.provider}/{model.id}"


def _found(rule: Rule, size: gate.Size, charge: Charge) -> tuple[Word, str]:
    """Whether the price of a call passes its limit, and whose doing that is, in words."""
    base, head, limit = charge.base, charge.head, charge.limit

    def money(amount: Fraction, beside: Fraction = limit) -> str:
        """With more digits where another amount would else look the same."""
        places = places_of(amount - beside) if amount != beside else 0
        plain, other = (show(one, charge.currency) for one in (amount, beside))
        return plain if plain != other else show(amount, charge.currency, places)

    number = f"{size.head:,} token{'' if size.head == 1 else 's'}"
    cost = f"{money(head)} {_per(charge.calls)} ({number}) of {money(limit, head)}"
    if head <= limit:
        return "ok", cost
    over = f"{cost}: over by {show(head - limit, charge.currency)}"
    if base is None:
        return ("new" if gate.is_new(rule, size) else "over"), f"{over}; {size.before}"
    if head == base:
        return "over-before", f"{over}; as before"
    if head < base or base <= limit:
        return ("over-before" if head < base else "over"), f"{over}; it was {money(base, head)} before"
    return (
        "grew",
        f"{over}; it was over before, at {money(base, head)}, and grew by {show(head - base, charge.currency)}",
    )


def _limits(budget: Budget) -> list[tuple[int, Fraction]]:
    """The limits that there are, each with the number of calls that it is for."""
    limits = ((1, budget.max_cost), (1000, budget.max_cost_per_1000))
    return [(calls, Fraction(limit)) for calls, limit in limits if limit is not None]


def _per(calls: int) -> str:
    return "per call" if calls == 1 else f"per {calls:,} calls"


def _selectors(budget: Budget) -> Selectors:
    return Selectors(
        batch=budget.batch,
        service_tier=budget.service_tier,
        speed=budget.speed,
        region=budget.region,
        thinking=budget.thinking,
    )
