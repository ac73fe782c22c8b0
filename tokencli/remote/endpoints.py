"""Where the providers count: addresses, keys and headers, as their own SDKs take them from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from tokencli.errors import ExitCode, TokError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Provider(NamedTuple):
    """One provider: `base` is its own address, the variables are those of its SDK in their order, `counter` names the
    way of counting where an encoding would stand."""

    name: str
    label: str
    base: str
    base_variable: str
    key_variables: tuple[str, ...]
    path: str
    counter: str


PROVIDERS: Mapping[str, Provider] = {
    "anthropic": Provider(
        "anthropic",
        "Anthropic",
        "https://api.anthropic.com",
        "ANTHROPIC_BASE_URL",
        ("ANTHROPIC_API_KEY",),
        "/v1/messages/count_tokens",
        "anthropic:count_tokens",
    ),
    "openai": Provider(
        "openai",
        "OpenAI",
        "https://api.openai.com/v1",
        "OPENAI_BASE_URL",
        ("OPENAI_API_KEY",),
        "/responses/input_tokens",
        "openai:input_tokens",
    ),
    "google": Provider(
        "gemini",
        "Gemini",
        "https://generativelanguage.googleapis.com",
        "GOOGLE_GEMINI_BASE_URL",
        ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        "/v1beta/models/{model}:countTokens",
        "gemini:countTokens",
    ),
}
"""By the maker of a model, as the catalog names it."""


class Key:
    """An API key that shows itself nowhere by accident: only `value` gives it."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<key>"


class Endpoint(NamedTuple):
    """A provider at an address: `base` without a slash at its end, `host` what people are told of it."""

    provider: Provider
    base: str
    host: str
    key: Key

    def url(self, model: str) -> str:
        """The address that counts for a model; it never holds the key."""
        return self.base + self.provider.path.format(model=quote(model, safe=""))

    def headers(self) -> dict[str, str]:
        """What goes with every request, the key among it."""
        if self.provider.name == "anthropic":
            return {"x-api-key": self.key.value, "anthropic-version": "2023-06-01"}
        if self.provider.name == "gemini":
            return {"x-goog-api-key": self.key.value}
        return {"authorization": f"Bearer {self.key.value}"}


def provider_of(maker: str, model: str) -> Provider:
    """The provider that counts for a maker's models; TokError where none is known."""
    if maker not in PROVIDERS:
        hint = "--remote asks Anthropic, OpenAI and Gemini; without it the count is made here"
        raise TokError(f"no counting endpoint is known for {model} ({maker})", hint=hint, code="no-endpoint")
    return PROVIDERS[maker]


def endpoint(provider: Provider, environ: Mapping[str, str]) -> Endpoint:
    """Where and with which key to ask, by the environment; TokError without a usable key or address."""
    base, host = _address(provider, environ)
    return Endpoint(provider, base, host, _key(provider, environ))


def _key(provider: Provider, environ: Mapping[str, str]) -> Key:
    for variable in provider.key_variables:
        value = environ.get(variable, "").strip()
        # httpx would put a key that is no header value into its error.
        if value and not (value.isascii() and value.isprintable() and " " not in value):
            raise TokError(f"{variable} holds characters that no key has", hint="set it again", code="no-key")
        if value:
            return Key(value)
    wanted = " or ".join(reversed(provider.key_variables))
    raise TokError(f"no key for {provider.label}", hint=f"set {wanted} in the environment", code="no-key")


def _address(provider: Provider, environ: Mapping[str, str]) -> tuple[str, str]:
    """The base address and its host; the key goes over TLS only, save to this machine itself."""
    variable = provider.base_variable
    base = environ.get(variable, "").strip() or provider.base
    reason = ""
    try:
        parts = urlsplit(base)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _wrong(variable, "is no address", provider) from None
    if parts.scheme not in ("https", "http") or not host or not base.isascii() or not base.isprintable():
        reason = "is no address"
    elif parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        reason = "holds more than an address (a user name, a query or a fragment)"
    elif parts.scheme == "http" and host not in LOOPBACK:
        reason = "is not https, and a key goes over https only"
    if reason:
        raise _wrong(variable, reason, provider)
    shown = f"[{host}]" if ":" in host else host
    return base.rstrip("/"), f"{shown}:{port}" if port else shown


def _wrong(variable: str, reason: str, provider: Provider) -> TokError:
    hint = f"set it to something like {provider.base}, or unset it"
    return TokError(f"{variable} {reason}", hint=hint, code="base-url", exit=ExitCode.USAGE)
