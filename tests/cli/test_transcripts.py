"""`tok count` of transcripts, as people run it. Numbers of OpenAI are those of openai-cookbook, held against its API,
that of Gemini is in the docstring of Google's local tokenizer, that of Claude on Anthropic's page on counting."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import pytest

from tokencli import __version__, transcripts
from tokencli.cli.shells import Option, describe

Tok = Callable[..., Any]

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "transcripts"


def counted(tok: Tok, name: str, *options: str) -> dict[str, Any]:
    ended = tok("count", name, *options, "--json", cwd=FIXTURES)
    assert ended.code == 0, ended.err
    (file,) = json.loads(ended.out)["data"]["files"]
    found: dict[str, Any] = file
    return found


@pytest.mark.parametrize(
    ("name", "model", "tokens"),
    [
        ("openai_chat/jargon.json", "gpt-4", 129),
        ("openai_chat/jargon.json", "gpt-3.5-turbo", 129),
        ("openai_chat/jargon.json", "gpt-4o", 124),
        ("openai_chat/weather.json", "gpt-4", 105),
        ("openai_chat/weather.json", "gpt-4o-mini", 101),
        ("gemini/text.json", "gemini-2.5-flash", 5),
        ("anthropic/scientist.json", "claude-sonnet-4-5", 14),
    ],
)
def test_numbers_that_were_held_against_the_provider(tok: Tok, name: str, model: str, tokens: int) -> None:
    file = counted(tok, name, "-m", model)
    (count,) = file["counts"]
    assert (count["tokens"], count["low"], count["high"]) == (tokens, tokens, tokens)
    assert count["method"] != "estimate"
    content = sum(each["tokens"] for each in (*file["messages"], *file["tools"]))
    assert content + file["framing"] == tokens


def test_anthropics_example_with_a_tool_lies_in_the_range(tok: Tok) -> None:
    (count,) = counted(tok, "anthropic/tools.json", "-m", "claude-opus-4-1")["counts"]
    assert count["method"] == "estimate"
    assert count["low"] <= 403 <= count["high"]


def test_many_small_tools_never_come_to_less_than_nothing(tok: Tok, tmp_path: Path) -> None:
    small = [{"name": f"t{number}", "description": "", "inputSchema": {}} for number in range(40)]
    (tmp_path / "small.json").write_text(json.dumps({"tools": small}))
    (total,) = json.loads(tok("count", "small.json", "-m", "claude-opus-4-8", "--json", cwd=tmp_path).out)["data"][
        "totals"
    ]
    # The hidden prompt alone is at least 159, the least that Anthropic documents for any model.
    assert 159 <= total["low"] <= total["tokens"] <= total["high"]


def test_the_framing_of_gpt_5_is_an_estimate_by_one_for_a_request(tok: Tok) -> None:
    (count,) = counted(tok, "openai_chat/jargon.json", "-m", "gpt-5")["counts"]
    assert (count["method"], count["low"], count["tokens"], count["high"]) == ("estimate", 123, 124, 125)
    ended = tok("count", "openai_chat/jargon.json", "-m", "gpt-5", "--require", "exact", cwd=FIXTURES)
    assert (ended.code, ended.out) == (3, "")


def test_an_encoding_alone_counts_content_and_says_so(tok: Tok) -> None:
    ended = tok("count", "openai_chat/jargon.json", "-e", "o200k_base", cwd=FIXTURES)
    assert ended.out.startswith("83\t")
    assert "content only: framing depends on the model, and o200k_base names none" in ended.err
    assert "read as openai-chat: 6 messages" in ended.err


def test_quiet_says_only_which_reader_took_it(tok: Tok) -> None:
    ended = tok("count", "openai_chat/jargon.json", "-q", "-m", "gpt-4", cwd=FIXTURES)
    assert ended.out == "129\n"
    assert [line.split("jargon.json: ")[1] for line in ended.err.splitlines()] == ["read as openai-chat: 6 messages"]


def test_gemini_counts_texts_keys_and_strings_only(tok: Tok) -> None:
    file = counted(tok, "gemini/request.json", "-m", "gemini-2.5-flash", "-m", "gpt-4o")
    call = file["messages"][2]["parts"][0]
    gemini, gpt = (count["tokens"] for count in call["counts"])
    names = ["set_light_values", "brightness", "color_temp", "warm"]
    alone = [int(tok("count", "-q", "-m", "gemini-2.5-flash", cwd=FIXTURES, stdin=text.encode()).out) for text in names]
    assert gemini == sum(alone)
    assert gpt != gemini
    assert file["framings"][0]["tokens"] == file["framing"] == 0


def test_a_walk_counts_text(tok: Tok, tmp_path: Path) -> None:
    text = (FIXTURES / "openai_chat/jargon.json").read_bytes()
    (tmp_path / "chat.json").write_bytes(text)
    walked = json.loads(tok("count", ".", "--json", cwd=tmp_path).out)["data"]["files"][0]
    named = json.loads(tok("count", "chat.json", "--json", cwd=tmp_path).out)["data"]["files"][0]
    piped = json.loads(tok("count", "--json", cwd=tmp_path, stdin=text).out)["data"]["files"][0]
    asked = json.loads(tok("count", ".", "--as", "openai-chat", "--json", cwd=tmp_path).out)["data"]["files"][0]
    assert [each["kind"] for each in (walked, named, piped, asked)] == ["text", *["openai-chat"] * 3]
    assert walked["counts"][0]["tokens"] > named["counts"][0]["tokens"] == piped["counts"][0]["tokens"]


def test_as_overrides_what_is_seen(tok: Tok, tmp_path: Path) -> None:
    name = "openai_chat/neutral.jsonl"
    assert counted(tok, "openai_chat/neutral.jsonl", "--as", "text")["kind"] == "text"
    assert counted(tok, "openai_chat/neutral.jsonl", "--as", "anthropic")["kind"] == "anthropic"
    ended = tok("count", name, "--as", "antropic", cwd=FIXTURES)
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean 'anthropic'?" in ended.err
    (tmp_path / "a.txt").write_text("plain words")
    ended = tok("count", "a.txt", "--as", "codex", cwd=tmp_path)
    assert ended.code == 3
    assert "a.txt: no transcript, not JSON" in ended.err


def test_a_file_of_two_formats_is_an_error_and_no_guess(tok: Tok, tmp_path: Path) -> None:
    both = '{"conversations": [{"from": "human", "value": "x"}]}\n{"contents": [{"parts": [{"text": "y"}]}]}\n'
    (tmp_path / "both.jsonl").write_text(both)
    ended = tok("count", "both.jsonl", cwd=tmp_path)
    assert ended.code == 3
    assert "both.jsonl: has marks of gemini and sharegpt" in ended.err


def test_broken_lines_are_counted_and_shown(tok: Tok, tmp_path: Path) -> None:
    row = b'{"role": "user", "content": "Hello"}\r\n'
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + row + b"{broken\n" + row)
    ended = tok("count", "a.jsonl", cwd=tmp_path)
    assert (ended.code, ended.out.split("\t")[0]) == (0, "2")
    assert "1 line skipped (line 2: no JSON: Expecting property name" in ended.err
    (tmp_path / "b.jsonl").write_bytes((row + row).decode().encode("utf-16"))
    ended = tok("count", "b.jsonl", cwd=tmp_path)
    assert ended.out.split("\t")[0] == "2"


@pytest.mark.parametrize("name", ["openai_chat/media.json", "claude_code/session.jsonl", "tools/mcp.json"])
def test_the_answer_is_of_its_schema(tok: Tok, name: str) -> None:
    schema = json.loads((files("tokencli.formats") / "schemas" / "tok.count-1.schema.json").read_text("utf-8"))
    for options in ([], ["--by", "message"], ["--by", "tool"]):
        ended = tok("count", name, *options, "-m", "gpt-5", "-m", "claude-opus-4-8", "--json", cwd=FIXTURES)
        jsonschema.validate(json.loads(ended.out), schema)
    lines = tok("count", name, "--format", "jsonl", cwd=FIXTURES).out.splitlines()
    assert {"messages", "tools", "framing"} < json.loads(lines[0]).keys()


@pytest.mark.parametrize("name", ["table", "plain", "csv", "markdown", "json"])
def test_each_format_as_its_golden_file(tok: Tok, golden: Callable[[str, str], None], name: str) -> None:
    options = ["--by", "message"] if name != "json" else []
    models = ["-m", "gpt-4o", "-m", "claude-opus-4-8"]
    ended = tok("count", "claude_code/session.jsonl", *options, *models, "--format", name, cwd=FIXTURES)
    text = ended.raw.decode().replace(f'"tok_version": "{__version__}"', '"tok_version": "0"')
    golden(f"transcript.{name}", text.replace("\r\n", "\n"))
    golden("transcript.notes" if name != "json" else "transcript.no-notes", ended.err.replace("\r\n", "\n"))


@pytest.mark.parametrize("by", ["role", "message", "tool", "part"])
@pytest.mark.parametrize("name", ["claude_code/session.jsonl", "openai_chat/media.json", "tools/mcp.json"])
def test_the_groups_of_a_breakdown_add_up(tok: Tok, name: str, by: str) -> None:
    ended = tok("count", name, "--by", by, "-m", "gpt-4o", "-m", "gemini-2.5-flash", "--json", cwd=FIXTURES)
    data = json.loads(ended.out)["data"]
    for column, total in enumerate(data["totals"]):
        assert sum(group["counts"][column]["tokens"] for group in data["groups"]) == total["tokens"]
    assert "(framing)" in [group["key"] for group in data["groups"]]


def test_a_breakdown_by_role_and_by_tool(tok: Tok) -> None:
    name = "claude_code/session.jsonl"
    rows = [line.split("\t") for line in tok("count", name, "--by", "role", cwd=FIXTURES).out.splitlines()]
    assert {row[1] for row in rows[:-1]} == {"user", "assistant", "system", "(framing)"}
    rows = [line.split("\t") for line in tok("count", name, "--by", "tool", cwd=FIXTURES).out.splitlines()]
    assert {row[1] for row in rows[:-1]} == {"Bash (calls)", "Bash (results)", "(no tool)", "(framing)"}
    ended = tok("count", name, "--by", "role", "--tree", cwd=FIXTURES)
    assert ended.code == 2


def test_by_tool_a_definition_is_no_call(tok: Tok) -> None:
    name = "openai_chat/fine_tuning.jsonl"
    rows = [
        line.split("\t") for line in tok("count", name, "--by", "tool", "-e", "gpt2", cwd=FIXTURES).out.splitlines()
    ]
    tools = {row[1] for row in rows} - {"(no tool)", "(framing)"}
    assert tools == {"get_current_weather (definition)", "get_current_weather (calls)", "total"}
    assert sum(int(row[0]) for row in rows[:-1]) == int(rows[-1][0])


def test_csv_has_a_row_for_framing(tok: Tok) -> None:
    """openai-cookbook gives 129 in all: 3 tokens for each of 6 messages, 1 for each role, 3 for the reply, 1 for each
    of 4 names and their 10 tokens are 41 of them."""
    ended = tok("count", "openai_chat/jargon.json", "-m", "gpt-4", "--format", "csv", cwd=FIXTURES)
    rows = [line.split(",") for line in ended.out.splitlines()[1:]]
    assert [(row[0], row[8]) for row in rows] == [("file", "129"), ("framing", "41"), ("total", "129")]
    alone = tok("count", "openai_chat/jargon.json", "-e", "cl100k_base", "-q", cwd=FIXTURES)
    assert int(alone.out) + 41 == 129


def test_media_that_have_no_number_are_named(tok: Tok) -> None:
    file = counted(tok, "openai_chat/media.json", "-m", "gpt-4o")
    kinds = [(part["kind"], part["tokens"]) for part in file["messages"][0]["parts"]]
    # 85 tokens for an image at low detail: OpenAI's documents on vision.
    assert kinds == [("text", 6), ("image", 85), ("image", 0), ("audio", 0)]
    assert [warning.split(" (")[0] for warning in file["warnings"]] == ["1 image not counted", "1 audio not counted"]


def test_what_is_remembered_of_a_text_is_no_answer_for_a_transcript(tok: Tok, tmp_path: Path) -> None:
    text = (FIXTURES / "openai_chat/neutral.jsonl").read_bytes() * 4000
    (tmp_path / "a.jsonl").write_bytes(text)
    given = {"cwd": tmp_path, "env": {"TOK_CACHE": "1", "TOK_CACHE_DIR": str(tmp_path / "cache")}}
    walked, named, again = (tok("count", *names, "-q", "--by", "file", **given).out for names in ([], ["a.jsonl"], []))
    assert int(named) < int(walked)
    assert walked == again
    assert tok("count", "a.jsonl", "-q", **given).out == named


def test_the_help_of_as_names_every_format() -> None:
    (option,) = [param for param in describe_count() if "--as" in param.names]
    assert option.choices == ("text", *(reader.FORMAT for reader in transcripts.built_in()))


def describe_count() -> tuple[Option, ...]:
    return next(command for command in describe().children if command.name == "count").options


def test_a_module_of_the_user_adds_a_format(tok: Tok, tmp_path: Path) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = guide.partition("<!-- plugin -->\n```python\n")[2].partition("```")[0]
    (tmp_path / "mine_notes.py").write_text(shown)
    (tmp_path / "user.toml").write_text('plugins = ["mine_notes"]\n')
    (tmp_path / "a.json").write_text('{"notes": ["Hello", "Hello"], "messages": 3}')
    given = {"cwd": tmp_path, "env": {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}}
    ended = tok("count", "a.json", "--config", "user.toml", **given)
    assert ended.out.startswith("2\ta.json")
    assert "read as notes: 2 messages" in ended.err
    assert tok("count", "a.json", **given).out.split("\t")[0] != "2"
    (tmp_path / "user.toml").write_text('plugins = ["no_such_module"]\n')
    ended = tok("count", "a.json", "--config", "user.toml", **given)
    assert "plugins: no_such_module cannot be imported" in ended.err
    (tmp_path / "tok.toml").write_text('plugins = ["mine_notes"]\n')
    ended = tok("count", "a.json", **given)
    assert ended.code == 2
    assert "names code to run" in ended.err


def test_the_readme_shows_what_is_printed(tok: Tok) -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- transcript -->")[2]
    command = section.partition("```console\n")[2].partition("\n")[0]
    shown = section.partition("```text\n")[2].partition("\n```")[0]
    assert tok(*command.split()[1:], "--format", "table", cwd=ROOT).out.rstrip("\n") == shown
