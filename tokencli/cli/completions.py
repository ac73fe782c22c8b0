"""`tok completions`: the completion script of a shell."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from tokencli.cli import parameters as p
from tokencli.cli.options import State
from tokencli.cli.output import write_envelope, write_text

Shell = Annotated[
    Literal["bash", "zsh", "fish", "powershell"], typer.Argument(metavar="SHELL", help="bash, zsh, fish, powershell.")
]


def completions(context: typer.Context, shell: Shell, output: p.Output = None) -> int:
    """Print the completion script of a shell: bash, zsh, fish or powershell.

    bash: eval "$(tok completions bash)" in ~/.bashrc. zsh: save it as _tok in a folder of $fpath. fish: save it as
    ~/.config/fish/completions/tok.fish. PowerShell: tok completions powershell | Out-String | Invoke-Expression.
    """
    from tokencli.cli.shells import script

    text = script(shell)
    state = context.find_object(State) or State()
    if state.settings()["format"].value == "json":
        write_envelope("completions", {"shell": shell, "script": text}, 0, path=output)
    else:
        write_text(text, output)
    return 0
