"""The standing context of agents as one unit of the gate: what each of them always loads, on both sides of a change.

A rule with `paths = "context"` speaks of it. Files are read from git's store, links resolved inside the tree, and no
server is ever started: its tools count where they are saved, and else it is named.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from tokencli import comparing, gate
from tokencli.context import AGENTS, Standing, Tree, gather
from tokencli.context.measure import measure
from tokencli.errors import TokError
from tokencli.git.changes import LINK, SUBMODULE, Entry, Pair
from tokencli.git.objects import LARGEST, Objects
from tokencli.model import Column, Problem
from tokencli.model.context import AgentContext
from tokencli.model.gate import Measured, Policy, Rule, Verdict
from tokencli.ruling import column_of, lying

if TYPE_CHECKING:
    from tokencli.spending.prices import Prices

HOPS = 8
"""So many links may lead to each other."""

Sides = tuple[list[Standing], list[Standing]]


class Found(NamedTuple):
    """What rules about the standing context say, what else was seen, and the files that are always loaded, each with
    the units that load it (`context/claude`)."""

    verdicts: list[Verdict]
    files: dict[str, set[str]]
    problems: list[Problem]
    notes: list[str]


def judge(
    objects: Objects,
    pairs: Sequence[Pair],
    rules: Sequence[Rule],
    policy: Policy,
    today: date,
    prices: Prices | None = None,
) -> Found:
    """The verdicts of the rules, one for each agent that loads something; `pairs` are every path of both sides, and
    `prices` are needed for rules that limit money."""
    found = Found([], {}, [], [])
    sides: dict[str, Sides] = {}
    for rule in rules:
        if rule.folder not in sides:
            sides[rule.folder] = (
                _loaded(objects, pairs, "base", rule.folder),
                _loaded(objects, pairs, "head", rule.folder),
            )
        _tell(sides[rule.folder], rule, policy, today, found)
        found.verdicts.extend(_judged(rule, sides[rule.folder], policy, today, prices, found))
    return found


def now(objects: Objects, pairs: Sequence[Pair], folder: str, column: Column) -> dict[str, int]:
    """The tokens that each agent always loads at the head where it starts in a folder, by its name."""
    agents = measure(_loaded(objects, pairs, "head", folder), [column])
    return {agent.agent: agent.always[0].high for agent in agents if agent.always[0].high}


def _judged(
    rule: Rule, sides: Sides, policy: Policy, today: date, prices: Prices | None, found: Found
) -> list[Verdict]:
    column = column_of(rule)
    base, head = ({agent.agent: agent for agent in measure(side, [column])} for side in sides)
    sums = [
        Measured(_unit(rule, name), _high(base.get(name)), _high(head.get(name)))
        for name in dict.fromkeys((*base, *head))
    ]
    if not sums:
        message = f"{rule.origin}: rule {rule.name}: no agent loads anything, neither now nor before"
        found.problems.append(Problem("idle-rule", message, "tok context shows what agents load; or remove the rule"))
    found.notes.extend(f"{_unit(rule, name)}: {note}" for name, agent in head.items() for note in agent.notes)
    # Judged one by one, as files are, and shown as the totals that they are.
    single = rule._replace(scope="file")
    verdicts = gate.judge(single, sums, policy, today, column=column)
    if prices is not None:
        verdicts += prices.judge(single, sums, today, column=column)
    return [
        verdict._replace(
            scope="total",
            verdict="over" if verdict.verdict == "new" else verdict.verdict,
            message=verdict.message.replace("a new file", "it loaded nothing before"),
        )
        for verdict in verdicts
    ]


def _unit(rule: Rule, agent: str) -> str:
    return f"{rule.folder}context/{agent}"


def _high(agent: AgentContext | None) -> int | None:
    return agent.always[0].high if agent is not None else None


def _tell(sides: Sides, rule: Rule, policy: Policy, today: date, found: Found) -> None:
    """What is not in the sums of the head, and what could not be read; no pass where the base's sums had it."""
    single = rule._replace(scope="file")
    before = {one.agent.name: {piece.path for piece in one.pieces if piece.load == "always"} for one in sides[0]}
    for one in sides[1]:
        unit = _unit(rule, one.agent.name)
        found.problems.extend(problem for problem in one.problems if problem not in found.problems)
        for piece in one.pieces:
            if piece.load == "always" and piece.file:
                found.files.setdefault(piece.file, set()).add(unit)
            if piece.load != "unknown":
                continue
            message = f"{unit}: {piece.path} is not known and not counted ({piece.remark})"
            if piece.path not in before.get(one.agent.name, ()):
                found.notes.append(message)
            elif said := gate.excuse(single, Verdict(rule.name, unit, "over", message), policy, today):
                found.notes.append(f"{message}; {said}")
            else:
                hint = "it was counted before: keep it, or change the rule or waive it in a change of its own"
                found.problems.append(Problem("not-measured", message, hint))


def _loaded(objects: Objects, pairs: Sequence[Pair], side: Literal["base", "head"], folder: str) -> list[Standing]:
    """What the agents load on a side, of those that load anything."""
    if side == "base":
        entries = {pair.old_path or pair.path: pair.base for pair in pairs if pair.base is not None}
    else:
        entries = {pair.path: pair.head for pair in pairs if pair.head is not None}
    files = _Files(objects, entries)
    tree = Tree(files.paths(), files.read, folder)
    return [found for found in (gather(agent, tree) for agent in AGENTS) if found.pieces or found.problems]


class _Files:
    """The files of one side, by their paths from the root."""

    def __init__(self, objects: Objects, entries: Mapping[str, Entry]) -> None:
        self._objects = objects
        self._entries = {path: entry for path, entry in entries.items() if entry.mode != SUBMODULE}
        links = (path for path, entry in self._entries.items() if entry.mode == LINK)
        self._links = {path: self._target(path) for path in links}

    def paths(self) -> tuple[str, ...]:
        """Every path, those below links to folders too."""
        found = set(self._entries)
        for link, target in self._links.items():
            if target is not None and target not in self._entries:
                below = f"{target}/"
                found.update(link + path[len(target) :] for path in self._entries if path.startswith(below))
        return tuple(sorted(found))

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; TokError `outside` for a link that leads out of the tree."""
        real = self._resolved(path)
        entry = self._entries.get(real)
        if entry is None:
            return None
        if not entry.blob:
            return lying(os.path.join(self._objects.repo.root, real))
        if self._objects.sizes([entry.blob]).get(entry.blob, 0) > LARGEST:
            message = f"{path}: larger than {LARGEST >> 20} MB"
            raise TokError(message, hint="no agent was meant to read it; move it elsewhere", code="too-large")
        return self._objects.read(entry.blob)

    def _resolved(self, path: str) -> str:
        for _ in range(HOPS):
            link = next((name for name in (path, *comparing.above(path)) if name in self._links), None)
            if link is None:
                return path
            target = self._links[link]
            if target is None:
                break
            path = target + path[len(link) :]
        raise TokError(f"{path}: leads out of the tree, and is not read", code="outside")

    def _target(self, path: str) -> str | None:
        """The path that a link leads to; None for one out of the tree."""
        blob = self._entries[path].blob
        try:
            written = self._objects.read(blob) if blob else os.readlink(os.path.join(self._objects.repo.root, path))
        except OSError:
            return None
        target = posixpath.join(posixpath.dirname(path), os.fsdecode(written))
        target = posixpath.normpath(target)
        return None if target.startswith(("/", "../")) or target in (".", "..") else target
