"""`tok tokenizers compare`: how economical encodings are with given files."""

from __future__ import annotations

from typing import Annotated

import typer

from tokencli import fertility
from tokencli.cli import parameters as p
from tokencli.cli.columns import columns
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD
from tokencli.cli.reading import read_text
from tokencli.cli.showing import Answer, show
from tokencli.encoders import column, own
from tokencli.errors import TokError

Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="Files to count; - is standard input.")]


def compare(
    context: typer.Context,
    files: Files,
    model: p.Models = None,
    encoding: p.Encodings = None,
    as_: p.As = None,
    output: p.Output = None,
) -> int:
    """Compare encodings over files: tokens, per word, character and byte, and per character of each script.

    Without -e and -m: the newest encoding of each maker, and your own tokenizers. PREMIUM is what an encoding needs
    more than the best one. A script's column gives tokens per character of its runs: stretches of its letters with at
    most three blanks or marks of punctuation between, counted one by one. CODE is files of code by their name, and
    fenced blocks in Markdown, which give no runs of other scripts. Words are what stands between white space, so for
    Chinese and Japanese look at characters.
    """
    state = context.find_object(State) or State()
    settings = state.settings({"model": model, "encoding": encoding})
    chosen = [column(name) for name in (*fertility.DEFAULT, *own.names())]
    if model or encoding:
        chosen = list(columns(settings, state.order)[0])
    texts = [(path, read_text(path, None, as_text=as_ == "text")) for path in files]
    if not any(text for _, text in texts):
        raise TokError("there is nothing in these files to compare by", hint="name files of text", code="nothing")
    report = fertility.compare(texts, chosen)
    return show(Answer("fertility", report, 0, None if output == STANDARD else output), settings, state)
