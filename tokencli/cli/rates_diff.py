"""`tok rates diff`: what one set of rate cards says otherwise than another."""

from __future__ import annotations

from typing import Annotated

import typer

from tokencli.cli import parameters as p
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD
from tokencli.cli.showing import Answer, show

Before = Annotated[str, typer.Argument(metavar="A", help="A rate card or a folder of them: as it was.")]
After = Annotated[str, typer.Argument(metavar="B", help="A rate card or a folder of them: as it is.")]


def diff(context: typer.Context, before: Before, after: After, output: p.Output = None) -> int:
    """Say in words how the rate cards in B differ from those in A: prices up and down, from when, and what else.

    Compared are prices with their dates, conditions and multipliers, names, limits, windows and the heads of cards.
    Sources, notes and the days on which prices were checked are not. The exit code is 0 whatever is found.
    """
    from tokencli.rates import changes, sets

    state = context.find_object(State) or State()
    settings = state.settings()
    report = changes.compare(sets.cards_at(before), sets.cards_at(after), (before, after))
    return show(Answer("price_changes", report, 0, None if output == STANDARD else output), settings, state)
