"""`tok encode`: text to token ids."""

from __future__ import annotations

from collections.abc import Callable

import typer

from tokencli.cli import parameters as p
from tokencli.cli.columns import encoder_with_ids, one_column
from tokencli.cli.output import complain, write_envelope, write_text
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

    `tok encode FILE | tok decode` gives back a file of UTF-8 without a byte-order mark, byte for byte unless the
    encoding normalises text: qwen2, qwen3.5 and minimax to Unicode NFC, claude-legacy to NFKC; gemma3 and gemma4 take
    U+2581 for a blank. A text that this changes is warned about.
    """
    settings, column = one_column(context, {"model": model, "encoding": encoding, "special": special})
    encoder = encoder_with_ids(column)
    content = read_text(source, text, as_text=as_ == "text")
    encoder.expect(len(content))
    ids = encoder.encode(content, special=settings["special"].value == "parse")
    changed = _changed(column.encoding, content, lambda: encoder.decode(ids))
    if settings["format"].value == "json":
        data = {"encoding": column.encoding, "model": column.model, "method": column.method, "tokens": len(ids)}
        write_envelope("encode", {**data, "ids": ids}, 0, notes=changed, path=output)
    else:
        write_text(" ".join(map(str, ids)) + "\n", output)
        complain(*(f"warning: {note}" for note in changed))
    return 0


def _changed(encoding: str, text: str, decoded: Callable[[], bytes]) -> list[str]:
    """What the encoding changes in this text before it cuts it, in words; empty where the ids decode to the text."""
    from tokencli.encoders import recipes

    recipe = recipes().get(encoding)
    what = ""
    if recipe is None:
        what = "" if decoded() == text.encode() else "changes text"
    elif recipe.kind.startswith("gemma"):
        what = "takes U+2581 for a blank" if "\u2581" in text else ""
    elif recipe.normalize:
        from unicodedata import is_normalized

        what = "" if is_normalized(recipe.normalize, text) else f"normalises text to Unicode {recipe.normalize}"
    return [f"{encoding} {what}, so decoding the ids gives a text that differs from this one"] if what else []
