"""Asks a counting endpoint over the network. The only caller of httpx; keys go into headers and nowhere else."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from tokencli.errors import TokError
from tokencli.remote import bodies

if TYPE_CHECKING:
    import httpx

    from tokencli.remote.endpoints import Endpoint

ATTEMPTS = 3
"""As the SDKs: two retries."""

WAITS = (0.5, 1.0)
"""Seconds before the second and the third attempt, where the provider does not say how long to wait."""

PATIENCE = 60.0
"""The longest wait, in seconds, that is done as asked; the SDKs' limit too."""

CONNECT = 10.0
TIMEOUT = 60.0
"""Seconds for an answer, from the first byte sent to the last one received."""

ANSWER = 64 << 10
"""Bytes of an answer that are read; a real one has fewer than a thousand."""

SHOWN = 200
"""Characters of a provider's words that are shown."""

RETRIED = frozenset((408, 409, 429, 500, 502, 503, 504, 529))

GENERAL = frozenset(("no-key", "unauthorized", "unknown-model", "rate-limited", "no-quota", "offline", "redirected"))
"""Codes of errors that every further request to the endpoint would meet too."""


class Clock(NamedTuple):
    """The world's time: seconds of a clock that only goes on, seconds since 1970, and a way to wait."""

    monotonic: Callable[[], float]
    time: Callable[[], float]
    sleep: Callable[[float], None]


class _Answer(NamedTuple):
    status: int
    headers: httpx.Headers
    data: bytes


class Client:
    """A connection to the counting endpoints, for use by several threads; to be closed."""

    def __init__(self, clock: Clock, *, timeout: float = TIMEOUT) -> None:
        import httpx

        from tokencli import __version__

        self._clock = clock
        self._timeout = timeout
        try:
            self._http = httpx.Client(
                # Without compression no small answer can become a large one.
                headers={"accept-encoding": "identity", "user-agent": f"tokencli/{__version__}"},
                timeout=httpx.Timeout(timeout, connect=min(CONNECT, timeout)),
                follow_redirects=False,
                # Without TLS only this machine is asked: through a proxy the key would leave it in the clear.
                mounts={"http://": None},
                verify=True,
            )
        except (ValueError, ImportError, OSError):
            # Its words may hold the password of a proxy.
            hint = "look at HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
            raise TokError("the proxy or certificates that are set cannot be used", hint=hint, code="offline") from None

    def close(self) -> None:
        self._http.close()

    def ask(self, endpoint: Endpoint, model: str, payload: bytes) -> int:
        """The tokens of a request body; TokError in one line, never with the key in it."""
        for wait in (*WAITS, None):
            answer = self._post(endpoint, model, payload)
            error = _error(endpoint, model, answer)
            if error is None:
                return _number(endpoint, answer)
            if answer.status not in RETRIED or error.code == "no-quota" or wait is None:
                raise error
            asked = _retry_after(answer, self._clock.time())
            if asked is not None and asked > PATIENCE:
                raise TokError(error.message, hint=f"it asks to wait {math.ceil(asked):,} seconds", code=error.code)
            self._clock.sleep(wait if asked is None else asked)
        raise AssertionError("the last attempt returns or raises")

    def _post(self, endpoint: Endpoint, model: str, payload: bytes) -> _Answer:
        import httpx

        headers = {"content-type": "application/json", **endpoint.headers()}
        end = self._clock.monotonic() + self._timeout
        try:
            with self._http.stream("POST", endpoint.url(model), content=payload, headers=headers) as response:
                return _Answer(response.status_code, response.headers, self._read(response, endpoint, end))
        except (httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout):
            raise _slow(endpoint, self._timeout) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as problem:
            if "CERTIFICATE_VERIFY_FAILED" in str(problem):
                message, hint = "its certificate cannot be verified", "SSL_CERT_FILE may name your own authority's"
            elif isinstance(problem, httpx.ProxyError):
                message, hint = "the proxy refuses", "look at HTTPS_PROXY and ALL_PROXY"
            elif isinstance(problem, httpx.ConnectError | httpx.ConnectTimeout):
                message, hint = "cannot be reached", "check the connection; without --remote nothing is sent"
            else:
                message, hint = "the connection broke", "run again; what was answered is not asked again"
            general = isinstance(problem, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError)
            code = "offline" if general else "broken"
            raise TokError(f"{endpoint.host}: {message}", hint=hint, code=code) from None

    def _read(self, response: httpx.Response, endpoint: Endpoint, end: float) -> bytes:
        """The answer as it came; TokError where it is too large or takes too long."""
        data = b""
        for part in response.iter_raw():
            data += part
            if len(data) > ANSWER:
                raise _strange(endpoint, f"an answer of more than {ANSWER >> 10} kB")
            if self._clock.monotonic() > end:
                raise _slow(endpoint, self._timeout)
        return data


def _number(endpoint: Endpoint, answer: _Answer) -> int:
    try:
        return bodies.tokens(endpoint.provider.name, json.loads(answer.data))
    except RecursionError:
        raise _strange(endpoint, "an answer that is nested too deeply") from None
    except (ValueError, UnicodeDecodeError):
        raise _strange(endpoint, "an answer without a number of tokens") from None


def _error(endpoint: Endpoint, model: str, answer: _Answer) -> TokError | None:
    """What is wrong, with what to do about it; None for an answer that should hold a number."""
    status, host = answer.status, endpoint.host
    if status == 200:
        return None
    message, code = _words(answer, endpoint)
    names = " or ".join(reversed(endpoint.provider.key_variables))
    if status in (401, 403) or code in ("API_KEY_INVALID", "invalid_api_key"):
        # What it says is not shown, as some repeat a part of the key.
        return TokError(f"{host} refuses the key ({status})", hint=f"check {names}", code="unauthorized")
    if status == 404 or code == "model_not_found":
        hint = f"give -m the id under which {endpoint.provider.label} offers it, with its date if it has one"
        return TokError(f"{host} knows no model {model!r} to count for", hint=hint, code="unknown-model")
    if code == "insufficient_quota":
        hint = "look at the plan and its limits; without --remote nothing is asked"
        return TokError(f"{host}: the key has no quota left", hint=hint, code="no-quota")
    if status == 429:
        hint = "wait a minute and run again; what was answered is not asked again"
        return TokError(f"{host}: too many requests (429)", hint=hint, code="rate-limited")
    if 300 <= status < 400:
        hint = f"{endpoint.provider.base_variable} must name the address itself"
        return TokError(f"{host} sends elsewhere ({status}), which is not followed", hint=hint, code="redirected")
    if status >= 500 or status in RETRIED:
        hint = "run again later; what was answered is not asked again"
        return TokError(f"{host} failed ({status})", hint=hint, code="failed")
    said = f": {message}" if message else ""
    return TokError(f"{host} refuses the request ({status}){said}", hint="count it without --remote", code="refused")


def _words(answer: _Answer, endpoint: Endpoint) -> tuple[str, str]:
    """What the provider says is wrong, in one line and without the key, and its code or reason; "" where it is
    silent."""
    try:
        found: Any = json.loads(answer.data)
    except (ValueError, RecursionError):
        return "", ""
    error = found.get("error") if isinstance(found, dict) else None
    if not isinstance(error, dict):
        return "", ""
    message = " ".join(str(error.get("message") or "").split()).replace(endpoint.key.value, "<key>")
    code = str(error.get("code") or "")
    details = error.get("details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict) and detail.get("reason"):
            code = str(detail["reason"])
    return message[:SHOWN], code


def _retry_after(answer: _Answer, now: float) -> float | None:
    """Seconds to wait, by the headers that the SDKs heed; None where they say nothing that makes sense."""
    from email.utils import parsedate_to_datetime

    seconds = None
    with suppress(ValueError):
        seconds = float(answer.headers.get("retry-after-ms", "")) / 1000
    if seconds is None:
        text = answer.headers.get("retry-after", "")
        try:
            seconds = float(text)
        except ValueError:
            with suppress(ValueError, OverflowError):
                seconds = parsedate_to_datetime(text).timestamp() - now
    return max(0.0, seconds) if seconds is not None and math.isfinite(seconds) else None


def _slow(endpoint: Endpoint, timeout: float) -> TokError:
    hint = "run again; what was answered is not asked again"
    return TokError(f"{endpoint.host}: no answer within {timeout:g} seconds", hint=hint, code="timeout")


def _strange(endpoint: Endpoint, what: str) -> TokError:
    hint = f"check that {endpoint.provider.base_variable}, if it is set, names a counting endpoint"
    return TokError(f"{endpoint.host} gave {what}", hint=hint, code="bad-answer")
