"""What the name of a model may mean: itself, or itself without the date of a snapshot. Nothing is ever guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tokencli.errors import ExitCode, TokError
from tokencli.model.rates import PricedModel

SNAPSHOT = r"[-@](20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|-(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"

SHOWN = 8
"""Providers that an error names at most."""


def undated(name: str) -> tuple[str, str]:
    """A name without the date at its end (-YYYYMMDD, @YYYYMMDD, -YYYY-MM-DD), and that date; "" where there is none."""
    for form in re.finditer(SNAPSHOT, name):
        if form.end() == len(name) and form.start():
            return name[: form.start()], "-".join(part for part in form.groups() if part)
    return name, ""


def snapshot_of(name: str, model: PricedModel) -> str:
    """The date that was taken off a name to find its model; "" where the name is one that the card has."""
    bare, date = undated(name.strip().lower())
    if not date:
        return ""
    names = {one.lower() for one in (model.id, *model.aliases)}
    return "" if any(_ends(name.strip().lower(), one) for one in names) else date if _fits(bare, names) else ""


def dated(name: str, model: PricedModel) -> tuple[str, ...]:
    """The note about a name whose date was taken off to find its model."""
    return (f"{name} is priced as {model.id}",) if snapshot_of(name, model) else ()


def _fits(name: str, names: Iterable[str]) -> bool:
    return any(_ends(name, one) for one in names)


def _ends(name: str, own: str) -> bool:
    """Whether a name is a model's own, or that behind a provider's."""
    return name == own or name.endswith((f"/{own}", f":{own}"))


def unknown(name: str, names: Iterable[str], own: Iterable[str], elsewhere: Iterable[PricedModel]) -> TokError:
    """The error for a name that nobody sells, or not the provider that was named, who sells `own` (with its id before
    each), but those of `elsewhere`."""
    bare = undated(name.strip().lower())[0]
    near = [*_begun(bare, own), *(said(model) for model in elsewhere)] or _near(bare, list(names))
    hint = "`tok models --all` lists what has a price"
    hint = f"nearest: {', '.join(near[:SHOWN])}; {hint}" if near else hint
    return TokError(f"no price for the model '{name}'", hint=hint, code="unknown-model", exit=ExitCode.DATA)


def _near(bare: str, known: Sequence[str]) -> list[str]:
    """The names most like another: those that go on where it ends, else those that are spelled alike."""
    from difflib import get_close_matches

    last = re.split("[/:]", bare)[-1]
    return (
        _begun(last, known)
        or get_close_matches(bare, known, n=3, cutoff=0.6)
        or get_close_matches(last, known, n=3, cutoff=0.6)
    )


def _begun(bare: str, names: Iterable[str]) -> list[str]:
    """At most three of the names that begin as another does, behind any maker's, the shortest first."""
    start = bare.rpartition("/")[2].removesuffix("-latest")
    whole = re.compile(re.escape(start) + "(?![a-z0-9])").match
    begun = [name for name in names if start and whole(name.rpartition("/")[2])]
    return sorted(begun, key=lambda name: (len(name), name))[:3]


def ambiguous(name: str, models: Iterable[PricedModel]) -> TokError:
    """The error for a name that several sell, none of whom is the maker, or more than one."""
    sold = [said(model) for model in sorted(models, key=lambda model: (model.card.provider, model.id))]
    more = f" and {len(sold) - SHOWN} more" if len(sold) > SHOWN else ""
    message = f"'{name}' has {len(sold)} prices: {', '.join(sold[:SHOWN])}{more}"
    provider = sold[0].partition("/")[0]
    hint = f'name one of them in full, or prefer a provider: --provider {provider}, or providers = ["{provider}"]'
    return TokError(message, hint=hint, code="ambiguous-model", exit=ExitCode.DATA)


def said(model: PricedModel) -> str:
    """A model with its provider, a name that is never ambiguous."""
    return f"{model.card.provider}/{model.id}"
