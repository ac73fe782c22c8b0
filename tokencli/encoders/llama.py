"""Llama 3 and 4: byte-level BPE whose vocabulary is read out of the installed `llama-models` package.

Meta's licence lets the files be passed on only with duties attached, so none ships here: `pip install
'tokencli[llama]'` brings the package that carries them, under terms its user accepts.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tokencli.encoders import Recipe, special_tokens
from tokencli.encoders.byte_bpe import ByteBPE
from tokencli.errors import ExitCode, TokError

PACKAGE = "llama_models"


class RankFile:
    """The ranks of a `.tiktoken` text: a line each of base64 token and rank, ranks in order from 0."""

    def __init__(self, data: bytes) -> None:
        from binascii import a2b_base64

        tokens = map(a2b_base64, data.split()[::2])
        self._ranks = {token: rank for rank, token in enumerate(tokens)}
        self.get = self._ranks.get

    def ranks(self) -> dict[bytes, int]:
        return self._ranks

    def by_id(self) -> dict[int, bytes]:
        return {rank: token for token, rank in self._ranks.items()}


def load(name: str, recipe: Recipe) -> ByteBPE:
    """The encoder of `llama3` or `llama4`; TokError where the package is missing or holds another file."""
    file = _package() / recipe.table
    try:
        data = file.read_bytes()
    except OSError:
        raise _missing(name) from None
    if hashlib.sha256(data).hexdigest() != recipe.sha256:
        raise TokError(
            f"the vocabulary of {name} in the installed llama-models package is not the known one",
            hint="pip install --force-reinstall 'tokencli[llama]'",
            code="vocabulary-changed",
            exit=ExitCode.DATA,
        )
    return ByteBPE(name, recipe, RankFile(data), lambda: special_tokens(name))


def _package() -> Path:
    from importlib.util import find_spec

    found = find_spec(PACKAGE)
    folders = (found.submodule_search_locations or []) if found else []
    return Path(next(iter(folders), ""))


def _missing(name: str) -> TokError:
    return TokError(
        f"the vocabulary of {name} is not installed",
        hint="pip install 'tokencli[llama]' (the files are under Meta's Llama licence)",
        code="vocabulary-missing",
        exit=ExitCode.DATA,
    )
