"""Where a file names a model: a dotted key of YAML, JSON or TOML, or a regular expression over its text.

The file is anybody's: its size, its depth and the time of an expression are bounded, nothing in it is run, and of YAML
only the nodes are read, never built into values, so that aliases and merges cannot multiply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tokencli.config import parse_toml
from tokencli.errors import ExitCode, TokError
from tokencli.model.gate import ModelKey

if TYPE_CHECKING:
    import regex
    import yaml

MOST = 1_000_000
"""Bytes of a file in which a model's name is looked for."""

DEEPEST = 100
"""Levels of YAML; libyaml crashes the process where some 10,000 are composed."""

LONGEST = 1_000
"""Characters of a regular expression."""

SECONDS = 2.0
"""The time that a regular expression may take with one file."""

SEGMENT = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)+)"|(?P<bare>[^."]+)')
STRING, NULL, MERGE = (f"tag:yaml.org,2002:{name}" for name in ("str", "null", "merge"))


def find(key: ModelKey, text: bytes) -> str | None:
    """The name that stands there, None where there is no such key or match, or an empty text.

    TokError (exit 3) for a file that cannot be read so, and for a value that is no text.
    """
    if len(text) > MOST:
        raise _unreadable(key, f"is larger than {MOST:,} bytes", "name a smaller file in model_keys")
    try:
        content = text.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _unreadable(key, f"is not UTF-8 at byte {problem.start + 1}", "save the file as UTF-8") from problem
    return (_matched(key, content) if key.pattern else _kind(key.file)(key, content)) or None


def check(key: ModelKey) -> None:
    """TokError (usage) for a key or an expression that cannot be used, whatever the file holds."""
    if key.pattern:
        if not _compiled(key.pattern).groups:
            raise _unusable(f"{key.pattern!r} has no group", "put the model's name in ( )")
        return
    segments(key.key)
    _kind(key.file)


def segments(key: str) -> list[str]:
    """The parts of a dotted key: `models.0."gpt.default"` has three."""
    found, at = [], 0
    while True:
        part = SEGMENT.match(key, at)
        if part is None:
            break
        found.append(re.sub(r"\\(.)", r"\1", part["quoted"]) if part["quoted"] else part["bare"].strip())
        at = part.end() + 1
        if part.end() == len(key):
            return found
        if key[part.end()] != ".":
            break
    raise _unusable(f"bad key {key!r}", 'write parts with dots between them: models.0."a.b"')


def _kind(file: str) -> Callable[[ModelKey, str], str | None]:
    """The reader of a file's kind, which its name tells."""
    kinds = {"yaml": _in_yaml, "yml": _in_yaml, "json": _in_json, "toml": _in_toml}
    reader = kinds.get(file.rpartition(".")[2].lower())
    if reader is None:
        message = f"no key can be looked up in {file!r}, which is no YAML, JSON or TOML by its name"
        raise _unusable(message, "give a pattern, a regular expression, instead")
    return reader


def _compiled(pattern: str) -> regex.Pattern[str]:
    """The expression; `regex` is the library that can stop one which takes too long."""
    import regex

    if len(pattern) > LONGEST:
        raise _unusable(f"the regular expression is longer than {LONGEST:,} characters", "write a shorter one")
    try:
        return regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError, ValueError) as problem:
        hint = 'in TOML write it in single quotes: \'model="([^"]+)"\''
        raise _unusable(f"bad regular expression {pattern!r}: {problem}", hint) from problem


def _matched(key: ModelKey, content: str) -> str | None:
    """The first group of the first match in which it took part."""
    try:
        for match in _compiled(key.pattern).finditer(content, timeout=SECONDS):
            if match[1] is not None:
                return match[1]
    except TimeoutError as problem:
        message = f"the regular expression {key.pattern!r} took more than {SECONDS:g} seconds"
        raise _unreadable(key, message, "write it with fewer nested repeats") from problem
    return None


def _in_json(key: ModelKey, content: str) -> str | None:
    import json

    hint = "mend the file, or give a pattern, a regular expression, in model_keys"
    try:
        return _followed(key, json.loads(content))
    except json.JSONDecodeError as problem:
        message = f"is not valid JSON: {problem.msg}"
        raise _unreadable(key, message, hint, line=problem.lineno) from problem
    except (ValueError, RecursionError) as problem:
        raise _unreadable(key, f"is not valid JSON: {_short(problem)}", hint) from problem


def _in_toml(key: ModelKey, content: str) -> str | None:
    try:
        return _followed(key, parse_toml(content))
    except ValueError as problem:
        line = re.search(r"at line (\d+)", str(problem))
        message, number = f"is not valid TOML: {_short(problem)}", int(line[1]) if line else 0
        raise _unreadable(key, message, "mend the file", line=number) from problem


def _followed(key: ModelKey, value: object) -> str | None:
    """The text below a value of JSON or TOML."""
    for part in segments(key.key):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list):
            index = _index(part)
            value = value[index] if index is not None and index < len(value) else None
        else:
            return None
    if value is None or isinstance(value, str):
        return value
    raise _no_text(key, {"dict": "a table", "list": "a list"}.get(type(value).__name__, "a number or a date"))


def _in_yaml(key: ModelKey, content: str) -> str | None:
    import yaml

    hint = "mend the file, or give a pattern, a regular expression, in model_keys"
    try:
        _shallow(key, content)
        loader = _loader()(content)
        node: yaml.Node | None = loader.get_node() if loader.check_node() else None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        message = f"is not valid YAML: {problem.problem or problem.context}"
        raise _unreadable(key, message, hint, line=mark.line + 1 if mark else 0) from problem
    except yaml.YAMLError as problem:
        raise _unreadable(key, f"is not valid YAML: {_short(problem)}", hint) from problem
    for part in segments(key.key):
        node = _child(node, part)
    if node is None or node.tag == NULL:
        return None
    if node.tag != STRING:
        kind = node.tag.removeprefix("tag:yaml.org,2002:") if isinstance(node, yaml.ScalarNode) else "table or list"
        raise _no_text(key, f"a {kind}")
    return str(node.value)


def _loader() -> Any:
    """libyaml's loader where PyYAML was built with it: it takes a tenth of the time."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _shallow(key: ModelKey, content: str) -> None:
    """TokError for a first document of too many levels; events are read one by one, however deep they stand."""
    import yaml

    loader, depth = _loader()(content), 0
    while loader.check_event():
        event = loader.get_event()
        if isinstance(event, yaml.DocumentEndEvent):
            return
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            message = f"has more than {DEEPEST} levels"
            raise _unreadable(key, message, "name another file in model_keys", line=event.start_mark.line + 1)


def _child(node: yaml.Node | None, part: str) -> yaml.Node | None:
    """What stands below a node; of a mapping the last such key, its own before those merged in."""
    import yaml

    if isinstance(node, yaml.SequenceNode):
        index = _index(part)
        return node.value[index] if index is not None and index < len(node.value) else None
    for mapping in _merged(node):
        for name, value in reversed(mapping.value):
            if isinstance(name, yaml.ScalarNode) and name.value == part and name.tag != MERGE:
                found: yaml.Node = value
                return found
    return None


def _merged(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    """A mapping and those that it takes in by `<<`, nearest first, each once however often it is named."""
    import yaml

    waiting, seen = [node], set()
    while waiting:
        mapping = waiting.pop()
        if not isinstance(mapping, yaml.MappingNode) or id(mapping) in seen:
            continue
        seen.add(id(mapping))
        yield mapping
        for name, value in mapping.value:
            if name.tag == MERGE:
                waiting += reversed(value.value) if isinstance(value, yaml.SequenceNode) else [value]


def _index(part: str) -> int | None:
    return int(part) if part.isascii() and part.isdigit() and len(part) < 10 else None


def _short(problem: BaseException) -> str:
    if isinstance(problem, RecursionError):
        return "nested too deeply"
    return str(problem).partition("\n")[0]


def _no_text(key: ModelKey, what: str) -> TokError:
    return _unreadable(
        key, f"{key.key} is {what}, not the name of a model", "let model_keys name a text, or quote the value"
    )


def _unreadable(key: ModelKey, message: str, hint: str, *, line: int = 0) -> TokError:
    where = f"{key.file}:{line}" if line else key.file
    return TokError(f"{where}: {message}", hint=hint, code="model-key", exit=ExitCode.DATA)


def _unusable(message: str, hint: str) -> TokError:
    return TokError(message, hint=hint, code="config", exit=ExitCode.USAGE)
