"""A total in bulk is the sum of its rows, whatever they are, and on whatever way they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokencli import bulk, workers
from tokencli.bulk import Defaults, sharing, summing
from tokencli.errors import TokError
from tokencli.model.rates import (
    CardHead,
    Duration,
    Fee,
    Override,
    PricedModel,
    Segment,
    Threshold,
    When,
    Window,
)

NOON = 1795348800
"""2026-11-22T12:00:00Z."""


def rates(**prices: str) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in prices.items()}


HEAD = CardHead("maker", "USD", windows={"night": Window(((20 * 60 + 4, 6 * 60),), (), "UTC", "Asia/Shanghai")})
PLAIN = Segment(rates=rates(input="2", cache_read="0.2", cache_write="2.5", output="10"))
TIERED = PLAIN._replace(
    rates=rates(input="0.3", cache_read="0.03", cache_write_5m="0.375", cache_write_1h="0.6", output="1.5"),
    fees={"web_search": Fee(Decimal(10), 1000)},
    overrides=(
        Override(When(input_tokens=Threshold(gt=50)), rates(input="0.5", output="2.5")),
        Override(When(output_tokens=Threshold(lt=30), input_tokens=Threshold(gte=80)), rates(output="1")),
        Override(When(window="night"), multiply=Decimal("0.5")),
        Override(When(batch=True), multiply=Decimal("0.7")),
    ),
)
SPOKEN = rates(input="1", output="2", reasoning="3", output_audio="5")
MODELS = {
    "plain": PricedModel(HEAD, "plain", (PLAIN,)),
    "tiered": PricedModel(HEAD, "tiered", (TIERED._replace(confidence="confirmed"),)),
    "dated": PricedModel(
        HEAD._replace(currency="CNY"),
        "dated",
        (PLAIN._replace(start=NOON - 500, end=NOON), TIERED._replace(start=NOON, end=NOON + 500)),
    ),
    "sliced": PricedModel(HEAD._replace(slices=True), "sliced", (TIERED,)),
    "reasoning": PricedModel(HEAD, "reasoning", (Segment(rates=SPOKEN),)),
    "free": PricedModel(
        HEAD,
        "free",
        (
            PLAIN._replace(
                fees={"web_search": Fee(Decimal(35), 1000, 3, "day"), "page": Fee(Decimal("0.1"), 7)},
                durations={"audio_seconds": Duration(Decimal("0.111"), 3600, 10)},
            ),
        ),
    ),
}

CACHED = ["cache_read_tokens", "cache_write_tokens", "reasoning_tokens"]
PRICED = {
    "plain": CACHED,
    "tiered": [*CACHED, "cache_write_5m_tokens", "cache_write_1h_tokens", "web_searches"],
    "dated": ["cache_read_tokens", "reasoning_tokens"],
    "sliced": [*CACHED, "web_searches"],
    "reasoning": ["reasoning_tokens", "output_audio_tokens"],
    "free": ["web_searches", "pages", "audio_seconds"],
}
"""What each has a price for, beside input and output."""


class Cards:
    """The models above, by name alone."""

    def find(self, name: str, provider: str = "") -> PricedModel:
        if provider in ("", "maker") and name in MODELS:
            return MODELS[name]
        raise TokError(f"no {provider}/{name}", code="unknown-model")


COUNTS = st.one_of(st.integers(0, 100), st.integers(0, 3), st.just(10**15))
KEYS = (
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "reasoning_tokens",
    "web_searches",
    "pages",
    "audio_seconds",
    "input_audio_tokens",
    "output_audio_tokens",
)
ODD = st.sampled_from([-1, None, True, "9", 1.5, {}])
USAGES = st.one_of(
    st.fixed_dictionaries({"input_tokens": st.integers(90, 200), "output_tokens": COUNTS})
    .flatmap(lambda base: st.dictionaries(st.sampled_from(KEYS[2:7]), st.integers(0, 30), max_size=3).map(base.__or__)),
    st.dictionaries(st.sampled_from(KEYS), COUNTS, max_size=5),
    st.dictionaries(st.sampled_from((*KEYS, "other_tokens")), st.one_of(COUNTS, ODD), max_size=4),
    st.builds(
        lambda sent, read, made: {"input_tokens": sent, "cache_read_input_tokens": read, "output_tokens": made},
        COUNTS, COUNTS, COUNTS,
    ),
    st.builds(lambda sent, made: {"prompt_tokens": sent, "completion_tokens": made}, COUNTS, COUNTS),
    ODD,
)  # fmt: skip
TIMES = st.one_of(
    st.none(),
    st.integers(NOON - 600, NOON + 600),
    st.integers(0, 99).map(lambda number: f"2026-11-{21 + number % 3}T{number % 25:02}:30:0{number % 10}Z"),
    st.sampled_from(["2026-11-22T12:00:00.250Z", "2026-11-22T11:59:60Z", "2026-11-22T20:00:00+08:00"]),
    st.sampled_from(["2026-11-22", "2026-11-22T12:00:00.Z", "soon", ""]),
)  # fmt: skip
OPTIONS = st.one_of(
    st.none(),
    st.fixed_dictionaries({}, optional={
        "batch": st.sampled_from([True, False, 1]),
        "region": st.sampled_from(["us", ""]),
        "contract_multiplier": st.sampled_from(["0.9", "1", 2]),
        "period_used": st.just({"web_search": 2}),
    }),
    st.sampled_from([[], 0, {"bacth": True}]),
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {"usage": USAGES},
    optional={
        "id": st.text(max_size=3),
        "model": st.sampled_from([*MODELS, *MODELS, "unknown", 7]),
        "provider": st.sampled_from(["maker", "maker", "other", None]),
        "at": TIMES,
        "options": OPTIONS,
        "user": st.just("ann"),
        "batch": st.just(True),
    },
)
LINES = st.lists(
    st.one_of(*[ROWS.map(json.dumps)] * 4, st.sampled_from(["", "{", "[1]", "{} {}", "\ufeff{}", "\u3000", "\x0b"])),
    max_size=30,
)


def discounted(model: PricedModel, at: int) -> Decimal | None:
    return Decimal("0.8") if model.id == "tiered" and at >= NOON - 150 else None


DEFAULTS = [
    Defaults(NOON, "plain"),
    Defaults(NOON - 100, options={"batch": True}, discount=discounted),
]


def one_by_one(lines: list[bytes], defaults: Defaults) -> tuple[dict[str, Fraction], list[tuple[int, str]]]:
    """The sums by currency and the failed lines of the route that prices rows one by one."""
    sums: dict[str, Fraction] = {}
    failed = []
    for row in bulk.rows(lines, Cards(), defaults):
        if row.cost is not None:
            sums[row.cost.currency] = sums.get(row.cost.currency, Fraction()) + row.cost.total
        if row.error is not None:
            failed.append((int(row.error.message.split(":")[1]), row.error.code))
    return sums, failed


def in_bulk(found: bulk.Totals) -> tuple[dict[str, Fraction], list[tuple[int, str]]]:
    return {total.currency: total.total for total in found.totals}, [(row.line, row.code) for row in found.failed]


@settings(max_examples=400, deadline=None)
@given(LINES, st.sampled_from(DEFAULTS))
def test_a_total_is_the_sum_of_its_rows_to_the_last_digit(texts: list[str], defaults: Defaults) -> None:
    # A whole first line says that the rest is JSONL too.
    lines = [text.encode() + b"\n" for text in ['{"usage": {"input_tokens": 1}, "model": "plain"}', *texts]]
    found = bulk.total(lines, Cards(), defaults)
    assert in_bulk(found) == one_by_one(lines, defaults)
    assert found.rows == len([line for line in lines if line.strip()])
    assert found.unpriced == len(found.failed)


@st.composite
def alike(draw: st.DrawFn) -> list[bytes]:
    """Rows of one model with the same keys, which are added up wherever they can be."""
    name = draw(st.sampled_from(list(MODELS)))
    keys = draw(st.lists(st.sampled_from(PRICED[name]), max_size=3, unique=True))
    row = st.fixed_dictionaries(
        {
            "model": st.just(name),
            "usage": st.fixed_dictionaries(
                {"input_tokens": st.integers(45, 90), "output_tokens": st.integers(12, 50)}
                | dict.fromkeys(keys, st.integers(0, 12))
            ),
            "at": st.integers(NOON - 501, NOON + 501),
        }
    )
    return [json.dumps(row).encode() + b"\n" for row in draw(st.lists(row, min_size=2, max_size=20))]


@settings(max_examples=400, deadline=None)
@given(alike(), st.sampled_from(DEFAULTS))
def test_rows_that_are_alike_add_up_as_if_they_were_not(lines: list[bytes], defaults: Defaults) -> None:
    assert in_bulk(bulk.total(lines, Cards(), defaults)) == one_by_one(lines, defaults)


def log(rows: int) -> Iterator[bytes]:
    """Rows over a day, of which every tenth is wrong."""
    for number in range(rows):
        usage = {"input_tokens": 40 + number % 97, "cache_read_tokens": number % 50, "output_tokens": number % 13}
        name = ["plain", "tiered", "dated", "sliced", "reasoning"][number % 5] if number % 10 else "unknown"
        yield json.dumps({"model": name, "usage": usage, "at": NOON - 400 + number % 900}).encode() + b"\n"


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="copies are made on Linux")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("ended", [False, True])
def test_copies_of_the_process_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: bool) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"".join(log(3000)).rstrip(b"\n"))
    alone = bulk.total(str(path), Cards(), DEFAULTS[1])
    monkeypatch.setattr(bulk, "LARGE", 1)
    monkeypatch.setattr(workers, "alone", lambda: True)
    monkeypatch.setattr(workers, "processors", lambda: 3)
    if ended:
        # A copy that cannot say what it found: its part is summed here.
        monkeypatch.setattr(summing.Summing, "packed", lambda self: exit())
    assert bulk.total(str(path), Cards(), DEFAULTS[1]) == alone
    assert in_bulk(alone) == one_by_one(list(log(3000)), DEFAULTS[1])


def test_parts_of_a_file_are_whole_lines_and_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b"short\n" + b"x" * 100 + b"\n\n" + b"end")
    bounds = sharing._bounds(str(path), 4)
    parts = [b"".join(sharing._lines(str(path), *pair)) for pair in pairwise(bounds)]
    assert b"".join(parts) == path.read_bytes()
    assert all(path.read_bytes()[:bound].endswith(b"\n") for bound in bounds[1:] if bound < path.stat().st_size)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("several", [False, True])
def test_a_document_may_be_a_row_or_a_list_of_rows(several: bool, indent: int | None) -> None:
    row: Any = {"model": "plain", "usage": {"input_tokens": 1_000_000, "audio_seconds": 0}}
    lines = json.dumps([row, row] if several else row, indent=indent).encode().splitlines(keepends=True)
    totals = bulk.total(lines, Cards(), DEFAULTS[0]).totals
    assert [total.total for total in totals] == [4 if several else 2]
    assert sum(row.cost.total for row in bulk.rows(lines, Cards(), DEFAULTS[0]) if row.cost) == totals[0].total


def test_failed_rows_are_counted_and_told_with_their_lines() -> None:
    lines = [b'{"model": "plain", "usage": {"input_tokens": 1000000}}\n', b"\n", b"nonsense\n"]
    lines += [b'{"model": "new", "usage": {"input_tokens": 1}}\n'] * 2000
    found = bulk.total(lines, Cards(), DEFAULTS[0])
    assert [(total.total, total.rows, total.unpriced) for total in found.totals] == [(2, 1, 2001)]
    assert (found.rows, found.unpriced, len(found.failed)) == (2002, 2001, summing.SHOWN)
    assert [(row.line, row.code) for row in found.failed[:2]] == [(3, "bad-json"), (4, "unknown-model")]


def test_the_least_confidence_marks_a_total() -> None:
    lines = [b'{"model": "%s", "usage": {"input_tokens": 1}}\n' % name for name in (b"tiered", b"plain")]
    assert [bulk.total(some, Cards(), DEFAULTS[0]).totals[0].confidence for some in (lines[:1], lines)] == [
        "confirmed",
        "imported",
    ]


def test_notes_say_how_many_rows_they_are_about() -> None:
    row = b'{"model": "plain", "usage": {"input_tokens": 1}, "options": {"batch": true}}\n'
    note = "the card has no price for batch: priced without it"
    assert bulk.total([row] * 3, Cards(), DEFAULTS[0]).notes == ((note, 3),)


def test_many_fractions_are_added_exactly() -> None:
    money = summing.Money()
    for number in range(1, 200):
        money.add(Fraction(1, number), 1, "confirmed")
    assert money.total() == sum(Fraction(1, number) for number in range(1, 200))
