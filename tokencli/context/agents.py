"""Which files each agent loads, and when: a table, with the documents that say so. What its list of skills may take is
in listing.py.

Read in November 2026; agents change, and a new file of theirs is a new `Place` here. What documents leave open is
decided here so, and said in a comment.

Claude Code   https://code.claude.com/docs/en/memory (order, `@` imports up to four hops, code left out, block HTML
              comments stripped, files over 4 MiB skipped, .claude/rules with `paths`; AGENTS.md where there is no
              CLAUDE.md, since 2.1.277), .../skills (name and description listed, 1,536 characters at most; commands
              are skills), .../sub-agents, .../mcp#scale-with-mcp-tool-search (names of tools only, by default)
Codex         https://developers.openai.com/codex/guides/agents-md (one file a folder from the root down, 32 KiB in
              all), .../codex/skills (name, description and path are listed), .../codex/mcp
Cursor        https://cursor.com/docs/rules (alwaysApply, globs, description; AGENTS.md of folders when working there),
              .../docs/skills, .../docs/subagents, .../docs/mcp
Copilot       https://docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/add-custom-instructions,
              https://code.visualstudio.com/docs/agent-customization/custom-instructions (applyTo); files of one content
              are sent once: https://github.com/github/copilot-cli/issues/3983
Gemini CLI    https://geminicli.com/docs/cli/gemini-md, .../docs/reference/memport (imports, depth 5),
              .../docs/cli/skills; AGENTS.md only by context.fileName: https://github.com/google-gemini/gemini-cli/issues/28227
Windsurf      https://docs.windsurf.com/windsurf/cascade/memories (trigger, 12,000 characters), .../cascade/agents-md
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from tokencli.context.listing import Cap
from tokencli.model.context import Kind

Form = Literal["whole", "claude", "gemini", "claude-rule", "cursor-rule", "copilot-rule", "windsurf-rule"]
Listed = Literal["listed", "manual"]
Reach = Literal["above", "ends", "here"]


class Place(NamedTuple):
    """Files of an agent: globs relative to a folder, `**/` for any folders.

    `form` says how such a file is read: whole, by the front matter of a rule, `listed` (name and description always,
    the rest on demand) or `manual` (only on demand). With `nested` the same files in folders below the one where the
    agent starts are loaded when it works there. `first` takes only the first glob that fits in a folder. `fallback` is
    looked at where no other instructions are.
    """

    kind: Kind
    globs: tuple[str, ...]
    form: Form | Listed
    nested: bool = False
    first: bool = False
    fallback: bool = False


class Agent(NamedTuple):
    """One agent. `reach` says in which folders it looks: all from the root of the repository down to where it starts,
    those two, or only the latter. `hops` are the imports that follow each other at most, `cap` the bytes of all
    instructions, `skips` the bytes from which a file is not loaded, `once` that equal files are sent once, `defers`
    that only the names of MCP tools are sent, `lists_paths` that skills are listed with their paths, `longest` the
    characters of a description, `listing` what the list of skills may take. `servers` are files with MCP servers and
    the key they stand under, `user` the same as `places` in the home folder, with `user_servers`. `notes` are what
    cannot be counted here.
    """

    name: str
    title: str
    places: tuple[Place, ...]
    reach: Reach
    servers: tuple[tuple[str, str], ...] = ()
    user: tuple[Place, ...] = ()
    user_servers: tuple[tuple[str, str], ...] = ()
    hops: int = 0
    cap: int | None = None
    skips: int | None = None
    once: bool = False
    defers: bool = False
    lists_paths: bool = False
    longest: int | None = None
    listing: Cap | None = None
    notes: tuple[str, ...] = ()


def _skills(*folders: str) -> Place:
    return Place("skill", tuple(f"{folder}/skills/*/SKILL.md" for folder in folders), "listed")


CLAUDE = Agent(
    "claude",
    "Claude Code",
    (
        Place("instructions", ("CLAUDE.md", ".claude/CLAUDE.md", "CLAUDE.local.md"), "claude", nested=True),
        Place("rule", (".claude/rules/**/*.md",), "claude-rule"),
        _skills(".claude"),
        Place("command", (".claude/commands/**/*.md",), "listed"),
        Place("agent", (".claude/agents/**/*.md",), "listed"),
        Place("instructions", ("AGENTS.md", ".claude/AGENTS.md"), "claude", nested=True, fallback=True),
    ),
    "above",
    servers=((".mcp.json", "mcpServers"),),
    user=(
        Place("instructions", (".claude/CLAUDE.md",), "claude"),
        Place("rule", (".claude/rules/**/*.md",), "claude-rule"),
        _skills(".claude"),
        Place("command", (".claude/commands/**/*.md",), "listed"),
        Place("agent", (".claude/agents/**/*.md",), "listed"),
    ),
    user_servers=((".claude.json", "mcpServers"),),
    hops=4,
    skips=4 << 20,
    defers=True,
    longest=1536,
    listing=Cap(("skill", "command"), percent=1, characters=True, omits=False),
    notes=("its auto memory and plug-ins, another skillListingBudgetFraction",),
)

CODEX = Agent(
    "codex",
    "Codex",
    (
        Place("instructions", ("AGENTS.override.md", "AGENTS.md"), "whole", first=True),
        _skills(".agents"),
    ),
    "above",
    servers=((".codex/config.toml", "mcp_servers"),),
    user=(
        Place("instructions", (".codex/AGENTS.override.md", ".codex/AGENTS.md"), "whole", first=True),
        _skills(".agents", ".codex"),
    ),
    user_servers=((".codex/config.toml", "mcp_servers"),),
    cap=32 << 10,
    lists_paths=True,
    # https://github.com/openai/codex/pull/29006
    longest=1024,
    listing=Cap(("skill",), percent=2, characters=False, omits=True),
    notes=("project_doc_fallback_filenames and another project_doc_max_bytes",),
)

CURSOR = Agent(
    "cursor",
    "Cursor",
    (
        Place("instructions", ("AGENTS.md",), "whole", nested=True),
        Place("instructions", (".cursorrules",), "whole"),
        Place("rule", (".cursor/rules/**/*.mdc", ".cursor/rules/**/*.md"), "cursor-rule", nested=True),
        _skills(".cursor", ".agents", ".claude", ".codex"),
        Place("command", (".cursor/commands/**/*.md",), "manual"),
        Place("agent", (".cursor/agents/*.md", ".claude/agents/*.md"), "listed"),
    ),
    "here",
    servers=((".cursor/mcp.json", "mcpServers"),),
    user=(_skills(".cursor", ".claude", ".codex"), Place("agent", (".cursor/agents/*.md",), "listed")),
    user_servers=((".cursor/mcp.json", "mcpServers"),),
    notes=("rules of the user and of a team, which lie in its settings",),
)

COPILOT = Agent(
    "copilot",
    "GitHub Copilot",
    (
        Place("instructions", (".github/copilot-instructions.md",), "whole"),
        Place("instructions", ("AGENTS.md",), "whole", nested=True),
        # The command line and the coding agent read these two as well.
        Place("instructions", ("CLAUDE.md", "GEMINI.md"), "whole"),
        Place("rule", (".github/instructions/**/*.instructions.md",), "copilot-rule"),
        _skills(".github", ".claude", ".agents"),
        Place("agent", (".github/agents/*.md",), "listed"),
        Place("command", (".github/prompts/*.prompt.md",), "manual"),
    ),
    "ends",
    servers=((".vscode/mcp.json", "servers"),),
    user=(
        Place("instructions", (".copilot/copilot-instructions.md",), "whole"),
        Place("rule", (".copilot/instructions/**/*.instructions.md",), "copilot-rule"),
        _skills(".copilot", ".claude", ".agents"),
    ),
    user_servers=((".copilot/mcp-config.json", "mcpServers"),),
    once=True,
    notes=("instructions of an organisation",),
)

GEMINI = Agent(
    "gemini",
    "Gemini CLI",
    (
        # Other names stand in .gemini/settings.json, under context.fileName.
        Place("instructions", ("GEMINI.md",), "gemini", nested=True),
        _skills(".gemini", ".agents"),
        Place("agent", (".gemini/agents/*.md",), "listed"),
        Place("command", (".gemini/commands/**/*.toml",), "manual"),
    ),
    "above",
    servers=((".gemini/settings.json", "mcpServers"),),
    user=(Place("instructions", (".gemini/GEMINI.md",), "gemini"), _skills(".gemini", ".agents")),
    user_servers=((".gemini/settings.json", "mcpServers"),),
    hops=5,
    notes=("its extensions",),
)

WINDSURF = Agent(
    "windsurf",
    "Windsurf",
    (
        Place("instructions", ("AGENTS.md", "agents.md"), "whole", nested=True, first=True),
        Place("instructions", (".windsurfrules",), "whole"),
        Place("rule", (".windsurf/rules/*.md",), "windsurf-rule", nested=True),
        _skills(".windsurf"),
        Place("command", (".windsurf/workflows/*.md",), "manual"),
    ),
    "above",
    user=(Place("instructions", (".codeium/windsurf/memories/global_rules.md",), "whole"),),
    user_servers=((".codeium/windsurf/mcp_config.json", "mcpServers"),),
    notes=("memories that it made itself",),
)

AGENTS = (CLAUDE, CODEX, CURSOR, COPILOT, GEMINI, WINDSURF)
