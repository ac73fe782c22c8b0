"""Usage as providers report it, in one normalised form. One module for each shape; `adapt` finds the one that fits.

An adapter has `FORM`, `claims(raw)` (is this my shape, and only mine) and `read(raw)`. It takes every count that the
provider documents; a count that nobody knows is an error, as it would go unpaid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from tokencli.errors import TokError
from tokencli.rates.units import USAGE
from tokencli.usage import (
    anthropic,
    bedrock,
    dashscope,
    gemini,
    normalised,
    openai_chat,
    openai_responses,
    otel,
)
from tokencli.usage.adapted import Adapted, Raw
from tokencli.usage.instants import instant


class Adapter(Protocol):
    """What a module of this folder offers."""

    FORM: str

    def claims(self, raw: Raw) -> bool: ...
    def read(self, raw: Raw) -> Adapted: ...


ADAPTERS: tuple[Adapter, ...] = (
    normalised,
    anthropic,
    openai_chat,
    openai_responses,
    gemini,
    dashscope,
    bedrock,
    otel,
)

WRAPPERS = ("message", "response", "body", "result")
"""Where a response stands in a line of a log, a stream or a batch."""

TIMES = ("at", "timestamp", "created", "created_at", "createTime", "create_time", "startTimeUnixNano")
NAMES = ("model", "modelVersion", "model_version", "modelId", "model_id")
IDS = ("id", "custom_id", "responseId", "response_id", "request_id", "requestId")


def adapt(raw: Mapping[str, Any], options: Mapping[str, Any] = MappingProxyType({})) -> Adapted:
    """One request from a row in the normalised form, a whole response, or a usage alone.

    JSON must have been read with `parse_float=Decimal`. What a row says of itself (`id`, `provider`, `model`, `at`,
    `options`) wins over what the response in it says; `options` hold where its own do not.

    TokError `unknown-usage`, `bad-usage`, `inconsistent-usage`, `bad-option`, `bad-instant`. Whether the counts fit
    together is for `tokencli.rates.usage.checked`.
    """
    if not isinstance(raw, Mapping):
        raise TokError(f"a row of usage is an object, not {type(raw).__name__}", hint=SHAPES, code="bad-usage")
    levels = list(_levels(raw))
    found = _usage(levels[-1])
    adapter = _adapter(found)
    read = adapter.read(found)
    chosen = read.selectors
    if len(levels) > 1 and "custom_id" in raw:
        chosen = chosen._replace(batch=True)
    own = raw.get("options")
    if options or own is not None:
        own = {} if own is None else own
        chosen = normalised.selectors({**options, **own} if isinstance(own, Mapping) else own, chosen)
    misplaced = [name for name in normalised.OPTIONS if name in found.response and adapter is normalised]
    if misplaced:
        raise TokError(f"{misplaced[0]} stands beside the usage", hint="write it into options", code="bad-option")
    at = _first(levels, TIMES)
    return read._replace(
        selectors=chosen,
        model=str(_first(levels, NAMES) or read.model),
        provider=_provider(levels) or read.provider,
        at=None if at is None else instant(at),
        id=str(_first(levels, IDS) or read.id),
        form=adapter.FORM,
    )


SHAPES = "give a provider's response, its usage, or {id, provider, model, usage, at, options}"


def _levels(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """An object, and those inside it that lead to the response."""
    yield raw
    if _usage_of(raw) is None:
        for name in WRAPPERS:
            inner = raw.get(name)
            if isinstance(inner, Mapping) and any(_usage_of(level) is not None for level in _levels(inner)):
                yield from _levels(inner)
                return


def _usage_of(raw: Mapping[str, Any]) -> Any:
    """What a response has under the names of a usage."""
    for name in ("usage", "usageMetadata", "usage_metadata"):
        if raw.get(name) is not None:
            return raw[name]
    return otel.attributes(raw.get("attributes"))


def _usage(level: Mapping[str, Any]) -> Raw:
    usage = _usage_of(level)
    found = Raw(level) if usage is None else Raw(usage, level)
    if not isinstance(found.usage, Mapping) or not found.usage:
        raise TokError(f"no counts in the usage: {found.usage!r}", hint=SHAPES, code="bad-usage")
    return found


def _adapter(raw: Raw) -> Adapter:
    for adapter in ADAPTERS:
        if adapter.claims(raw):
            return adapter
    # Its own error names the key that is wrong.
    if raw.response or not USAGE.keys().isdisjoint(raw.usage):
        return normalised
    keys = ", ".join(list(map(str, raw.usage))[:5])
    raise TokError(f"no shape of usage that is known has the keys {keys}", hint=SHAPES, code="unknown-usage")


def _provider(levels: list[Mapping[str, Any]]) -> str:
    """The provider that a row names. In a whole response the word means who stands behind a reseller."""
    said = levels[0].get("provider")
    return said if isinstance(said, str) and "object" not in levels[0] else ""


def _first(levels: list[Mapping[str, Any]], names: tuple[str, ...]) -> Any:
    """The first value under any of these names, from the outside in."""
    return next((level[name] for level in levels for name in names if level.get(name) is not None), None)
