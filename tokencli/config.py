"""Settings: found, read, merged and explained. Flag > `TOK_*` variable > project file > user file > built-in.

A project is `tok.toml`, or `[tool.tok]` of pyproject.toml, in the nearest folder up to the root of the repository, or,
outside a repository, in the current folder.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from tokencli.errors import ExitCode, TokError

# NamedTuples here and in the modules that every run imports: a frozen dataclass takes 0.6 ms to define, eight times as
# long, and a small count takes about 100 ms in all.
Kind = Literal["text", "list", "integer", "boolean"]


class Setting(NamedTuple):
    """One setting: its option name, type, built-in value, help, allowed words, least number.

    `flag` is the option that sets it where that is not `--name`. No setting names code, commands or addresses but
    `plugins`, which only the user's file may hold: a project's comes with whatever tree is looked at.
    """

    name: str
    kind: Kind
    default: object
    help: str
    choices: tuple[str, ...] = ()
    least: int = 0
    flag: str = ""


class Value(NamedTuple):
    """A setting's value, the place it came from in words, and the rank of that place (0 is a flag, 2 the file of a
    project, 4 built-in). `file` is the path of that file, "" for other places."""

    setting: Setting
    value: Any
    origin: str
    rank: int
    file: str = ""


class File(NamedTuple):
    """A settings file that was read: its path, whether it is a project's or the user's, its raw values."""

    path: str
    scope: Literal["project", "user"]
    text: str
    values: Mapping[str, object]


FORMATS = ("table", "plain", "json", "jsonl", "csv", "markdown", "sarif", "github")
"""The formats of all commands."""

SETTINGS: tuple[Setting, ...] = (
    Setting("model", "list", (), "models to count for, in columns"),
    Setting("encoding", "list", (), "encodings to count with, in columns"),
    Setting(
        "format", "text", "auto", "output format; auto is a table on a terminal, plain otherwise", ("auto", *FORMATS)
    ),
    Setting("color", "text", "auto", "colour in the output", ("auto", "always", "never")),
    Setting("include", "list", (), "globs of files a walk takes"),
    Setting("exclude", "list", (), "globs of files a walk leaves out"),
    Setting("special", "text", "text", "special-token text in files: ordinary text, or parsed", ("text", "parse")),
    Setting(
        "require",
        "text",
        None,
        "the least exact way of counting that is accepted",
        ("exact", "provider", "vendor-local", "reconstructed"),
    ),
    Setting("sort", "text", "tokens", "order of the rows", ("tokens", "path", "bytes")),
    Setting("top", "integer", None, "rows to list at most", least=1),
    Setting(
        "by",
        "text",
        None,
        "how `tok count` breaks the count down",
        ("file", "dir", "ext", "section", "role", "message", "tool", "part"),
    ),
    Setting("max", "integer", None, "tokens over which `tok count` ends with exit code 1"),
    Setting("window", "boolean", False, "show shares of the model's context window where it is known"),
    Setting("show-skipped", "boolean", False, "name what was skipped"),
    Setting("keep", "text", "head", "what `tok truncate` keeps", ("head", "tail", "both")),
    Setting("cache", "boolean", True, "keep counts by content between runs", flag="--no-cache"),
    Setting("providers", "list", (), "providers whose price is meant where several sell a model", flag="--provider"),
    Setting("stale-after-days", "integer", 45, "days after which `tok rates check` calls a price stale", least=1),
    Setting("plugins", "list", (), "modules of your own with formats of transcripts; in the user's file only"),
    Setting("debug", "boolean", False, "show the traceback of an error"),
)

LONG_KEY = r"""(?:\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+){50}"""
"""Fits 50 parts of a dotted key. Compiled when a file is read, which not every run does."""

GATE = ("rules", "waivers", "gate", "extends", "report_only")
"""What a project's file may hold besides settings: the rules of its gate, which only that reads and checks."""

TERMS = ("discounts", "commitments", "packs", "plans", "fx", "own_models")
"""What any file may hold besides settings: terms of payment and prices of one's own, which only `tok cost` reads."""


def load(
    flags: Mapping[str, object],
    environ: Mapping[str, str],
    folder: str,
    *,
    config_file: str | None = None,
    no_config: bool = False,
    formats: Sequence[str] = (),
    read: Sequence[File] | None = None,
) -> dict[str, Value]:
    """Every setting by name; `flags` holds what options gave (None or empty is not given), `read` the files that apply
    where they have been read already.

    Raises TokError (usage) for unknown keys, wrong types and files that cannot be read. `formats` are those of the
    command that runs: another one that is set in a file or the environment, for all commands, means `auto` to it.
    """
    if read is None:
        read = files(environ, folder, config_file=config_file, no_config=no_config)
    values = {}
    for setting in SETTINGS:
        value = _resolve(setting, flags, environ, read)
        if setting.name == "format" and formats and value.value not in ("auto", *formats):
            value = Value(setting, "auto", "built-in", 4)
        values[setting.name] = value
    return values


def files(
    environ: Mapping[str, str], folder: str, *, config_file: str | None = None, no_config: bool = False
) -> list[File]:
    """The settings files that apply, nearest first, read and checked."""
    if no_config:
        return []
    named = config_file or environ.get("TOK_CONFIG")
    if named:
        return [_checked(os.path.join(folder, named), "user", required=True)]
    found = []
    project = project_file(folder)
    if project is not None:
        found.append(_checked(project, "project"))
    user = user_file(environ)
    if os.path.isfile(user):
        found.append(_checked(user, "user"))
    return found


def project_file(folder: str) -> str | None:
    """The nearest tok.toml, or pyproject.toml with [tool.tok], from `folder` up to the root of its repository.

    Outside a repository only `folder` itself is looked at: in a folder above, such as /tmp, others may write.
    """
    folder = os.path.abspath(folder)
    for place in _up_to_repository(folder):
        for name in ("tok.toml", "pyproject.toml"):
            path = os.path.join(place, name)
            if os.path.isfile(path) and (name == "tok.toml" or _has_table(path)):
                return path
    return None


def _up_to_repository(folder: str) -> list[str]:
    """The folder and those above it up to the root of the repository; the folder alone where there is none."""
    places = [folder]
    while not os.path.exists(os.path.join(places[-1], ".git")):
        parent = os.path.dirname(places[-1])
        if parent == places[-1] or _is_everybodys(parent):
            return [folder]
        places.append(parent)
    return places


def _is_everybodys(folder: str) -> bool:
    """Whether anyone may put files there, as in /tmp: sticky and writable for all."""
    from stat import S_ISVTX, S_IWOTH

    try:
        return os.stat(folder).st_mode & (S_ISVTX | S_IWOTH) == S_ISVTX | S_IWOTH
    except OSError:
        return False


def user_file(environ: Mapping[str, str]) -> str:
    """The user's settings file, whether it exists or not."""
    return os.path.join(user_folder("config", environ), "config.toml")


XDG = {
    "config": ("XDG_CONFIG_HOME", ".config"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
    "data": ("XDG_DATA_HOME", os.path.join(".local", "share")),
}
"""The variable that moves each of the user's folders, and where it is in the home folder without."""


def user_folder(kind: Literal["config", "cache", "data"], environ: Mapping[str, str]) -> str:
    """The user's folder for `tok`; the XDG rules are written out here because platformdirs is slow to import."""
    if sys.platform == "linux":
        variable, default = XDG[kind]
        base = environ.get(variable, "").strip()
        return os.path.join(base if os.path.isabs(base) else os.path.join(os.path.expanduser("~"), default), "tok")
    import platformdirs

    folders = {
        "config": platformdirs.user_config_dir,
        "cache": platformdirs.user_cache_dir,
        "data": platformdirs.user_data_dir,
    }
    return folders[kind]("tok", appauthor=False)


def cache_file(environ: Mapping[str, str]) -> str:
    """The database of counts: in TOK_CACHE_DIR, else in the user's cache folder."""
    return os.path.join(environ.get("TOK_CACHE_DIR") or user_folder("cache", environ), "counts.db")


def tokenizers_folder(environ: Mapping[str, str]) -> str:
    """The user's own tokenizers: in TOK_DATA_DIR, else in the user's data folder."""
    return os.path.join(environ.get("TOK_DATA_DIR") or user_folder("data", environ), "tokenizers")


def ratecards_folders(environ: Mapping[str, str], folder: str) -> list[str]:
    """Where rate cards lie besides the package, the nearest first, as far as there are any: `ratecards` with YAML files
    in the folder or one above it up to the root of its repository, then that of the user (in TOK_DATA_DIR, else in the
    data folder)."""
    user = user_ratecards(environ)
    places = [os.path.join(place, "ratecards") for place in _up_to_repository(os.path.abspath(folder))]
    project = next(filter(_has_cards, places), None)
    return [place for place in (project, user) if place and _has_cards(place)]


def user_ratecards(environ: Mapping[str, str]) -> str:
    """The user's own folder of rate cards, whether there is one or not."""
    return os.path.join(environ.get("TOK_DATA_DIR") or user_folder("data", environ), "ratecards")


def _has_cards(folder: str) -> bool:
    """Whether YAML files lie in a folder, or in the one of imported cards in it."""
    for place in (folder, os.path.join(folder, "imported")):
        try:
            if any(name.endswith((".yaml", ".yml")) for name in os.listdir(place)):
                return True
        except OSError:
            continue
    return False


def _resolve(setting: Setting, flags: Mapping[str, object], environ: Mapping[str, str], read: Sequence[File]) -> Value:
    flag = flags.get(setting.name)
    if flag is not None and flag != [] and flag != ():
        option = setting.flag or f"--{setting.name}"
        return Value(setting, _convert(setting, flag, option), option, 0)
    variable = f"TOK_{setting.name.upper().replace('-', '_')}"
    if environ.get(variable) and setting.name != "plugins":
        return Value(setting, _from_text(setting, environ[variable], variable), variable, 1)
    for file in read:
        if setting.name in file.values:
            where = _where(file, setting.name)
            value = _convert(setting, file.values[setting.name], where)
            return (
                Value(setting, value, where, 2, file.path)
                if file.scope == "project"
                else Value(setting, value, where, 3)
            )
    return Value(setting, setting.default, "built-in", 4)


def _from_text(setting: Setting, text: str, where: str) -> object:
    if setting.kind == "list":
        return _convert(setting, [part.strip() for part in text.split(",") if part.strip()], where)
    if setting.kind == "integer":
        try:
            return _convert(setting, int(text), where)
        except ValueError:
            raise _wrong(where, f"{text!r} is not a whole number") from None
    if setting.kind == "boolean":
        word = text.strip().lower()
        if word not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
            raise _wrong(where, f"{text!r} is not true or false")
        return word in ("1", "true", "yes", "on")
    return _convert(setting, text, where)


def _convert(setting: Setting, value: object, where: str) -> object:
    """The value in the setting's type; TokError where it is another."""
    if setting.kind == "list":
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise _wrong(where, f"{setting.name} takes a text or a list of texts")
        return tuple(items)
    if setting.kind == "integer":
        if not isinstance(value, int) or isinstance(value, bool) or value < setting.least:
            raise _wrong(where, f"{setting.name} takes a whole number of at least {setting.least}")
        return value
    if setting.kind == "boolean":
        if not isinstance(value, bool):
            raise _wrong(where, f"{setting.name} takes true or false")
        return value
    if not isinstance(value, str):
        raise _wrong(where, f"{setting.name} takes a text")
    if setting.choices and value not in setting.choices:
        message = f"{value!r} is not one of {', '.join(setting.choices)}"
        raise _wrong(where, message, _near(value, setting.choices))
    return value


def _checked(path: str, scope: Literal["project", "user"], *, required: bool = False) -> File:
    """Read a settings file and check the names in it."""
    try:
        with open(path, "rb") as stream:
            text = stream.read().decode("utf-8-sig")
        document = parse_toml(text)
    except OSError as problem:
        if not required and isinstance(problem, FileNotFoundError):
            return File(path, scope, "", {})
        raise _wrong(path, f"cannot read the settings: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise _wrong(path, f"not valid TOML: byte {problem.start + 1} is not UTF-8") from problem
    except ValueError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        where = f"{path}:{line[1]}" if line else path
        raise _wrong(where, f"not valid TOML: {problem}") from problem
    values = document
    if os.path.basename(path) == "pyproject.toml":
        tool = document.get("tool", {})
        values = tool.get("tok", {}) if isinstance(tool, dict) else {}
        if not isinstance(values, dict):
            raise _wrong(path, "[tool.tok] is not a table")
    file = File(path, scope, text, values)
    _check_names(file)
    return file


def parse_toml(text: str) -> dict[str, Any]:
    """The values of TOML that anybody may have written; ValueError for what is not valid or nested too deeply.

    The time and memory that tomllib takes for a dotted key grow with the square of its parts: one of a megabyte would
    take all there is.
    """
    import tomllib
    from decimal import Decimal

    if re.search(LONG_KEY, text):
        raise ValueError("a key of more than 50 parts")
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _check_names(file: File) -> None:
    known = {setting.name: setting for setting in SETTINGS}
    for name in file.values:
        where = _where(file, name)
        if name == "tool" and name not in known:
            message = f"in {os.path.basename(file.path)} leave out [tool.tok]: its settings stand at the top"
            raise _wrong(where, message, "[tool.tok] belongs in pyproject.toml")
        if name == "plugins" and file.scope == "project":
            message = "'plugins' names code to run, which no project's file may"
            raise _wrong(where, message, "it belongs in the user's settings: tok config show names the file")
        if name in TERMS or (name in GATE and file.scope == "project"):
            continue
        if name in GATE:
            raise _wrong(where, f"{name!r} is no setting of a user", "it belongs in the tok.toml of a project")
        if name not in known:
            raise _wrong(where, f"unknown setting {name!r}", _near(name, tuple(known)))
        _convert(known[name], file.values[name], where)


def _where(file: File, name: str) -> str:
    """`path:line` of a setting; the path alone where the line is not found by its first word."""
    section = os.path.basename(file.path) != "pyproject.toml"
    for number, line in enumerate(file.text.splitlines(), 1):
        start = line.strip()
        if start.startswith("[") and os.path.basename(file.path) == "pyproject.toml":
            section = start.replace(" ", "").startswith("[tool.tok]")
        key = start.partition("=")[0].strip().strip("\"'")
        if section and (key == name or start.strip("[] ").split(".")[0] == name):
            return f"{file.path}:{number}"
    return file.path


def _has_table(path: str) -> bool:
    """Whether a pyproject.toml has [tool.tok]; the parser is only loaded where the file mentions it.

    One that cannot be parsed has it if it mentions it: its settings are not to go unheeded.
    """
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError:
        return False
    if b"tok" not in data:
        return False
    try:
        tool = parse_toml(data.decode("utf-8-sig")).get("tool")
    except ValueError:
        return re.search(rb"\btok\b", data) is not None
    return isinstance(tool, dict) and "tok" in tool


def _near(word: object, choices: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(str(word), choices, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else "tok config show lists the settings"


def _wrong(where: str, message: str, hint: str = "") -> TokError:
    return TokError(f"{where}: {message}", hint=hint, code="config", exit=ExitCode.USAGE)
