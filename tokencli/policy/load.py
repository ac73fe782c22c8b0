"""Find the settings file of a folder at one revision and read its rules, with the files that belong to it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple, cast

from tokencli import config
from tokencli.errors import TokError
from tokencli.model import Method
from tokencli.model.gate import STANDING, Increase, ModelKey, Policy, Rule, Scope, Severity, Waiver
from tokencli.policy import budget, files
from tokencli.policy.tables import Path, Source, Table, near, parse, wrong

Read = Callable[[str], bytes | None]
"""The bytes of a path, relative to the root of the repository, at one revision; None where there is none."""

SETTINGS = (*(setting.name for setting in config.SETTINGS), *config.GATE, *config.TERMS)
EXTENDED = ("rules", "report_only")
RULE = (
    *("name", "paths", "encoding", "model", "max_tokens", "max_increase", "scope", "severity", "ratchet", "require"),
    *("reason", "owner", "expires", "model_keys"),
    *budget.KEYS,
)
WAIVER = ("paths", "rule", "reason", "owner", "expires", "max_tokens")
GATE = ("over_before", "policy_change", "baseline")
MODEL_KEY = ("file", "key", "pattern")
REQUIRE = ("exact", "provider", "vendor-local", "reconstructed")


class _Default(NamedTuple):
    """How rules count that do not say it themselves."""

    encoding: str | None = None
    model: str | None = None


def load(read: Read, folder: str) -> Policy | None:
    """The policy of a folder ("" or ending in `/`): that of the nearest settings file up to the root of the repository.

    None without such a file; a file without rules gives a policy without rules. TokError (usage) for everything that
    is wrong in it or in a file that belongs to it.
    """
    source = _nearest(read, folder)
    if source is None:
        return None
    home = source.path[: source.path.rfind("/") + 1]
    if "tool" in source.values and not source.path.endswith("pyproject.toml"):
        raise wrong(source.place(("tool",)), "in tok.toml leave out [tool.tok]: its settings stand at the top")
    top = Table(source, (), source.values, SETTINGS, "the settings")
    default = _default(top)
    extended = [rule for other in _extended(read, top, home) for rule in _rules(other, home, default)]
    rules = _named_once([*extended, *_rules(top, home, default)])
    gate = Table(source, ("gate",), source.values.get("gate", {}), GATE, "[gate]")
    waivers = [_waiver(top.source, at, values, home, rules) for at, values in top.tables("waivers")]
    baseline = _inside(gate, "baseline", gate.text("baseline") or files.BASELINE, home)
    kept, pinned = read(baseline), read(home + files.LOCK)
    lock = files.read_lock(home + files.LOCK, pinned) if pinned is not None else None
    return Policy(
        file=source.path,
        rules=rules,
        waivers=tuple(waivers),
        over_before=cast(Literal["report", "error"], gate.word("over_before", ("report", "error"), "report")),
        policy_change=cast(Severity, gate.word("policy_change", ("error", "warning"), "error")),
        baseline=baseline,
        values=files.read_baseline(baseline, kept) if kept is not None else {},
        lock=lock.encodings if lock else None,
        lock_models=lock.models if lock else {},
        lock_version=lock.version if lock else "",
        lock_prices=lock.prices if lock else {},
        lock_at=lock.prices_at if lock else None,
        providers=top.texts("providers"),
    )


def _nearest(read: Read, folder: str) -> Source | None:
    """The nearest tok.toml, or pyproject.toml with [tool.tok]."""
    while True:
        data = read(folder + "tok.toml")
        if data is not None:
            return parse(folder + "tok.toml", data)
        data = read(folder + "pyproject.toml")
        if data is not None and _has_table(data):
            return parse(folder + "pyproject.toml", data, inside=("tool", "tok"))
        if not folder:
            return None
        folder = folder[: folder.rstrip("/").rfind("/") + 1]


def _has_table(data: bytes) -> bool:
    """Whether a pyproject.toml has [tool.tok]; one that cannot be parsed has it if it mentions it."""
    if b"tok" not in data:
        return False
    try:
        tool = config.parse_toml(data.decode("utf-8-sig")).get("tool")
    except ValueError:
        return re.search(rb"\btok\b", data) is not None
    return isinstance(tool, dict) and "tok" in tool


def _extended(read: Read, top: Table, home: str) -> Iterator[Table]:
    """The policy files that the settings name, which extend nothing further."""
    for name in top.texts("extends"):
        if "://" in name:
            raise top.wrong("extends", f"{name!r} is an address", "copy the policy file into the repository")
        path = _inside(top, "extends", name, home)
        data = read(path)
        if data is None:
            raise top.wrong("extends", f"there is no file {path!r}", "the path is relative to the settings file")
        source = parse(path, data)
        table = Table(source, (), source.values, EXTENDED, "an extended policy")
        if not table.tables("rules"):
            raise wrong(path, "there are no [[rules]] in it", "an extended policy holds rules")
        yield table


def _inside(table: Table, key: str, name: str, home: str) -> str:
    """A path below the settings file's folder or beside it, relative to the root; TokError for one outside."""
    if name.startswith("/") or "\\" in name or "\0" in name or name[1:2] == ":":
        hint = "write it relative to the settings file, with /"
        raise table.wrong(key, f"{key}: {name!r} is no relative path with / in it", hint)
    path = posixpath.normpath(home + name)
    if path == ".." or path.startswith("../") or path == ".":
        raise table.wrong(key, f"{key}: {name!r} is no file inside the repository", "copy the file into the repository")
    return path


def _default(top: Table) -> _Default:
    """The first model, else the first encoding, that the settings name for all commands."""
    for key in ("model", "encoding"):
        if names := top.texts(key):
            _countable(top, key, names[0])
            return _Default(**{key: names[0]})
    return _Default()


def _countable(table: Table, key: str, name: str) -> None:
    """TokError where no such model or encoding is known."""
    try:
        if key == "encoding":
            from tokencli.encoders import canonical

            canonical(name)
        else:
            from tokencli.catalog import resolve

            resolve(name)
    except TokError as problem:
        raise table.wrong(key, problem.message, problem.hint) from problem


def _rules(top: Table, home: str, default: _Default) -> list[Rule]:
    report_only = top.flag("report_only")
    return [_rule(top.source, at, values, home, default, report_only) for at, values in top.tables("rules")]


def _rule(source: Source, at: Path, values: object, home: str, default: _Default, report_only: bool) -> Rule:
    table = Table(source, at, values, RULE, "a rule")
    paths = _patterns(table)
    own = _Default(table.text("encoding") or None, table.text("model") or None)
    column, money = own if own.encoding or own.model else default, budget.read(table)
    _check_counting(table, own, column, priced=money is not None and money.limited)
    limits = [key for key in ("max_tokens", "max_increase", "model_keys", *budget.LIMITS) if key in table.values]
    if not limits and not table.flag("ratchet"):
        hint = "give max_tokens, max_increase, max_cost, ratchet = true or model_keys"
        raise table.wrong("", "the rule limits nothing", hint)
    require = table.word("require", REQUIRE, "") or None
    return Rule(
        name=table.text("name") or " ".join(paths),
        paths=paths,
        origin=source.place(at),
        folder=home,
        encoding=column.encoding,
        model=column.model,
        max_tokens=table.whole("max_tokens"),
        max_increase=_increase(table),
        scope=_scope(table, paths),
        severity=cast(Severity, table.word("severity", ("error", "warning"), "error")),
        ratchet=table.flag("ratchet"),
        require=cast("Method | None", require),
        reason=table.text("reason"),
        owner=table.text("owner"),
        expires=table.day("expires"),
        model_keys=tuple(_model_key(source, place, key) for place, key in table.tables("model_keys")),
        report_only=report_only,
        budget=money,
    )


def _check_counting(table: Table, own: _Default, column: _Default, *, priced: bool) -> None:
    """TokError where a rule does not say in one way how it counts. One that is `priced` needs a model, whose prices
    hold, and may count with an encoding beside it."""
    if own.encoding and own.model and not priced:
        raise table.wrong("model", "a rule counts with a model or an encoding, not both", "leave one of them out")
    for key, name in (("encoding", own.encoding), ("model", None if own.encoding else own.model)):
        if name:
            _countable(table, key, name)
    if priced and not column.model:
        hint = 'say on which model: model = "gpt-5.5"'
        raise table.wrong("", "a limit in money needs a model", hint)


def _scope(table: Table, paths: tuple[str, ...]) -> Scope:
    """What is held against the limits: each file, or all together, as the standing context always is."""
    scope = cast(Scope, table.word("scope", ("file", "total"), "total" if paths == STANDING else "file"))
    if paths == STANDING and "model_keys" in table.values:
        hint = "they say what files are on another model: give them to a rule of files"
        raise table.wrong("model_keys", 'paths = "context" takes no model_keys', hint)
    if paths == STANDING and scope == "file":
        hint = 'leave scope out; a folder of that name is paths = ["context/"]'
        raise table.wrong("scope", 'paths = "context", what agents always load, is one unit', hint)
    if STANDING[0] in paths and paths != STANDING:
        hint = 'give it a rule of its own; a folder of that name is "context/"'
        raise table.wrong("paths", '"context", what agents always load, stands alone', hint)
    return scope


def _patterns(table: Table, *, required: bool = True) -> tuple[str, ...]:
    """The patterns of `paths`, each of which can fit something."""
    from tokencli.sources.rules import compile_patterns

    paths = table.texts("paths")
    if required and not paths:
        raise table.wrong("", "paths is missing", 'say which files: paths = ["prompts/**/*.md"]')
    for pattern in paths:
        bare = pattern.removeprefix("!")
        if bare.startswith(("./", "../")):
            hint = "patterns are relative to the settings file's folder: leave out ./ and ../"
            raise table.wrong("paths", f"paths: {pattern!r} fits nothing", hint)
        try:
            compile_patterns([pattern], "paths")
        except TokError as problem:
            raise table.wrong("paths", problem.message, problem.hint) from problem
    if paths and all(pattern.startswith("!") for pattern in paths):
        raise table.wrong("paths", "paths only takes back", "name files before patterns with !")
    return paths


def _increase(table: Table) -> Increase | None:
    """Whole tokens, or a text of whole per cent."""
    value = table.values.get("max_increase")
    if not isinstance(value, str):
        amount = table.whole("max_increase")
        return Increase(amount) if amount is not None else None
    if not re.fullmatch(r"[0-9]{1,9}%", value):
        hint = 'such as max_increase = 200, or max_increase = "10%"'
        raise table.wrong("max_increase", f"max_increase: {value!r} is no whole number of per cent", hint)
    return Increase(int(value[:-1]), percent=True)


def _model_key(source: Source, at: Path, values: object) -> ModelKey:
    from tokencli import model_keys

    table = Table(source, at, values, MODEL_KEY, "a model key")
    key = ModelKey(table.text("file"), table.text("key"), table.text("pattern"))
    if not key.file:
        raise table.wrong("", "file is missing", 'say where a model is named: file = "agent.yaml"')
    if bool(key.key) == bool(key.pattern):
        raise table.wrong("", "a model key takes a key or a pattern, one of them", 'such as key = "model.name"')
    if _inside(table, "file", key.file, "").startswith(".."):
        raise table.wrong("file", f"{key.file!r} is outside the folder", "name a file below the settings file's folder")
    try:
        model_keys.check(key)
    except TokError as problem:
        raise table.wrong("key" if key.key else "pattern", problem.message, problem.hint) from problem
    return key._replace(file=posixpath.normpath(key.file))


def _named_once(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules; TokError where two have one name, by which waivers, baseline and comparison tell them apart."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        first = seen.setdefault(rule.name, rule)
        if first is not rule:
            message = f"the name {rule.name!r} is taken by the rule of {first.origin}"
            raise wrong(rule.origin, message, "give the rule a name of its own: name = ...")
    return tuple(rules)


def _waiver(source: Source, at: Path, values: object, home: str, rules: Sequence[Rule]) -> Waiver:
    table = Table(source, at, values, WAIVER, "a waiver")
    paths, rule = _patterns(table, required=False), table.text("rule")
    names = [known.name for known in rules]
    if not paths and not rule:
        raise table.wrong("", "a waiver names paths or a rule", 'such as paths = ["prompts/long.md"]')
    if rule and rule not in names:
        hint = near(rule, names, "the rules are") if names else "there are no rules"
        raise table.wrong("rule", f"there is no rule {rule!r}", hint)
    expires = table.day("expires")
    if expires is None:
        raise table.wrong("", "a waiver says until when it holds", "such as expires = 2027-01-31")
    if not table.text("reason"):
        raise table.wrong("", "a waiver says why", 'such as reason = "rewritten next month"')
    return Waiver(
        paths=paths,
        reason=table.text("reason"),
        expires=expires,
        origin=source.place(at),
        folder=home,
        rule=rule,
        owner=table.text("owner"),
        max_tokens=table.whole("max_tokens"),
    )
