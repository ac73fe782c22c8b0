"""Rate cards from an address that a person names: fetched once, checked, and put beside what is known of the past.

There is no address of its own and no setting for one; nothing here runs unless `tok rates update` is typed.
"""

from __future__ import annotations

import hashlib
import io
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tokencli.errors import ExitCode, TokError, usage_error
from tokencli.model.rates import Card, PricedModel

if TYPE_CHECKING:
    import httpx

CONNECT, READ, WHOLE = 10.0, 30.0, 300.0
"""Seconds to wait for a connection, for the next bytes, and for the answer in all."""

LARGEST = 32 << 20
"""Bytes of an answer; all cards that ship have less than one million."""

UNPACKED = 128 << 20
"""Bytes of all cards of an archive."""

MEMBERS = 5_000
"""Entries of an archive."""

LEAST = 80
"""Percent: a set that has fewer of the models of a provider than this, held against the one that was kept before, is
refused; what ships is not counted, since it still applies where an update says nothing."""

HOPS = 5
"""Redirects that are followed."""

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts of this machine, between which and `tok` nobody stands."""

ENDINGS = (".yaml", ".yml")


class Fetched(NamedTuple):
    """What an address gave: its bytes, their SHA-256, and the address without what may be secret in it."""

    address: str
    data: bytes
    sha256: str


class Update(NamedTuple):
    """What an update would write: `cards` by provider, `before` the cards of these providers that apply today.

    `models` are those of the new set, `kept` those that it no longer has, and `shrunk` says where it has far fewer.
    """

    cards: Mapping[str, Card]
    before: tuple[Card, ...]
    models: int
    kept: int
    shrunk: tuple[str, ...]


def fetch(url: str, clock: Callable[[], float], sha256: str = "") -> Fetched:
    """Get the bytes at an address and check them; `clock` gives seconds, for the time it may take in all.

    Raises TokError `usage` for an address or checksum that is none, and for one without TLS that has no checksum and is
    not of this machine; `update-failed` where nothing whole arrives; `checksum` where it is not what was asked for.
    """
    import httpx

    wanted = sha256.lower()
    address = _address(url, wanted)

    def guard(request: httpx.Request) -> None:
        if request.url.scheme == "http" and (url.startswith("https") or request.url.host not in LOCAL):
            raise _failed(f"{address} redirects to an address without TLS", "name an address that does not")

    try:
        # Compressed once more for the way, an answer could unpack to any size within one of its parts.
        with httpx.Client(
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(READ, connect=CONNECT),
            follow_redirects=True,
            max_redirects=HOPS,
            event_hooks={"request": [] if wanted else [guard]},
        ) as client:
            data = _body(client, url, address, clock)
    except httpx.TimeoutException as problem:
        raise _failed(f"{address} did not answer in time", "try again later") from problem
    except httpx.ProxyError as problem:
        raise _failed(f"{address}: the proxy refused", "look at HTTPS_PROXY, HTTP_PROXY and NO_PROXY") from problem
    except httpx.TooManyRedirects as problem:
        raise _failed(f"{address} redirects more than {HOPS} times", "name the address that it leads to") from problem
    except httpx.RemoteProtocolError as problem:
        raise _failed(f"{address} broke off its answer", "try again") from problem
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as problem:
        hint = "look at the address and the network, or download the file and put it into the folder of your cards"
        raise _failed(f"{address} cannot be reached: {type(problem).__name__}", hint) from problem
    except (ValueError, ImportError, OSError) as problem:
        # Its words may hold the password of a proxy.
        hint = "look at HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
        raise _failed(f"the settings of the network do not work: {type(problem).__name__}", hint) from problem
    digest = hashlib.sha256(data).hexdigest()
    if wanted and digest != wanted:
        message = f"{address} has the checksum {digest}, not {wanted}"
        raise TokError(message, hint="it was changed, or is another file: look at it first", code="checksum")
    return Fetched(address, data, digest)


def _address(url: str, sha256: str) -> str:
    """The address without user, password and query; TokError (usage) where it may not be asked."""
    if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise usage_error("--sha256: that is no SHA-256", "give its 64 hexadecimal digits")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("http", "https") or not host:
        raise usage_error(
            f"--from: {url[:80]!r} is no address", "name it in full, such as https://example.org/cards.zip"
        )
    if parts.scheme == "http" and not sha256 and host not in LOCAL:
        hint = "use https, or give --sha256, so that nobody on the way can change a price"
        raise usage_error("--from: an address without TLS", hint)
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"


def _body(client: httpx.Client, url: str, address: str, clock: Callable[[], float]) -> bytes:
    start = clock()
    with client.stream("GET", url) as response:
        if response.status_code != 200:
            hint = {401: "it wants a login", 403: "it wants a login", 404: "nothing is there"}.get(response.status_code)
            raise _failed(f"{address} answers with HTTP {response.status_code}", hint or "try again later")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise _failed(f"{address} compresses its answer, unasked", "name an address that gives the file as it is")
        data = bytearray()
        for part in response.iter_raw():
            data += part
            if len(data) > LARGEST:
                raise _failed(
                    f"{address} is larger than {LARGEST >> 20} MB", "cards are far smaller: is it another file?"
                )
            if clock() - start > WHOLE:
                raise _failed(f"{address} took longer than {WHOLE:.0f} seconds", "try again later")
    return bytes(data)


def _failed(message: str, hint: str) -> TokError:
    return TokError(message, hint=hint, code="update-failed")


def cards_in(fetched: Fetched) -> list[Card]:
    """The cards of what was fetched: one card in YAML, or a zip or tar archive of them.

    Raises TokError `card` for one that is wrong, with file and line, and `update-failed` where there is none.
    """
    from tokencli.rates.read import decoded, read_card

    cards = [read_card(decoded(data, name), name) for name, data in _files(fetched)]
    if not cards:
        raise _failed(f"{fetched.address} holds no card", "an archive must hold files in YAML")
    return cards


def _files(fetched: Fetched) -> list[tuple[str, bytes]]:
    import tarfile
    import zipfile
    import zlib

    data, name = fetched.data, posixpath.basename(urlsplit(fetched.address).path) or "card"
    archive = data.startswith((b"PK\x03\x04", b"\x1f\x8b")) or data[257:262] == b"ustar"
    if not archive:
        return [(name, data)]
    try:
        entries = _zipped(data) if data.startswith(b"PK") else _tarred(data, fetched.address)
        return list(_members(entries, fetched.address))
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as problem:
        raise _failed(f"{fetched.address} is no whole archive: {type(problem).__name__}", "try again") from problem


def _members(entries: Iterator[tuple[str, int, Callable[[], bytes]]], address: str) -> Iterator[tuple[str, bytes]]:
    """The cards of an archive; those of its folders `imported`, and others that are no cards of one set, too."""
    total = 0
    for number, (name, size, read) in enumerate(entries):
        total += size
        if total > UNPACKED or number > MEMBERS:
            raise _too_large(address)
        if name.endswith(ENDINGS):
            yield name, read()


def _too_large(address: str) -> TokError:
    return _failed(f"{address} is too large an archive", f"at most {UNPACKED >> 20} MB and {MEMBERS:,} entries")


def _zipped(data: bytes) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            # No more than it says it has, which is counted: what lies about that fails its checksum.
            size = info.file_size
            yield info.filename, size, lambda info=info, size=size: archive.open(info).read(size + 1)  # type: ignore[misc]


def _tarred(data: bytes, address: str) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    import gzip
    import tarfile

    if data.startswith(b"\x1f\x8b"):
        # Unpacked before: headers of tar may have any size, and are read whole.
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            data = packed.read(UNPACKED + 1)
        if len(data) > UNPACKED:
            raise _too_large(address)
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for info in archive:
            stream = archive.extractfile(info) if info.isreg() else None
            yield info.name, info.size, lambda stream=stream: stream.read() if stream else b""  # type: ignore[misc]


def planned(new: Sequence[Card], installed: Sequence[Card], shipped: Sequence[PricedModel], now: int) -> Update:
    """What the new cards make of those that an update wrote before (`installed`) and of the models that ship.

    `now` is the start of the day (seconds since 1970 UTC) from which a price without a date holds where it is another.
    """
    from tokencli.rates import sets

    cards = sets.by_provider(new)
    mine = sets.by_provider(installed)
    theirs: dict[str, list[PricedModel]] = {}
    for model in shipped:
        theirs.setdefault(model.card.provider, []).append(model)
    known = {name: _known(card, mine.get(name), theirs.get(name, ())) for name, card in cards.items()}
    before = {name: card for name, card in known.items() if card is not None}
    kept = sets.keeping(before, cards, now)
    models = sum(len(card.models) for card in cards.values())
    written = sum(len(card.models) for card in kept.values())
    return Update(kept, tuple(before.values()), models, written - models, tuple(sets.shrunk(mine, cards, LEAST)))


def _known(new: Card, mine: Card | None, theirs: Sequence[PricedModel]) -> Card | None:
    """The card of a provider that applied before: what was installed, and of the models that ship those that the new
    card has too; the others still apply."""
    models = list(mine.models) if mine is not None else []
    taken = {model.id.lower() for model in models}
    wanted = {model.id.lower() for model in new.models} - taken
    models += [model for model in theirs if model.id.lower() in wanted]
    heads = [*([mine.head] if mine is not None else []), *(model.card for model in theirs)]
    if not heads:
        return None
    windows = {name: window for head in reversed(heads) for name, window in head.windows.items()}
    return Card(heads[0]._replace(windows=windows), tuple(models))


def write(update: Update, folder: str) -> list[str]:
    """Write the cards into a folder, each in one piece, and remove other files of these providers; their paths.

    TokError `write` where the folder cannot be written.
    """
    from tokencli.rates import layers
    from tokencli.rates.importing import writing
    from tokencli.rates.read import read_card

    texts = {f"{provider}.yaml": writing.text(card) for provider, card in update.cards.items()}
    for name, text in texts.items():
        read_card(text, name)
    try:
        os.makedirs(folder, exist_ok=True)
        old = [path for path in layers.card_files(folder) if os.path.basename(path) not in texts]
        for name, text in texts.items():
            _replace(os.path.join(folder, name), text.encode())
        for path in old:
            with open(path, encoding="utf-8") as file:
                if read_card(file.read(), path).head.provider in update.cards:
                    os.remove(path)
    except OSError as problem:
        message = f"cannot write the cards to {folder}: {problem.strerror}"
        raise TokError(message, hint="see who may write there", code="write", exit=ExitCode.DATA) from problem
    return [os.path.join(folder, name) for name in texts]


def _replace(path: str, data: bytes) -> None:
    temporary = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.getpid()}")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise
