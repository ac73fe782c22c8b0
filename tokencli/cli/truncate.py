"""`tok truncate`: text cut to a number of tokens."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tokencli.cli import parameters as p
from tokencli.cli.columns import one_column
from tokencli.cli.output import write_bytes, write_envelope
from tokencli.cli.reading import literal_text, read_text
from tokencli.errors import TokError
from tokencli.model import Column
from tokencli.truncation import Counter, Ids
from tokencli.truncation import truncate as cut

MARKER = "\n[...]\n"

Limit = Annotated[int, typer.Argument(metavar="N", min=0, help="The most tokens to keep.")]
Keep = Annotated[Literal["head", "tail", "both"] | None, typer.Option("--keep", help="What to keep (default: head).")]
Marker = Annotated[
    str,
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
    marker: Marker = MARKER,
    model: p.Model = None,
    encoding: p.Encoding = None,
    special: p.Special = None,
    as_: p.As = None,
    output: p.Output = None,
) -> int:
    """Cut text to at most N tokens, never inside a character; a text that fits is left as it is."""
    flags = {"model": model, "encoding": encoding, "special": special, "keep": keep}
    settings, column = one_column(context, flags)
    content = read_text(source, text, as_text=as_ == "text")
    count, ids = counter_and_ids(column, special=settings["special"].value == "parse")
    marker = literal_text(marker, "--marker")
    result = cut(content, limit, settings["keep"].value, count=count, ids=ids, marker=marker)
    if settings["format"].value == "json":
        data = {"encoding": column.encoding, "model": column.model, "method": column.method, "limit": limit}
        write_envelope(
            "truncate", {**data, "tokens": result.tokens, "cut": result.cut, "text": result.text}, 0, path=output
        )
    else:
        write_bytes(result.text.encode(), output)
    return 0


def counter_and_ids(column: Column, *, special: bool) -> tuple[Counter, Ids | None]:
    """What counts for a column, and its ids where it has them; an estimate counts by the high end of its range."""
    if column.method == "estimate":
        from tokencli.counting import counter

        estimate = counter(column)
        return (lambda text: estimate.finish(*estimate.measure_all([text], special=special)).high), None
    from tokencli.encoders import load

    encoder = load(column.encoding)
    try:
        encoder.encode("")
    except TokError:
        return (lambda text: encoder.count(text, special=special)), None
    ids = Ids(lambda text: encoder.encode(text, special=special), encoder.decode)
    return (lambda text: encoder.count(text, special=special)), ids
