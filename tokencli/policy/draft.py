"""A first set of rules, from what a repository holds today."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tokencli.model.gate import STANDING

ROOM = 110
"""Per cent of what there is today that a first limit allows."""


class Group(NamedTuple):
    """Files that one rule is for: its name, the patterns of its files, and why they should have a limit."""

    name: str
    paths: tuple[str, ...]
    reason: str


GROUPS = (
    Group(
        "agent instructions",
        (
            *("AGENTS.md", "CLAUDE.md", "GEMINI.md", ".cursorrules", ".windsurfrules"),
            *("/.github/copilot-instructions.md", "/.github/instructions/**", "/.cursor/rules/**", "/.claude/rules/**"),
        ),
        "agents send them along with every request",
    ),
    Group("skills", ("SKILL.md", "/.claude/commands/**", "/.claude/agents/**"), "agents load them as they work"),
    Group(
        "prompts",
        ("**/prompts/**", "*.prompt", "*.prompt.*", "*.prompty"),
        "each call pays for them",
    ),
)
"""Where the prompts of a repository usually lie, in patterns that every such repository has by convention."""

CONTEXT = Group("standing context", STANDING, "agents are sent it before anybody says a word")
"""What each agent always loads, which is no group of files."""


def rule_tables(sizes: Mapping[str, Sequence[int]], standing: int, prefix: str, setting: str) -> str:
    """The rules of the groups that have files: for each group the tokens of its files, by its name.

    Every file may have what the largest has today, and all together what they have, with some room; and so may each
    agent always load what the one with most does, `standing`, 0 where none loads anything. `prefix` stands before
    `rules` in the headers; `setting` is a line that says how they count, "" where the settings say it.
    """
    blocks = []
    if standing:
        lines = [f"[[{prefix}rules]]", f"name = {json.dumps(CONTEXT.name)}", f'paths = "{CONTEXT.paths[0]}"']
        lines += [setting] if setting else []
        blocks.append(
            "\n".join([*lines, f"max_tokens = {rounded(standing)}", f"reason = {json.dumps(CONTEXT.reason)}"])
        )
    for group in GROUPS:
        tokens = sizes.get(group.name)
        if not tokens:
            continue
        paths = f"paths = {json.dumps(list(group.paths))}"
        reason = f"reason = {json.dumps(group.reason)}"
        for name, scope, most in (
            (group.name, "file", max(tokens)),
            (f"{group.name} together", "total", sum(tokens)),
        ):
            lines = [f"[[{prefix}rules]]", f"name = {json.dumps(name)}", paths]
            lines += [f'scope = "{scope}"'] if scope == "total" else []
            lines += [setting] if setting else []
            blocks.append("\n".join([*lines, f"max_tokens = {rounded(most)}", reason]))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def rounded(tokens: int) -> int:
    """The tokens with some room, rounded up to a number of two digits and zeros."""
    wanted = -(-tokens * ROOM // 100)
    step = max(10, int(10 ** (len(str(wanted)) - 2)))
    return max(step, -(-wanted // step) * step)


def grouped(paths: Sequence[str], fits: Callable[[Sequence[str], str], bool]) -> dict[str, list[str]]:
    """The paths of each group, each in the first that it fits."""
    found: dict[str, list[str]] = {}
    for path in paths:
        group = next((group for group in GROUPS if fits(group.paths, path)), None)
        if group is not None:
            found.setdefault(group.name, []).append(path)
    return found
