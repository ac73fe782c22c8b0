"""`tok rates import`: cards made of the data that genai-prices or litellm publish, from a file that lies here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tokencli.cli.options import State, today
from tokencli.cli.output import write_envelope, write_text
from tokencli.errors import TokError, usage_error
from tokencli.formats.wording import plural, printable

if TYPE_CHECKING:
    from tokencli.rates.importing import Imported

Origin = Annotated[Literal["genai-prices", "litellm"], typer.Option("--from", help="Whose data the file holds.")]
Data = Annotated[str, typer.Argument(metavar="FILE", help="Their JSON file, or the wheel of their package.")]
Providers = Annotated[
    list[str] | None, typer.Option("--provider", metavar="NAME", help="Only this provider (repeatable).")
]
Folder = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FOLDER", help="Where the cards are written (default: here).")
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Write nothing, only say what would be.")]


def import_(
    context: typer.Context,
    data: Data,
    origin: Origin,
    provider: Providers = None,
    output: Folder = None,
    dry_run: Dry = False,
) -> int:
    """Make rate cards of the data of genai-prices or litellm, one for each provider, and say what they leave out.

    FILE is prices/new_data/v2/data.json of github.com/pydantic/genai-prices, or model_prices_and_context_window.json of
    github.com/BerriAI/litellm, or the wheel of either package (pip download --no-deps genai-prices), of which nothing
    is run. History, tiers, hours, batches and limits are kept; what cannot be said in a card is listed with its reason.
    Prices are marked as imported. Nothing is fetched.
    """
    from tokencli.rates.importing import convert

    state = context.find_object(State) or State()
    settings = state.settings()
    folder = output or "."
    try:
        with open(data, "rb") as file:
            content = file.read()
    except OSError as problem:
        raise TokError(f"cannot read {data}: {problem.strerror}", hint="name the file", code="read") from problem
    imported = convert(origin, content, os.path.basename(data), today().isoformat(), tuple(provider or ()))
    rows = _written(imported, folder, dry_run)
    if settings["format"].value == "json":
        told = [remark._asdict() for remark in imported.remarks]
        write_envelope("rates import", {"from": origin, "written": not dry_run, "cards": rows, "remarks": told}, 0)
        return 0
    lines = [f"{printable(row['path'])}\t{row['models']}\t{row['prices']}\t{row['bytes']}" for row in rows]
    lines += [
        f"# {one.kind}: {printable(f'{one.provider}/{one.model}' if one.model else one.provider)}: "
        f"{printable(one.what)}: {printable(one.reason)}"
        for one in imported.remarks
    ]
    lines.append(f"# {_sum(imported, rows)}{', nothing is written' if dry_run else ''}")
    write_text("".join(line + "\n" for line in lines))
    return 0


def _sum(imported: Imported, rows: list[dict[str, Any]]) -> str:
    left = sum(one.kind == "left out" for one in imported.remarks)
    models = plural(sum(row["models"] for row in rows), "model")
    return f"{plural(len(rows), 'card')}, {models}, {left:,} left out, {len(imported.remarks) - left:,} rounded"


def _written(imported: Imported, folder: str, dry_run: bool) -> list[dict[str, Any]]:
    """Write the cards, unless it is a trial, and tell of each; a card that is there already is not written over.

    TokError `card` where the data has what no card may hold, such as a price below 0.
    """
    from tokencli.rates.importing import writing
    from tokencli.rates.read import read_card

    rows = []
    texts = {}
    for card in imported.cards:
        path = os.path.join(folder, f"{card.head.provider}.yaml")
        text = writing.text(card)
        read_card(text, path)
        texts[path] = text.encode()
        rows.append(
            {
                "provider": card.head.provider,
                "path": path,
                "models": len(card.models),
                "prices": sum(len(model.prices) for model in card.models),
                "bytes": len(texts[path]),
            }
        )
    if not dry_run:
        there = next(filter(os.path.exists, texts), None)
        if there is not None:
            raise usage_error(
                f"{there} is there already", "name an empty folder with --output, and compare with tok rates diff"
            )
        _write(texts, folder)
    return rows


def _write(texts: dict[str, bytes], folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
        for path, text in texts.items():
            with open(path, "xb") as file:
                file.write(text)
    except OSError as problem:
        message = f"cannot write to {folder}: {problem.strerror}"
        raise TokError(message, hint="name a folder you may write to", code="write") from problem
