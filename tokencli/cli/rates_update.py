"""`tok rates update`: rate cards from an address that is named, shown first, and written only when that is asked."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tokencli.cli.options import State, today
from tokencli.cli.output import complain, write_envelope, write_text
from tokencli.errors import ExitCode, TokError
from tokencli.formats.wording import plural, printable, size

if TYPE_CHECKING:
    from tokencli.model.price_changes import PriceChanges
    from tokencli.rates.updating import Fetched, Update

From = Annotated[str, typer.Option("--from", metavar="URL", help="Address of a card in YAML, or a zip or tar of them.")]
Sha256 = Annotated[str, typer.Option("--sha256", metavar="HEX", help="Take it only with this checksum.")]
Force = Annotated[bool, typer.Option("--force", help="Write a set, too, that has far fewer models than before.")]
Yes = Annotated[bool, typer.Option("--yes", help="Write the cards; without this they are only shown.")]


def update(context: typer.Context, url: From, sha256: Sha256 = "", force: Force = False, yes: Yes = False) -> int:
    """Fetch rate cards from an address, show what they change, and with --yes write them to your own folder of cards.

    There is no default address. The checksum is always shown; with --sha256 nothing else is taken. A set that has less
    than 80 percent of a provider's models in the last one is refused without --force. Prices that held before stay for
    their time, a price without a date holds from today, and what you wrote yourself is never touched: the cards go into
    the folder `imported` of your own folder, behind it.
    """
    from tokencli.config import user_ratecards
    from tokencli.rates import changes, layers, open_cards, precedence, sets, updating
    from tokencli.rates.folders import shipped
    from tokencli.rates.read import instant

    state = context.find_object(State) or State()
    settings = state.settings()
    fetched = updating.fetch(url, time.monotonic, sha256)
    new = updating.cards_in(fetched)
    folder = os.path.join(user_ratecards(state.environ), precedence.IMPORTED)
    installed = sets.cards_at(folder) if os.path.isdir(folder) and layers.card_files(folder) else []
    start = instant(today().isoformat())
    plan = updating.planned(new, installed, list(open_cards(shipped(), [], None).models()), start)
    report = changes.compare(plan.before, list(plan.cards.values()), ("the cards of today", fetched.address))
    if plan.shrunk and not force:
        hint = "look at the address; --force takes it nevertheless"
        message = f"{fetched.address}: far fewer models than before: {', '.join(plan.shrunk)}"
        raise TokError(message, hint=hint, code="shrunk", exit=ExitCode.NO)
    written = updating.write(plan, folder) if yes else []
    if settings["format"].value == "json":
        write_envelope("rates update", _object(fetched, plan, report, folder, written), 0)
        return 0
    _tell(fetched, plan, report, folder, written)
    return 0


def _object(fetched: Fetched, plan: Update, report: PriceChanges, folder: str, written: list[str]) -> dict[str, Any]:
    from tokencli.formats.price_changes.json import change_object

    return {
        "address": fetched.address,
        "bytes": len(fetched.data),
        "sha256": fetched.sha256,
        "providers": sorted(plan.cards),
        "models": plan.models,
        "kept": plan.kept,
        "folder": folder,
        "written": written,
        "changes": [change_object(change) for change in report.changes],
    }


def _tell(fetched: Fetched, plan: Update, report: PriceChanges, folder: str, written: list[str]) -> None:
    from tokencli.formats import View, load

    parts = [f"{printable(fetched.address)}: {size(len(fetched.data))}, sha256 {fetched.sha256}\n"]
    load("price_changes", "table")(report, View(), parts.append)
    kept = f"; {plural(plan.kept, 'model')} it no longer has stay" if plan.kept else ""
    parts.append(f"{plural(len(plan.cards), 'card')}, {plural(plan.models, 'model')}{kept}\n")
    parts += [f"wrote {printable(path)}\n" for path in written]
    write_text("".join(parts))
    if not written:
        again = f"tok rates update --from URL --sha256 {fetched.sha256} --yes"
        complain(f"note: nothing is written to {printable(folder)} yet; write this very set: {again}")
