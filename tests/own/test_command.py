"""`tok tokenizers` and `-e NAME`, as people run them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from tokencli import collection

Tok = Callable[..., SimpleNamespace]


@pytest.fixture
def own(tok: Tok, made: SimpleNamespace, tmp_path: Path) -> Callable[..., SimpleNamespace]:
    """Runs `tok` where a tokenizer `mine` was added."""
    env = {"TOK_DATA_DIR": str(tmp_path / "data")}
    made.hugging_face(tmp_path / "tokenizer.json")
    (tmp_path / "a.txt").write_text("hello world, hello tokens\n")

    def run(*arguments: str, **more: str) -> SimpleNamespace:
        return tok(*arguments, cwd=tmp_path, env=env | more)

    assert run("tokenizers", "add", "mine", str(tmp_path)).code == 0
    return run


def test_every_command_counts_with_it(own: Tok) -> None:
    ids = own("encode", "-e", "mine", "a.txt").out
    assert own("count", "-q", "-e", "MINE", "a.txt").out == f"{len(ids.split())}\n"
    assert own("decode", "-e", "mine", *ids.split()).out == "hello world, hello tokens\n"
    assert own("truncate", "3", "-e", "mine", "a.txt").out == own("decode", "-e", "mine", *ids.split()[:3]).out
    counted = json.loads(own("count", "-e", "mine", "a.txt", "--json").out)
    assert counted["data"]["totals"][0]["method"] == "exact"
    assert "mine: your own tokenizer, huggingface, sha256" in counted["notes"][0]


def test_an_unknown_name_and_a_taken_one_are_said(own: Tok) -> None:
    assert "did you mean mine" in own("count", "-e", "mein", "a.txt").err
    assert "there is a tokenizer 'mine' already" in own("tokenizers", "add", "mine", "tokenizer.json").err
    for name in ("gpt2", "o200k_base", "gpt-4o", "qwen3-8b", "A b", "../x", ".x", "x" * 65):
        assert own("tokenizers", "add", name, "tokenizer.json").code == 2
    assert own("tokenizers", "add", "x").code == 2
    assert own("tokenizers", "add", "x", "tokenizer.json", "--like", "qwen2").code == 2
    assert own("tokenizers", "add", "x", "no-such-file").code == 3
    assert own("tokenizers", "add", "x", "a.txt").code == 3


def test_every_name_that_the_readme_adds_can_be_added(made: SimpleNamespace, store: Path) -> None:
    names = re.findall(r"^tok tokenizers add (\S+) ", made.readme, re.MULTILINE)
    assert len(names) == 3
    for name in names:
        collection.check_name(name)


def test_of_those_who_add_one_name_at_once_one_wins(own: Tok, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda _: own("tokenizers", "add", "other", "tokenizer.json"), range(4)))
    assert sorted(one.code for one in ended) == [0, 2, 2, 2]
    assert all("there is a tokenizer 'other' already" in one.err for one in ended if one.code)
    assert sorted(path.name for path in (tmp_path / "data" / "tokenizers").iterdir()) == ["mine", "other"]


def test_a_changed_file_is_noticed_wherever_it_is_used(own: Tok, tmp_path: Path) -> None:
    assert own("tokenizers", "verify").code == 0
    file = tmp_path / "data" / "tokenizers" / "mine" / "tokenizer.json"
    file.write_bytes(file.read_bytes() + b" ")
    ended = own("tokenizers", "verify")
    assert ended.code == 3
    assert "wrong\tmine\ttokenizer.json\tsha256 is" in ended.out
    ended = own("count", "-e", "mine", "a.txt")
    assert (ended.code, "is not the file that was added" in ended.err) == (3, True)


def test_a_file_that_was_deleted_is_noticed_wherever_it_is_used(own: Tok, tmp_path: Path) -> None:
    (tmp_path / "data" / "tokenizers" / "mine" / "tokenizer.json").unlink()
    ended = own("tokenizers", "verify")
    assert (ended.code, "wrong\tmine\ttokenizer.json\tcannot be read" in ended.out) == (3, True)
    ended = own("count", "-e", "mine", "a.txt")
    assert (ended.code, "tokenizer.json cannot be read" in ended.err) == (3, True)


def test_a_broken_record_stops_no_other_command(own: Tok, tmp_path: Path) -> None:
    (tmp_path / "data" / "tokenizers" / "mine" / "record.json").write_text("{}")
    assert "is not one that tok wrote" in own("tokenizers", "list").out
    assert own("count", "a.txt").code == 0
    assert own("count", "-e", "mine", "a.txt").code == 3
    assert own("tokenizers", "verify").code == 3
    assert own("tokenizers", "remove", "mine").code == 0


def test_what_was_removed_is_gone(own: Tok, tmp_path: Path) -> None:
    assert own("tokenizers", "remove", "mine").code == 0
    assert list((tmp_path / "data" / "tokenizers").iterdir()) == []
    assert own("tokenizers", "remove", "mine").code == 3
    assert own("tokenizers", "remove", "qwen2").code == 2
    assert own("count", "-e", "mine", "a.txt").code == 3


def test_what_is_refused_leaves_nothing_behind(own: Tok, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"model": {"type": "BPE"}}')
    assert own("tokenizers", "add", "bad", "bad.json").code == 3
    assert [path.name for path in (tmp_path / "data" / "tokenizers").iterdir()] == ["mine"]


def test_a_folder_that_cannot_be_written_is_one_line(own: Tok, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = own("tokenizers", "add", "x", "tokenizer.json", TOK_DATA_DIR=str(tmp_path / "file"))
    assert ended.code == 3
    assert "cannot keep the tokenizer" in ended.err


def test_a_rule_that_counts_with_it_says_so_and_is_unknown_to_others(own: Tok, tmp_path: Path) -> None:
    rule = '[[rules]]\nname = "a"\npaths = ["*.txt"]\nencoding = "mine"\nmax_tokens = 1000\n'
    (tmp_path / "tok.toml").write_text(rule)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["add", "a.txt", "tok.toml"], ["commit", "-q", "-m", "a commit"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    (tmp_path / "a.txt").write_text("hello again\n")
    ended = own("check", "--worktree", "--base", "HEAD")
    assert ended.code == 0
    assert "rule a counts with a tokenizer that others may not have" in ended.err
    ended = own("check", "--worktree", "--base", "HEAD", TOK_DATA_DIR=str(tmp_path / "nothing"))
    assert ended.code != 0
    assert "unknown encoding 'mine'" in ended.err


def test_show_tells_all(own: Tok) -> None:
    shown = json.loads(own("tokenizers", "show", "mine", "--json").out)["data"]
    assert (shown["vocabulary"], shown["lossless"], shown["in_parts"]) == (1000, True, True)
    assert "qwen3-8b" in own("tokenizers", "show", "qwen2").out


def test_comparing_puts_the_best_first_and_tells_scripts_apart(own: Tok, tmp_path: Path) -> None:
    (tmp_path / "zh.md").write_text("你好，世界 hello\n\n```\nx = 1\n```\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("x = 1\n")
    ended = own("tokenizers", "compare", "zh.md", "b.py", "-e", "mine", "-e", "o200k_base", "--json")
    data = json.loads(ended.out)["data"]
    assert data["sample"]["scripts"] == {
        "latin": 5, "han": 5, "kana": 0, "hangul": 0, "arabic": 0, "devanagari": 0, "code": 12
    }  # fmt: skip
    best, other = data["encodings"]
    assert (best["encoding"], best["premium"], other["encoding"]) == ("o200k_base", 0, "mine")
    assert set(best["scripts"]) == {"latin", "han", "code"}


def test_a_text_too_long_for_one_piece_is_compared_in_parts(own: Tok, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("hello world, hello tokens\n" * 200_000)
    data = json.loads(own("tokenizers", "compare", "long.txt", "-e", "mine", "--json").out)["data"]
    assert data["encodings"][0]["tokens"] == 200_000 * int(own("count", "-q", "-e", "mine", "a.txt").out)


def test_comparing_nothing_is_an_error(own: Tok, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    assert own("tokenizers", "compare", "empty.txt").code == 3


def test_a_plain_count_does_not_look_at_own_tokenizers(own: Tok, tmp_path: Path) -> None:
    code = "import sys; from tokencli.__main__ import main; main(['count', '-q', 'a.txt']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert not [name for name in done.stdout.split() if name.endswith((".own", "collection", "huggingface"))]
