"""Which encoding counts a model: `catalog.toml` read once, names matched whole and never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from tokencli.errors import ExitCode, TokError
from tokencli.model import Column, Method

_SNAPSHOT = re.compile(
    r"(?:-|@)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|-(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
)

_TAIL = re.compile(r"(?:[-@.]?\d{2,})+$")
"""A date or a number of a snapshot at the end of a name, right or wrong: its digits make it look like other names."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: its encoding (the proxy's where `method` is `estimate`), its limits in tokens (None where unknown)."""

    id: str
    maker: str
    encoding: str
    method: Method
    source: str
    window: int | None = None
    output: int | None = None
    aliases: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Catalog:
    models: tuple[Model, ...]
    names: dict[str, Model]
    makers: dict[str, str]
    hosts: frozenset[str]


def resolve(name: str) -> Column:
    """How to count model `name`: by id, alias, provider prefix or dated snapshot, else TokError `unknown-model`."""
    column = known(name)
    if column is None:
        raise _unknown(name, _split(name.strip().lower(), _catalog())[1], _catalog())
    return column


def known(name: str) -> Column | None:
    """How to count model `name`, as `resolve`; None, and no search for near names, where it is not known."""
    catalog = _catalog()
    prefixes, bare = _split(name.strip().lower(), catalog)
    model, snapshot = _find(bare, catalog)
    makers = {catalog.makers[prefix] for prefix in prefixes if prefix in catalog.makers and prefix not in catalog.hosts}
    if model is None or (makers and makers != {model.maker}):
        return None
    proxy = model.encoding if model.method == "estimate" else None
    led = f"counted as {model.id}{f' (snapshot {snapshot})' if snapshot else ''}" if bare != model.id else ""
    notes = "; ".join(part for part in (led, model.note) if part)
    notes = f"{name if led else model.id}: {notes}" if notes else ""
    return Column(model.encoding, model.method, model=model.id, window=model.window, note=notes, proxy=proxy)


def offered(name: str) -> tuple[str, str]:
    """The maker of a model and the name under which it is offered there: as given, dates and all, without the maker's
    prefix. TokError as of `resolve`, and for a name that says that another company hosts the model."""
    catalog = _catalog()
    prefixes, bare = _split(name.strip().lower(), catalog)
    model, _ = _find(bare, catalog)
    if model is None:
        raise _unknown(name, bare, catalog)
    for prefix in prefixes:
        if catalog.makers.get(prefix) != model.maker:
            hint = f"only the maker counts: -m {bare}"
            raise TokError(f"{name} is a model at {prefix}, which is not asked", hint=hint, code="no-endpoint")
    return model.maker, bare


def maker(name: str) -> str:
    """Who made a model, by its id, alias, provider prefix or dated snapshot; "" where the catalog does not know it."""
    catalog = _catalog()
    model, _ = _find(_split(name.strip().lower(), catalog)[1], catalog)
    return model.maker if model else ""


def makers() -> dict[str, str]:
    """Prefix of names -> the maker that it stands for."""
    return dict(_catalog().makers)


def is_host(prefix: str) -> bool:
    """Whether the service of this name sells other makers' models."""
    return prefix in _catalog().hosts


def models() -> list[Model]:
    """Every model of the catalog, in the order of the file."""
    return list(_catalog().models)


def sources() -> dict[str, str]:
    """What each `Model.source` key stands for."""
    return dict(_read()["sources"])


def _split(name: str, catalog: _Catalog) -> tuple[list[str], str]:
    """Known provider prefixes (`openrouter/openai/gpt-4o` has two) and the rest of the name."""
    prefixes: list[str] = []
    while name not in catalog.names:
        head, mark, rest = name.partition("/") if "/" in name else name.partition(":")
        if not mark or not (head in catalog.makers or head in catalog.hosts):
            break
        prefixes.append(head)
        name = rest
    return prefixes, name


def _find(name: str, catalog: _Catalog) -> tuple[Model | None, str]:
    """The model of a name without prefix, and the date of the snapshot that the name means."""
    if model := catalog.names.get(name):
        return model, ""
    for form in _SNAPSHOT.finditer(name):
        if form.end() == len(name) and (model := catalog.names.get(name[: form.start()])):
            return model, "-".join(part for part in form.groups() if part)
    return None, ""


def _unknown(name: str, bare: str, catalog: _Catalog) -> TokError:
    from difflib import get_close_matches

    stem = _TAIL.sub("", bare)
    near = ([stem] if stem in catalog.names else []) + get_close_matches(stem, catalog.names, n=3, cutoff=0.6)
    near = list(dict.fromkeys(near + get_close_matches(bare, catalog.names, n=3, cutoff=0.6)))[:3]
    hint = "`tok help models` lists them; tok count -e ENCODING counts with an encoding"
    if near:
        hint = f"nearest: {', '.join(near)}; {hint}"
    return TokError(f"unknown model '{name}'", hint=hint, code="unknown-model", exit=ExitCode.DATA)


@cache
def _catalog() -> _Catalog:
    data = _read()
    found: list[Model] = []
    names: dict[str, Model] = {}
    for group in data["group"]:
        for model in _group(group):
            found.append(model)
            for name in (model.id, *model.aliases):
                names[name] = model
    makers = {prefix: maker for maker, prefixes in data["makers"].items() for prefix in prefixes}
    return _Catalog(tuple(found), names, makers, frozenset(data["hosts"]["names"]))


def _group(group: dict[str, Any]) -> list[Model]:
    aliases: dict[str, list[str]] = {}
    for alias, target in group.get("aliases", {}).items():
        aliases.setdefault(target, []).append(alias)
    proxy = group.get("proxy")
    return [
        Model(
            id=name,
            maker=group["maker"],
            encoding=proxy or group["encoding"],
            method="estimate" if proxy else group["method"],
            source=group["source"],
            window=group.get("window"),
            output=group.get("output"),
            aliases=tuple(aliases.get(name, ())),
            note=group.get("note", ""),
        )
        for name in group["models"]
    ]


def text() -> bytes:
    """The file of the catalog."""
    from os.path import dirname, join

    with open(join(dirname(__file__), "catalog.toml"), "rb") as file:
        return file.read()


@cache
def _read() -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text().decode())
