"""Where settings come from, and what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs
import pytest

from tokencli import config
from tokencli.cli.commands import leaves
from tokencli.errors import ExitCode, TokError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user; settings of the person who tests are out of sight."""
    monkeypatch.setattr(config, "user_folder", lambda kind, environ: str(tmp_path / "home" / kind))
    (tmp_path / "home" / "config").mkdir(parents=True)
    (tmp_path / "project" / ".git").mkdir(parents=True)
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load(
    home: Path, flags: dict[str, object] | None = None, environ: dict[str, str] | None = None, below: str = ""
) -> dict[str, config.Value]:
    return config.load(flags or {}, environ or {}, str(home / "project" / below))


def user(home: Path) -> Path:
    return home / "home" / "config" / "config.toml"


def wrong(home: Path, environ: dict[str, str] | None = None) -> TokError:
    with pytest.raises(TokError) as caught:
        load(home, environ=environ)
    assert caught.value.exit == ExitCode.USAGE
    return caught.value


def test_everything_is_built_in_without_files(home: Path) -> None:
    values = load(home)
    assert {value.origin for value in values.values()} == {"built-in"}
    assert values["sort"].value == "tokens"


def test_each_place_wins_over_the_next(home: Path) -> None:
    write(user(home), 'sort = "bytes"\nspecial = "parse"\ntop = 1\n')
    project = write(home / "project" / "tok.toml", 'sort = "path"\ntop = 2\nspecial = "text"\n')
    values = load(home, {"top": 4}, {"TOK_TOP": "3", "TOK_SORT": "tokens"})
    assert [(values[name].value, values[name].origin) for name in ("top", "sort", "special")] == [
        (4, "--top"),
        ("tokens", "TOK_SORT"),
        ("text", f"{project}:3"),
    ]


def test_the_users_file_holds_where_no_project_says_otherwise(home: Path) -> None:
    write(user(home), 'sort = "bytes"\n')
    write(home / "project" / "tok.toml", "top = 2\n")
    assert load(home)["sort"].origin == f"{user(home)}:1"


def test_a_project_is_found_from_a_folder_below(home: Path) -> None:
    write(home / "project" / "tok.toml", "top = 2\n")
    (home / "project" / "a" / "b").mkdir(parents=True)
    assert load(home, below="a/b")["top"].value == 2


def test_a_project_above_the_repository_is_not_read(home: Path) -> None:
    write(home / "tok.toml", "top = 2\n")
    assert load(home)["top"].value is None


def test_outside_a_repository_only_the_current_folder_is_looked_at(home: Path) -> None:
    (home / "project" / ".git").rmdir()
    write(home / "tok.toml", "top = 2\n")
    assert load(home)["top"].value is None
    write(home / "project" / "tok.toml", "top = 3\n")
    assert load(home)["top"].value == 3


@pytest.mark.skipif(sys.platform == "win32", reason="there are no sticky folders")
def test_a_repository_where_anyone_may_write_is_none_for_those_below(home: Path) -> None:
    (home / "project" / "a").mkdir()
    write(home / "project" / "tok.toml", "top = 2\n")
    (home / "project").chmod(0o1777)
    assert load(home, below="a")["top"].value is None
    (home / "project").chmod(0o755)
    assert load(home, below="a")["top"].value == 2


def test_the_table_of_pyproject_is_read(home: Path) -> None:
    path = write(home / "project" / "pyproject.toml", '[project]\nname = "x"\ntop = 9\n\n[tool.tok]\ntop = 2\n')
    assert (load(home)["top"].value, load(home)["top"].origin) == (2, f"{path}:6")


def test_a_pyproject_without_our_table_is_passed_over(home: Path) -> None:
    write(home / "project" / "tok.toml", "top = 2\n")
    write(home / "project" / "a" / "pyproject.toml", '[project]\nname = "token"\n')
    assert load(home, below="a")["top"].value == 2


def test_tok_toml_wins_over_pyproject_beside_it(home: Path) -> None:
    write(home / "project" / "tok.toml", "top = 2\n")
    write(home / "project" / "pyproject.toml", "[tool.tok]\ntop = 3\n")
    assert load(home)["top"].value == 2


def test_lists_may_be_one_text_or_several(home: Path) -> None:
    write(home / "project" / "tok.toml", 'exclude = "*.lock"\nmodel = ["a", "b"]\n')
    values = load(home, environ={"TOK_INCLUDE": "*.md, *.py"})
    assert [values[name].value for name in ("exclude", "model", "include")] == [
        ("*.lock",),
        ("a", "b"),
        ("*.md", "*.py"),
    ]


def test_no_config_reads_no_file(home: Path) -> None:
    write(user(home), "top = 1\n")
    assert config.load({}, {}, str(home / "project"), no_config=True)["top"].value is None


def test_a_named_file_is_read_alone(home: Path) -> None:
    write(user(home), "top = 1\n")
    write(home / "project" / "other.toml", 'sort = "path"\n')
    values = config.load({}, {}, str(home / "project"), config_file="other.toml")
    assert (values["top"].value, values["sort"].value) == (None, "path")
    values = config.load({}, {"TOK_CONFIG": "other.toml"}, str(home / "project"))
    assert values["sort"].value == "path"


def test_an_unknown_key_is_an_error_with_the_nearest_name(home: Path) -> None:
    path = write(home / "project" / "tok.toml", '\n"encodng" = "x"\n')
    error = wrong(home)
    assert (error.message, error.hint) == (f"{path}:2: unknown setting 'encodng'", "did you mean 'encoding'?")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("top = 'two'", "whole number"),
        ("top = true", "whole number"),
        ("top = 0", "at least 1"),
        ("top = 1.5", "whole number"),
        ("cache = 1", "true or false"),
        ("model = 1", "list of texts"),
        ("model = [1]", "list of texts"),
        ("sort = 'size'", "not one of tokens, path, bytes"),
        ("sort = 1", "takes a text"),
        ("sort =", "not valid TOML"),
        ("a." * 100_000 + "b = 1", "not valid TOML: a key of more than 50 parts"),
        ("sort = " + "[" * 100_000, "not valid TOML: nested too deeply"),
        ("format = 'xml'", "not one of auto, table, plain"),
        ("max = -1", "at least 0"),
        ("by = 'folder'", "not one of file, dir"),
        ("window = 'yes'", "true or false"),
    ],
)
def test_a_wrong_type_is_an_error(home: Path, text: str, complaint: str) -> None:
    path = write(home / "project" / "tok.toml", text + "\n")
    error = wrong(home)
    assert complaint in error.message
    assert error.message.startswith(str(path))


@pytest.mark.parametrize(("name", "text"), [("TOK_TOP", "two"), ("TOK_CACHE", "maybe"), ("TOK_SORT", "size")])
def test_a_wrong_variable_is_an_error_that_names_it(home: Path, name: str, text: str) -> None:
    assert wrong(home, environ={name: text}).message.startswith(f"{name}: ")


def test_plugins_stand_in_the_users_file_only(home: Path) -> None:
    path = write(home / "project" / "tok.toml", 'plugins = ["evil"]\n')
    assert wrong(home).message == f"{path}:1: 'plugins' names code to run, which no project's file may"


@pytest.mark.parametrize("name", ["command", "url"])
def test_no_setting_names_code_commands_or_addresses(home: Path, name: str) -> None:
    path = write(home / "project" / "tok.toml", f'{name} = ["evil"]\n')
    assert wrong(home).message == f"{path}:1: unknown setting '{name}'"
    path.unlink()
    assert name not in load(home, environ={f"TOK_{name.upper()}": "evil"})


GATE = """top = 2
extends = "policies/org.toml"
report_only = false
[[{0}rules]]
paths = ["*.md"]
model = "gpt-4o"
nonsense = 1
[[{0}waivers]]
[{0}gate]
base = "main"
"""


def test_the_rules_of_a_gate_are_left_to_it(home: Path) -> None:
    path = write(home / "project" / "tok.toml", GATE.format(""))
    assert (load(home)["top"].value, load(home)["model"].value) == (2, ())
    path.unlink()
    path = write(home / "project" / "pyproject.toml", "[tool.tok]\n" + GATE.format("tool.tok."))
    assert (load(home)["top"].value, load(home)["model"].value) == (2, ())


@pytest.mark.parametrize("line", ["[[rules]]", "[[waivers]]", "[gate]", 'extends = "a.toml"', "report_only = true"])
def test_the_rules_of_a_gate_are_an_error_in_the_users_own_file(home: Path, line: str) -> None:
    path = write(user(home), line + "\n")
    error = wrong(home)
    assert error.message.startswith(f"{path}:1: '")
    assert error.message.endswith("' is no setting of a user")
    assert error.hint == "it belongs in the tok.toml of a project"


def test_a_missing_named_file_is_an_error(home: Path) -> None:
    with pytest.raises(TokError, match="cannot read the settings"):
        config.load({}, {}, str(home / "project"), config_file="none.toml")


def test_a_format_of_another_command_in_a_file_means_auto(home: Path) -> None:
    write(home / "project" / "tok.toml", 'format = "csv"\n')
    values = config.load({}, {}, str(home / "project"), formats=("plain", "json"))
    assert values["format"].value == "auto"


@pytest.mark.parametrize("variable", [{}, {"TOK_FORMAT": "csv"}])
def test_a_format_for_all_commands_is_no_error_for_one_that_lacks_it(home: Path, variable: dict[str, str]) -> None:
    write(home / "project" / "tok.toml", 'format = "jsonl"\n')
    values = config.load({}, variable, str(home / "project"), formats=("plain", "json"))
    assert values["format"].value == "auto"


def test_the_formats_are_those_of_all_commands() -> None:
    assert set(config.FORMATS) == {name for stub in leaves().values() for name in stub.formats}


def test_a_pyproject_that_is_not_valid_is_an_error_with_its_line(home: Path) -> None:
    for text in ("[tool.tok]\ntop = \n", '[tool]\n"tok".top = \n', '[tool."tok"]\nx = \n'):
        path = write(home / "project" / "pyproject.toml", text)
        assert wrong(home).message.startswith(f"{path}:2: not valid TOML")
    path.write_bytes(b"[tool.tok]\n# \xff\n")
    assert wrong(home).message == f"{path}: not valid TOML: byte 14 is not UTF-8"


def test_a_pyproject_of_others_that_is_not_valid_is_passed_over(home: Path) -> None:
    write(home / "project" / "pyproject.toml", '[project]\nname = \ndescription = "tokens"\n')
    assert load(home)["top"].origin == "built-in"


def test_the_table_of_pyproject_in_a_tok_toml_is_an_error_that_says_what_to_do(home: Path) -> None:
    path = write(home / "project" / "tok.toml", "[tool.tok]\ntop = 2\n")
    assert wrong(home).message.startswith(f"{path}:1: in tok.toml leave out [tool.tok]")


def test_names_with_a_hyphen_have_a_variable_with_an_underscore(home: Path) -> None:
    values = load(home, environ={"TOK_SHOW_SKIPPED": "1", "TOK_MAX": "50000", "TOK_BY": "dir", "TOK_WINDOW": "yes"})
    assert [values[name].value for name in ("show-skipped", "max", "by", "window")] == [True, 50_000, "dir", True]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs itself is asked")
@pytest.mark.parametrize("variable", [None, "/x/y", "", "relative"])
def test_user_folders_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, variable: str | None) -> None:
    environ = {}
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
        if variable is not None:
            monkeypatch.setenv(name, variable)
            environ[name] = variable
    assert config.user_folder("cache", environ) == platformdirs.user_cache_dir("tok", appauthor=False)
    assert config.user_folder("config", environ) == platformdirs.user_config_dir("tok", appauthor=False)
