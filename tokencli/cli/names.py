"""The topics that list what `-m` and `-e` take."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import fill

WIDTH = 80


def agents() -> str:
    """What `tok help agents` prints: which files `tok context` looks for, and how each agent takes them."""
    from tokencli.context import AGENTS

    how = {"listed": "listed", "manual": "by hand", "claude-rule": "paths", "cursor-rule": "alwaysApply, globs"}
    how |= {"copilot-rule": "applyTo", "windsurf-rule": "trigger", "claude": "with imports", "gemini": "with imports"}
    lines = ["Agents (tok context --agent NAME) and the files they load", ""]
    for agent in AGENTS:
        lines.append(f"{agent.name}, {agent.title}")
        for place in agent.places:
            words = f" ({how[place.form]})" if place.form in how else ""
            lines.append(_filled(f"  {place.kind:<12}  ", [f"{', '.join(place.globs)}{words}"]))
        lines += [f"  {'servers':<12}  {path}" for path, _ in agent.servers]
        lines.append("")
    return "\n".join([*lines, *_wrapped(LOADING)]) + "\n"


LOADING = (
    "Always loaded: instructions from the root of the repository down to where the agent starts, rules whose front "
    "matter says so, names and descriptions of what is listed, and the tools of MCP servers (of Claude Code their "
    "names). Of the list of skills Codex takes 2% of the model's window and Claude Code 1%; what has no room is cut, "
    "and said. On demand: the same files in folders below, other rules, and the texts of what is listed. Tools of a "
    "server are read from --tools FILE or .mcp/tools/SERVER.json, its answer to tools/list; --run SERVER starts it."
)


def encodings() -> str:
    """What `tok help encodings` prints: each encoding with its other names, how it counts, and what it normalises."""
    from tokencli.encoders import aliases, recipes

    known = recipes()
    wide = max(map(len, known))
    lines = ["Encodings (-e NAME), how they count (tok help methods), other names", ""]
    for name, recipe in known.items():
        others = sorted(alias for alias, target in aliases().items() if target == name)
        lines.append(_filled(f"{name:<{wide}}  {recipe.method:<13}  ", others).rstrip())
    lines += ["", *_wrapped(NORMALISING)]
    return "\n".join(lines) + "\n"


NORMALISING = (
    "Decoded ids give the text back byte for byte, save where an encoding changes the text before it cuts it: "
    "qwen2, qwen3.5 and minimax bring it to Unicode NFC, claude-legacy to NFKC, gemma3 and gemma4 take U+2581 for a "
    "blank. claude-3, claude-4.7 and claude-4.8 count only, they have no ids."
)


def models() -> str:
    """What `tok help models` prints: the models of each maker under the encoding they are counted with."""
    from tokencli import catalog

    lines = ["Models (-m NAME), by maker, under the encoding they are counted with", ""]
    lines += _wrapped(
        "A prefix such as openai/ and a date at the end (-2024-08-06) may be added. `~` marks an estimate by way of "
        "that encoding, with a range."
    )
    grouped: dict[str, dict[str, list[str]]] = {}
    for model in catalog.models():
        way = f"~{model.encoding}" if model.method == "estimate" else f"{model.encoding}, {model.method}"
        grouped.setdefault(model.maker, {}).setdefault(way, []).append(model.id)
    for maker, ways in grouped.items():
        lines += ["", maker]
        for way, names in ways.items():
            lines += [f"  {way}", _filled("      ", names)]
    return "\n".join(lines) + "\n"


def _wrapped(text: str) -> list[str]:
    return fill(text, WIDTH - 2, break_on_hyphens=False, break_long_words=False).splitlines()


def _filled(start: str, names: Iterable[str]) -> str:
    """The names after the start, on as many lines as they need."""
    return (
        fill(
            ", ".join(names),
            WIDTH,
            initial_indent=start,
            subsequent_indent=" " * len(start),
            break_on_hyphens=False,
            break_long_words=False,
        )
        or start
    )
