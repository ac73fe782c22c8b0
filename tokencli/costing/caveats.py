"""What is to be known of a price beside its amount: how old it is, how long it holds, whether its model is served."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tokencli.costing import Target, contract
from tokencli.errors import TokError
from tokencli.model.cost import Cost, CostRow, Selectors
from tokencli.model.rates import PricedModel
from tokencli.money import show
from tokencli.rates.effective import day
from tokencli.rates.pricing import price

DAY, WEEK = 86400, 7 * 86400

SOON = 60
"""Days ahead for which a change of price, or the end of a model, is told."""


def caveats(to: Target, rows: Sequence[CostRow], selectors: Selectors, stale_after: int) -> tuple[str, ...]:
    """What is to be known of the price of prompts, all on one model at one instant; prices are stale after so many days
    without a check."""
    costs = [row.cost for row in rows if row.cost is not None]
    if not costs:
        return ()
    changes = _changes(to, [row for row in rows if row.cost is not None], costs, selectors)
    stacked = (note for cost in costs for note in _stacked(cost, selectors))
    found = (*aged(costs[0], stale_after), *_served(to.model, costs[0].at), *changes, *stacked)
    return tuple(dict.fromkeys(found))


def aged(cost: Cost, stale_after: int) -> Iterator[str]:
    """Whether a price was checked so long before, or so long after, that it may be another."""
    name = f"{cost.provider}/{cost.model}"
    if not cost.checked:
        return
    if cost.checked < _date(cost.at - stale_after * DAY):
        yield f"the price of {name} was last checked on {cost.checked}, more than {stale_after} days before"
    elif cost.start is None and cost.checked > _date(cost.at + stale_after * DAY):
        yield f"since when {name} has its price is not known: taken as on {cost.checked}, when it was checked"


def _served(model: PricedModel, at: int) -> Iterator[str]:
    """Whether a model is served no more, or not for long."""
    instead = f", {model.successor} follows it" if model.successor else ""
    if model.retires and model.retires <= _date(at):
        yield f"{model.id} was retired on {model.retires}{instead}"
    elif model.retires and model.retires <= _date(at + SOON * DAY):
        yield f"{model.id} is retired on {model.retires}{instead}"
    elif model.deprecated and model.deprecated <= _date(at):
        yield f"{model.id} is deprecated since {model.deprecated}{instead}"


def _changes(to: Target, rows: Sequence[CostRow], costs: Sequence[Cost], selectors: Selectors) -> Iterator[str]:
    """What the same will cost when the price changes soon, at the same hour of the same weekday."""
    at, end = costs[0].at, costs[0].end
    if end is None or end > at + SOON * DAY:
        return
    later = at + -((at - end) // WEEK) * WEEK
    chosen = contract(to, selectors)
    try:
        then = sum((price(to.model, row.usage, chosen, later).total for row in rows), Fraction())
    except TokError:
        yield f"{to.model.id} has no known price from {day(end)} on"
        return
    now = sum((cost.total for cost in costs), Fraction())
    if then != now:
        amounts = [show(amount, costs[0].currency) for amount in (then, now)]
        yield f"from {day(end)} on {to.model.id} costs {amounts[0]} instead of {amounts[1]} for this"


def _stacked(cost: Cost, selectors: Selectors) -> Iterator[str]:
    """Whether a batch and a service tier change one price, as the rows of a card do that are stated apart."""
    tier = f"service_tier {selectors.service_tier}"
    words = ["; ".join(line.applied) for line in cost.lines]
    if selectors.batch and selectors.service_tier and any("batch" in each and tier in each for each in words):
        yield f"batch and service tier {selectors.service_tier} both change the price: see that both are sold at once"


def _date(at: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(at))
