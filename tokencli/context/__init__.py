"""The standing context of agents: what each of them loads from a tree of files, and when. Pure but for `Tree.read`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from tokencli.context import rules
from tokencli.context.agents import AGENTS, Agent, Place
from tokencli.context.frontmatter import split
from tokencli.context.imports import Import, imports, without_comments
from tokencli.context.pieces import Known, Piece, Standing, capped, once, pieces_of
from tokencli.context.servers import Server, loose_json, saved_at, servers, tools
from tokencli.context.tree import Tree, above
from tokencli.errors import TokError
from tokencli.model import Document, Problem, Skipped
from tokencli.model.context import Kind, Load
from tokencli.model.transcript import Tool

__all__ = ["AGENTS", "Agent", "Known", "Piece", "Standing", "Tree", "gather", "pieces_of"]

TOO_LONG = 12_000
"""Characters of a Windsurf rule, by its documents."""

NOTED = 50
"""So many notes about the files of an agent are told one by one."""


def gather(agent: Agent, tree: Tree, user: Tree | None = None, known: Known | None = None) -> Standing:
    """What the agent loads where it starts, and with `user` what the person who runs it has in the home folder.

    `known` are tools of servers; of others they are looked for where they are saved, and else the server is not known.
    """
    here = _Gathering(agent, tree)
    for name in agent.servers:
        here.take_servers(name, known or {})
    here.take(agent.places)
    parts = [here]
    if user is not None:
        mine = _Gathering(agent, user)
        mine.take(agent.user)
        for name in agent.user_servers:
            mine.take_servers(name, known or {})
        parts.append(mine)
    pieces = [piece for part in parts for piece in part.pieces]
    notes = [note for part in parts for note in part.notes]
    if agent.cap is not None:
        pieces = capped(pieces, agent.cap, notes)
    if agent.once:
        pieces = once(pieces)
    return Standing(
        agent,
        tuple(pieces),
        tuple(skipped for part in parts for skipped in part.skipped),
        tuple(problem for part in parts for problem in part.problems),
        _few(dict.fromkeys(notes)),
        tuple(server for part in parts for server in part.servers),
    )


def _few(notes: Iterable[str]) -> tuple[str, ...]:
    """The notes, of very many the first and how many more there are."""
    found = tuple(notes)
    return found if len(found) <= NOTED else (*found[:NOTED], f"and {len(found) - NOTED:,} more such notes")


class _Gathering:
    """One agent in one tree."""

    def __init__(self, agent: Agent, tree: Tree) -> None:
        self.agent = agent
        self.tree = tree
        self.pieces: list[Piece] = []
        self.skipped: list[Skipped] = []
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.servers: list[Server] = []
        self._loaded: set[str] = set()
        folders = above(tree.start)
        self._folders = {"above": folders, "ends": list(dict.fromkeys((folders[0], folders[-1]))), "here": folders[-1:]}

    def take(self, places: Sequence[Place]) -> None:
        """Everything in these places."""
        for place in places:
            if place.fallback and any(self._stands(piece) for piece in self.pieces):
                continue
            place = place._replace(globs=self._names() or place.globs) if place.form == "gemini" else place
            for folder in self._folders[self.agent.reach]:
                for path in self._fitting(place, folder):
                    self._take_file(place, path, folder)
            if place.nested:
                for path, folder in self._below(place):
                    self._take_nested(place, path, folder)

    def _show(self, path: str) -> str:
        """The path as people see it: from the folder where the agent starts."""
        start = self.tree.start
        return self.tree.label + (path[len(start) :] if path.startswith(start) else posixpath.relpath(path, start))

    def _stands(self, piece: Piece) -> bool:
        return piece.kind == "instructions" and piece.load != "demand"

    def _names(self) -> tuple[str, ...]:
        """The names of context files that a project's settings of Gemini CLI give."""
        data = self._bytes(".gemini/settings.json")
        try:
            values = loose_json(data) if data else {}
        except ValueError:
            return ()
        wanted = values.get("context", {}) if isinstance(values, dict) else {}
        names = wanted.get("fileName") if isinstance(wanted, dict) else None
        names = [names] if isinstance(names, str) else names if isinstance(names, list) else []
        return tuple(name for name in names if isinstance(name, str) and "*" not in name)

    def _fitting(self, place: Place, folder: str) -> list[str]:
        """The files of a place in a folder, in the order of its globs."""
        found: dict[str, None] = {}
        for glob in place.globs:
            fits = _compiled(glob).fullmatch
            for path in self.tree.paths:
                if path.startswith(folder) and fits(path, len(folder)):
                    found.setdefault(path)
            if place.first and any(self._has_text(path) for path in found):
                break
        return list(found)

    def _has_text(self, path: str) -> bool:
        try:
            data = self.tree.read(path)
        except TokError:
            return True
        return data is None or bool(data.strip())

    def _below(self, place: Place) -> Iterator[tuple[str, str]]:
        """The files of a place in the folders below the one where the agent starts, with their folders."""
        start = self.tree.start
        for glob in place.globs:
            fits = re.compile(rf"((?:[^/]+/)+?){_compiled(glob).pattern}", re.DOTALL).fullmatch
            for path in self.tree.paths:
                found = fits(path, len(start)) if path.startswith(start) else None
                if found and path not in self._loaded:
                    yield path, start + found[1]

    def _take_nested(self, place: Place, path: str, folder: str) -> None:
        """A file that is loaded when the agent works in its folder, with what it imports."""
        before = len(self.pieces)
        self._take_file(place, path, folder)
        why = f"when working in {self._show(folder)}"
        self.pieces[before:] = [
            piece._replace(load="demand", remark=f"{why}; {piece.remark}" if piece.remark else why)
            if piece.load == "always"
            else piece
            for piece in self.pieces[before:]
        ]

    def _take_file(self, place: Place, path: str, folder: str) -> None:
        if path in self._loaded:
            return
        self._loaded.add(path)
        text = self._text(place.kind, path)
        if text is None:
            return
        if place.form in ("claude", "gemini"):
            self._take_importing(place, path, text)
        elif place.form == "listed":
            self._take_listed(place, path, text)
        else:
            self._take_rule(place, path, text)

    def _take_rule(self, place: Place, path: str, text: str) -> None:
        read = rules.read(place.form, text)
        shown = self._show(path)
        if read.listed:
            self.pieces.append(
                Piece(place.kind, shown, "always", (f"{path}: {read.listed}",), "its description", file=path)
            )
        remark = read.remark
        if place.form == "windsurf-rule" and len(text) > TOO_LONG:
            self.notes.append(f"{shown}: longer than the {TOO_LONG:,} characters of a rule")
        if place.form == "claude-rule":
            self._take_importing(place, path, read.text, read.load, remark)
        else:
            self.pieces.append(Piece(place.kind, shown, read.load, (read.text,), remark, file=path))

    def _take_importing(self, place: Place, path: str, text: str, load: Load = "always", remark: str = "") -> None:
        """A file and what it imports, which comes before it."""
        if self.agent.skips is not None and len(text.encode()) > self.agent.skips:
            self.notes.append(
                f"{self._show(path)}: over {self.agent.skips >> 20} MiB, which {self.agent.title} does not load"
            )
            return
        if self.agent.name == "claude" and place.kind == "instructions":
            text = without_comments(text)
        self._follow(path, text, (path,), load)
        self.pieces.append(Piece(place.kind, self._show(path), load, (text,), remark, file=path))

    def _follow(self, path: str, text: str, chain: tuple[str, ...], load: Load) -> None:
        """Load what a text imports, and what that does; each file once."""
        for one in imports(text, posixpath.dirname(path) + "/" if "/" in path else ""):
            shown = self._show(path)
            if one.path is None:
                remark = f"imported by {shown}, lies outside"
                self.pieces.append(Piece("import", f"@{one.written}", "unknown", remark=remark))
            elif one.path in chain:
                ring = " -> ".join(map(self._show, (*chain[chain.index(one.path) :], one.path)))
                self.notes.append(f"{ring}: imports in a circle; each is loaded once")
            elif one.path not in self._loaded:
                self._take_import(one, shown, chain, load)

    def _take_import(self, one: Import, importer: str, chain: tuple[str, ...], load: Load) -> None:
        path = str(one.path)
        data = self._bytes(path, kind="import")
        if data is None:
            if one.looks_like_a_path and not self._failed(path):
                self.notes.append(f"{importer}: imports @{one.written}, which is not there")
            return
        if len(chain) > self.agent.hops:
            self.notes.append(f"{importer}: @{one.written} is not loaded, {self.agent.hops} imports deep is the limit")
            return
        self._loaded.add(path)
        text = self._decoded(path, data)
        if text is None:
            return
        self._follow(path, text, (*chain, path), load)
        self.pieces.append(Piece("import", self._show(path), load, (text,), f"imported by {importer}", file=path))

    def _take_listed(self, place: Place, path: str, text: str) -> None:
        """A skill, command or sub-agent: its name and description, and the rest when it is used."""
        shown = self._show(path)
        front, body = split(text)
        listed = rules.listing(place.kind, path, front, body, self.agent.longest)
        if listed and self.agent.lists_paths:
            listed = listed._replace(after=f" (file: {path})")
        if listed:
            remark = "name and description" if listed.about else "name"
            self.pieces.append(Piece(place.kind, shown, "always", (listed.text(),), remark, entry=listed, file=path))
        what = "its text" if listed else "its text, only when a person asks for it"
        self.pieces.append(Piece(place.kind, shown, "demand", (body,), what, file=path))
        if place.kind == "skill":
            self._take_further(path)

    def _take_further(self, path: str) -> None:
        """The other files of a skill, together."""
        folder = path[: path.rfind("/") + 1]
        others = [other for other in self.tree.paths if other.startswith(folder) and other != path]
        texts = [text for other in others if (text := self._further(other)) is not None]
        if texts:
            number = "1 further file" if len(texts) == 1 else f"{len(texts):,} further files"
            self.pieces.append(Piece("skill", self._show(folder), "demand", tuple(texts), number))

    def _further(self, path: str) -> str | None:
        """The text of a file that nothing loads by itself: one that cannot be read is skipped."""
        try:
            data = self.tree.read(path)
        except TokError as error:
            self.skipped.append(Skipped(self._show(path), error.code))
            return None
        return None if data is None else self._decoded(path, data)

    def take_servers(self, place: tuple[str, str], known: Known) -> None:
        """The servers of a configuration file, with the tools that are known of them."""
        name, key = place
        for folder in self._folders[self.agent.reach]:
            data = self._bytes(folder + name)
            if data is None:
                continue
            try:
                found = servers(folder + name, data, key, self.notes)
            except TokError as error:
                self.problems.append(Problem(error.code, error.message, error.hint))
                continue
            for server in found:
                self._take_server(server, known)

    def _take_server(self, server: Server, known: Known) -> None:
        self.servers.append(server)
        shown = f"{server.name} ({self._show(server.path)})"
        if server.off:
            self.notes.append(f"{shown}: switched off, not counted")
            return
        listed, file = known.get(server.name), ""
        if listed is None:
            listed, file = self._saved(server), saved_at(server.path, server.name) or ""
        if listed is None:
            remark = f"no saved tools/list: --tools {server.name}=FILE, or --run {server.name}"
            self.pieces.append(Piece("server", shown, "unknown", remark=remark))
            return
        made = pieces_of(self.agent, server.name, listed, shown, always=server.always)
        self.pieces += [piece._replace(file=file) for piece in made]

    def _saved(self, server: Server) -> list[Tool] | None:
        path = saved_at(server.path, server.name)
        data = self._bytes(path) if path else None
        if path is None or data is None:
            return None
        try:
            return tools(self._show(path), data, self.notes)
        except TokError as error:
            self.problems.append(Problem(error.code, error.message, error.hint))
            return None

    def _text(self, kind: Kind, path: str) -> str | None:
        data = self._bytes(path, kind)
        return None if data is None else self._decoded(path, data)

    def _bytes(self, path: str, kind: Kind | None = None) -> bytes | None:
        """The bytes of a file; what cannot be read is said once, of a kind that is loaded as something not known."""
        try:
            return self.tree.read(path)
        except TokError as error:
            if not self._failed(path):
                self._refuse(path, kind, error)
            return None

    def _refuse(self, path: str, kind: Kind | None, error: TokError) -> None:
        if error.code != "outside":
            self.problems.append(Problem(error.code, error.message, error.hint))
            return
        shown = self._show(path)
        self.skipped.append(Skipped(shown, "outside"))
        if kind is not None:
            self.pieces.append(Piece(kind, shown, "unknown", remark="a link that leads out of the tree"))

    def _failed(self, path: str) -> bool:
        return any(problem.message.startswith(f"{path}:") for problem in self.problems) or any(
            skipped.path == self._show(path) for skipped in self.skipped
        )

    def _decoded(self, path: str, data: bytes) -> str | None:
        """The text of bytes; None for what is no text, which is skipped."""
        from tokencli.sources.text import read

        text = read(Document(path, len(data), data=data))
        if text.kind != "text":
            self.skipped.append(Skipped(self._show(path), text.kind))
            return None
        self.notes += [f"{self._show(path)}: {warning}" for warning in text.warnings]
        return "".join(text.chunks())


@lru_cache(maxsize=256)
def _compiled(glob: str) -> re.Pattern[str]:
    """A glob as an expression: `**/` is any folders, `*` anything in a name."""
    kinds: dict[str, Callable[[], str]] = {"**/": lambda: "(?:[^/]+/)*", "*": lambda: "[^/]*"}
    parts = re.split(r"(\*\*/|\*)", glob)
    return re.compile("".join(kinds[part]() if part in kinds else re.escape(part) for part in parts), re.DOTALL)
