"""`tok models`: which models there are, how each is counted, what it holds and what it costs."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Annotated, Literal

import typer

from tokencli.cli import parameters as p
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD
from tokencli.cli.showing import Answer, show
from tokencli.errors import usage_error
from tokencli.listing import Wanted
from tokencli.listing import models as listed
from tokencli.usage.instants import instant

Words = Annotated[list[str] | None, typer.Argument(metavar="[WORD]...", help="Only models with these in their name.")]
Provider = Annotated[str, typer.Option("--provider", metavar="NAME", help="Only at this seller.")]
Maker = Annotated[str, typer.Option("--maker", metavar="NAME", help="Only models of this maker, whoever sells them.")]
Currency = Annotated[str, typer.Option("--currency", metavar="CODE", help="Only prices in this currency.")]
MaxInput = Annotated[
    str | None, typer.Option("--max-input", metavar="N", help="Input at most N per 1,000,000, in the card's currency.")
]
MinWindow = Annotated[
    int | None, typer.Option("--min-window", metavar="N", min=1, help="A window of N tokens or more.")
]
Exact = Annotated[bool, typer.Option("--exact", help="Only models whose tokens are counted exactly.")]
Priced = Annotated[bool, typer.Option("--priced", help="Only models that have a price.")]
Retired = Annotated[Literal["no", "only", "all"], typer.Option("--retired", help="List models that are retired.")]
Everybody = Annotated[bool, typer.Option("--all", help="Also where others than the maker sell them.")]
At = Annotated[str | None, typer.Option("--at", metavar="INSTANT", help="Prices of then: 2026-11-21T09:30:00Z.")]
Ratecard = Annotated[
    list[str] | None,
    typer.Option("--ratecard", metavar="PATH", help="Cards that go before all others: file or folder (repeatable)."),
]


def models(
    context: typer.Context,
    words: Words = None,
    provider: Provider = "",
    maker: Maker = "",
    currency: Currency = "",
    max_input: MaxInput = None,
    min_window: MinWindow = None,
    exact: Exact = False,
    priced: Priced = False,
    retired: Retired = "no",
    everybody: Everybody = False,
    at: At = None,
    ratecard: Ratecard = None,
    output: p.Output = None,
) -> int:
    """List models with their prices of now, or of --at, limits, encoding and how exactly they are counted.

    Prices are per 1,000,000 tokens of text, in a short request of no special tier; -- is what is not known. A model is
    listed at its maker; `--all` or `--provider` shows it where others sell it.
    """
    state = context.find_object(State) or State()
    settings = state.settings()
    moment = int(time.time()) if at is None else instant(at)
    wanted = Wanted(
        words=tuple(words or ()),
        provider=provider.lower(),
        maker=maker.lower(),
        currency=currency.upper(),
        max_input=None if max_input is None else _price(max_input),
        min_window=min_window,
        exact=exact,
        priced=priced,
        retired=retired,
        everybody=everybody,
    )
    report = listed(state.cards(ratecard or ()), wanted, moment, _day(moment))
    return show(Answer("models", report, 0, None if output == STANDARD else output), settings, state)


def _price(text: str) -> Decimal:
    """The number of --max-input, exactly as typed."""
    whole, _, fraction = text.partition(".")
    if not (whole + fraction).isdecimal() or not text.isascii():
        raise usage_error(f"--max-input: {text!r} is no price", "write a number such as 2.5")
    return Decimal(text)


def _day(moment: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(moment))
