"""`tok cache`: where counts are kept, how large that is, and a way to empty it."""

from __future__ import annotations

import typer

from tokencli import cache
from tokencli.cli.options import State
from tokencli.cli.output import write_envelope, write_text
from tokencli.config import cache_file
from tokencli.formats.wording import plural, printable, size


def info(context: typer.Context) -> int:
    """Print where the cache of counts is and how large."""
    state = context.find_object(State) or State()
    known = cache.info(cache_file(state.environ))
    if state.settings()["format"].value == "json":
        data = {"path": known.path, "files": known.files, "contents": known.contents, "counts": known.counts}
        write_envelope("cache info", {**data, "bytes": known.bytes}, 0)
        return 0
    lines = [
        f"path      {printable(known.path)}",
        f"files     {known.files:,}",
        f"contents  {known.contents:,}",
        f"counts    {known.counts:,}",
        f"size      {size(known.bytes)}",
    ]
    write_text("\n".join(lines) + "\n")
    return 0


def clear(context: typer.Context) -> int:
    """Empty the cache of counts; the file stays, and counts are made again when they are wanted."""
    state = context.find_object(State) or State()
    path = cache_file(state.environ)
    before = cache.clear(path)
    if state.settings()["format"].value == "json":
        write_envelope("cache clear", {"path": path, "counts": before.counts, "bytes": before.bytes}, 0)
    else:
        write_text(f"removed {plural(before.counts, 'count')}: {printable(path)}\n")
    return 0
