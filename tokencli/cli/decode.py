"""`tok decode`: token ids to text."""

from __future__ import annotations

from typing import Annotated

import typer

from tokencli.cli import parameters as p
from tokencli.cli.columns import encoder_with_ids, one_column
from tokencli.cli.output import write_bytes, write_envelope
from tokencli.cli.reading import read_stdin
from tokencli.errors import ExitCode, TokError

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Token ids; none: read standard input.")]


def decode(
    context: typer.Context,
    ids: Ids = None,
    model: p.Model = None,
    encoding: p.Encoding = None,
    output: p.Output = None,
) -> int:
    """Turn token ids back into text; writes the exact bytes and adds no newline.

    Ids may be separated by blanks, commas or newlines, or be a JSON array.
    """
    settings, column = one_column(context, {"model": model, "encoding": encoding})
    encoder = encoder_with_ids(column)
    text = " ".join(ids) if ids and ids != ["-"] else read_stdin(explicit=bool(ids)).decode("utf-8", "replace")
    numbers = parse_ids(text)
    data = encoder.decode(numbers)
    if settings["format"].value == "json":
        decoded = {"text": data.decode("utf-8", "replace"), "bytes": len(data), "tokens": len(numbers)}
        write_envelope("decode", {"encoding": column.encoding, "model": column.model, **decoded}, 0, path=output)
    else:
        write_bytes(data, output)
    return 0


def parse_ids(text: str) -> list[int]:
    """Whole numbers from text with any of `[ ] , ;` and blanks between them; TokError (usage) for anything else."""
    words = text.translate(dict.fromkeys(map(ord, "[],;"), " ")).split()
    wrong = next((word for word in words if not (word.isascii() and word.isdigit())), None)
    if wrong is not None:
        message = f"{wrong!r} is not a token id"
        raise TokError(message, hint="ids are whole numbers", code="usage", exit=ExitCode.USAGE)
    return [int(word) for word in words]
