"""A session worked through a second time, on its own: plain loops over lists of what stands in the context, and
fractions; nothing of the program but its types."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli.costing import Target
from tokencli.model import Count
from tokencli.model.cost import Selectors
from tokencli.model.rates import CacheRules, CardHead, Override, PricedModel, Segment, Threshold, When, Window
from tokencli.model.simulation import Plan, Range, Request, SubAgent, Turn
from tokencli.prefix_cache import policy
from tokencli.rates.pricing import price
from tokencli.simulating import simulate
from tokencli.simulating.drawing import Generator, draw, middle
from tokencli.simulating.metering import Meter
from tokencli.simulating.runs import percentile
from tokencli.simulating.session import Rules, requests

LEAST = 700
BASE = {"input": "3", "cache_read": "0.3", "cache_write_5m": "3.75", "cache_write_1h": "6", "output": "15"}
LONG = {"input": "6", "cache_read": "0.6", "cache_write_5m": "7.5", "cache_write_1h": "12", "output": "22.5"}
TIER = 9000
"""The card: dearer as a whole above so many tokens of input, at half price at night."""

MODEL = PricedModel(
    CardHead("acme", "USD", windows={"night": Window(((22 * 60, 4 * 60),))}),
    "acme-5",
    (
        Segment(
            rates={key: Decimal(rate) for key, rate in BASE.items()},
            overrides=(
                Override(When(input_tokens=Threshold(gt=TIER)), {key: Decimal(rate) for key, rate in LONG.items()}),
                Override(When(window="night"), multiply=Decimal("0.5")),
            ),
            confidence="confirmed",
        ),
    ),
    cache=CacheRules(min_tokens=LEAST),
)
AT = 1_795_250_000 // 86400 * 86400 + 21 * 3600 + 3000
"""21:50 UTC: sessions go on into the night."""

LIVES = {"5m": 300, "1h": 3600}

small = st.integers(0, 900)


@st.composite
def subagents(make: Any) -> SubAgent:
    turns = make(st.integers(1, 4))
    lists = [tuple(make(st.lists(small, min_size=size, max_size=size))) for size in (turns - 1, turns, turns - 1)]
    return SubAgent(make(small), lists[0], lists[1], lists[2], make(small))


turns_ = st.lists(
    st.builds(
        Turn,
        user=st.integers(1, 900),
        results=st.lists(small, max_size=4).map(tuple),
        output=small,
        thinking=st.just(0) | small,
        subagents=st.lists(subagents(), max_size=2).map(tuple),
        twice=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


class Sent:
    """A request as the test has it: the pieces that it sends, each (mark, tokens), and what comes back."""

    def __init__(self, turn: int, pieces: list[tuple[object, int]], output: int, thinking: int, chain: object) -> None:
        self.turn, self.pieces, self.output, self.thinking, self.chain = turn, list(pieces), output, thinking, chain

    @property
    def size(self) -> int:
        return sum(tokens for _, tokens in self.pieces)


def naive(turns: Sequence[Turn], prefix: int, keep: bool, most: int | None, to: int) -> list[Sent]:
    """Every request with the pieces of its context, each piece with a mark of its own."""
    sent: list[Sent] = []
    marks = iter(range(10**9))
    context: list[tuple[object, int]] = [("prefix", prefix)]

    def send(number: int, output: int, thinking: int, own: list[tuple[object, int]]) -> None:
        if most is not None and sum(tokens for _, tokens in own) > most:
            sent.append(Sent(number, own, to - prefix, 0, "main"))
            own[:] = [("prefix", prefix), (next(marks), to - prefix)]
        sent.append(Sent(number, own, output, thinking, "main"))
        own.append((("thinking", number, next(marks)), thinking))
        own.append((next(marks), output))

    for number, turn in enumerate(turns):
        before, asked = list(context), next(marks)
        for _ in range(2 if turn.twice else 1):
            context[:] = [*before, (asked, turn.user)]
            steps: list[Any] = [*turn.subagents, *turn.results, None]
            done_output = done_thinking = 0
            for at, step in enumerate(steps, 1):
                upto = turn.output * at // len(steps), turn.thinking * at // len(steps)
                send(number, upto[0] - done_output, upto[1] - done_thinking, context)
                done_output, done_thinking = upto
                if isinstance(step, SubAgent):
                    inner: list[tuple[object, int]] = [("prefix", prefix), (next(marks), step.prompt)]
                    chain = next(marks)
                    for place, thinking in enumerate(step.thinking):
                        final = place == len(step.thinking) - 1
                        out = step.returned if final else step.outputs[place]
                        sent.append(Sent(number, inner, out, thinking, chain))
                        if not final:
                            inner += [(next(marks), out + thinking), (next(marks), step.results[place])]
                    context.append((next(marks), step.returned))
                elif step is not None:
                    context.append((next(marks), step))
        if not keep:
            context[:] = [
                one for one in context if not (isinstance(one[0], tuple) and one[0][:2] == ("thinking", number))
            ]
    return sent


def common(one: list[tuple[object, int]], other: list[tuple[object, int]]) -> int:
    """The tokens with which both begin; a piece of no tokens is nothing that could differ."""
    tokens = 0
    for left, right in zip([p for p in one if p[1]], [p for p in other if p[1]], strict=False):
        if left != right:
            break
        tokens += left[1]
    return tokens


def cached(sent: list[Sent], life: str | None, gap: int) -> list[tuple[int, int]]:
    """What each request reads and writes: it reads the longest beginning that a request of the same agent sent, in its
    turn or in earlier ones that no expiry lies between."""
    found = []
    for at, one in enumerate(sent):
        expired = life is not None and gap >= LIVES[life]
        alive = [other for other in sent[:at] if other.chain == one.chain and not (expired and other.turn != one.turn)]
        read = max((common(other.pieces, one.pieces) for other in alive), default=0)
        read = read if read >= LEAST and life is not None else 0
        found.append((read, one.size - read if life is not None and one.size >= LEAST else 0))
    return found


def money(one: Sent, read: int, written: int, life: str | None, at: int) -> Fraction:
    rates = LONG if one.size > TIER else BASE
    total = (one.size - read - written) * Fraction(rates["input"]) + read * Fraction(rates["cache_read"])
    total += written * Fraction(rates[f"cache_write_{life}"]) if life else 0
    total += (one.output + one.thinking) * Fraction(rates["output"])
    hour = at % 86400 // 3600
    return total / 1_000_000 * (Fraction(1, 2) if hour >= 22 or hour < 4 else 1)


@given(
    turns=turns_,
    prefix=st.integers(0, 1500),
    life=st.sampled_from([None, "5m", "1h"]),
    gap=st.sampled_from([0, 60, 299, 300, 1200, 3600]),
    keep=st.booleans(),
    compact=st.none() | st.integers(2500, 9000),
)
def test_every_request_is_that_of_the_naive_loops(
    turns: list[Turn], prefix: int, life: str | None, gap: int, keep: bool, compact: int | None
) -> None:
    chosen = policy(MODEL, life or "none", Selectors(), AT)
    found = list(requests(turns, Rules(prefix, chosen, gap, keep, compact, 2000)))
    expected = naive(turns, prefix, keep, compact, 2000)
    reads = cached(expected, life, gap)
    assert [(one.turn, one.input, one.cached, one.written, one.output, one.thinking) for one in found] == [
        (one.turn, one.size, read, written, one.output + one.thinking, one.thinking)
        for one, (read, written) in zip(expected, reads, strict=True)
    ]


PLANS = st.builds(
    Plan,
    turns=st.integers(1, 5).map(lambda n: Range(n, n)),
    tool_calls=st.integers(0, 4).map(lambda n: Range(n, n)),
    result=small.map(lambda n: Range(n, n)),
    user=st.integers(1, 900).map(lambda n: Range(n, n)),
    output=small.map(lambda n: Range(n, n)),
    thinking=small.map(lambda n: Range(n, n)),
    retries=st.sampled_from([Decimal(0), Decimal("0.25"), Decimal("0.5"), Decimal(1)]),
    subagents=st.integers(0, 4).map(lambda n: Range(n, n)),
    subagent_turns=st.integers(1, 3).map(lambda n: Range(n, n)),
    subagent_prompt=small.map(lambda n: Range(n, n)),
    subagent_return=small.map(lambda n: Range(n, n)),
    keep_thinking=st.booleans(),
    compact_at=st.none(),
    compact_share=st.just(False),
    compact_to=st.just(0),
    gap=st.sampled_from([0, 299, 300, 4000]),
)


@given(plan=PLANS, prefix=st.integers(0, 3000), life=st.sampled_from(["5m", "1h"]))
def test_a_session_costs_the_sum_of_its_requests(plan: Plan, prefix: int, life: str) -> None:
    found = simulate(Target("acme-5", MODEL, None), plan, Count(prefix, prefix, prefix), Selectors(), AT, caching=life)
    expected = naive(draw(plan, middle), prefix, plan.keep_thinking, None, 0)
    reads = cached(expected, life, plan.gap)
    assert found.total is not None
    for each in (*found.turns, found.total):
        own = [
            (one, pair)
            for one, pair in zip(expected, reads, strict=True)
            if each is found.total or one.turn == each.turn
        ]
        at = {id(one): AT + one.turn * plan.gap for one, _ in own}
        assert each.requests == len(own)
        assert each.input == sum(one.size for one, _ in own)
        assert each.plain == sum(money(one, 0, 0, None, at[id(one)]) for one, _ in own)
        assert each.cost == sum(money(one, *pair, life, at[id(one)]) for one, pair in own)


def test_drawn_sessions_are_priced_as_their_requests_are_one_by_one() -> None:
    plan = Plan(Range(2, 6), Range(0, 5), Range(0, 4000), Range(10, 90), Range(5, 800), Range(0, 600), gap=1200)
    found = simulate(
        Target("acme-5", MODEL, None), plan, Count(900, 900, 900), Selectors(), AT, caching="1h", runs=101, seed=7
    )
    generator = Generator(7)
    totals: dict[str, list[Fraction]] = {"plain": [], "cost": [], "input": []}
    for _ in range(101):
        sent = naive(draw(plan, generator.take), 900, False, None, 0)
        pairs = list(zip(sent, cached(sent, "1h", 1200), strict=True))
        totals["plain"].append(sum((money(one, 0, 0, None, AT + one.turn * 1200) for one, _ in pairs), Fraction()))
        totals["cost"].append(sum((money(one, *own, "1h", AT + one.turn * 1200) for one, own in pairs), Fraction()))
        totals["input"].append(Fraction(sum(one.size for one in sent)))
    spreads = dict(found.spreads)
    # Of 101 numbers in order the 51st is the median, the 96th the 95th percentile.
    for name, numbers in totals.items():
        assert (spreads[name].p50, spreads[name].p95) == (sorted(numbers)[50], sorted(numbers)[95]), name


@pytest.mark.parametrize("slices", [False, True])
def test_requests_together_cost_the_sum_of_their_prices(slices: bool) -> None:
    model = MODEL._replace(card=MODEL.card._replace(slices=slices))
    use = policy(model, "5m", Selectors(), AT)
    meter = Meter(model, Selectors(), use)
    sizes = [(TIER - 1, 0), (TIER, 500), (TIER + 1, TIER), (3 * TIER, 2 * TIER), (0, 0)]
    rows = [
        (Request(0, "main", sent, read, sent - read, 77, 5, sent), AT + gap) for sent, read in sizes for gap in (0, 900)
    ]
    assert meter.together(rows) == sum(meter.single(request, at) for request, at in rows)


def test_the_generator_is_splitmix64() -> None:
    # The first words for the seed 1234567, as published with the generator (prng.di.unimi.it/splitmix64.c).
    generator = Generator(1234567)
    assert [generator.word() for _ in range(5)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_percentiles_are_by_nearest_rank() -> None:
    numbers = [Fraction(number) for number in (15, 20, 35, 40, 50)]
    # The example of en.wikipedia.org/wiki/Percentile: of five values the 5th, 30th, 40th, 50th and 100th.
    assert [percentile(numbers, each) for each in (5, 30, 40, 50, 100)] == [15, 20, 20, 35, 50]


def test_prices_of_the_test_are_those_of_the_engine() -> None:
    usage = {"input_tokens": 9001, "cache_read_tokens": 8000, "cache_write_1h_tokens": 1001, "output_tokens": 100}
    # 8,000 x 0.6 + 1,001 x 12 + 100 x 22.5 = 4,800 + 12,012 + 2,250
    assert price(MODEL, usage, Selectors(), AT).total == Fraction(19_062, 1_000_000)
