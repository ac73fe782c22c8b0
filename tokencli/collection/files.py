"""Finds the tokenizer in a file or a folder, and tells by its content what kind it is."""

from __future__ import annotations

import os
import re
from typing import BinaryIO, NamedTuple

from tokencli.errors import ExitCode, TokError
from tokencli.sources.text import RefusedError, open_regular

LARGEST = 256 << 20
"""Bytes of a file that is taken, at most."""

USUAL = ("tokenizer.json", "tekken.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model")
"""The names of tokenizers in the folders of models, best first."""
ENDINGS = (".tiktoken", ".model", ".gguf")


class Found(NamedTuple):
    """A tokenizer's file: its name, its kind (a module of `encoders`), and what is kept of it."""

    file: str
    kind: str
    data: bytes


def find(path: str) -> str:
    """The file of the tokenizer at a path, which may be a folder; TokError where none or several are there."""
    if not os.path.isdir(path):
        return path
    try:
        names = sorted(os.listdir(path))
    except OSError as problem:
        raise _wrong(f"{path}: cannot be read: {problem.strerror}", "name a file or a folder") from problem
    for name in USUAL:
        if name in names:
            return os.path.join(path, name)
    others = [name for name in names if name.endswith(ENDINGS) or re.fullmatch(r"tekken.*\.json", name)]
    if len(others) == 1:
        return os.path.join(path, others[0])
    if others:
        raise _wrong(f"{path}: several files may be the tokenizer: {', '.join(others[:4])}", "name one of them")
    hint = f"looked for {', '.join(USUAL)}, *.tiktoken, *.model, *.gguf"
    raise _wrong(f"{path}: there is no tokenizer in this folder", hint)


def read(path: str) -> Found:
    """The tokenizer of a file; of a GGUF file only its header is read and kept."""
    try:
        with open(open_regular(path, follow=True), "rb") as stream:
            start = stream.read(4)
            stream.seek(0)
            if start == b"GGUF":
                return Found("tokenizer.gguf", "gguf", _header(path, stream))
            data = stream.read(LARGEST + 1)
    except RefusedError as problem:
        raise _wrong(f"{path}: {problem.strerror}", "name a file or a folder") from problem
    except OSError as problem:
        raise _wrong(f"{path}: cannot be read: {problem.strerror}", "name a file or a folder") from problem
    if len(data) > LARGEST:
        raise _wrong(f"{path}: larger than {LARGEST >> 20} MB, which no tokenizer is", "name the tokenizer's file")
    return known(path, data)


def known(name: str, data: bytes) -> Found:
    """The tokenizer of a file whose bytes are here."""
    return Found(*_kept(name, data), data)


def _header(path: str, stream: BinaryIO) -> bytes:
    """The header of a GGUF file up to where the values end; the tensors behind it are not read."""
    from tokencli.encoders.gguf import header

    try:
        end = header(stream).end
    except ValueError as problem:
        raise _wrong(f"{path}: {problem}", "name a GGUF file of a language model") from problem
    stream.seek(0)
    return stream.read(end)


def _kept(path: str, data: bytes) -> tuple[str, str]:
    """The name under which a file is kept, and its kind."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        import json

        try:
            document = json.loads(data)
        except (ValueError, RecursionError) as problem:
            raise _wrong(f"{path}: not valid JSON", "name a tokenizer.json or a tekken.json") from problem
        if isinstance(document.get("config"), dict) and isinstance(document.get("vocab"), list):
            return "tekken.json", "tekken"
        if isinstance(document.get("model"), dict):
            return "tokenizer.json", "huggingface"
        raise _wrong(f"{path}: JSON, but no tokenizer", "name a tokenizer.json or a tekken.json")
    if re.match(rb"[A-Za-z0-9+/]+={0,2} [0-9]+\r?\n", start):
        return "ranks.tiktoken", "rank_file"
    if data[:1] == b"\n":
        return "tokenizer.model", "sentencepiece"
    hint = "`tok help own-tokenizers` says what can be added"
    raise _wrong(f"{path}: no tokenizer of a known kind", hint)


def _wrong(message: str, hint: str) -> TokError:
    return TokError(message, hint=hint, code="no-tokenizer", exit=ExitCode.DATA)
