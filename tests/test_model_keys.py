"""Where a model's name stands in a file, and which files are refused."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli import model_keys
from tokencli.errors import ExitCode, TokError
from tokencli.model.gate import ModelKey
from tokencli.model_keys import find


def found(file: str, key: str, text: str) -> str | None:
    return find(ModelKey(file, key=key), text.encode())


def refused(key: ModelKey, text: bytes) -> TokError:
    with pytest.raises(TokError) as caught:
        find(key, text)
    assert (caught.value.exit, caught.value.code) == (ExitCode.DATA, "model-key")
    assert caught.value.hint
    return caught.value


def unusable(key: ModelKey) -> TokError:
    with pytest.raises(TokError) as caught:
        model_keys.check(key)
    assert (caught.value.exit, caught.value.code) == (ExitCode.USAGE, "config")
    return caught.value


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.json", '{"agents": [{"x": 1}, {"model.name": "gpt-4o"}]}'),
        ("a.toml", '[[agents]]\nx = 1\n[[agents]]\n"model.name" = "gpt-4o"\n'),
        ("a.yaml", "agents:\n  - x: 1\n  - model.name: gpt-4o\n"),
        ("A.YML", "\ufeffagents: [{x: 1}, {'model.name': \"gpt-4o\"}]\n"),
    ],
)
def test_a_dotted_key_leads_to_a_text(file: str, text: str) -> None:
    assert found(file, 'agents.1."model.name"', text) == "gpt-4o"
    assert found(file, 'agents.2."model.name"', text) is None
    assert found(file, 'agents.x."model.name"', text) is None
    assert found(file, "agents.1.model.name", text) is None
    assert found(file, 'agents.1."model.name".more', text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model: gpt-4o\nmodel: gpt-5\n", "gpt-5"),
        ("model: null\n", None),
        ("model: ''\n", None),
        ("model:\n", None),
        ("", None),
        ("model: '4.1'\n", "4.1"),
        ("base: &b {model: gpt-4o}\nmodel: *b\n", "a table or list"),
        ("name: &n gpt-4o\nmodel: *n\n", "gpt-4o"),
        ("model: gpt-4o\n---\nmodel: gpt-5\n", "gpt-4o"),
        ("model: gpt-4o\n---\n[not, closed\n", "gpt-4o"),
        ("<<: {model: gpt-4o}\n", "gpt-4o"),
        ("<<: [{x: 1}, {model: gpt-4o}, {model: gpt-5}]\nmodel: own\n", "own"),
        ("<<: [{x: 1}, {model: gpt-4o}, {model: gpt-5}]\n", "gpt-4o"),
        ("<<: {<<: {model: deep}}\n", "deep"),
        ("'<<': {model: gpt-4o}\n", None),
        ("model: !!python/object/apply:os.system [x]\n", "a table or list"),
        ("model: !env NAME\n", "a !env"),
        ("model: 4.1\n", "a float"),
        ("model: [a]\n", "a table or list"),
    ],
)
def test_yaml_is_read_as_nodes(text: str, expected: str | None) -> None:
    if expected is not None and expected.startswith("a "):
        error = refused(ModelKey("a.yaml", key="model"), text.encode())
        assert error.message == f"a.yaml: model is {expected}, not the name of a model"
    else:
        assert found("a.yaml", "model", text) == expected


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("a.json", b'{"model": 4}', "a.json: model is a number or a date, not the name of a model"),
        ("a.json", b'{"model": {"a": 1}}', "a.json: model is a table, not the name of a model"),
        ("a.toml", b"model = []", "a.toml: model is a list, not the name of a model"),
        (
            "a.json",
            b'{\n"model": "x",\n}',
            "a.json:3: is not valid JSON: Expecting property name",
        ),
        ("a.json", b"[" * 500_000, "a.json: is not valid JSON: nested too deeply"),
        ("a.toml", b"x = 1\nmodel =\n", "a.toml:2: is not valid TOML: Invalid value (at line 2, column 8)"),
        ("a.toml", b"model = " + b"[" * 500_000, "a.toml: is not valid TOML: nested too deeply"),
        ("a.toml", b"x = 1\n" + b"a ." * 300_000 + b"a = 1", "a.toml: is not valid TOML: a key of more than 50 parts"),
        ("a.yaml", b"a: 1\nb: [\n", "a.yaml:3: is not valid YAML: "),
        ("a.yaml", b"a: \x00", "a.yaml: is not valid YAML: "),
        ("a.yaml", b"a: *gone\n", "a.yaml:1: is not valid YAML: found undefined alias"),
        ("a.yaml", b"- " * 400_000, "a.yaml:1: has more than 100 levels"),
        ("a.yaml", b"[" * 900_000, "a.yaml:1: has more than 100 levels"),
        ("a.yaml", b"model: \xff", "a.yaml: is not UTF-8 at byte 8"),
        ("a.yaml", b"#" * 1_000_001, "a.yaml: is larger than 1,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_with_its_place(file: str, text: bytes, message: str) -> None:
    assert refused(ModelKey(file, key="model"), text).message.startswith(message)


def test_aliases_and_merges_do_not_multiply() -> None:
    levels = ["a0: &a0 {model: gpt-4o}"]
    levels += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 90)]
    start = time.perf_counter()
    assert found("a.yaml", "a89.model", "\n".join(levels)) == "gpt-4o"
    assert found("a.yaml", "a89.other", "\n".join(levels)) is None
    assert found("a.yaml", "a.0.0.0.model", "a: &a [*a, 1]") is None
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r'model="([^"]+)"', 'run(model="gpt-4o")\nrun(model="gpt-5")', "gpt-4o"),
        (r"(?m)^model: (\S+)$", "---\nmodel: sonnet\n---\n", "sonnet"),
        (r"model=(?:default|'(.*)')", "model=default model='gpt-5'", "gpt-5"),
        (r"model=(.*)", "nothing", None),
    ],
)
def test_a_pattern_gives_its_first_group(pattern: str, text: str, expected: str | None) -> None:
    assert find(ModelKey("a.py", pattern=pattern), text.encode()) == expected


def test_a_pattern_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_keys, "SECONDS", 0.1)
    error = refused(ModelKey("a.py", pattern=r"(a|a|aa)+$"), b"a" * 5_000 + b"b")
    assert error.message == "a.py: the regular expression '(a|a|aa)+$' took more than 0.1 seconds"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (ModelKey("a.py", pattern="("), "bad regular expression '(': "),
        (ModelKey("a.py", pattern="model"), "'model' has no group"),
        (ModelKey("a.py", pattern="(" + "a" * 1000 + ")"), "the regular expression is longer than 1,000 characters"),
        (ModelKey("a.py", key="model"), "no key can be looked up in 'a.py'"),
        (ModelKey("a.json", key="a..b"), "bad key 'a..b'"),
        (ModelKey("a.json", key=".a"), "bad key '.a'"),
        (ModelKey("a.json", key="a."), "bad key 'a.'"),
        (ModelKey("a.json", key='a."b'), "bad key 'a.\"b'"),
        (ModelKey("a.json", key='"a"b'), "bad key '\"a\"b'"),
    ],
)
def test_a_key_or_pattern_that_cannot_be_used_is_an_error(key: ModelKey, message: str) -> None:
    error = unusable(key)
    assert error.message.startswith(message)
    assert error.hint


@given(st.lists(st.text(min_size=1).filter(lambda part: part.isprintable()), min_size=1, max_size=4))
def test_every_key_can_be_written_in_quotes(parts: list[str]) -> None:
    quoted = ".".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)
    assert model_keys.segments(quoted) == parts


@given(st.binary(max_size=200), st.sampled_from(["a.yaml", "a.json", "a.toml"]))
def test_no_bytes_make_anything_but_an_answer_or_an_error(text: bytes, file: str) -> None:
    with contextlib.suppress(TokError):
        assert find(ModelKey(file, key="a.0"), text) != ""
