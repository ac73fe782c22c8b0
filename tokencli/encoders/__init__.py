"""Tokenizers by name. One file per kind; `vocab/index.json` says which kind an encoding is and what it is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, Protocol, cast

from tokencli.errors import ExitCode, TokError
from tokencli.model import Column, Method

DEFAULT = "o200k_base"
"""The encoding where nothing says another."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A row of `vocab/index.json`: what an encoding is made of.

    `table` names the packed vocabulary and `sha256` its content, `limit` hides ids at and above it, `offset` is
    added to ranks to give ids, `normalize` is a Unicode form applied first, `unicode` and `ascii` are the split
    pattern for tiktoken and for text of ASCII only.
    """

    kind: str
    method: Method
    table: str
    sha256: str
    limit: int | None
    offset: int
    normalize: Literal["NFC", "NFKC"] | None
    unicode: str | None
    ascii: str | None


Parallel = Literal["itself", "threads", "copies"]
"""What makes an encoder count much text faster: `count_all` uses all processors itself, lets other threads of the
process run, or holds the interpreter, so that only copies of the process help."""


class Encoder(Protocol):
    """What every tokenizer can do.

    `cut` matches, with no width, where a text may be cut: the counts of the parts add up to the count of the whole,
    whatever stands around, if `count_all` is told which of them are inner parts.
    """

    @property
    def name(self) -> str: ...
    @property
    def method(self) -> Method: ...
    @property
    def cut(self) -> re.Pattern[str]: ...
    @property
    def parallel(self) -> Parallel: ...

    def count(self, text: str, *, special: bool = False) -> int:
        """Content tokens, 0 for the empty text; `special` reads special-token text as those tokens."""

    def count_all(self, texts: Sequence[str], *, special: bool = False, inner: Sequence[bool] = ()) -> list[int]:
        """The count of each text; an engine may have a quicker way for many at once.

        `inner` says of each text whether it goes on after a `cut`, which matters where a text's start is special.
        """

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids; TokError where the encoding has counts but no ids."""

    def decode(self, ids: Sequence[int]) -> bytes:
        """The bytes of token ids; TokError for an id that does not exist."""

    def expect(self, size: int) -> None:
        """About so many bytes are to come: the encoder may choose its engine by it."""

    def start(self) -> None:
        """Start the engine that counting so much needs, so that a copy of this process has it."""


_loaded: dict[str, tuple[Recipe, Encoder]] = {}
_index: dict[str, dict[str, Recipe]] = {}
_aliases: dict[str, str] = {}
_own: list[Callable[[], str]] = []


def look_in(folder: Callable[[], str]) -> None:
    """Take a name that is no encoding of this package for one of the user's own tokenizers, kept in this folder."""
    _own[:] = [folder]


def own_folder() -> str | None:
    """The folder of the user's own tokenizers; None where none was named."""
    return _own[0]() if _own else None


def recipes() -> dict[str, Recipe]:
    """Every encoding's recipe, by name."""
    if not _index:
        import json

        from tokencli.vocab.table import FOLDER

        document = json.loads((FOLDER / "index.json").read_bytes())
        _index["encodings"] = {name: Recipe(**row) for name, row in document["encodings"].items()}
        _aliases.update(document["aliases"])
    return _index["encodings"]


def names() -> list[str]:
    """The encodings that `-e` takes, aliases left out."""
    return list(recipes())


def aliases() -> dict[str, str]:
    """Other names of encodings, and the encoding's own name of each."""
    recipes()
    return dict(_aliases)


def canonical(name: str) -> str:
    """The encoding's own name for a name or alias; TokError with the nearest names for an unknown one."""
    known = recipes()
    wanted = name.lower()
    wanted = _aliases.get(wanted, wanted)
    if wanted in known:
        return wanted
    from difflib import get_close_matches

    from tokencli.encoders import own

    mine = own.names()
    if wanted in mine:
        return wanted
    near = get_close_matches(wanted, [*known, *_aliases, *mine], n=3, cutoff=0.5)
    listed = f"known encodings: {', '.join([*known, *mine])}; tok tokenizers add takes in others"
    hint = f"did you mean {' or '.join(near)}?" if near else listed
    raise TokError(f"unknown encoding '{name}'", hint=hint, code="unknown-encoding", exit=ExitCode.DATA)


def recipe(name: str) -> Recipe:
    """The recipe of an encoding or of one of the user's own tokenizers; TokError for an unknown name."""
    name = canonical(name)
    if name in recipes():
        return recipes()[name]
    from tokencli.encoders import own

    return own.recipe(name)


def column(name: str) -> Column:
    """The column of an encoding reached by its own name or an alias."""
    encoding = canonical(name)
    if encoding not in recipes():
        from tokencli.encoders import own

        return Column(encoding, "exact", note=own.said(encoding))
    note = "" if name.lower() == encoding else f"{name}: counted with {encoding}"
    return Column(encoding, recipes()[encoding].method, note=note)


def load(name: str) -> Encoder:
    """The encoder of an encoding, made once per process, and again where an own tokenizer was replaced meanwhile."""
    name = canonical(name)
    made_of = recipe(name)
    known = _loaded.get(name)
    if known is None or known[0] != made_of:
        module = import_module(f"tokencli.encoders.{made_of.kind}")
        known = _loaded[name] = (made_of, cast(Encoder, module.load(name, made_of)))
    return known[1]


def special_tokens(name: str) -> dict[str, int]:
    """The special tokens of an encoding: text to id."""
    import json

    from tokencli.vocab.table import FOLDER

    document: dict[str, dict[str, int]] = json.loads((FOLDER / "special.json").read_bytes())
    return document.get(name, {})
