"""What `tok tokenizers list` and `show` say: built-in encodings and the user's own tokenizers as rows and objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tokencli import encoders
from tokencli.encoders import own, recipes
from tokencli.encoders.own import Record
from tokencli.errors import TokError


class Row(NamedTuple):
    """One tokenizer: `vocabulary` is its number of tokens, None where it cannot be told; `wrong` what is wrong."""

    name: str
    kind: str
    method: str
    vocabulary: int | None
    source: str
    own: bool = False
    wrong: str = ""


DETAILS = (
    *(
        "sha256",
        "aliases",
        "models",
        "normalize",
        "added",
        "bytes",
        "lossless",
        "like",
        "pattern",
        "in_parts",
        "folder",
    ),
)
"""What `show` says beside the fields of a row."""


def built_in() -> Iterator[Row]:
    """The encodings of this package."""
    for name, recipe in recipes().items():
        source = "llama-models, if installed" if recipe.kind == "llama" else "built in"
        yield Row(name, recipe.kind, recipe.method, vocabulary(name), source)


def own_rows() -> Iterator[Row]:
    """The user's own tokenizers; one whose record is broken says so."""
    for name in own.names():
        try:
            record = own.record(name)
        except TokError as problem:
            yield Row(name, "?", "exact", None, "", own=True, wrong=problem.message)
        else:
            yield Row(name, record.kind, "exact", record.vocabulary, record.source, own=True)


def vocabulary(name: str) -> int | None:
    """The tokens of a built-in encoding, special ones included; None where its vocabulary is not installed."""
    from tokencli.vocab.pieces import open_pieces
    from tokencli.vocab.table import open_table

    recipe = recipes()[name]
    if recipe.kind == "claude":
        return len(open_pieces(recipe.table).pieces)
    if recipe.kind == "llama":
        try:
            return int(getattr(encoders.load(name), "vocabulary", 0)) or None
        except TokError:
            return None
    special = encoders.special_tokens("gemma4" if recipe.kind.startswith("gemma") else name)
    table = open_table(recipe.table, recipe.limit)
    return (
        len(set(special.values()) | set(table.by_id()))
        if recipe.kind.startswith("gemma")
        else len(table) + len(special)
    )


def own_object(record: Record) -> dict[str, Any]:
    """The record of an own tokenizer for machines."""
    return {**record._asdict(), "files": dict(record.files), "sha256": record.sha256}


def details(name: str) -> dict[str, Any]:
    """All that is known of one tokenizer, None for what its kind does not have; TokError for an unknown name."""
    encoding = encoders.canonical(name)
    nothing: dict[str, Any] = dict.fromkeys((*Row._fields, *DETAILS))
    if encoding in recipes():
        recipe = recipes()[encoding]
        row = next(row for row in built_in() if row.name == encoding)
        others = sorted(alias for alias, target in encoders.aliases().items() if target == encoding)
        more: dict[str, Any] = {"sha256": recipe.sha256, "aliases": others, "normalize": recipe.normalize}
        return nothing | row._asdict() | more | {"models": _models(encoding)}
    record = own.record(encoding)
    row = Row(encoding, record.kind, "exact", record.vocabulary, record.source, own=True)
    # A text without a place to cut is counted in one piece, and only up to some length.
    more = {"in_parts": encoders.load(encoding).cut.pattern != r"(?!)", "folder": own.place(encoding)}
    kept = {key: value for key, value in own_object(record).items() if key in DETAILS}
    return nothing | row._asdict() | kept | more


def _models(encoding: str) -> list[str]:
    from tokencli import catalog

    return [model.id for model in catalog.models() if model.encoding == encoding and model.method != "estimate"]
