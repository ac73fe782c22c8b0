"""The user's own tokenizers: added, listed, verified, removed. Each is a folder that appears and goes as a whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from tokencli import catalog
from tokencli.collection.files import Found
from tokencli.collection.probe import probe
from tokencli.encoders import aliases, own, own_folder, recipes
from tokencli.encoders.own import RECORD, SCHEMA, Record
from tokencli.errors import ExitCode, TokError, usage_error

NAME = r"[a-z0-9][a-z0-9._-]{0,62}[a-z0-9]|[a-z0-9]"


class Checked(NamedTuple):
    """What `verify` found of one file: the tokenizer's name, the file, and what is wrong, "" for nothing."""

    name: str
    file: str
    wrong: str


def check_name(name: str) -> None:
    """TokError (usage) for a name that an own tokenizer cannot have."""
    if name in recipes() or name in aliases():
        hint = "choose another name, such as my-" + name
        raise usage_error(f"{name!r} is the name of an encoding of tok", hint)
    if any(name == model.id or name in model.aliases for model in catalog.models()):
        raise usage_error(f"{name!r} is the name of a model, which -m counts for", f"choose another, such as my-{name}")
    if not re.fullmatch(NAME, name) or ".." in name:
        hint = "up to 64 small letters, digits, and . _ - between them"
        raise usage_error(f"{name!r} cannot be the name of a tokenizer", hint)
    if name in own.names():
        raise _taken(name)


def _taken(name: str) -> TokError:
    hint = f"tok tokenizers remove {name}, or choose another name"
    return usage_error(f"there is a tokenizer {name!r} already", hint)


def add(name: str, found: Found, source: str, added: str, *, like: str = "", pattern: str = "") -> Record:
    """Probe a tokenizer and keep it; TokError where its name is taken or it cannot be counted exactly.

    `added` is the day. The folder is written beside its place and renamed, so that it is there wholly or not at all.
    """
    check_name(name)
    if found.kind == "rank_file" and not (like or pattern):
        hint = "--like ENCODING takes the split of an encoding of tok, --pattern REGEX any other"
        raise usage_error("a rank file does not say how to split text", hint)
    if found.kind != "rank_file" and (like or pattern):
        raise usage_error(f"{found.file} says itself how to split text", "leave --like and --pattern out")
    checked = probe(name, found, like, pattern)
    record = Record(
        name=name,
        kind=found.kind,
        source=source,
        files={found.file: hashlib.sha256(found.data).hexdigest()},
        added=added,
        bytes=len(found.data),
        vocabulary=checked.vocabulary,
        lossless=checked.lossless,
        like=checked.like,
        pattern=pattern if not checked.like else "",
    )
    try:
        _write(record, found.data)
    except OSError as problem:
        if name in own.names():  # another run was quicker
            raise _taken(name) from problem
        message = f"cannot keep the tokenizer in {own.place(name)}: {problem.strerror}"
        raise TokError(message, hint="TOK_DATA_DIR names another folder", code="store", exit=ExitCode.DATA) from problem
    return record


def _write(record: Record, data: bytes) -> None:
    from tempfile import mkdtemp

    folder = own_folder() or ""
    os.makedirs(folder, exist_ok=True)
    new = mkdtemp(prefix=".new-", dir=folder)
    try:
        values = {"schema": SCHEMA, **record._asdict(), "files": dict(record.files)}
        for file, content in ((record.file, data), (RECORD, (json.dumps(values, indent=2) + "\n").encode())):
            with open(os.path.join(new, file), "xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        os.chmod(new, 0o755)
        os.rename(new, own.place(record.name))
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def remove(name: str) -> Record | None:
    """Remove an own tokenizer, its record as it was, or None where that was broken; TokError for an unknown name."""
    if name in recipes() or name in aliases():
        raise usage_error(f"{name!r} is an encoding of tok and stays", "tok tokenizers list shows your own ones")
    check_known(name)
    record = None
    with suppress(TokError):
        record = own.record(name)
    gone = os.path.join(own_folder() or "", f".old-{name}-{os.getpid()}")
    try:
        os.rename(own.place(name), gone)
    except OSError as problem:
        raise TokError(f"cannot remove {own.place(name)}: {problem.strerror}", code="store") from problem
    shutil.rmtree(gone, ignore_errors=True)
    return record


def check_known(name: str) -> None:
    """TokError for a name that none of the user's own tokenizers has."""
    if name in own.names():
        return
    from difflib import get_close_matches

    near = get_close_matches(name, own.names(), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else "tok tokenizers list shows them"
    raise TokError(f"no tokenizer {name!r} was added", hint=hint, code="unknown-encoding")


def verify() -> Iterator[Checked]:
    """Every file of every tokenizer, hashed anew: those of this package, then the user's own."""
    from tokencli.vocab.table import FOLDER

    for line in (FOLDER / "SHA256SUMS").read_text("ascii").splitlines():
        expected, _, file = line.partition("  ")
        yield Checked("tok", file, _compared(str(FOLDER / file), expected))
    for name in own.names():
        try:
            record = own.record(name)
        except TokError as problem:
            yield Checked(name, RECORD, problem.message)
            continue
        for file, expected in record.files.items():
            yield Checked(name, file, _compared(own.place(name, file), expected))


def _compared(path: str, expected: str) -> str:
    try:
        with open(path, "rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as problem:
        return f"cannot be read: {problem.strerror}"
    return "" if found == expected else f"sha256 is {found[:16]}, not {expected[:16]}"
