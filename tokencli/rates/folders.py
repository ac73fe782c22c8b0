"""Where the cards that ship lie."""

from __future__ import annotations

from os.path import abspath, dirname, isdir, join


def shipped() -> str:
    """The folder of the cards and their schema: inside the installed package, or beside it in a checkout."""
    package = dirname(dirname(abspath(__file__)))
    inside = join(package, "ratecards")
    return inside if isdir(inside) else join(dirname(package), "ratecards")
