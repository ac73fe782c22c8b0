"""A conversation as a chat template writes it: special tokens, and between them text that joins over its pieces.

Content is counted elsewhere, so what a template adds is the count of each run of text less the counts of the content in
it. Of long content only its edges are looked at, as far as places where a text may be cut: what lies between counts the
same alone and in a run. An edge with nothing beside it, or something that may be cut off, counts as it did alone, so
that it is not counted at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tokencli.framing.rule import Tokens

EDGE = 256
"""Characters of a text that is looked at whole."""
NEAR = 16
"""Characters at the beginning of a longer text after which a place to cut is looked for; twice as many at its end."""


class Content(NamedTuple):
    """Content as a template shows it: all of it, or its two edges; "" where it is left out.

    `counted` are the texts as which it (or its edges, where only these are shown) was counted.
    """

    shown: tuple[str, ...]
    counted: tuple[str, ...]


Atom = str | Content


class Run(NamedTuple):
    """A special token, or text between two of them, and what it is for, in words."""

    what: str
    atoms: list[Atom]
    special: bool = False


class Page:
    """Takes in what a template writes, one thing after the other. `marks`, with one group, match special tokens."""

    def __init__(self, marks: re.Pattern[str]) -> None:
        self.runs: list[Run] = []
        self._marks = marks
        self._fixed: dict[str, list[str]] = {}

    def write(self, what: str, *atoms: Atom) -> None:
        """Write fixed text and content; a special token in either is one, as tokenizers see no difference."""
        for atom in atoms:
            if isinstance(atom, str):
                pieces = self._fixed.get(atom)
                if pieces is None:
                    pieces = self._fixed[atom] = self._marks.split(atom)
                for at, piece in enumerate(pieces):
                    self._put(what, piece, special=bool(at % 2))
            elif len(atom.shown) > 1:
                self._put(what, atom, special=False)
            else:
                self._write_whole(what, atom)

    def _write_whole(self, what: str, content: Content) -> None:
        """Write content that is shown whole; what it was counted as stands with its first piece."""
        first, *rest = self._marks.split(content.shown[0])
        self._put(what, Content((first,), content.counted) if first or content.counted else "", special=False)
        for at, piece in enumerate(rest):
            special = at % 2 == 0
            self._put(what, Content((piece,), ()) if piece and not special else piece, special=special)

    def _put(self, what: str, atom: Atom, *, special: bool) -> None:
        if atom == "":
            return
        if special or not self.runs or self.runs[-1].special:
            self.runs.append(Run(what, [atom], special))
        else:
            self.runs[-1].atoms.append(atom)


def held(text: str, tokens: Tokens, marks: re.Pattern[str], *, whole: bool) -> Content:
    """A text as content: its edges; all of it where it is short, has special tokens in it, or is asked for `whole`."""
    if not whole and len(text) > EDGE and not marks.search(text):
        start, end = _start(text, tokens.cut), _end(text, tokens.cut)
        if len(start) + len(end) <= len(text):
            return Content((start, end), (start, end))
    return Content((text,), (text,) if text else ())


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


def excess(run: Run, cut: re.Pattern[str]) -> dict[str, int]:
    """Texts, and how many times each: their tokens are those of a run of text less those of the content in it."""
    found: dict[str, int] = {}
    text = ""
    for atom in run.atoms:
        first, *rest = (atom,) if isinstance(atom, str) else atom.shown
        joined = text + first
        if text and _may_be_cut(joined, len(text), cut):
            found[text] = found.get(text, 0) + 1
            text = first
        else:
            text = joined
        for piece in rest:
            found[text] = found.get(text, 0) + 1
            text = piece
        if not isinstance(atom, str):
            for counted in atom.counted:
                found[counted] = found.get(counted, 0) - 1
    found[text] = found.get(text, 0) + 1
    return {text: times for text, times in found.items() if times}


def _may_be_cut(text: str, place: int, cut: re.Pattern[str]) -> bool:
    """Whether a run may be cut there. What patterns say of a line feed after other text holds of one at the start of a
    run too, as it stands after a special token."""
    if text[:place] == "\n":
        return cut.match(f">{text}", place + 1) is not None
    return cut.match(text, place) is not None


def written(run: Run) -> str:
    """The text of a run whose content is shown whole."""
    return "".join(atom if isinstance(atom, str) else "".join(atom.shown) for atom in run.atoms)


def _start(text: str, cut: re.Pattern[str]) -> str:
    """The beginning of a text up to a place where it may be cut; all of it where there is none."""
    if len(text) <= EDGE:
        return text
    found = cut.search(text, NEAR + len(text) - len(text.lstrip()))
    return text[: found.start()] if found else text


def _end(text: str, cut: re.Pattern[str]) -> str:
    """The end of a text from a place where it may be cut; all of it where there is none."""
    size = 2 * NEAR
    while size < len(text):
        found = cut.search(text, len(text) - size)
        if found and text[found.start() :].strip():
            return text[found.start() :]
        size *= 2
    return text
