"""`tok decode`: token ids to text."""

from __future__ import annotations

from typing import Annotated

import typer

from tokencli import encoders
from tokencli.cli import parameters as p
from tokencli.cli.columns import encoder_with_ids, one_column
from tokencli.cli.output import write_bytes, write_envelope
from tokencli.cli.reading import read_stdin
from tokencli.errors import ExitCode, TokError

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Token ids; none: read standard input.")]

BUILT_IN = 4
"""The rank of a setting that nobody set."""


def decode(
    context: typer.Context,
    ids: Ids = None,
    model: p.Model = None,
    encoding: p.Encoding = None,
    output: p.Output = None,
) -> int:
    """Turn token ids back into text; writes the exact bytes and adds no newline.

    Ids may be separated by blanks, commas or newlines, or be a JSON array, or the answer of tok encode --json, which
    names its encoding.
    """
    settings, column = one_column(context, {"model": model, "encoding": encoding})
    text = " ".join(ids) if ids and ids != ["-"] else read_stdin(explicit=bool(ids)).decode("utf-8", "replace")
    made_with, numbers = parse_answer(text)
    if made_with and made_with != column.encoding:
        if min(settings["model"].rank, settings["encoding"].rank) < BUILT_IN:
            message = f"the ids are of {made_with}, not of {column.encoding}"
            raise TokError(message, hint=f"-e {made_with}", code="usage", exit=ExitCode.USAGE)
        column = encoders.column(made_with)
    encoder = encoder_with_ids(column)
    data = encoder.decode(numbers)
    if settings["format"].value == "json":
        decoded = {"text": data.decode("utf-8", "replace"), "bytes": len(data), "tokens": len(numbers)}
        write_envelope("decode", {"encoding": column.encoding, "model": column.model, **decoded}, 0, path=output)
    else:
        write_bytes(data, output)
    return 0


def parse_answer(text: str) -> tuple[str, list[int]]:
    """The encoding, "" where it is not said, and the ids of text or of the JSON that `tok encode --json` writes."""
    if not text.lstrip().startswith("{"):
        return "", parse_ids(text)
    import json

    try:
        data = json.loads(text)["data"]
        encoding, ids = str(data["encoding"]), [str(number) for number in data["ids"]]
    except (ValueError, KeyError, TypeError) as problem:
        hint = "only that of tok encode --json is read"
        raise TokError("JSON that holds no ids", hint=hint, code="usage", exit=ExitCode.USAGE) from problem
    return encoding, parse_ids(" ".join(ids))


def parse_ids(text: str) -> list[int]:
    """Whole numbers from text with any of `[ ] , ;` and blanks between them; TokError (usage) for anything else."""
    words = text.translate(dict.fromkeys(map(ord, "[],;"), " ")).split()
    wrong = next((word for word in words if not (word.isascii() and word.isdigit())), None)
    if wrong is not None:
        message = f"{wrong!r} is not a token id"
        raise TokError(message, hint="ids are whole numbers", code="usage", exit=ExitCode.USAGE)
    return [int(word) for word in words]
