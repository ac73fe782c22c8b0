"""The report of `tok replay` in words: notes for standard error, and what its formats share."""

from __future__ import annotations

from fractions import Fraction

from tokencli import money
from tokencli.formats import View
from tokencli.formats.notes import line, note_lines, problem_lines
from tokencli.formats.wording import YELLOW, printable
from tokencli.model import Count
from tokencli.model.replay import RecordedSum, Replayed, ReplayReport


def notes(report: ReplayReport, view: View, *, quiet: bool = False) -> list[str]:
    """The lines under the answer: how it was made, what is not known, what failed."""
    lines = note_lines(report.notes, view)
    lines += [line("unknown", printable(words), YELLOW, view) for words in unknown(report)]
    lines += [line("warning", printable(words), YELLOW, view) for words in remarks(report)]
    return lines + problem_lines(report.problems, view)


def unknown(report: ReplayReport) -> list[str]:
    """What is missing from the amounts, or not known."""
    missing = [f"recorded on {name(each)}: {each.why}" for each in report.recorded if each.cost is None]
    return [*missing, *report.unknown]


def remarks(report: ReplayReport) -> list[str]:
    """What is to be known of single models, each thing once."""
    found = [f"{name(each)} as recorded: {words}" for each in report.recorded for words in each.notes]
    found += [f"{each.model}: {words}" for each in report.targets for words in each.notes]
    doubtful = [name(each) for each in report.recorded if each.confidence == "unconfirmed"]
    doubtful += [name(each) for each in report.targets if each.confidence == "unconfirmed"]
    found += [f"the price of {model} is not confirmed by the provider's own page" for model in doubtful]
    return list(dict.fromkeys(found))


def name(each: RecordedSum | Replayed) -> str:
    return "/".join(word for word in (each.provider, each.model) if word) or "a model that is not named"


def tokens(count: Count) -> str:
    """Tokens, `~` before an estimate."""
    return f"~{count.tokens:,}" if count.low != count.high else f"{count.tokens:,}"


def amount(number: Fraction | None, currency: str, *, estimate: bool = False) -> str:
    """Money for people, `--` where there is none."""
    return "--" if number is None else ("~" if estimate else "") + money.show(number, currency)


def estimated(each: Replayed) -> bool:
    return each.low != each.high


def against(report: ReplayReport, each: Replayed) -> str:
    """The difference from what was recorded, as a share of it; `--` where that is not known or in another currency, and
    where parts of the session are missing in what was counted, as the two are not alike then."""
    whole = None if report.unknown else whole_of(report)
    cost = each.cost if each.cost is not None else each.plain
    if whole is None or cost is None or not whole or any(one.currency != each.currency for one in report.recorded):
        return "--"
    tenths = round((cost - whole) / whole * 1000)
    return f"{'-' if tenths < 0 else '+'}{abs(tenths) // 10:,}.{abs(tenths) % 10}%"


def whole_of(report: ReplayReport) -> Fraction | None:
    """What the whole session cost as it was recorded; None where a part of that is not known."""
    costs = [each.cost for each in report.recorded]
    if not costs or len({each.currency for each in report.recorded}) > 1:
        return None
    return None if None in costs else sum((cost for cost in costs if cost is not None), Fraction())
