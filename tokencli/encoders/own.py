"""The user's own tokenizers as encoders find them: a folder for each, with its files and a record of what they are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from tokencli.encoders import Recipe, own_folder, recipes
from tokencli.errors import ExitCode, TokError

RECORD = "record.json"
SCHEMA = "tok.tokenizer/1"
KINDS = ("huggingface", "rank_file", "tekken", "sentencepiece", "gguf")
"""The kinds of own tokenizers, each a module here."""


class Record(NamedTuple):
    """What is known of an own tokenizer.

    `source` is the path or repository it came from, `files` names each file and its SHA-256, the first is the one that
    is read; `like` and `pattern` say how a rank file splits text; `lossless` that ids decode to the very text.
    """

    name: str
    kind: str
    source: str
    files: Mapping[str, str]
    added: str
    bytes: int
    vocabulary: int
    lossless: bool
    like: str = ""
    pattern: str = ""

    @property
    def file(self) -> str:
        return next(iter(self.files))

    @property
    def sha256(self) -> str:
        """The hash of the file that is read."""
        return self.files[self.file]


def names() -> list[str]:
    """The names of the user's own tokenizers, sorted."""
    folder = own_folder()
    try:
        found = sorted(os.listdir(folder)) if folder else []
    except OSError:
        return []
    return [name for name in found if not name.startswith(".") and os.path.isfile(place(name, RECORD))]


def place(name: str, file: str = "") -> str:
    """The path of an own tokenizer, or of a file of it."""
    return os.path.join(own_folder() or "", name, file) if file else os.path.join(own_folder() or "", name)


def record(name: str) -> Record:
    """The record of an own tokenizer; TokError where it cannot be read."""
    import json

    try:
        with open(place(name, RECORD), "rb") as stream:
            return _record(name, json.load(stream))
    except OSError as problem:
        raise _broken(name, f"its record cannot be read: {problem.strerror}") from problem
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise _broken(name, "its record is not one that tok wrote") from problem


def _record(name: str, values: dict[str, Any]) -> Record:
    values = dict(values)
    if values.pop("schema") != SCHEMA or values["name"] != name or values["kind"] not in KINDS:
        raise ValueError
    found = Record(**values)
    if not isinstance(found.files, dict) or not found.files:
        raise ValueError
    texts = (found.source, found.added, found.like, found.pattern, *found.files, *found.files.values())
    numbers = (found.bytes, found.vocabulary, found.lossless)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(number, int) for number in numbers):
        raise ValueError
    if found.like and (found.like not in recipes() or recipes()[found.like].ascii is None):
        raise ValueError
    if any(os.path.basename(file) != file or file in (".", "..", RECORD) for file in found.files):
        raise ValueError
    return found


def recipe(name: str) -> Recipe:
    """What an own tokenizer is made of; its hash covers the file and how it is read."""
    import hashlib

    own = record(name)
    made = hashlib.sha256("\0".join((own.kind, own.sha256, own.like, own.pattern)).encode()).hexdigest()
    if own.like:
        return replace(
            recipes()[own.like], kind=own.kind, method="exact", table=name, sha256=made, limit=None, offset=0
        )
    pattern = own.pattern or None
    return Recipe(own.kind, "exact", name, made, limit=None, offset=0, normalize=None, unicode=pattern, ascii=None)


def said(name: str) -> str:
    """The provenance of an own tokenizer in words."""
    own = record(name)
    return f"{name}: your own tokenizer, {own.kind}, sha256 {own.sha256[:16]}, from {own.source}"


def content(name: str) -> bytes:
    """The file of an own tokenizer; TokError where it is not the one that was added."""
    import hashlib

    own = record(name)
    try:
        with open(place(name, own.file), "rb") as stream:
            data = stream.read()
    except OSError as problem:
        raise _broken(name, f"{own.file} cannot be read: {problem.strerror}") from problem
    if hashlib.sha256(data).hexdigest() != own.sha256:
        raise _broken(name, f"{own.file} is not the file that was added")
    return data


def unreadable(name: str, why: str) -> TokError:
    """What to say of a file that is no tokenizer that can be counted with."""
    return TokError(f"{name}: {why}", hint="`tok help own-tokenizers` says what can be added", code="bad-tokenizer")


def is_failure(problem: BaseException) -> bool:
    """Whether a package written in Rust failed: its panics are no Exception, but must not end the program."""
    return isinstance(problem, Exception) or type(problem).__name__ == "PanicException"


def too_long(name: str, longest: int) -> TokError:
    """What to say of a text that would have to be counted in one piece and is too long for that."""
    return TokError(
        f"{name} offers no place to cut text, and more than {longest >> 20} million characters would take all memory",
        hint="count it in parts, or with another encoding",
        code="too-long",
    )


def _broken(name: str, why: str) -> TokError:
    hint = f"tok tokenizers remove {name}, then add it again"
    return TokError(f"own tokenizer {name}: {why}", hint=hint, code="tokenizer-changed", exit=ExitCode.DATA)
