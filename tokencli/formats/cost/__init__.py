"""The report of `tok cost` in words: notes for standard error, and what its formats share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tokencli import money
from tokencli.formats import View
from tokencli.formats.notes import line, note_lines, problem_lines, skipped_lines
from tokencli.formats.wording import YELLOW, plural, printable
from tokencli.model import Count
from tokencli.model.cost import CacheEconomics, Converted, Cost, CostReport, CostRow, CostTotal, LeftOut, Line

FEW = 3
"""Reasons for which models are left out of a comparison are named with so many of them."""


def notes(report: CostReport, view: View, *, quiet: bool) -> list[str]:
    """The lines under the answer: assumptions, remarks on rows, what was left out, what failed."""
    lines = skipped_lines(report.skipped, view)
    if not quiet:
        lines += note_lines(report.assumptions, view)
    lines += note_lines(report.notes, view)
    lines += [line("warning", printable(words), YELLOW, view) for words in remarks(report)]
    lines += [line("left out", words, YELLOW, view) for words in left_out(report.left_out)]
    return lines + problem_lines(report.problems, view)


def remarks(report: CostReport) -> list[str]:
    """What is to be known of single rows, each thing once; of a ranking that of the model that was named first."""
    rows = report.rows[:1] if len(report.ranking) > FEW else report.rows
    found: list[str] = []
    for row in rows:
        found += row.notes
        if row.cost is not None:
            found += row.cost.notes
            if row.cost.confidence == "unconfirmed":
                found.append(f"the price of {row.provider}/{row.model} is not confirmed by the provider's own page")
    return list(dict.fromkeys(found))


def left_out(models: tuple[LeftOut, ...]) -> list[str]:
    """How many models are not compared for each reason, and the first of them by name."""
    reasons: dict[str, list[str]] = {}
    for each in models:
        name = f"{each.provider}/{each.model}" if each.provider else each.model
        # A name that is not known is what the reason is about.
        reason = each.reason.replace(name, "it").replace(each.model, "it") if each.provider else each.reason
        # Numbers differ from model to model where the reason does not.
        kind = "does not fit into its window" if "do not fit into its window" in reason else reason
        reasons.setdefault(kind, []).append(name)
    words = []
    for reason, names in reasons.items():
        shown = ", ".join(names[:FEW]) + (f" and {len(names) - FEW:,} more" if len(names) > FEW else "")
        words.append(f"{plural(len(names), 'model')}: {printable(reason)}: {printable(shown)}")
    return words


def model_of(row: CostRow) -> str:
    """The model with its provider, as far as they are known."""
    return f"{row.provider}/{row.model}" if row.provider else row.model or "--"


def what_of(row: CostRow) -> str:
    """What is priced: a file, or a row of usage by its id."""
    return row.id or row.path or "one call"


def amount_of(row: CostRow) -> str:
    """The total of a row for people, with its range where the tokens are an estimate; `--` where it has no price."""
    if row.cost is None:
        return "--"
    mark = "~" if row.low != row.high else ""
    if row.converted is not None:
        return mark + money.show(row.converted.amount, row.converted.currency)
    return mark + money.show(row.cost.total, row.cost.currency)


def range_of(row: CostRow) -> str:
    """The range of an estimated total in words, "" where there is none."""
    if row.cost is None or row.low is None or row.high is None or row.low == row.high:
        return ""
    factor, currency = Fraction(1), row.cost.currency
    if row.converted is not None:
        factor, currency = row.converted.factor, row.converted.currency
    return f"{money.show(row.low * factor, currency)} to {money.show(row.high * factor, currency)}"


def tokens_of(row: CostRow) -> str:
    """The tokens of the input, `~` before an estimate."""
    count = row.tokens or Count(int(row.usage.get("input_tokens", 0)), 0, 0)
    return f"~{count.tokens:,}" if row.method == "estimate" else f"{count.tokens:,}"


def quantity(value: Fraction) -> str:
    """A count as people read it."""
    return f"{value.numerator:,}" if value.denominator == 1 else money.exact(value)


def rate_of(line: Line, currency: str) -> str:
    """A rate with what it is for: `$2.50/M`, `$10.00/1,000`."""
    per = "M" if line.per == 1_000_000 else f"{line.per:,}"
    rate = money.show(line.rate, currency)
    return rate if line.per == 1 else f"{rate}/{per}"


def provenance(cost: Cost) -> str:
    """Which dated prices were used, when they were last checked, and how sure they are."""
    since = f"since {_day(cost.start)}" if cost.start is not None else ""
    until = f"until {_day(cost.end)}" if cost.end is not None else ""
    checked = f"checked {cost.checked}" if cost.checked else ""
    tax = "tax included" if cost.tax == "included" else "before tax"
    words = (cost.provider, since, until, checked, cost.confidence, tax)
    return ", ".join(word for word in words if word)


def card_of(cost: Cost) -> str:
    """Which card the price is from."""
    return f"{cost.provider}, as it ships" if cost.card == "bundled" else cost.card


def calls_of(total: CostTotal, calls: int) -> str:
    """What all calls come to, with what that is in another currency; "" for one call."""
    if calls == 1:
        return ""
    whole = total.all_calls(calls)
    other = ""
    if total.converted is not None:
        other = f" = {money.show(whole * total.converted.factor, total.converted.currency)}"
    return f"{plural(calls, 'call')} {money.show(whole, total.currency)}{other}"


def converted_of(converted: Converted | None) -> str:
    """An amount in another currency with the rate that made it; "" where there is none."""
    if converted is None:
        return ""
    return f"{money.show(converted.amount, converted.currency)} at {converted.words}"


def _day(at: int) -> str:
    from time import gmtime, strftime

    return strftime("%Y-%m-%d" if at % 86400 == 0 else "%Y-%m-%d %H:%M UTC", gmtime(at))


def percent(share: Fraction | None) -> str:
    """A difference as `+12.3%`; `--` where there is none."""
    if share is None:
        return "--"
    tenths = round(abs(share) * 1000)
    sign = "-" if share < 0 else "+"
    return f"{sign}{tenths // 10:,}.{tenths % 10}%"


def caching_words(cached: Sequence[CacheEconomics], currency: str) -> Iterator[str]:
    """What caching comes to, a line for each lifetime."""
    return (_economics(each, currency) for each in cached)


def _economics(each: CacheEconomics, currency: str) -> str:
    lifetime = {"written": "a write", "automatic": "an automatic cache"}.get(
        each.lifetime, f"a write for {each.lifetime}"
    )
    pays = "never pays" if each.reads is None else f"pays from {plural(each.reads, 'read')} on"
    cached, plain = money.show(each.cached_1000, currency), money.show(each.plain_1000, currency)
    note = f" ({each.note})" if each.note else ""
    return f"{lifetime}: {money.show(each.write, currency)}, {pays}; 1,000 requests {cached} instead of {plain}{note}"
