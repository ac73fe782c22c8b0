"""A conversation as a chat template writes it: special tokens, and between them text that joins over its pieces.

Content is counted elsewhere, so what a template adds is the count of each run of text less the counts of the content in
it. Of long content only its edges are looked at, as far as places where a text may be cut: what lies between counts the
same alone and in a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tokencli.framing.rule import Tokens

EDGE = 256
"""Characters at the edge of a text in which a place to cut is looked for, before it is taken whole."""


class Content(NamedTuple):
    """Content as a template shows it: all of it, or its two edges; "" where it is left out.

    `credit` are the tokens that it (or its edges, where only these are shown) was counted as.
    """

    shown: tuple[str, ...]
    credit: int


Atom = str | Content


class Run(NamedTuple):
    """A special token, or text between two of them, and what it is for, in words."""

    what: str
    atoms: tuple[Atom, ...]
    special: bool = False


class Page:
    """Takes in what a template writes, one thing after the other. `marks`, with one group, match special tokens."""

    def __init__(self, marks: re.Pattern[str]) -> None:
        self.runs: list[Run] = []
        self._marks = marks

    def write(self, what: str, *atoms: Atom) -> None:
        """Write fixed text and content; a special token in either is one, as tokenizers see no difference."""
        for atom in atoms:
            shown, credit = ((atom,), 0) if isinstance(atom, str) else atom
            if len(shown) > 1:
                self._put(what, Content(shown, credit), special=False)
                continue
            for at, piece in enumerate(self._marks.split(shown[0])):
                special = bool(at % 2)
                fixed = special or isinstance(atom, str) or not (piece or credit)
                self._put(what, piece if fixed else Content((piece,), credit), special=special)
                credit = 0 if not special else credit

    def _put(self, what: str, atom: Atom, *, special: bool) -> None:
        if special or not self.runs or self.runs[-1].special:
            if atom != "":
                self.runs.append(Run(what, (atom,), special))
        else:
            last = self.runs[-1]
            self.runs[-1] = last._replace(atoms=(*last.atoms, atom))


def held(text: str, tokens: Tokens, marks: re.Pattern[str], *, whole: bool) -> Content:
    """A text as content: its edges with what they count; all of it where it is short, has special tokens in it, or is
    asked for `whole`."""
    if not whole and len(text) > EDGE and not marks.search(text):
        start, end = _start(text, tokens.cut), _end(text, tokens.cut)
        if len(start) + len(end) <= len(text):
            return Content((start, end), tokens.count(start) + tokens.count(end))
    return Content((text,), tokens.count(text))


def trimmed_start(content: Content) -> Content:
    """The same without white space at its beginning."""
    return content._replace(shown=(content.shown[0].lstrip(), *content.shown[1:]))


def trimmed_end(content: Content) -> Content:
    """The same without white space at its end."""
    return content._replace(shown=(*content.shown[:-1], content.shown[-1].rstrip()))


def without_line_ends(content: Content) -> Content:
    """The same without line feeds at its beginning."""
    return content._replace(shown=(content.shown[0].lstrip("\n"), *content.shown[1:]))


def is_empty(contents: Sequence[Content]) -> bool:
    """Whether nothing is shown of these."""
    return not any(piece for content in contents for piece in content.shown)


def excess(run: Run, count: Callable[[str], int]) -> int:
    """Tokens of a run less those of the content in it."""
    if run.special:
        return 1
    total, text = 0, ""
    for atom in run.atoms:
        if isinstance(atom, str):
            text += atom
            continue
        total -= atom.credit
        first, *rest = atom.shown
        text += first
        for piece in rest:
            total, text = total + count(text), piece
    return total + count(text)


def written(run: Run) -> str:
    """The text of a run whose content is shown whole."""
    return "".join(atom if isinstance(atom, str) else "".join(atom.shown) for atom in run.atoms)


def _start(text: str, cut: re.Pattern[str]) -> str:
    """The beginning of a text up to a place where it may be cut; all of it where there is none."""
    if len(text) <= EDGE:
        return text
    found = cut.search(text, 16 + len(text) - len(text.lstrip()))
    return text[: found.start()] if found else text


def _end(text: str, cut: re.Pattern[str]) -> str:
    """The end of a text from a place where it may be cut; all of it where there is none."""
    size = EDGE
    while size < len(text):
        places = [match.start() for match in cut.finditer(text, len(text) - size)]
        # The first place in view has no left side to look at.
        if len(places) > 1 and text[places[1] :].strip():
            return text[places[1] :]
        size *= 8
    return text
