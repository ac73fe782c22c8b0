"""`tok tokenizers`: the built-in encodings and the user's own tokenizers: add, list, show, verify, remove."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tokencli import collection, encoders
from tokencli.cli.options import State
from tokencli.cli.output import write_envelope, write_text
from tokencli.collection import files, hub, listing
from tokencli.errors import ExitCode, TokError
from tokencli.formats.wording import plural, printable, size

if TYPE_CHECKING:
    from tokencli.remote.store import Accuracy

Name = Annotated[str, typer.Argument(metavar="NAME", help="The tokenizer's name, as -e takes it.")]
Path = Annotated[str | None, typer.Argument(metavar="[PATH]", help="The tokenizer's file, or a folder that holds it.")]
Hf = Annotated[
    str | None,
    typer.Option("--hf", metavar="REPO[@REV]", help="Take it from this repository on the Hugging Face hub."),
]
Like = Annotated[
    str | None, typer.Option("--like", metavar="ENCODING", help="A rank file splits text as this encoding does.")
]
Pattern = Annotated[
    str | None, typer.Option("--pattern", metavar="REGEX", help="A rank file splits text by this expression.")
]


def add(
    context: typer.Context, name: Name, path: Path = None, hf: Hf = None, like: Like = None, pattern: Pattern = None
) -> int:
    """Keep a tokenizer of your own under a name that -e takes.

    PATH is a tokenizer.json, a .tiktoken rank file (with --like or --pattern), a tekken.json, a SentencePiece .model,
    a GGUF file, of which only the header is read, or a folder that holds one. With --hf the file is taken from the
    cache of Hugging Face's tools, or downloaded from HF_ENDPOINT with HF_TOKEN. It is tried first, and refused where
    it cannot be counted exactly. `tok help own-tokenizers` says more.
    """
    state = context.find_object(State) or State()
    settings = state.settings()
    if (path is None) == (hf is None):
        hint = "tok tokenizers add NAME PATH, or tok tokenizers add NAME --hf REPO"
        raise TokError("name a file or a repository, one of them", hint=hint, code="usage", exit=ExitCode.USAGE)
    collection.check_name(name)
    found, source = _from_hub(hf, state) if hf is not None else _from_path(path or "")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    record = collection.add(name, found, source, today, like=like or "", pattern=pattern or "")
    if settings["format"].value == "json":
        write_envelope("tokenizers add", listing.own_object(record), 0)
    else:
        text = f"added {name}: {record.kind}, {record.vocabulary:,} tokens, sha256 {record.sha256[:16]}\n"
        write_text(text + f"count with it: tok count -e {name}\n")
    return 0


def _from_path(path: str) -> tuple[files.Found, str]:
    file = files.find(path)
    return files.read(file), os.path.abspath(file)


def _from_hub(text: str, state: State) -> tuple[files.Found, str]:
    """The tokenizer of a repository: what is cached first, then what the hub gives."""
    repo = hub.repository(text)
    cached = hub.cached(repo, state.environ)
    if cached is not None:
        return files.read(cached.path), cached.source
    asked = hub.ask(repo, state.environ, time.monotonic)
    return files.known(asked.file, asked.data), asked.source


def list_(context: typer.Context) -> int:
    """List the built-in encodings, your own tokenizers, and the files of other tools that could be added.

    The fields of a plain line: name, kind, method, vocabulary, where from. What other tools keep on this machine
    stands under it with the command that adds it.
    """
    state = context.find_object(State) or State()
    settings = state.settings()
    rows = [*listing.built_in(), *listing.own_rows()]
    found = list(hub.all_cached(state.environ))
    if settings["format"].value == "json":
        data = {
            "tokenizers": [row._asdict() for row in rows],
            "found": [one._asdict() for one in found],
            "folder": encoders.own_folder(),
        }
        write_envelope("tokenizers list", data, 0)
        return 0
    lines = ["\t".join(map(printable, _cells(row))) for row in rows]
    lines += [f"# found, not added: {printable(one.source)}\t{printable(one.command)}" for one in found]
    write_text("\n".join(lines) + "\n")
    return 0


def _cells(row: listing.Row) -> tuple[str, ...]:
    tokens = str(row.vocabulary) if row.vocabulary is not None else "-"
    return (row.name, row.kind, row.method, tokens, row.wrong or row.source)


def show(context: typer.Context, name: Name) -> int:
    """Show what is known of one tokenizer: what it is made of, how it counts, and how it was measured."""
    state = context.find_object(State) or State()
    settings = state.settings()
    data = listing.details(name)
    measured = accuracy(data["name"], state)
    if settings["format"].value == "json":
        write_envelope("tokenizers show", {**data, "accuracy": [each._asdict() for each in measured]}, 0)
        return 0
    lines = [
        f"{key.replace('_', ' '):<11} {_said(key, value)}" for key, value in data.items() if value not in ("", None, [])
    ]
    lines += [f"{'measured':<11} {printable(_measured(each))}" for each in measured]
    write_text("\n".join(lines) + "\n")
    return 0


def accuracy(encoding: str, state: State) -> list[Accuracy]:
    """How counts with an encoding compared with providers' own, where `tok count --remote` has asked them."""
    from tokencli.cli.remote import store_file
    from tokencli.remote.store import Store

    path = store_file(state.environ)
    found = Store(path, now=time.time()).accuracy() if os.path.exists(path) else []
    return [each for each in found if each.encoding == encoding]


def _measured(each: Accuracy) -> str:
    """A measured accuracy in words."""
    start = f"{each.model} at {each.host}, {plural(each.requests, 'request')}"
    if each.middle is None or each.worst is None or each.bias is None:
        return f"{start}, all too short to tell"
    return f"{start}: {100 * each.middle:.2f}% off in the middle, {100 * each.worst:.2f}% at worst"


def _said(key: str, value: Any) -> str:
    if key == "bytes":
        return size(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(printable, value)) or "-"
    return f"{value:,}" if isinstance(value, int) else printable(str(value))


def verify(context: typer.Context) -> int:
    """Hash every file again, those of the package too; exit code 3 where one is not what it was."""
    state = context.find_object(State) or State()
    settings = state.settings()
    checked = list(collection.verify())
    wrong = [one for one in checked if one.wrong]
    code = int(ExitCode.DATA) if wrong else 0
    errors = [TokError(f"{one.name}: {one.file} {one.wrong}", hint=_remedy(one), code="hash") for one in wrong]
    if settings["format"].value == "json":
        data = {"files": [one._asdict() for one in checked], "wrong": len(wrong)}
        write_envelope("tokenizers verify", data, code, errors=errors)
        return code
    lines = [f"wrong\t{printable(one.name)}\t{printable(one.file)}\t{printable(one.wrong)}" for one in wrong]
    total = (
        f"{plural(len(checked), 'file')} hashed, {len(wrong)} wrong"
        if wrong
        else f"{len(checked):,} files as they were"
    )
    write_text("\n".join([*lines, total]) + "\n")
    return code


def _remedy(one: collection.Checked) -> str:
    return "install tok again" if one.name == "tok" else f"tok tokenizers remove {one.name}, then add it again"


def remove(context: typer.Context, name: Name) -> int:
    """Remove one of your own tokenizers."""
    state = context.find_object(State) or State()
    settings = state.settings()
    record = collection.remove(name)
    if settings["format"].value == "json":
        write_envelope("tokenizers remove", {"name": name, "source": record.source if record else None}, 0)
    else:
        write_text(f"removed {name}{f', from {printable(record.source)}' if record else ''}\n")
    return 0
