"""Modules of third parties, named in the user's own settings, and imported only when their kind is needed.

A project's file never names any: it comes with whatever tree is looked at, and would have its code run.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from tokencli.errors import ExitCode, TokError


def load(names: Sequence[str], kind: str, members: Sequence[str]) -> list[ModuleType]:
    """The modules among `names` that define all `members`, by which a kind is known; others are of another kind.

    TokError (usage) for one that cannot be imported, whatever it raises, and for one with only some of the members.
    """
    found = []
    for name in names:
        try:
            module = import_module(name)
        except Exception as error:
            message = f"plugins: {name} cannot be imported ({type(error).__name__}: {error})"
            hint = "install it where tok is installed, or take it out of the user's settings"
            raise TokError(message, hint=hint, code="plugin", exit=ExitCode.USAGE) from error
        missing = [member for member in members if not hasattr(module, member)]
        if not missing:
            found.append(module)
        elif len(missing) < len(members):
            message = f"plugins: {name} is no {kind}: it has no {', '.join(missing)}"
            raise TokError(message, hint="CONTRIBUTING.md shows one", code="plugin", exit=ExitCode.USAGE)
    return found
