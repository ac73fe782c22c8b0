"""Cards compiled into one file: a price is found by its name, and nothing but its own record is parsed.

The file is a line of the checksum of the rest and of sizes, then four blocks. Names are lines `name TAB entry entry
...` in lower case, an entry is `provider:own:start:length`; providers are one JSON object, prefix -> ids; heads and
models are one JSON value a line, each field under its name where it is not the default, prices as texts, so that they
stay exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from tokencli.errors import ExitCode, TokError
from tokencli.model.rates import (
    CacheRules,
    Card,
    CardHead,
    Duration,
    Fee,
    Override,
    PricedModel,
    Segment,
    Source,
    Threshold,
    When,
    Window,
)

FORMAT = "tok-prices/2"
"""To be raised when the same cards would be compiled otherwise than before."""

NO_CARD = CardHead("", "")
"""In a record the number of the card stands in place of it."""

Own = Callable[[CardHead, PricedModel], bool]
"""Whether a provider made the model that it sells."""


class Entry(NamedTuple):
    """One model under one of its names: who sells it, whether that is its maker, and where its record lies."""

    provider: str
    own: bool
    start: int
    length: int


def compile_cards(cards: Iterable[Card], own: Own, prefixes: Mapping[str, list[str]], origin: str = "") -> bytes:
    """The file of an index; TokError `card` where two cards price the same name at the same provider.

    `prefixes` are what else leads to a provider, besides its id and aliases; `origin` is what is told of all cards
    instead of their own paths.
    """
    heads: list[bytes] = []
    models: list[bytes] = []
    names: dict[str, list[str]] = {}
    providers: dict[str, list[str]] = {prefix: list(ids) for prefix, ids in prefixes.items()}
    taken: dict[tuple[str, str], str] = {}
    at = 0
    for number, card in enumerate(cards):
        heads.append(_line(packed(card.head._replace(origin=origin or card.head.origin))))
        for prefix in (card.head.provider, *card.head.aliases):
            ids = providers.setdefault(prefix, [])
            if card.head.provider not in ids:
                ids.append(card.head.provider)
        for model in card.models:
            record = _line({**packed(model._replace(card=NO_CARD)), "card": number})
            entry = f"{card.head.provider}:{int(own(card.head, model))}:{at}:{len(record)}"
            for name in (model.id, *model.aliases):
                _claim(taken, card.head, name)
                names.setdefault(name.lower(), []).append(entry)
            models.append(record)
            at += len(record)
    blocks = [
        "".join(f"\n{name}\t{' '.join(entries)}" for name, entries in sorted(names.items())).encode() + b"\n",
        _line(providers),
        b"".join(heads),
        b"".join(models),
    ]
    rest = b"".join(blocks)
    return f"{FORMAT} {_checksum(rest)} {' '.join(str(len(block)) for block in blocks)}\n".encode() + rest


def _checksum(data: bytes | memoryview) -> int:
    import zlib

    return zlib.crc32(data)


def _claim(taken: dict[tuple[str, str], str], head: CardHead, name: str) -> None:
    key = (head.provider, name.lower())
    if key in taken:
        message = f"{head.origin}: {head.provider}/{name} is priced in {taken[key]} too"
        raise TokError(message, hint="keep the model in one of the two cards", code="card", exit=ExitCode.DATA)
    taken[key] = head.origin


class Index:
    """A compiled file; ValueError where the bytes are none, are cut off, or, where asked to `verify`, were changed."""

    def __init__(self, data: bytes, *, verify: bool = False) -> None:
        first, _, _ = data[:200].partition(b"\n")
        form, *numbers = first.decode("ascii", "replace").split()
        if form != FORMAT or len(numbers) != 5 or not all(number.isdigit() for number in numbers):
            raise ValueError("not an index of prices, or one of another version")
        checksum, *sizes = map(int, numbers)
        ends = [len(first) + 1]
        for size in sizes:
            ends.append(ends[-1] + size)
        if ends[-1] != len(data) or (verify and _checksum(memoryview(data)[ends[0] :]) != checksum):
            raise ValueError("the index of prices is cut off, or was changed")
        self.data = data
        self._names, self._providers, self._heads, self._models = ends[:-1]
        self._read: dict[int, PricedModel] = {}
        self._cards: dict[int, CardHead] = {}

    def entries(self, name: str) -> list[Entry]:
        """Who sells a model of this very name (lower case)."""
        at = self.data.find(f"\n{name}\t".encode(), self._names, self._providers)
        if at < 0 or "\n" in name or "\t" in name:
            return []
        return _entries(self.data[at + 1 : self.data.index(b"\n", at + 1)].decode())

    def beginning(self, prefix: str) -> Iterator[tuple[str, list[Entry]]]:
        """The names that begin so (lower case), and who sells a model of each."""
        mark = f"\n{prefix}".encode()
        at = self.data.find(mark, self._names, self._providers)
        # The names are sorted: those that begin alike stand together.
        while at >= 0 and self.data.startswith(mark, at, self._providers):
            end = self.data.index(b"\n", at + 1)
            line = self.data[at + 1 : end].decode()
            yield line.partition("\t")[0], _entries(line)
            at = end

    def model(self, entry: Entry) -> PricedModel:
        """The model of an entry."""
        return self._model(entry.start, entry.length)

    def models(self) -> Iterator[PricedModel]:
        """Every model, in the order of the cards."""
        at = self._models
        while at < len(self.data):
            end = self.data.index(b"\n", at) + 1
            yield self._model(at - self._models, end - at)
            at = end

    def names(self) -> Iterator[tuple[str, list[str]]]:
        """Every id and alias, in lower case, sorted, with the providers that sell it."""
        for line in self.data[self._names : self._providers].decode().split("\n"):
            if line:
                name, _, entries = line.partition("\t")
                yield name, [entry.partition(":")[0] for entry in entries.split(" ")]

    def providers(self) -> dict[str, list[str]]:
        """What leads to a provider, in lower case -> the ids of those to which it may lead."""
        import json

        found: dict[str, list[str]] = json.loads(self.data[self._providers : self._heads])
        return found

    def heads(self) -> tuple[CardHead, ...]:
        """The heads of all cards."""
        return tuple(self._head(number) for number in range(self.data.count(b"\n", self._heads, self._models)))

    def _head(self, number: int) -> CardHead:
        if number not in self._cards:
            import json

            line = self.data[self._heads : self._models].split(b"\n", number + 1)[number]
            self._cards[number] = _head(json.loads(line))
        return self._cards[number]

    def _model(self, start: int, length: int) -> PricedModel:
        if start not in self._read:
            import json

            at = self._models + start
            record = json.loads(self.data[at : at + length])
            self._read[start] = _model(record, self._head(record.pop("card")))
        return self._read[start]


def _entries(line: str) -> list[Entry]:
    """The entries on the line of a name."""
    parts = (entry.split(":") for entry in line.partition("\t")[2].split(" "))
    return [Entry(provider, own == "1", int(start), int(length)) for provider, own, start, length in parts]


def _line(value: object) -> bytes:
    import json

    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def packed(value: Any) -> Any:
    """A tuple of the model as JSON takes it: fields at their default left out, decimals as texts."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {key: packed(part) for key, part in value.items()}
    if isinstance(value, tuple):
        names: tuple[str, ...] = getattr(value, "_fields", ())
        if not names:
            return [packed(part) for part in value]
        defaults: Mapping[str, Any] = getattr(value, "_field_defaults", {})
        fields = zip(names, value, strict=True)
        return {key: packed(part) for key, part in fields if key not in defaults or part != defaults[key]}
    return value


def _head(record: dict[str, Any]) -> CardHead:
    record["aliases"] = tuple(record.get("aliases", ()))
    record["windows"] = {name: _window(window) for name, window in record.get("windows", {}).items()}
    record["sources"] = _sources(record)
    return CardHead(**record)


def _window(record: dict[str, Any]) -> Window:
    hours = tuple((start, end) for start, end in record.pop("hours"))
    return Window(hours, tuple(record.pop("days", ())), **record)


def _model(record: dict[str, Any], head: CardHead) -> PricedModel:
    record["prices"] = tuple(_segment(segment) for segment in record["prices"])
    record["aliases"] = tuple(record.get("aliases", ()))
    cache = record.get("cache", {})
    record["cache"] = CacheRules(ttl_seconds=tuple(cache.pop("ttl_seconds", ())), **cache)
    return PricedModel(**{**record, "card": head})


def _segment(record: dict[str, Any]) -> Segment:
    record["rates"] = _rates(record)
    record["fees"] = _fees(record)
    record["durations"] = {
        name: Duration(Decimal(one.pop("price")), **one) for name, one in record.get("durations", {}).items()
    }
    if "cache_token_hours" in record:
        record["cache_token_hours"] = Decimal(record["cache_token_hours"])
    record["overrides"] = tuple(_override(row) for row in record.get("overrides", ()))
    record["sources"] = _sources(record)
    return Segment(**record)


def _override(record: dict[str, Any]) -> Override:
    record["when"] = _when(record["when"])
    record["rates"] = _rates(record)
    record["fees"] = _fees(record)
    if "multiply" in record:
        record["multiply"] = Decimal(record["multiply"])
    record["only"] = tuple(record.get("only", ()))
    return Override(**record)


def _when(record: dict[str, Any]) -> When:
    for key, value in record.items():
        if isinstance(value, dict):
            record[key] = Threshold(**value)
        elif isinstance(value, list):
            record[key] = tuple(value)
    return When(**record)


def _rates(record: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(rate) for name, rate in record.get("rates", {}).items()}


def _fees(record: dict[str, Any]) -> dict[str, Fee]:
    return {name: Fee(Decimal(fee.pop("price")), **fee) for name, fee in record.get("fees", {}).items()}


def _sources(record: dict[str, Any]) -> tuple[Source, ...]:
    return tuple(Source(**source) for source in record.get("sources", ()))
