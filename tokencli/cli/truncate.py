"""`tok truncate`: text cut to a number of tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import typer

from tokencli.cli import parameters as p
from tokencli.cli.columns import one_column
from tokencli.cli.columns import require as require_method
from tokencli.cli.output import complain, write_bytes, write_envelope
from tokencli.cli.reading import literal_text, read_text
from tokencli.errors import ExitCode, TokError
from tokencli.formats.wording import label, plural
from tokencli.model import Column, Count
from tokencli.truncation import Ids
from tokencli.truncation import truncate as cut

MARKER = "\n[...]\n"

Limit = Annotated[int, typer.Argument(metavar="N", min=0, help="The most tokens to keep.")]
Keep = Annotated[Literal["head", "tail", "both"] | None, typer.Option("--keep", help="What to keep (default: head).")]
Marker = Annotated[
    str | None,
    typer.Option(
        "--marker",
        metavar="TEXT",
        show_default=False,
        help="What stands for the middle with --keep both; counted within N (default: a line [...]).",
    ),
]


def truncate(
    context: typer.Context,
    limit: Limit,
    source: p.Source = None,
    text: p.Literally = None,
    keep: Keep = None,
    marker: Marker = None,
    model: p.Model = None,
    encoding: p.Encoding = None,
    special: p.Special = None,
    require: p.Require = None,
    as_: p.As = None,
    output: p.Output = None,
) -> int:
    """Cut text to at most N tokens, never inside a character; a text that fits is left as it is.

    Of an estimate, the high end of its range is kept within N.
    """
    flags = {"model": model, "encoding": encoding, "special": special, "keep": keep, "require": require}
    settings, column = one_column(context, flags)
    require_method([column], settings["require"].value)
    if marker is not None and settings["keep"].value != "both":
        raise TokError(
            "--marker stands between a head and a tail", hint="add --keep both", code="usage", exit=ExitCode.USAGE
        )
    content = read_text(source, text, as_text=as_ == "text")
    count, ids = counter_and_ids(column, special=settings["special"].value == "parse")
    middle = MARKER if marker is None else literal_text(marker, "--marker")
    result = cut(content, limit, settings["keep"].value, count=lambda part: count(part).high, ids=ids, marker=middle)
    kept = count(result.text)
    notes = _range_note(column, kept)
    if settings["format"].value == "json":
        data = {"encoding": column.encoding, "model": column.model, "method": column.method, "limit": limit}
        left = {"tokens": kept.tokens, "low": kept.low, "high": kept.high, "cut": result.cut, "text": result.text}
        write_envelope("truncate", {**data, **left}, 0, notes=notes, path=output)
    else:
        write_bytes(result.text.encode(), output)
        complain(*(f"note: {note}" for note in notes))
    return 0


def _range_note(column: Column, kept: Count) -> list[str]:
    """What to say of a count that has a range."""
    if column.method != "estimate":
        return []
    return [f"{label(column)}: an estimate, {plural(kept.tokens, 'token')} are left, range {kept.low:,}-{kept.high:,}"]


def counter_and_ids(column: Column, *, special: bool) -> tuple[Callable[[str], Count], Ids | None]:
    """What counts for a column, and its ids where it has them."""
    from tokencli.counting import counter

    made = counter(column)

    def count(text: str) -> Count:
        return made.finish(*made.measure_all([text], special=special))

    if column.method == "estimate":
        return count, None
    from tokencli.encoders import load

    encoder = load(column.encoding)
    try:
        encoder.encode("")
    except TokError:
        return count, None
    return count, Ids(lambda text: encoder.encode(text, special=special), encoder.decode)
