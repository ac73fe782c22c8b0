"""Cards made from the data that others publish: read as data, never run, and nothing dropped without a word."""

from __future__ import annotations

from typing import Literal, NamedTuple

from tokencli.errors import TokError
from tokencli.model.rates import Card

Origin = Literal["genai-prices", "litellm"]

ORIGINS: tuple[Origin, ...] = ("genai-prices", "litellm")


class Remark(NamedTuple):
    """What a card does not say as its origin did: `what` was left out or rounded, at `model` ("": all of them)."""

    kind: Literal["left out", "rounded"]
    provider: str
    model: str
    what: str
    reason: str


class Imported(NamedTuple):
    """The cards of an origin, one for each provider in the order of the data, and what they do not say."""

    cards: tuple[Card, ...]
    remarks: tuple[Remark, ...]


class Provenance(NamedTuple):
    """Where data came from: its `version` where known, its SHA-256, and the day (ISO) it was `retrieved`."""

    origin: Origin
    version: str
    digest: str
    retrieved: str

    @property
    def via(self) -> str:
        """As a source names it: "genai-prices 0.2.3 (MIT)", with the start of the digest where there is no version."""
        return f"{self.origin} {self.version or f'sha256:{self.digest[:12]}'} (MIT)"


def convert(origin: Origin, data: bytes, name: str, retrieved: str, providers: tuple[str, ...] = ()) -> Imported:
    """The cards of a file of `origin` called `name`, read on the day `retrieved` (ISO); `providers` asks for some.

    Providers go by the name that the data gives them or that cards give them. Raises TokError `invalid-import` where
    the file is not what `origin` publishes, and `unknown-provider` for one that it does not have.
    """
    if origin == "genai-prices":
        from tokencli.rates.importing.genai_prices import cards_of
    else:
        from tokencli.rates.importing.litellm import cards_of
    try:
        return cards_of(data, name, retrieved, providers)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as problem:
        # An entry of a shape that no release has had; which one it is cannot be told from here.
        what = f"{type(problem).__name__} {str(problem)[:80]}".replace("\n", " ")
        message = f"{name}: not the data of {origin} as it is known: {what}"
        raise TokError(
            message, hint="is the file whole, and of the release that it says?", code="invalid-import"
        ) from problem
