"""What is compared: scripts as Unicode has them, code, words, and the sums over runs."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest
import regex

from tokencli.encoders import column, load
from tokencli.fertility import LETTERS, compare, fenced, runs

# With letters that Unicode gives to several scripts: a closing mark, the long sound, marks of repetition, tatweel.
UNICODE = {
    "latin": r"\p{Script=Latin}",
    "han": r"[\p{Script=Han}\u3006]",
    "kana": r"[\p{Script=Hiragana}\p{Script=Katakana}\u3031-\u3035\u303c\u30fc\uff70\uff9e\uff9f]",
    "hangul": r"\p{Script=Hangul}",
    "arabic": r"[\p{Script=Arabic}\u0640]",
    "devanagari": r"\p{Script=Devanagari}",
}


@pytest.mark.parametrize("script", LETTERS)
def test_the_letters_of_a_script_are_those_of_unicode(script: str) -> None:
    ours, theirs = regex.compile(f"[{LETTERS[script]}]"), regex.compile(UNICODE[script])
    planes = [*range(0x10000), *(range(0x20000, 0x34000) if script == "han" else ())]
    letters = [chr(code) for code in planes if unicodedata.category(chr(code))[0] == "L"]
    assert [one for one in letters if bool(ours.match(one)) != bool(theirs.match(one))] == []


def test_no_letter_is_of_two_scripts() -> None:
    patterns = [regex.compile(f"[{letters}]") for letters in LETTERS.values()]
    assert all(sum(bool(one.match(chr(code))) for one in patterns) < 2 for code in range(sys.maxunicode + 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, world! 42 more", [("latin", "Hello, world"), ("latin", "more")]),
        ("naïve cafe\u0301\nthen", [("latin", "naïve cafe\u0301"), ("latin", "then")]),
        ("你好，世界。再见", [("han", "你好，世界。再见")]),
        ("お誕生日おめでとう", [("han", "誕生日"), ("kana", "お"), ("kana", "おめでとう")]),
        ("コーヒー", [("kana", "コーヒー")]),
        ("모든 인간은 자유", [("hangul", "모든 인간은 자유")]),
        ("يولد جميع، الناس", [("arabic", "يولد جميع، الناس")]),
        ("सभी मनुष्यों को। गौरव", [("devanagari", "सभी मनुष्यों को। गौरव")]),
        ("GPT模型 is", [("latin", "GPT"), ("latin", "is"), ("han", "模型")]),
        ("สวัสดี 123 😀", []),
    ],
)
def test_the_runs_of_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(runs("a.txt", text)) == expected


def test_code_is_a_file_by_its_name_and_what_is_fenced_in_markdown() -> None:
    assert list(runs("A.PY", "x = '你'")) == [("code", "x = '你'")]
    assert list(runs("a.py", "")) == []
    text = "before\n```python\nx = 1\n```\nafter\n"
    assert list(runs("a.md", text)) == [("code", "x = 1\n"), ("latin", "before"), ("latin", "after")]
    assert list(runs("a.txt", "```\nx\n```\n")) == [("latin", "x")]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [  # https://spec.commonmark.org/0.31.2/#fenced-code-blocks, examples 119 to 145
        ("```\n<\n >\n```\n", ["<\n >\n"]),
        ("~~~\n<\n```\n~~~\n", ["<\n```\n"]),
        ("``\nfoo\n``\n", []),
        ("````\naaa\n```\n``````\n", ["aaa\n```\n"]),
        ("```\n\n  \n```\n", ["\n  \n"]),
        ("   ```\n   aaa\n  ```\n", ["   aaa\n"]),
        ("    ```\n    aaa\n    ```\n", []),
        ("```\naaa\n    ```\n", ["aaa\n    ```\n"]),
        ("``` ```\naaa\n", []),
        ("~~~ aa ``` ~~~\naaa\n~~~\n", ["aaa\n"]),
        ("```\n``` aaa\n```\n", ["``` aaa\n"]),
        ("`````\n\n```\naaa\n", ["\n```\naaa\n"]),
    ],
)
def test_a_fenced_block_is_that_of_commonmark(text: str, blocks: list[str]) -> None:
    assert [block for block in fenced(text)[0] if block] == blocks


@pytest.mark.parametrize("text", ["`" * 300_000, "```\n" * 100_000, "``` `" * 60_000, "~~~x\n" * 100_000])
def test_much_that_looks_like_fences_takes_no_time(text: str) -> None:
    start = time.process_time()
    fenced(text)
    assert time.process_time() - start < 2


def test_the_numbers_are_those_of_the_texts_and_of_their_runs() -> None:
    texts = [("a.txt", "hello world 123\nagain"), ("b.py", "x = 1\n")]
    report = compare(texts, [column("o200k_base")])
    encoder = load("o200k_base")
    (row,) = report.rows
    assert row.tokens.tokens == encoder.count(texts[0][1]) + encoder.count(texts[1][1])
    assert row.scripts == {
        "latin": encoder.count("hello world") + encoder.count("again"),
        "code": encoder.count("x = 1\n"),
    }
    assert (report.sample.words, report.sample.characters, report.sample.bytes) == (7, 27, 27)
    assert report.rates(row) == (row.tokens.tokens / 7, row.tokens.tokens / 27, row.tokens.tokens / 27)
    assert report.notes == ()


@pytest.mark.parametrize("text", ["你好，世界", "お誕生日おめでとう", "สวัสดีชาวโลก", "abc 你 def"])
def test_a_text_without_blanks_between_words_is_said_to_be_one(text: str) -> None:
    (note,) = compare([("a.txt", text)], [column("o200k_base")]).notes
    assert "compare by character, not by word" in note
    assert compare([("a.txt", "모든 인간은 hello")], [column("o200k_base")]).notes == ()
