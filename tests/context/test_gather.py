"""What each agent loads from small trees, by the documents named in tokencli/context/agents.py."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tokencli.context import AGENTS, Piece, Standing, gather
from tokencli.context.tree import Tree
from tokencli.errors import TokError

BY_NAME = {agent.name: agent for agent in AGENTS}


def tree(files: Mapping[str, str | bytes], start: str = "") -> Tree:
    """A tree of files that lie nowhere."""

    def read(path: str) -> bytes | None:
        found = files.get(path)
        return found.encode() if isinstance(found, str) else found

    return Tree(tuple(sorted(files)), read, start)


def loads(agent: str, files: Mapping[str, str | bytes], start: str = "") -> Standing:
    return gather(BY_NAME[agent], tree(files, start))


def paths(standing: Standing, load: str = "always") -> list[str]:
    return [piece.path for piece in standing.pieces if piece.load == load]


def piece(standing: Standing, path: str, load: str = "always") -> Piece:
    (found,) = (one for one in standing.pieces if one.path == path and one.load == load)
    return found


def skill(name: str = "pdf", more: str = "") -> str:
    return f"---\nname: {name}\ndescription: Reads files\n{more}---\nLong text.\n"


EVERY = {
    "AGENTS.md": "agents",
    "CLAUDE.md": "claude",
    "GEMINI.md": "gemini",
    ".cursorrules": "old cursor",
    ".windsurfrules": "old windsurf",
    ".github/copilot-instructions.md": "copilot",
}


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("claude", ["CLAUDE.md"]),
        ("codex", ["AGENTS.md"]),
        ("cursor", ["AGENTS.md", ".cursorrules"]),
        ("copilot", [".github/copilot-instructions.md", "AGENTS.md", "CLAUDE.md", "GEMINI.md"]),
        ("gemini", ["GEMINI.md"]),
        ("windsurf", ["AGENTS.md", ".windsurfrules"]),
    ],
)
def test_no_agent_pays_for_the_files_of_another(agent: str, expected: list[str]) -> None:
    assert paths(loads(agent, EVERY)) == expected


NESTED = {
    "AGENTS.md": "root",
    "CLAUDE.md": "root",
    "GEMINI.md": "root",
    "a/AGENTS.md": "a",
    "a/CLAUDE.md": "a",
    "a/GEMINI.md": "a",
    "a/b/AGENTS.md": "b",
    "a/b/CLAUDE.md": "b",
    "a/b/GEMINI.md": "b",
    "c/AGENTS.md": "c",
}


@pytest.mark.parametrize(
    ("agent", "always", "demand"),
    [
        ("claude", ["../CLAUDE.md", "CLAUDE.md"], ["b/CLAUDE.md"]),
        ("codex", ["../AGENTS.md", "AGENTS.md"], []),
        ("cursor", ["AGENTS.md"], ["b/AGENTS.md"]),
        ("gemini", ["../GEMINI.md", "GEMINI.md"], ["b/GEMINI.md"]),
        ("windsurf", ["../AGENTS.md", "AGENTS.md"], ["b/AGENTS.md"]),
    ],
)
def test_folders_above_and_below_where_the_agent_starts(agent: str, always: list[str], demand: list[str]) -> None:
    found = loads(agent, NESTED, "a/")
    assert paths(found) == always
    assert paths(found, "demand") == demand


def test_copilot_sends_files_of_one_content_once() -> None:
    found = loads("copilot", {"AGENTS.md": "same", "CLAUDE.md": "same", "GEMINI.md": "other"})
    assert [one.texts for one in found.pieces] == [("same",), (), ("other",)]
    assert "sent once" in piece(found, "CLAUDE.md").remark


class TestClaude:
    def test_agents_md_stands_in_where_there_is_no_claude_md(self) -> None:
        assert paths(loads("claude", {"AGENTS.md": "a", "sub/AGENTS.md": "b"})) == ["AGENTS.md"]
        assert paths(loads("claude", {"AGENTS.md": "a", "sub/AGENTS.md": "b"}), "demand") == ["sub/AGENTS.md"]

    @pytest.mark.parametrize("name", ["CLAUDE.md", ".claude/CLAUDE.md", "CLAUDE.local.md"])
    def test_any_instructions_of_its_own_leave_agents_md_out(self, name: str) -> None:
        assert paths(loads("claude", {"AGENTS.md": "a", name: "c"})) == [name]

    def test_imports_come_with_the_file_and_what_they_import(self) -> None:
        files = {"CLAUDE.md": "see @docs/a.md", "docs/a.md": "and @b.md", "docs/b.md": "end", "b.md": "another"}
        found = loads("claude", files)
        assert sorted(paths(found)) == ["CLAUDE.md", "docs/a.md", "docs/b.md"]
        assert piece(found, "docs/b.md").remark == "imported by docs/a.md"

    def test_a_file_that_is_imported_twice_is_loaded_once(self) -> None:
        found = loads("claude", {"CLAUDE.md": "@a.md @b.md", "a.md": "@c.md", "b.md": "@c.md", "c.md": "c"})
        assert paths(found).count("c.md") == 1
        assert not found.notes

    def test_a_circle_is_named_and_ends(self) -> None:
        found = loads("claude", {"CLAUDE.md": "@a.md", "a.md": "@b.md", "b.md": "@a.md @CLAUDE.md"})
        assert sorted(paths(found)) == ["CLAUDE.md", "a.md", "b.md"]
        assert "a.md -> b.md -> a.md: imports in a circle; each is loaded once" in found.notes
        assert "CLAUDE.md -> a.md -> b.md -> CLAUDE.md: imports in a circle; each is loaded once" in found.notes

    def test_a_file_that_imports_itself(self) -> None:
        found = loads("claude", {"CLAUDE.md": "@CLAUDE.md"})
        assert paths(found) == ["CLAUDE.md"]
        assert found.notes == ("CLAUDE.md -> CLAUDE.md: imports in a circle; each is loaded once",)

    def test_four_imports_deep_is_the_limit(self) -> None:
        files = {f"{number}.md": f"@{number + 1}.md" for number in range(9)}
        found = loads("claude", files | {"CLAUDE.md": "@0.md"})
        assert sorted(paths(found)) == ["0.md", "1.md", "2.md", "3.md", "CLAUDE.md"]
        assert found.notes == ("3.md: @4.md is not loaded, 4 imports deep is the limit",)

    def test_what_is_missing_is_named_and_people_are_not(self) -> None:
        found = loads("claude", {"CLAUDE.md": "ask @alice about @docs/gone.md and @gone.md"})
        assert found.notes == (
            "CLAUDE.md: imports @docs/gone.md, which is not there",
            "CLAUDE.md: imports @gone.md, which is not there",
        )

    @pytest.mark.parametrize("written", ["~/notes.md", "/etc/passwd", "../../x.md", "a/../../x"])
    def test_what_lies_outside_is_not_known_and_not_nothing(self, written: str) -> None:
        found = loads("claude", {"CLAUDE.md": f"@{written}"})
        assert paths(found, "unknown") == [f"@{written}"]

    def test_comments_are_not_sent_and_those_in_code_are(self) -> None:
        text = "# A\n\n<!-- for people\nonly -->\n\n```\n<!-- kept -->\n```\nend <!-- kept too -->\n"
        (sent,) = piece(loads("claude", {"CLAUDE.md": text}), "CLAUDE.md").texts
        assert sent == "# A\n\n\n```\n<!-- kept -->\n```\nend <!-- kept too -->\n"

    def test_rules_with_paths_wait_for_such_files(self) -> None:
        rules = {
            ".claude/rules/all.md": "always",
            ".claude/rules/web/ts.md": '---\npaths:\n  - "src/**/*.{ts,tsx}"\n  - lib/*.ts\n---\nlater',
        }
        found = loads("claude", rules)
        assert paths(found) == [".claude/rules/all.md"]
        assert piece(found, ".claude/rules/web/ts.md", "demand").remark == (
            "when working on src/**/*.{ts,tsx}, lib/*.ts"
        )
        assert piece(found, ".claude/rules/web/ts.md", "demand").texts == ("later",)

    def test_a_file_over_four_mebibytes_is_not_loaded(self) -> None:
        found = loads("claude", {"CLAUDE.md": "a " * (3 << 20)})
        assert not found.pieces
        assert found.notes == ("CLAUDE.md: over 4 MiB, which Claude Code does not load",)

    def test_a_description_is_cut_where_it_is_listed(self) -> None:
        text = f"---\nname: x\ndescription: {'d' * 3000}\n---\n"
        (listed,) = piece(loads("claude", {".claude/skills/x/SKILL.md": text}), ".claude/skills/x/SKILL.md").texts
        assert listed == "x: " + "d" * 1536


class TestListed:
    def test_the_description_of_a_skill_is_always_there_and_its_files_are_not(self) -> None:
        files: dict[str, str | bytes] = {
            ".claude/skills/pdf/SKILL.md": skill(),
            ".claude/skills/pdf/scripts/run.py": "print()",
            ".claude/skills/pdf/logo.png": b"\x89PNG\r\n\x1a\n\0\0",
        }
        found = loads("claude", files)
        assert piece(found, ".claude/skills/pdf/SKILL.md").texts == ("pdf: Reads files",)
        assert piece(found, ".claude/skills/pdf/SKILL.md", "demand").texts == ("Long text.\n",)
        assert piece(found, ".claude/skills/pdf/", "demand").texts == ("print()",)
        assert [skipped.path for skipped in found.skipped] == [".claude/skills/pdf/logo.png"]

    def test_what_only_people_may_call_is_not_listed(self) -> None:
        found = loads("claude", {".claude/skills/x/SKILL.md": skill(more="disable-model-invocation: true\n")})
        assert not paths(found)
        assert piece(found, ".claude/skills/x/SKILL.md", "demand").remark == (
            "its text, only when a person asks for it"
        )

    def test_without_a_description_the_first_paragraph_stands_for_it(self) -> None:
        found = loads("claude", {".claude/commands/ship.md": "# Ship\nit now\n\nThen rest."})
        assert piece(found, ".claude/commands/ship.md").texts == ("ship: Ship it now",)

    def test_codex_lists_the_path_of_a_skill_too(self) -> None:
        found = loads("codex", {".agents/skills/x/SKILL.md": skill("x")})
        assert piece(found, ".agents/skills/x/SKILL.md").texts == ("x: Reads files (file: .agents/skills/x/SKILL.md)",)

    @pytest.mark.parametrize("value", ["|\n  Reads\n  files", ">-\n  Reads\n  files", "'Reads files'", '"Reads files"'])
    def test_descriptions_as_yaml_writes_them(self, value: str) -> None:
        found = loads("claude", {".claude/agents/x.md": f"---\nname: x\ndescription: {value}\n---\nbody"})
        assert piece(found, ".claude/agents/x.md").texts == ("x: Reads files",)


class TestRules:
    @pytest.mark.parametrize(
        ("front", "load"),
        [
            ("alwaysApply: true", "always"),
            ("description: d\nglobs: **/*.ts, *.md\nalwaysApply: false", "demand"),
            ("description:\nglobs:\nalwaysApply: false", "demand"),
        ],
    )
    def test_cursor(self, front: str, load: str) -> None:
        found = loads("cursor", {".cursor/rules/a.mdc": f"---\n{front}\n---\nrule"})
        assert [(one.load, one.texts) for one in found.pieces] == [(load, ("rule",))]

    def test_cursor_asks_by_description(self) -> None:
        found = loads("cursor", {".cursor/rules/a.mdc": "---\ndescription: for tests\n---\nrule"})
        assert [(one.load, one.texts) for one in found.pieces] == [
            ("always", (".cursor/rules/a.mdc: for tests",)),
            ("demand", ("rule",)),
        ]

    @pytest.mark.parametrize(
        ("front", "load"),
        [('applyTo: "**"', "always"), ("applyTo: '**/*.py,src/**'", "demand"), ("description: d", "demand")],
    )
    def test_copilot(self, front: str, load: str) -> None:
        found = loads("copilot", {".github/instructions/sub/a.instructions.md": f"---\n{front}\n---\nrule"})
        assert [one.load for one in found.pieces] == [load]

    @pytest.mark.parametrize(
        ("front", "expected"),
        [
            ("trigger: always_on", ["always"]),
            ("trigger: glob\nglobs: *.py", ["demand"]),
            ("trigger: manual", ["demand"]),
            ("trigger: model_decision\ndescription: when asked", ["always", "demand"]),
            ("description: none", ["demand"]),
        ],
    )
    def test_windsurf(self, front: str, expected: list[str]) -> None:
        found = loads("windsurf", {".windsurf/rules/a.md": f"---\n{front}\n---\nrule"})
        assert [one.load for one in found.pieces] == expected

    def test_a_long_windsurf_rule_is_named(self) -> None:
        found = loads("windsurf", {".windsurf/rules/a.md": "x" * 12_001})
        assert found.notes == (".windsurf/rules/a.md: longer than the 12,000 characters of a rule",)


class TestCodex:
    def test_an_override_takes_the_place_of_agents_md_in_its_folder(self) -> None:
        files = {"AGENTS.md": "a", "sub/AGENTS.md": "b", "sub/AGENTS.override.md": "c"}
        assert paths(loads("codex", files, "sub/")) == ["../AGENTS.md", "AGENTS.override.md"]

    def test_an_empty_override_does_not(self) -> None:
        assert "AGENTS.md" in paths(loads("codex", {"AGENTS.md": "a", "AGENTS.override.md": " \n"}))

    def test_all_together_are_cut_to_32_kibibytes(self) -> None:
        found = loads("codex", {"AGENTS.md": "a" * 30_000, "sub/AGENTS.md": "b" * 30_000}, "sub/")
        assert [len(one.texts[0]) for one in found.pieces] == [30_000, 2_768]
        assert found.notes == ("AGENTS.md: cut to 2,768 of 30,000 bytes, by the limit of 32,768 for all",)


class TestGemini:
    def test_the_names_of_its_settings_are_looked_for(self) -> None:
        settings = '{// comment\n"context": {"fileName": ["AGENTS.md", "GEMINI.md"]},}'
        files = {".gemini/settings.json": settings, "AGENTS.md": "a", "GEMINI.md": "g"}
        assert paths(loads("gemini", files)) == ["AGENTS.md", "GEMINI.md"]

    def test_imports(self) -> None:
        assert paths(loads("gemini", {"GEMINI.md": "@./a.md", "a.md": "a"})) == ["a.md", "GEMINI.md"]


def test_thousands_of_imports_that_are_missing_are_told_in_a_few_lines() -> None:
    found = loads("claude", {"CLAUDE.md": "\n".join(f"@gone/{number}.md" for number in range(3_000))})
    assert len(found.notes) == 51
    assert found.notes[-1] == "and 2,950 more such notes"


def test_hostile_names_are_files_like_others() -> None:
    name = "evil\x1b[31m\n\u202e"
    found = loads("claude", {f"{name}/CLAUDE.md": "x", f".claude/skills/{name}/SKILL.md": skill()})
    assert f".claude/skills/{name}/SKILL.md" in paths(found)
    assert f"{name}/CLAUDE.md" in paths(found, "demand")


def test_a_file_that_cannot_be_read_is_a_problem() -> None:
    def read(path: str) -> bytes | None:
        if path == "AGENTS.md":
            raise TokError(f"{path}: larger than 8 MB", code="too-large")
        return None

    found = gather(BY_NAME["codex"], Tree(("AGENTS.md",), read))
    assert [problem.code for problem in found.problems] == ["too-large"]


def test_a_binary_file_is_skipped_and_named() -> None:
    found = loads("codex", {"AGENTS.md": b"\x00\x00\x00\x01" * 99})
    assert [(skipped.path, skipped.reason) for skipped in found.skipped] == [("AGENTS.md", "binary")]
