"""`tok encode`: text to token ids."""

from __future__ import annotations

import typer

from tokencli.cli import parameters as p
from tokencli.cli.columns import encoder_with_ids, one_column
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
    settings, column = one_column(context, {"model": model, "encoding": encoding, "special": special})
    encoder = encoder_with_ids(column)
    content = read_text(source, text, as_text=as_ == "text")
    encoder.expect(len(content))
    ids = encoder.encode(content, special=settings["special"].value == "parse")
    if settings["format"].value == "json":
        data = {"encoding": column.encoding, "model": column.model, "method": column.method, "tokens": len(ids)}
        write_envelope("encode", {**data, "ids": ids}, 0, path=output)
    else:
        write_text(" ".join(map(str, ids)) + "\n", output)
    return 0
