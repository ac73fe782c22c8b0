"""`tok encode`, `tok decode` and `tok truncate`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]

HELLO = [24912, 2375]
"""The ids of "hello world" in o200k_base by tiktoken 0.14."""


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["hello.txt"], None),
        (["--text", "hello world"], None),
        (["-"], b"hello world"),
        ([], b"hello world"),
        (["hello.txt", "-m", "gpt-4o"], None),
        (["hello.txt", "-e", "o200k_base"], None),
    ],
)
def test_ids_stand_on_one_line(tok: Tok, tmp_path: Path, arguments: list[str], stdin: bytes | None) -> None:
    (tmp_path / "hello.txt").write_bytes(b"hello world")
    assert tok("encode", *arguments, cwd=tmp_path, stdin=stdin).out == "24912 2375\n"


def test_ids_as_json(tok: Tok, tmp_path: Path) -> None:
    document = json.loads(tok("encode", "--text", "hello world", "--json", cwd=tmp_path).out)
    assert (document["schema"], document["data"]["ids"], document["data"]["tokens"]) == ("tok.encode/1", HELLO, 2)


@pytest.mark.parametrize("stdin", [b"24912 2375", b"24912,2375\n", b"[24912, 2375]", b"24912\n2375\n", b"24912;2375"])
def test_ids_in_any_form_are_decoded(tok: Tok, tmp_path: Path, stdin: bytes) -> None:
    assert tok("decode", cwd=tmp_path, stdin=stdin).raw == b"hello world"


def test_ids_may_be_arguments(tok: Tok, tmp_path: Path) -> None:
    assert tok("decode", "24912", "2375", cwd=tmp_path).raw == b"hello world"
    assert tok("decode", "[24912,2375]", cwd=tmp_path).raw == b"hello world"


def test_no_ids_are_no_text(tok: Tok, tmp_path: Path) -> None:
    assert tok("decode", cwd=tmp_path, stdin=b"").raw == b""
    assert tok("encode", cwd=tmp_path, stdin=b"").out == "\n"


@pytest.mark.parametrize("encoding", ["o200k_base", "cl100k_base", "r50k_base", "deepseek-v3", "tekken"])
def test_a_file_comes_back_byte_for_byte(tok: Tok, tmp_path: Path, encoding: str) -> None:
    data = "a\r\n\tb \u00e9\u4f60\U0001f600\x00\u202e <|endoftext|>\n\n  \r end".encode()
    (tmp_path / "f").write_bytes(data)
    ids = tok("encode", "f", "-e", encoding, cwd=tmp_path).raw
    assert tok("decode", "-e", encoding, cwd=tmp_path, stdin=ids).raw == data


def test_decoded_bytes_may_be_part_of_a_character(tok: Tok, tmp_path: Path) -> None:
    ids = tok("encode", "--text", "\U0001f9d9", cwd=tmp_path).out.split()
    assert len(ids) > 1
    parts = [tok("decode", one, cwd=tmp_path).raw for one in ids]
    assert b"".join(parts) == "\U0001f9d9".encode()


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        (["2"], b"one two"),
        (["2", "--keep", "head"], b"one two"),
        (["2", "--keep", "tail"], b" five six"),
        (["0"], b""),
        (["100"], b"one two three four five six"),
        (["4", "--keep", "both", "--marker", "~"], b"one two~ six"),
    ],
)
def test_truncation(tok: Tok, tmp_path: Path, arguments: list[str], left: bytes) -> None:
    stdin = b"one two three four five six"
    assert tok("truncate", *arguments, cwd=tmp_path, stdin=stdin).raw == left


@pytest.mark.parametrize("keep", ["head", "tail", "both"])
@pytest.mark.parametrize("encoding", ["o200k_base", "gemma4", "claude-legacy", "claude-4.7"])
def test_what_is_left_counts_to_at_most_the_limit(tok: Tok, tmp_path: Path, encoding: str, keep: str) -> None:
    text = "Na\u00efve caf\u00e9 \u4f60\u597d \U0001f469\u200d\U0001f52c one, two;\r\n\tthree    four 12345 " * 30
    (tmp_path / "f").write_bytes(text.encode())
    left = tok("truncate", "77", "f", "--keep", keep, "-e", encoding, cwd=tmp_path)
    assert left.code == 0
    assert "\ufffd" not in left.out
    count = int(tok("count", "-q", "-e", encoding, cwd=tmp_path, stdin=left.raw).out)
    assert 65 <= count <= 77


def test_an_encoding_without_ids_refuses_to_encode(tok: Tok, tmp_path: Path) -> None:
    for arguments in (["encode", "--text", "x"], ["decode", "1"]):
        for column in (["-e", "claude-4.7"], ["-m", "grok-4"]):
            document = json.loads(tok(*arguments, *column, "--json", cwd=tmp_path).out)
            assert (document["exit_code"], document["errors"][0]["code"]) == (3, "no-token-ids")


def test_truncation_as_json(tok: Tok, tmp_path: Path) -> None:
    data = json.loads(tok("truncate", "1", "--text", "hello world", "--json", cwd=tmp_path).out)["data"]
    assert (data["text"], data["tokens"], data["cut"]) == ("hello", 1, True)


def test_the_answer_goes_to_a_file(tok: Tok, tmp_path: Path) -> None:
    assert tok("truncate", "1", "--text", "hello world", "-o", "out", cwd=tmp_path).out == ""
    assert (tmp_path / "out").read_bytes() == b"hello"


def test_invalid_bytes_are_warned_about(tok: Tok, tmp_path: Path) -> None:
    ended = tok("encode", cwd=tmp_path, stdin=b"a\xffb")
    assert (ended.code, "warning" in ended.err) == (0, True)


@pytest.mark.skipif(sys.platform != "linux", reason="arguments have to be Unicode")
@pytest.mark.parametrize(
    "arguments",
    [
        ["encode", "--text", b"a\xffb"],
        ["truncate", "1", "--text", b"a\xffb c d"],
        ["truncate", "4", "--keep", "both", "--marker", b"\xff", "--text", "one two three four five six"],
    ],
)
def test_invalid_bytes_of_an_argument_are_read_like_those_of_a_file(
    tok: Tok, tmp_path: Path, arguments: list[str | bytes]
) -> None:
    ended = tok(*arguments, cwd=tmp_path)
    assert (ended.code, "not UTF-8" in ended.err) == (0, True)
    if arguments[0] == "encode":
        assert ended.out == tok("encode", cwd=tmp_path, stdin=b"a\xffb").out


def test_nothing_to_read_on_a_terminal_is_a_usage_error(on_terminal: Tok, tmp_path: Path) -> None:
    ended = on_terminal("encode", cwd=tmp_path)
    assert (ended.code, "nothing to read" in ended.out) == (2, True)


def test_the_high_end_of_an_estimate_is_kept_within_the_limit_and_its_range_told(tok: Tok, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("one two three, four five six. " * 100)
    ended = tok("truncate", "60", "f", "-m", "grok-4", cwd=tmp_path)
    document = json.loads(tok("count", "-m", "grok-4", "--json", cwd=tmp_path, stdin=ended.raw).out)
    left = document["data"]["totals"][0]
    assert left["tokens"] < left["high"] <= 60
    assert ended.err.splitlines() == [
        f"note: grok-4: an estimate, {left['tokens']} tokens are left, range {left['low']}-{left['high']}"
    ]
    document = json.loads(tok("truncate", "60", "f", "-m", "grok-4", "--json", cwd=tmp_path).out)
    assert {name: left[name] for name in ("tokens", "low", "high")}.items() <= document["data"].items()
    assert "range" in document["notes"][0]


def test_truncation_by_an_exact_count_has_no_note(tok: Tok, tmp_path: Path) -> None:
    ended = tok("truncate", "1", "--text", "hello world", cwd=tmp_path)
    assert (ended.code, ended.err) == (0, "")


def test_truncation_refuses_an_estimate_where_exact_is_required(tok: Tok, tmp_path: Path) -> None:
    arguments = ["truncate", "1", "--text", "hello world", "-m", "grok-4"]
    assert tok(*arguments, "--require", "exact", cwd=tmp_path).code == 3
    ended = tok(*arguments, cwd=tmp_path, env={"TOK_REQUIRE": "exact"})
    assert (ended.code, ended.out) == (3, "")


@pytest.mark.parametrize("keep", [[], ["--keep", "tail"]])
def test_a_marker_without_two_sides_is_wrong_usage(tok: Tok, tmp_path: Path, keep: list[str]) -> None:
    ended = tok("truncate", "1", "--text", "hello world", "--marker", "x", *keep, cwd=tmp_path)
    assert (ended.code, "--keep both" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("encoding", "text", "warned"),
    [
        ("qwen2", "cafe\u0301", "NFC"),
        ("qwen2", "caf\u00e9 \ufb01", ""),
        ("claude-legacy", "\ufb01n", "NFKC"),
        ("gemma4", "a\u2581b", "U+2581"),
        ("gemma4", "cafe\u0301", ""),
        ("o200k_base", "cafe\u0301 \ufb01 \u2581", ""),
    ],
)
def test_a_text_that_an_encoding_changes_is_warned_about(
    tok: Tok, tmp_path: Path, encoding: str, text: str, warned: str
) -> None:
    ended = tok("encode", "--text", text, "-e", encoding, cwd=tmp_path)
    assert ended.err.count("warning") == bool(warned)
    assert warned in ended.err
    back = tok("decode", "-e", encoding, cwd=tmp_path, stdin=ended.raw)
    assert (back.raw.decode() == text) is not bool(warned)


def test_json_notes_what_an_encoding_changes(tok: Tok, tmp_path: Path) -> None:
    ended = tok("encode", "--text", "cafe\u0301", "-e", "qwen2", "--json", cwd=tmp_path)
    assert ("NFC" in json.loads(ended.out)["notes"][0], ended.err) == (True, "")


def test_the_json_of_encode_is_decoded_with_the_encoding_it_names(tok: Tok, tmp_path: Path) -> None:
    answer = tok("encode", "--text", "hello world", "-e", "r50k_base", "--json", cwd=tmp_path).raw
    assert tok("decode", cwd=tmp_path, stdin=answer).raw == b"hello world"
    assert tok("decode", "-e", "r50k_base", cwd=tmp_path, stdin=answer).raw == b"hello world"
    assert tok("decode", "-e", "o200k_base", cwd=tmp_path, stdin=answer).code == 2


@pytest.mark.parametrize(
    "stdin", [b"{}", b'{"data": null}', b"{1 2}", b'{"data": {"encoding": "qwen2", "ids": ["x"]}}']
)
def test_other_json_holds_no_ids(tok: Tok, tmp_path: Path, stdin: bytes) -> None:
    assert tok("decode", cwd=tmp_path, stdin=stdin).code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights")
def test_a_link_that_leads_nowhere_is_called_one(tok: Tok, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("gone")
    ended = tok("encode", "link", cwd=tmp_path)
    assert (ended.code, "link: the link leads nowhere" in ended.err) == (3, True)
