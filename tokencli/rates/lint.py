"""What a valid card had better not say: each rule is a bill that came out wrong somewhere, or a price gone stale.

The rules and the reports behind them: tiers (Helicone/helicone#5766: cache writes at half price above 200,000 tokens),
staleness (mcp-rubber-duck#143), a cache read dearer than the input (litellm#6575 added it on top).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from tokencli.rates.marks import Items, Problem, Table, document
from tokencli.rates.read import instant, problems

CURRENCIES = """
AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KWD KZT MAD MXN MYR NGN
NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD UYU VND ZAR
"""
"""Currencies of ISO 4217 in which services are sold."""

Found = Iterator[tuple[str, int, str, str]]
"""What a rule finds: (rule, line, message, what to do)."""


class Finding(NamedTuple):
    """One thing about a card: an `error` keeps it from being used, a `warning` does not."""

    path: str
    line: int
    level: Literal["error", "warning"]
    rule: str
    message: str
    hint: str


def check(text: str, path: str, today: date, stale_after: int) -> list[Finding]:
    """What is wrong with a card (errors alone, where there are any) or doubtful (warnings), by line.

    Prices that hold on `today` and were checked more than `stale_after` days before are stale.
    """
    wrong = problems(text, path)
    if wrong:
        return [Finding(path, one.line, "error", "card", one.message, one.hint) for one in wrong]
    ignored: list[Problem] = []
    card = document(text, ignored)
    found = [*_whole(card, today), *_stale(card, today, stale_after)]
    for model in card["models"]:
        for rule in RULES:
            found += rule(model)
    return sorted((Finding(path, line, "warning", rule, message, hint) for rule, line, message, hint in found), key=_at)


def _at(finding: Finding) -> tuple[str, int]:
    return finding.path, finding.line


def _whole(card: Table, today: date) -> Found:
    """What concerns the card as one: its currency, sources, order and windows."""
    if card["currency"] not in CURRENCIES.split():
        message = f"{card['currency']} is no currency in which services are sold"
        yield "currency", card.lines["currency"], message, "write a code of ISO 4217, such as USD or CNY"
    ids = [model["id"].lower() for model in card["models"]]
    for model, before, own in zip(card["models"][1:], ids, ids[1:], strict=False):
        if own < before:
            message = f"{model['id']} stands after {before}"
            yield "sorted", model.line, message, "sort the models by id, so that a change shows where it is looked for"
    used = {row["when"].get("window") for model in card["models"] for row in _rows(model)}
    for name in card.get("windows", {}):
        if name not in used:
            yield "window", card["windows"].lines[name], f"no price uses the window {name!r}", "use it or leave it out"
    for source in _sources(card):
        if not source["url"].startswith(("https://", "http://")):
            yield (
                "source",
                source.lines["url"],
                f"{source['url']!r} is no address",
                "write an address that can be opened",
            )
        if _day(source["retrieved"]) > today + timedelta(1):
            yield (
                "source",
                source.lines["retrieved"],
                f"{source['retrieved']} is still to come",
                "write the day of reading",
            )


def _stale(card: Table, today: date, stale_after: int) -> Found:
    """Prices that hold now and that nobody has looked at for long, one line for all of a day."""
    old: dict[str, list[tuple[str, int]]] = {}
    for model in card["models"]:
        for price in model["prices"]:
            checked = _checked(card, price)
            if _holds(price, today) and (today - _day(checked)).days > stale_after:
                old.setdefault(checked[:10], []).append((model["id"], price.lines.get("checked", price.line)))
    for day, models in sorted(old.items()):
        others = f" and {len(models) - 1} more" if len(models) > 1 else ""
        message = f"{models[0][0]}{others}: checked on {day}, more than {stale_after} days ago"
        yield "stale", models[0][1], message, "look at the source again, then write today's day into checked"


def _checked(card: Table, price: Table) -> str:
    """The day on which a price was last looked at; where it does not say, that of its sources, else of the card's."""
    if "checked" in price:
        return str(price["checked"])
    return max(str(source["retrieved"]) for source in price.get("sources") or card["sources"])


def _holds(price: Table, today: date) -> bool:
    now = instant(today.isoformat())
    started = "from" not in price or instant(price["from"]) <= now
    return started and ("until" not in price or now < instant(price["until"]))


def _gaps(model: Table) -> Found:
    """Days on which the model has no price, between two on which it has one."""
    spans = sorted(model["prices"], key=lambda price: instant(price["from"]) if "from" in price else -(10**12))
    for before, after in pairwise(spans):
        if instant(before["until"]) < instant(after["from"]):
            message = f"{model['id']} has no price from {before['until']} to {after['from']}"
            yield "gap", after.lines["from"], message, f"let the earlier prices hold until {after['from']}, if they did"
    for before, after in pairwise(model["prices"]):
        if "from" not in after or ("from" in before and instant(after["from"]) < instant(before["from"])):
            yield "sorted", after.line, f"{model['id']}: earlier prices stand below later ones", "sort them by date"


def _confidence(model: Table) -> Found:
    for price in model["prices"]:
        if price.get("confidence") == "confirmed" and "checked" not in price:
            message = f"{model['id']}: a price is confirmed, and nothing says when"
            yield "checked", price.lines["confidence"], message, "add checked: with the day"


def _outputs(model: Table) -> Found:
    """A model that writes has a price for what it writes."""
    for price in model["prices"]:
        rates = price.get("rates", {})
        sold = {"output", "output_text", "output_audio", "output_image", "output_video"} & rates.keys()
        if model.get("max_output") and "input" in rates and not sold and not price.get("fees"):
            message = f"{model['id']} has max_output, and no price for its output"
            yield "output", price.lines["rates"], message, "add output: ..., 0 if it is free"


def _reads(model: Table) -> Found:
    """A cache read costs at most what the input costs."""
    for price in model["prices"]:
        for rates, line in _states(price):
            if rates.get("cache_read", 0) > rates.get("input", rates.get("input_text", rates.get("cache_read", 0))):
                message = f"{model['id']}: cache_read {rates['cache_read']} is above input {rates['input']}"
                yield "cache-read", line, message, "write the whole price of a read, and see that none is swapped"


def _states(price: Table) -> Iterator[tuple[Mapping[str, Any], int]]:
    """The base rates, and those under each row that has rates, each with its line."""
    base = price.get("rates", {})
    if base:
        yield base, price.lines["rates"]
    rows: list[Table] = []
    for row in price.get("overrides", ()):
        rows.append(row)
        if "rates" in row:
            yield _under(base, rows, row["when"]), row.lines["rates"]


def _under(base: Mapping[str, Any], rows: Sequence[Table], when: Table) -> dict[str, Any]:
    """The rates where exactly `when` holds: the base, changed by all rows that ask no more than it."""
    merged = dict(base)
    for row in rows:
        if _asks_no_more(row["when"], when):
            merged.update(row.get("rates", {}))
    return merged


def _asks_no_more(few: Table, many: Table) -> bool:
    return all(key in many and _met(few[key], many[key]) for key in few)


def _met(asked: Any, given: Any) -> bool:
    """Whether a condition follows from another of its kind: above 200,000 is above 128,000 too."""
    if not isinstance(asked, Table):
        return bool(asked == given)
    low, least = _low(asked), _low(given)
    high, most = _high(asked), _high(given)
    return (low is None or (least is not None and least >= low)) and (
        high is None or (most is not None and most <= high)
    )


def _low(threshold: Table) -> int | None:
    """The least whole number that a threshold lets pass."""
    bounds = [threshold["gt"] + 1] if "gt" in threshold else []
    return max([*bounds, *([threshold["gte"]] if "gte" in threshold else [])], default=None)


def _high(threshold: Table) -> int | None:
    """The largest."""
    bounds = [threshold["lt"] - 1] if "lt" in threshold else []
    return min([*bounds, *([threshold["lte"]] if "lte" in threshold else [])], default=None)


def _tiers(model: Table) -> Found:
    """A row for long requests restates every rate of the base, for what it leaves out stays at the cheaper price."""
    for price in model["prices"]:
        rows = price.get("overrides", Items(0))
        for at, row in enumerate(rows):
            tier = _tier(row)
            if tier is None or "rates" not in row:
                continue
            stated = {
                key
                for one in rows[: at + 1]
                if _tier(one) is not None and _asks_no_more(one["when"], row["when"])
                for key in one.get("rates", {})
            }
            missing = sorted(price.get("rates", {}).keys() - stated)
            if missing:
                message = f"{model['id']}: the tier from {tier:,} tokens leaves {', '.join(missing)} at the base price"
                yield "tier", row.lines["rates"], message, f"state {missing[0]} in this row, also where it is the same"


def _tier(row: Table) -> int | None:
    """Where the tier of a row begins, in tokens of input or output; None for a row that is no tier."""
    bounds = [_low(row["when"][key]) for key in ("input_tokens", "output_tokens") if key in row["when"]]
    return max((bound for bound in bounds if bound is not None), default=None)


def _order(model: Table) -> Found:
    """Tiers ascend, since of two rows that both hold the later wins; a threshold lets something pass."""
    for row in _rows(model):
        for key in ("input_tokens", "output_tokens", "duration_seconds"):
            low, high = (bound(row["when"].get(key, {})) for bound in (_low, _high))
            if low is not None and high is not None and high < low:
                message = f"{model['id']}: nothing is from {low:,} to {high:,}"
                yield "threshold", row["when"].lines[key], message, "widen the threshold"
    for price in model["prices"]:
        rows = [row for row in price.get("overrides", ()) if "rates" in row and _tier(row) is not None]
        for at, row in enumerate(rows):
            above = [one for one in rows[:at] if one["when"] != row["when"] and _asks_no_more(row["when"], one["when"])]
            if above:
                message = (
                    f"{model['id']}: this tier undoes the higher one of line {above[0].line}, which stands before it"
                )
                yield "tier-order", row.line, message, "let tiers ascend: of rows that hold, the last one wins"


def _batch(model: Table) -> Found:
    """A batch costs at most what a single request does."""
    for price in model["prices"]:
        rows = price.get("overrides", Items(0))
        for at, row in enumerate(rows):
            if row["when"].get("batch") is not True:
                continue
            if row.get("multiply", 1) > 1:
                yield (
                    "batch",
                    row.lines["multiply"],
                    f"{model['id']}: a batch costs more than a request",
                    "check the factor",
                )
            single = Table(0)
            single.update({key: value for key, value in row["when"].items() if key != "batch"})
            rates = _under(price.get("rates", {}), rows[:at], single)
            for key, rate in row.get("rates", {}).items():
                if key in rates and rate > rates[key]:
                    message = f"{model['id']}: {key} {rate} in a batch is above {rates[key]} without"
                    yield "batch", row["rates"].lines[key], message, "write the price of the batch, whole"


RULES: tuple[Callable[[Table], Found], ...] = (_gaps, _confidence, _outputs, _reads, _tiers, _order, _batch)


def _rows(model: Table) -> Iterator[Table]:
    for price in model["prices"]:
        yield from price.get("overrides", ())


def _sources(card: Table) -> Iterator[Table]:
    yield from card["sources"]
    for model in card["models"]:
        for price in model["prices"]:
            yield from price.get("sources", ())


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])
