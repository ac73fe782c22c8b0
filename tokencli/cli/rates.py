"""`tok rates`: the cards that apply, what they say of a model, whether cards are right, and their schema."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tokencli.cli.options import State, today
from tokencli.cli.output import write_envelope, write_text
from tokencli.config import ratecards_folders
from tokencli.errors import ExitCode, TokError
from tokencli.formats.wording import plural, printable

if TYPE_CHECKING:
    from tokencli.model.rates import CardHead, PricedModel, Segment, Source
    from tokencli.rates.lint import Finding

SOURCES = 5
"""Pages that are named of a model whose card has no more to say than where all its prices are from."""

Places = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE_OR_FOLDER]...", help="Cards; none: those of the project and yours, else all."),
]
Strict = Annotated[bool, typer.Option("--strict", help="End with exit code 1 for warnings too.")]
Name = Annotated[str, typer.Argument(metavar="MODEL", help="The model, as MODEL or PROVIDER/MODEL.")]
At = Annotated[str | None, typer.Option("--at", metavar="INSTANT", help="Prices of then: 2026-11-21T09:30:00Z.")]
Origin = Annotated[bool, typer.Option("--origin", help="Name every card that prices it; the first one holds.")]
Ratecard = Annotated[
    list[str] | None,
    typer.Option("--ratecard", metavar="PATH", help="Cards that go before all others: file or folder (repeatable)."),
]
Provider = Annotated[list[str] | None, typer.Option("--provider", metavar="NAME", help="Prefer this provider.")]
Only = Annotated[str, typer.Option("--provider", metavar="NAME", help="Only cards of this provider.")]


def list_(context: typer.Context, provider: Only = "", ratecard: Ratecard = None) -> int:
    """List the rate cards: provider, currency, models, when prices were last checked, where the card lies.

    The upper layers come first: --ratecard, the project's folder `ratecards`, yours, what ships.
    """
    state = context.find_object(State) or State()
    settings = state.settings()
    cards = state.cards(ratecard or ())
    wanted = cards.providers(provider) if provider else None
    sold: dict[CardHead, list[PricedModel]] = {}
    for model in cards.models():
        sold.setdefault(_identity(model.card), []).append(model)
    rows = [
        _row(head, sold.get(_identity(head), [])) for head in cards.heads() if wanted is None or head.provider in wanted
    ]
    if settings["format"].value == "json":
        write_envelope("rates list", {"cards": rows}, 0)
        return 0
    lines = [
        "\t".join(
            (row["provider"], row["currency"], str(row["models"]), row["checked"] or "--", printable(row["origin"]))
        )
        for row in rows
    ]
    write_text("".join(line + "\n" for line in lines))
    return 0


def _identity(head: CardHead) -> CardHead:
    """A head as a key: without the parts that cannot be one."""
    return head._replace(windows=())  # type: ignore[arg-type]


def _row(head: CardHead, models: Sequence[PricedModel]) -> dict[str, Any]:
    days = [segment.checked[:10] for model in models for segment in model.prices if segment.checked]
    sources = [{"url": one.url, "retrieved": one.retrieved, "via": one.via} for one in head.sources]
    return {
        "provider": head.provider,
        "name": head.name,
        "aliases": list(head.aliases),
        "currency": head.currency,
        "tax": head.tax,
        "models": len(models),
        "checked": max([*days, *(one.retrieved[:10] for one in head.sources)], default=""),
        "origin": head.origin,
        "digest": head.digest,
        "sources": sources,
    }


def show(
    context: typer.Context,
    model: Name,
    at: At = None,
    origin: Origin = False,
    provider: Provider = None,
    ratecard: Ratecard = None,
) -> int:
    """Show all that the cards say of a model: limits, every dated price with its conditions, sources, how sure it is.

    With --at only the prices of that instant. A model of an upper layer stands for the same one below as a whole;
    --origin names them all.
    """
    from tokencli.rates.effective import covering
    from tokencli.rates.index import packed
    from tokencli.usage.instants import instant

    state = context.find_object(State) or State()
    settings = state.settings({"providers": provider})
    cards = state.cards(ratecard or (), settings["providers"].value)
    found = cards.find(model)
    origins = cards.origins(found) if origin else (found.card.origin,)
    segments = found.prices if at is None else (covering(found, instant(at)),)
    if settings["format"].value == "json":
        record = packed(found._replace(prices=segments))
        for segment in record["prices"]:
            segment.setdefault("confidence", "imported")
        head = {**record.pop("card"), "origin": found.card.origin}
        write_envelope("rates show", {"model": record, "card": head, "origins": list(origins)}, 0)
        return 0
    write_text("".join(line + "\n" for line in _told(found, segments, origins)))
    return 0


def _told(model: PricedModel, segments: Iterable[Segment], origins: Sequence[str]) -> list[str]:
    """A model in lines for people; YAML-like, as its card has it."""
    from tokencli.rates.index import packed

    head = model.card
    record = packed(model._replace(prices=()))
    lines = [f"{head.provider}/{model.id}  {head.currency}, tax {head.tax}, per 1,000,000 tokens"]
    for key in ("aliases", "context_window", "max_output", "cache", "deprecated", "retires", "successor", "note"):
        if key in record:
            lines.append(f"  {key.replace('_', ' ')}: {_flow(record[key])}")
    lines += [f"  card: {printable(origin)}{'' if at == 0 else ' (not used)'}" for at, origin in enumerate(origins)]
    lines += [line for segment in segments for line in _segment_lines(segment)]
    own = tuple(dict.fromkeys(source for segment in segments for source in segment.sources))
    return lines + _source_lines(own or head.sources)


def _source_lines(sources: Sequence[Source]) -> list[str]:
    """Where prices are from: each page, of many the first ones."""
    lines = [
        f"  source: {printable(one.url)} ({one.retrieved}{f', by way of {printable(one.via)}' if one.via else ''})"
        for one in sources[:SOURCES]
    ]
    more = len(sources) - SOURCES
    return lines + ([f"  and {plural(more, 'more source')} of the card: --json names them"] if more > 0 else [])


def _segment_lines(segment: Segment) -> list[str]:
    from tokencli.rates.index import packed

    record = packed(segment)
    checked = f", checked {segment.checked}" if segment.checked else ""
    lines = [f"  {_span(segment)}: {segment.confidence}{checked}"]
    for key in ("rates", "fees", "durations", "cache_token_hours"):
        if key in record:
            lines.append(f"    {key.replace('_', ' ')}: {_flow(record[key])}")
    for row in record.get("overrides", ()):
        when = _flow(row.pop("when"))
        lines.append(f"    when {when}: " + "; ".join(f"{key} {_flow(value)}" for key, value in row.items()))
    return lines + ([f"    note: {printable(segment.note)}"] if segment.note else [])


def _span(segment: Segment) -> str:
    from tokencli.rates.effective import day

    start = f"from {day(segment.start)}" if segment.start is not None else ""
    end = f"until {day(segment.end)}" if segment.end is not None else ""
    return " ".join(filter(None, (start, end))) or "always"


def _flow(value: Any) -> str:
    """A value on one line: input 2, output 10."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_nested(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_flow, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else printable(str(value))


def _nested(value: Any) -> str:
    return f"({_flow(value)})" if isinstance(value, dict | list) else _flow(value)


def check(context: typer.Context, places: Places = None, strict: Strict = False) -> int:
    """Validate rate cards and warn of what is doubtful in them; exit code 1 for a card that is wrong.

    Warned of: tiers that leave a rate at the base price, tiers out of order, days without a price, cache reads above
    the input, batches above the base, prices not checked for `stale-after-days`, and what is not sorted.
    """
    state = context.find_object(State) or State()
    settings = state.settings()
    files, found = _checked(places or _usual(state), settings["stale-after-days"].value)
    errors = sum(finding.level == "error" for finding in found)
    warnings = len(found) - errors
    code = int(ExitCode.NO) if errors or (strict and warnings) else 0
    if settings["format"].value == "json":
        data = {
            "files": files,
            "findings": [finding._asdict() for finding in found],
            "errors": errors,
            "warnings": warnings,
        }
        write_envelope("rates check", data, code)
        return code
    lines = [
        f"{printable(one.path)}:{one.line}: {one.level}: {printable(one.message)} [{one.rule}]\n"
        f"  {printable(one.hint)}\n"
        for one in found
    ]
    told = f"{plural(files, 'card')}: {plural(errors, 'error')}, {plural(warnings, 'warning')}"
    write_text("".join(lines) + told + "\n")
    return code


def _usual(state: State) -> list[str]:
    from tokencli.rates.folders import shipped

    return ratecards_folders(state.environ, os.getcwd()) or [shipped()]


def _checked(places: Sequence[str], stale_after: int) -> tuple[int, list[Finding]]:
    """How many cards there are, and what is found in them; cards of one place are held against each other too."""
    from tokencli.rates import layers
    from tokencli.rates.lint import Finding
    from tokencli.rates.lint import check as lint
    from tokencli.rates.read import decoded

    found: list[Finding] = []
    number = 0
    for place in places:
        files = layers.files_of(place)
        if not files:
            raise TokError(f"no rate cards in {place}", hint="cards are files in YAML", code="no-card")
        number += len(files)
        here: list[Finding] = []
        for path, content in files:
            here += lint(decoded(content, path), path, today(), stale_after)
        if not any(one.level == "error" for one in here):
            try:
                layers.compiled(files, shipped=False)
            except TokError as problem:
                here.append(Finding(place, 1, "error", "names", problem.message, problem.hint))
        found += here
    return number, found


def schema(context: typer.Context) -> int:
    """Print the JSON Schema of rate cards, for editors: # yaml-language-server: $schema=ratecard.schema.json."""
    from tokencli.rates import read

    state = context.find_object(State) or State()
    if state.settings()["format"].value == "json":
        write_envelope("rates schema", {"schema": read.schema()}, 0)
    else:
        write_text(read.schema_text())
    return 0
