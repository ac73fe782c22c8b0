"""`tok cost`: gathers the options, counts or reads usage, prices it and hands the report to a format."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import typer

from tokencli.cli import cost_parameters as c
from tokencli.cli import count, pricing
from tokencli.cli import parameters as p
from tokencli.cli.cost_report import Wish, asked, of_files, of_number
from tokencli.cli.inputs import piped
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD, Look
from tokencli.cli.pricing import usage_error
from tokencli.cli.showing import Answer, rows_shown
from tokencli.cli.showing import show as show_answer
from tokencli.costing import Assumptions
from tokencli.errors import ExitCode
from tokencli.model.cost import CostReport
from tokencli.money import exact

if TYPE_CHECKING:
    from tokencli.config import Value


class Listing(NamedTuple):
    """How to show the report."""

    top: int | None
    quiet: bool
    total: bool
    output: str | None
    show_skipped: bool


def cost(
    context: typer.Context,
    inputs: p.Inputs = None,
    model: c.Models = None,
    encoding: c.Encodings = None,
    output_tokens: c.OutputTokens = None,
    output_ratio: c.OutputRatio = None,
    input_tokens: c.InputTokens = None,
    cached_tokens: c.CachedTokens = None,
    cached_share: c.CachedShare = None,
    unit: c.Unit = None,
    usage: c.Usage = None,
    calls: c.Calls = 1,
    batch: c.Batch = False,
    service_tier: c.ServiceTier = None,
    speed: c.Speed = None,
    region: c.Region = None,
    thinking: c.Thinking = False,
    cache_mode: c.CacheMode = None,
    search_size: c.SearchSize = None,
    resolution: c.Resolution = None,
    duration_seconds: c.Seconds = None,
    at: c.At = None,
    currency: c.Currency = None,
    fx: c.Fx = None,
    compare: c.Compare = False,
    all_: c.AllModels = False,
    family: c.Family = None,
    scores: c.Scores = None,
    explain: c.Explain = False,
    caching: c.Caching = False,
    together_: c.Together = False,
    ratecard: c.Ratecard = None,
    provider: c.Provider = None,
    on_unknown: c.OnUnknown = "error",
    total: c.Total = False,
    top: p.Top = None,
    include: p.Include = None,
    exclude: p.Exclude = None,
    files_from: p.FilesFrom = None,
    null: p.Null = False,
    as_: p.ReadAs = None,
    special: p.Special = None,
    detail: p.Detail = None,
    require: p.Require = None,
    show_skipped: p.ShowSkipped = None,
    quiet: p.Quiet = False,
    output: p.Output = None,
    no_cache: p.NoCache = False,
) -> int:
    """Price prompts, transcripts or usage, on one model or on many, to the last decimal.

    Files are counted as `tok count` does, each as one call; what comes back is only priced where it is said
    (--output-tokens, --output-ratio). Prices are those of the rate cards at this instant, or at --at.
    """
    state = context.find_object(State) or State()
    flags: dict[str, object] = {"model": model, "encoding": encoding, "include": include, "exclude": exclude}
    flags |= {"special": special, "require": require, "top": top, "providers": provider}
    flags |= {"show-skipped": show_skipped or None, "cache": False if no_cache else None}
    settings = state.settings(flags)
    chosen = pricing.selectors(
        batch=batch,
        service_tier=service_tier,
        speed=speed,
        region=region,
        thinking=thinking,
        cache_mode=cache_mode,
        search_size=search_size,
        resolution=resolution,
        seconds=duration_seconds,
    )
    assumed = pricing.assumptions(output_tokens, output_ratio, cached_tokens, cached_share, unit or ())
    wish = Wish(
        selectors=chosen,
        assumed=assumed,
        calls=calls,
        compare=compare,
        everything=all_,
        families=tuple(family or ()),
        scores=scores,
        currency=pricing.code(currency),
        fx=tuple(fx or ()),
        explain=explain,
        caching=caching,
        together=together_,
        on_unknown=on_unknown,
        column=pricing.chosen_encoding(settings),
        named=len(settings["model"].value),
        stale_after=settings["stale-after-days"].value,
    )
    listing = Listing(settings["top"].value, quiet, total, output, settings["show-skipped"].value)
    files = bool(inputs or files_from)
    _check(wish, listing, state, files=files, numbers=input_tokens is not None, usage=usage or ())
    when = pricing.instant(at)
    book = pricing.price_book(state, ratecard or (), settings["providers"].value, when)
    if usage:
        from tokencli.cli import cost_usage

        source = cost_usage.Source(usage[0], _one_model(settings["model"]), total or quiet)
        lines = settings["format"].value == "jsonl" and not source.total and listing.output in (None, STANDARD)
        report = (cost_usage.stream if lines else cost_usage.report)(source, book, wish)
        return show(report._replace(notes=(*book.notes, *report.notes)), listing, settings, state)
    found = asked(wish, settings["model"].value, book)
    if input_tokens is None and unit and not files and not piped(sys.stdin):
        input_tokens = 0
    if input_tokens is not None:
        report = of_number(input_tokens, found, wish, book)
    else:
        request = _request(inputs, files_from, settings, null=null, as_=as_, detail=detail)
        report = of_files(request, found, wish, book, settings["require"].value, state)
    return show(report._replace(notes=(*book.notes, *report.notes)), listing, settings, state)


def _request(
    inputs: p.Inputs,
    files_from: p.FilesFrom,
    settings: Mapping[str, Value],
    *,
    null: bool,
    as_: str | None,
    detail: str | None,
) -> count.Request:
    """What to count, as `tok count` takes it."""
    request = count.requested(inputs, files_from, settings, null=null, as_text=as_ == "text", sections=False)
    reader = None if as_ == "text" else as_
    return request._replace(detail=detail, reader=reader, plugins=settings["plugins"].value)


def _check(wish: Wish, listing: Listing, state: State, *, files: bool, numbers: bool, usage: Sequence[str]) -> None:
    """TokError (usage) for options that exclude or lack each other."""
    sources = [name for name, on in (("files", files), ("--input-tokens", numbers), ("--usage", usage)) if on]
    if len(usage) > 1:
        raise usage_error("--usage takes one file", "cat *.jsonl | tok cost --usage - takes the rows of several")
    if len(sources) > 1:
        raise usage_error(f"{' and '.join(sources)} exclude each other", "price one of them at a time")
    if not wish.compare and (wish.everything or wish.families or wish.scores):
        raise usage_error("--all, --family and --scores rank models", "add --compare")
    if usage and (wish.compare or wish.caching or wish.assumed != Assumptions()):
        raise usage_error("usage says itself what was sent and came back", "leave out what is assumed and compared")
    if wish.together and not files:
        raise usage_error("--together sends files in one call", "name files")
    if (listing.quiet or listing.total) and (wish.everything or wish.families):
        raise usage_error("a ranking has no total", "leave out -q and --total; --top 1 lists the cheapest")
    if listing.total and (wish.compare or wish.named > 1):
        raise usage_error("models side by side have no total", "leave out --total, or name one model")
    if listing.quiet and state.format is not None:
        raise usage_error(f"-q and --format {state.format} exclude each other", "keep one")


def exit_code(report: CostReport) -> ExitCode:
    """3 where something has no price that was asked for, else 0."""
    return ExitCode.OK if report.complete else ExitCode.DATA


def show(report: CostReport, listing: Listing, settings: Mapping[str, Value], state: State) -> int:
    """Write the report; returns the exit code."""
    answer = Answer(
        "cost",
        report,
        int(exit_code(report)),
        output=None if listing.output == STANDARD else listing.output,
        bare=_bare(report) if listing.quiet else None,
        answer=bool(report.rows or report.totals or report.ranking),
        show_skipped=listing.show_skipped,
        arrange=lambda whole, target, name: arrange(whole, listing, target, name),
    )
    return show_answer(answer, settings, state)


def _one_model(models: Value) -> str:
    """The model for rows of usage that name none; TokError (usage) where options name several."""
    if len(models.value) == 1:
        return str(models.value[0])
    if models.value and models.rank == 0:
        raise usage_error("several models", "usage names its own; one -m stands for rows that name none")
    return ""


def _bare(report: CostReport) -> str:
    """The bare amounts: of models side by side a line for each, as they were named, else for each currency, which is
    named where there are several; `--` where nothing has a price."""
    if report.ranking or report.left_out:
        places = {id(each.row): each.of_calls for each in report.ranking}
        found = [places.get(id(row)) for row in report.rows]
        return "".join("--\n" if amount is None else f"{exact(amount)}\n" for amount in found)
    several = len(report.totals) > 1
    lines = []
    for total in report.totals:
        amount, currency = total.all_calls(report.calls), total.currency
        if total.converted is not None:
            amount, currency = amount * total.converted.factor, total.converted.currency
        lines.append(f"{exact(amount)}{f' {currency}' if several else ''}\n")
    return "".join(lines) or "--\n"


def arrange(report: CostReport, listing: Listing, target: Look, format_name: str) -> CostReport:
    """The report cut to the rows asked for, or to those that a terminal has room for."""
    if listing.total:
        return report._replace(rows=(), ranking=())
    limit = rows_shown(listing.top, target, format_name, everything=False)
    if limit is None or format_name in ("json", "jsonl"):
        return report
    long = report.ranking or report.rows
    rest = max(0, len(long) - limit)
    if report.ranking:
        kept = report.ranking[:limit]
        base = report.rows[0] if report.ranking[0].row is not report.rows[0] else None
        named = tuple(each for each in report.ranking[limit:] if each.row is base and each.difference is None)
        return report._replace(ranking=(*kept, *named), rest=rest - len(named))
    return report if report.explain else report._replace(rows=report.rows[:limit], rest=rest)
