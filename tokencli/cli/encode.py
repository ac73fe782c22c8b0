"""`tok encode`: text to token ids."""

from __future__ import annotations

import typer

from tokencli.cli import parameters as p
from tokencli.cli.columns import one_column
from tokencli.cli.options import State
from tokencli.cli.output import write_envelope, write_text
from tokencli.cli.reading import read_text


def encode(
    context: typer.Context,
    source: p.Source = None,
    text: p.Literally = None,
    model: p.Model = None,
    encoding: p.Encoding = None,
    special: p.Special = None,
    as_: p.As = None,
    output: p.Output = None,
) -> int:
    """Turn text into token ids, separated by blanks on one line.

    `tok encode FILE | tok decode` gives the file back, byte for byte, where it is UTF-8 without a byte-order mark.
    """
    from tokencli.encoders import load

    state = context.find_object(State) or State()
    settings = state.settings({"model": model, "encoding": encoding, "special": special})
    column = one_column(settings, state.order)
    encoder = load(require_ids(column.encoding, column.method))
    content = read_text(source, text, as_text=as_ == "text")
    encoder.expect(len(content))
    ids = encoder.encode(content, special=settings["special"].value == "parse")
    if settings["format"].value == "json":
        data = {"encoding": column.encoding, "model": column.model, "method": column.method, "tokens": len(ids)}
        write_envelope("encode", {**data, "ids": ids}, 0, path=output)
    else:
        write_text(" ".join(map(str, ids)) + "\n", output)
    return 0


def require_ids(encoding: str, method: str) -> str:
    """The encoding's name; TokError where the numbers are an estimate, so that there are no ids."""
    if method == "estimate":
        from tokencli.errors import TokError

        raise TokError(
            "the tokenizer of this model is not public, so its ids are not known",
            hint=f"-e {encoding} gives the ids of the encoding it is estimated from",
            code="no-ids",
        )
    return encoding
