"""`tok gate`: rules written, explained and kept up to date. Only these commands write into a project."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from tokencli import __version__, comparing, gate, ruling
from tokencli.cli import cost_parameters as c
from tokencli.cli import parameters as p
from tokencli.cli.columns import columns as choose_columns
from tokencli.cli.options import State, today
from tokencli.cli.output import STANDARD, write_bytes, write_envelope, write_text
from tokencli.counting import DEFAULT as DEFAULT_OPTIONS
from tokencli.errors import ExitCode, TokError, usage_error
from tokencli.formats.check import figures
from tokencli.formats.wording import plural, printable
from tokencli.git.changes import Pair
from tokencli.git.objects import Objects
from tokencli.git.revisions import repository
from tokencli.model import Column, FileCount
from tokencli.model.gate import Measured, Policy, Rule, Verdict
from tokencli.policy import draft
from tokencli.policy.files import LOCK, baseline_text, lock_text, written
from tokencli.policy.load import load as load_policy
from tokencli.sources.rules import Rules
from tokencli.spending import Money

if TYPE_CHECKING:
    from tokencli.comparing import Ends
    from tokencli.config import Value
    from tokencli.counting import OpenCache
    from tokencli.spending.cards import OpenCards
    from tokencli.spending.prices import Prices

Explained = Annotated[str, typer.Argument(metavar="PATH", help="The file that the rules are held against.")]
Draft = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE (- is stdout) and not to tok.toml.")
]


class Here(NamedTuple):
    """The repository as it lies, from its last commit to the working tree, and the policy that stands in it."""

    objects: Objects
    ends: Ends
    paths: comparing.Paths
    policy: Policy | None
    open_cache: OpenCache | None
    open_cards: OpenCards

    @property
    def everything(self) -> list[Pair]:
        """Every path of both sides."""
        return self.paths.everything

    @property
    def ruled(self) -> Policy:
        """The policy; TokError where there are no rules."""
        if self.policy is None or not self.policy.rules:
            raise TokError("there are no rules here", hint="tok gate init writes a first set", code="no-policy")
        return self.policy

    def money(self, at: int | None = None) -> Money:
        """Prices for the policy, by the cards that lie here now, at an instant (None: now)."""
        at = int(time.time()) if at is None else at
        return Money(self.objects, self.ends, self.paths, self.ruled, "head", at, self.open_cards)

    def write(self, path: str, text: str) -> str:
        """Write a file by its path from the root; its full path. What a link leads to is never written."""
        full = os.path.join(self.objects.repo.root, path)
        if os.path.realpath(full) != full:
            hint = "put a file in its place; what a link leads to is not written"
            raise TokError(f"{path}: there is a link on the way", hint=hint, code="link")
        write_bytes(text.encode(errors="surrogateescape"), full)
        return full


@contextmanager
def _here(state: State, settings: Mapping[str, Value]) -> Iterator[Here]:
    with Objects(repository(os.getcwd(), state.environ)) as objects:
        ends = comparing.ends(objects, None, state="worktree")
        policy = load_policy(ruling.reader(objects, ends, "head"), objects.repo.prefix)
        yield Here(
            objects,
            ends,
            comparing.Paths(objects.repo, ends),
            policy,
            state.open_cache if settings["cache"].value else None,
            state.shipped_cards,
        )


def init(context: typer.Context, model: p.Model = None, encoding: p.Encoding = None, output: Draft = None) -> int:
    """Write a first set of rules into tok.toml, from what the repository holds today.

    Agent instructions, skills and prompts in their usual places get a limit of what they have now and a tenth more,
    one for each file and one for all together, and so does what each agent always loads. Settings that are there
    already are kept, rules are not touched.
    """
    state = context.find_object(State) or State()
    settings = state.settings({"model": model, "encoding": encoding})
    column, line = _counted(settings, state)
    with _here(state, settings) as here:
        known = here.policy
        if known is not None and known.rules and output is None:
            hint = "tok gate explain PATH shows them; -o - prints what a first set would be"
            raise TokError(f"{known.file} has rules already", hint=hint, code="has-rules", exit=ExitCode.USAGE)
        file = known.file if known is not None else "tok.toml"
        home = file[: file.rfind("/") + 1]
        sizes, standing = _sizes(here, column, home), _standing(here, column, home)
        inside = file.endswith("pyproject.toml") and output is None
        text = draft.rule_tables(sizes, standing, "tool.tok." if inside else "", line)
        if not text:
            hint = "write [[rules]] with paths and max_tokens by hand; `tok help gate` shows how"
            raise TokError("nothing lies where prompts usually lie", hint=hint, code="nothing-found")
        if output is None:
            path = here.write(file, _appended(os.path.join(here.objects.repo.root, file), text))
        else:
            path = output
            write_bytes(text.encode(), path)
    if path == STANDARD:
        return 0
    rules, files = 2 * len(sizes) + bool(standing), sum(map(len, sizes.values()))
    words = f"{plural(rules, 'rule')} for {plural(files, 'file')}"
    _say(settings, "init", {"path": path, "rules": rules, "files": files}, words)
    return 0


def _counted(settings: Mapping[str, Value], state: State) -> tuple[Column, str]:
    """How first rules count, and the line that says so in each of them: "" where the project's settings do."""
    columns, default = choose_columns(settings, state.order)
    rank = min(settings[name].rank for name in ("model", "encoding"))
    if rank == 0 and len(columns) > 1:
        raise TokError("a rule counts in one way", hint="give one -m or -e", code="usage", exit=ExitCode.USAGE)
    if default or rank == 2:
        return columns[0], ""
    named = next(name for name in ("model", "encoding") if settings[name].rank == rank)
    return columns[0], f'{named} = "{settings[named].value[0]}"'


def _appended(path: str, text: str) -> str:
    """The text, under what stands in the file already."""
    if not os.path.exists(path):
        return text
    with open(path, encoding="utf-8", newline="") as stream:
        return f"{stream.read().rstrip()}\n\n{text}".lstrip()


def _say(settings: Mapping[str, Value], command: str, data: Mapping[str, Any], words: str) -> None:
    """What was written, and where."""
    if settings["format"].value == "json":
        write_envelope(f"gate {command}", data, 0)
    else:
        write_text(f"{printable(data['path'])}: {words}\n")


def _sizes(here: Here, column: Column, home: str) -> dict[str, list[int]]:
    """The tokens of every file in the usual places below a folder ("" or ending in `/`), by the name of its group."""
    every = (pair.path for pair in here.everything if pair.head is not None)
    paths = [path.removeprefix(home) for path in every if path.startswith(home)]
    compiled = {group.paths: Rules(group.paths, fold=False) for group in draft.GROUPS}
    groups = draft.grouped(paths, lambda patterns, path: compiled[tuple(patterns)].covers(path))
    names = {home + path: name for name, grouped in groups.items() for path in grouped}
    found: dict[str, list[int]] = {}
    for outcome in _measure(here, column, set(names)):
        if isinstance(outcome.head, FileCount):
            found.setdefault(names[outcome.pair.path], []).append(outcome.head.counts[0].high)
    return found


def _standing(here: Here, column: Column, home: str) -> int:
    """The tokens of the agent that always loads most where it starts in a folder; 0 where none loads anything."""
    from tokencli.standing import now

    return max(now(here.objects, here.everything, home, column).values(), default=0)


def _measure(here: Here, column: Column, paths: set[str]) -> list[comparing.Outcome]:
    """Files counted on both sides; TokError for the first that cannot be read."""
    pairs = [pair for pair in here.everything if pair.path in paths]
    outcomes, counted = comparing.measure(
        here.objects, here.ends, pairs, [column], DEFAULT_OPTIONS, open_cache=here.open_cache
    )
    for problem in counted.problems:
        raise TokError(problem.message, hint=problem.hint, code=problem.code)
    return outcomes


def explain(context: typer.Context, path: Explained) -> int:
    """Say which rules apply to a file, by which pattern, and what they say about it as it lies here now.

    Rules for all files together say what these come to, rules about the standing context what each agent does that
    always loads the file. PATH `context` shows all agents.
    """
    state = context.find_object(State) or State()
    settings = state.settings()
    with _here(state, settings) as here:
        ruled = here.ruled
        name = here.objects.repo.relative(path)
        rows = [_explained(here, ruled, rule, name) for rule in ruled.rules]
    applying = [row for row in rows if row["pattern"] is not None]
    if settings["format"].value == "json":
        write_envelope("gate explain", {"path": name, "policy": ruled.file, "rules": rows}, 0)
        return 0
    here_now = "" if os.path.lexists(path) else " (there is no such file now)"
    lines = [f"{printable(name)}{here_now}: {plural(len(applying), 'rule')} of {len(rows)} in {printable(ruled.file)}"]
    for row in applying:
        lines += ["", *(f"  {key:<8} {printable(str(value))}" for key, value in _lines(row))]
    write_text("\n".join(lines) + "\n")
    return 0


def _explained(here: Here, ruled: Policy, rule: Rule, path: str) -> dict[str, Any]:
    """A rule and what it says about a path, as JSON has it; `pattern` is None where it does not apply."""
    column = ruling.column_of(rule)
    pattern, verdicts = _about(here, ruled, rule, path)
    states = [_state(rule, verdict, ruled) for verdict in verdicts]
    first = next((state for state in states if state["verdict"] != "ok"), states[0] if states else _NO_STATE)
    return {
        "rule": rule.name,
        "origin": rule.origin,
        "pattern": pattern,
        "scope": rule.scope,
        "max_tokens": rule.max_tokens,
        "max_increase": str(rule.max_increase) if rule.max_increase else None,
        **_limits_in_money(rule),
        "baseline": ruled.values.get((rule.name, path)) if rule.ratchet else None,
        "encoding": column.encoding,
        "model": column.model,
        "method": column.method,
        "expires": rule.expires.isoformat() if rule.expires else None,
        "severity": rule.severity,
        "reason": rule.reason,
        "owner": rule.owner,
        "expired": not gate.holds(rule.expires, today()),
        **{key: first[key] for key in _NO_STATE},
        "states": states,
    }


def _limits_in_money(rule: Rule) -> dict[str, str | None]:
    """The limits as they stand in the rule, exact, and their currency."""
    found = {key: getattr(rule.budget, key, None) for key in ("max_cost", "max_cost_per_1000")}
    limits = {key: None if amount is None else f"{amount:f}" for key, amount in found.items()}
    return {**limits, "currency": rule.budget.currency if rule.budget is not None and rule.priced else None}


_NO_STATE: Mapping[str, Any] = {"verdict": None, "message": "", "excuse": ""}


def _about(here: Here, ruled: Policy, rule: Rule, path: str) -> tuple[str | None, list[Verdict]]:
    """The pattern by which a rule speaks of a path, and its verdicts: about the file, about the total that it is part
    of, or about each agent that always loads it; `context` stands for all agents."""
    if not rule.standing:
        pattern = gate.applies(rule, path)
        return pattern, _judged(here, ruled, rule, path) if pattern is not None else []
    from tokencli.standing import judge

    seen = judge(here.objects, here.everything, [rule], ruled, today(), _prices(here, rule))
    units = seen.files.get(path, set()) | ({path} if path.startswith(f"{rule.folder}context/") else set())
    verdicts = [verdict for verdict in seen.verdicts if verdict.path in units or path == f"{rule.folder}context"]
    for problem in seen.problems if verdicts else ():
        raise TokError(problem.message, hint=problem.hint, code=problem.code)
    return "context" if verdicts or seen.files.get(path) else None, verdicts


def _state(rule: Rule, verdict: Verdict, ruled: Policy) -> dict[str, Any]:
    """What a rule says about one thing as it is now."""
    single = rule._replace(scope="file") if rule.standing else rule
    charge, (_, _, head, limit) = verdict.charge, figures(verdict)
    return {
        "path": verdict.path,
        "verdict": verdict.verdict,
        "message": verdict.message,
        "tokens": verdict.head if charge is None else charge.tokens,
        "limit": limit,
        "unit": verdict.unit,
        "calls": charge.calls if charge is not None else None,
        "cost": head if charge is not None else None,
        "priced": charge.how if charge is not None else None,
        "excuse": gate.excuse(single, verdict, ruled, today()),
    }


def _lines(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is worth a line about a rule."""
    standing = row["pattern"] == "context" and row["scope"] == "total"
    yield "rule", f"{row['rule']} ({row['origin']}), by {row['pattern']}"
    whole = " for what each agent always loads" if standing else " for all files together"
    whole = whole if row["scope"] == "total" else ""
    if row["max_tokens"] is not None:
        yield "limit", f"{row['max_tokens']:,} tokens{whole}"
    for key, per in (("max_cost", "call"), ("max_cost_per_1000", "1,000 calls")):
        if row[key] is not None:
            yield "limit", f"{row['currency']} {row[key]} per {per}{whole}"
    if row["max_increase"] is not None:
        yield "growth", f"at most {row['max_increase']}{whole}"
    if row["baseline"] is not None:
        yield "ratchet", f"{row['baseline']:,} tokens"
    yield "counts", f"{row['model'] or row['encoding']}, {row['method']}"
    for how in dict.fromkeys(state["priced"] for state in row["states"] if state["priced"]):
        yield "prices", how
    for state in row["states"]:
        yield "now", f"{state['path'] + ' ' if standing else ''}{state['verdict']}: {state['message']}"
        if state["excuse"] not in state["message"]:
            yield "fails", f"nothing: {state['excuse']}"
    if row["expires"]:
        yield "expires", row["expires"] + (", which is past: the rule does not apply" if row["expired"] else "")
    for key in ("reason", "owner"):
        if row[key]:
            yield key, row[key]


def update(context: typer.Context) -> int:
    """Write down the lowest values that ratchets have reached, in the baseline file beside the rules.

    A value is lowered to what a file has now and never raised; files without one get theirs.
    """
    state = context.find_object(State) or State()
    settings = state.settings()
    with _here(state, settings) as here:
        ruled = here.ruled
        rules = [rule for rule in ruled.rules if rule.ratchet]
        if not rules:
            raise TokError(f"{ruled.file}: no rule has ratchet = true", hint="add it to a rule", code="no-ratchet")
        verdicts = [verdict for rule in rules for verdict in _judged(here, ruled, rule)]
        values = gate.ratcheted(ruled, verdicts)
        path = here.write(ruled.baseline, baseline_text(values))
    new = len(values.keys() - ruled.values.keys())
    lowered = sum(values[key] < ruled.values[key] for key in values.keys() & ruled.values.keys())
    data = {"path": path, "values": len(values), "lowered": lowered, "new": new}
    _say(settings, "update", data, f"{plural(len(values), 'value')}, {lowered} lowered, {new} new")
    return 0


def _judged(here: Here, ruled: Policy, rule: Rule, only: str | None = None) -> list[Verdict]:
    """The verdicts of a rule as things are; of one about single files perhaps only that about one path."""
    if rule.standing:
        from tokencli.standing import judge

        return judge(here.objects, here.everything, [rule], ruled, today(), _prices(here, rule)).verdicts
    column = ruling.column_of(rule)
    paths = {pair.path for pair in here.everything if ruling.speaks(rule, pair)}
    paths &= {only} if only is not None and rule.scope == "file" else paths
    measured: list[Measured] = [ruling.measured(outcome) for outcome in _measure(here, column, paths)]
    verdicts = gate.judge(rule, measured, ruled, today(), column=column)
    return verdicts + (prices.judge(rule, measured, today(), column=column) if (prices := _prices(here, rule)) else [])


def _prices(here: Here, rule: Rule) -> Prices | None:
    """The prices of a rule that limits money, None for another; TokError where it cannot be priced."""
    if not rule.priced:
        return None
    prices = here.money().prices
    for problem in prices.problems([rule]):
        raise TokError(problem.message, hint=problem.hint, code=problem.code)
    return prices


def lock(context: typer.Context, at: c.At = None) -> int:
    """Pin how the rules count in tok.lock, beside them: vocabularies, and the encodings of models.

    With it a verdict does not change because tok does; another way of counting ends the check with exit code 3. For
    limits in money it pins the prices of their models and the instant at which these hold, now or --at.
    """
    state = context.find_object(State) or State()
    settings = state.settings()
    with _here(state, settings) as here:
        ruled = here.ruled
        encodings, models = ruling.pins(ruling.column_of(rule) for rule in ruled.rules)
        prices, instant = _pinned_prices(here, at)
        home = ruled.file[: ruled.file.rfind("/") + 1]
        path = here.write(home + LOCK, lock_text(__version__, encodings, models, prices, instant))
    then = written(instant) if instant is not None else None
    data = {"path": path, "encodings": sorted(encodings), "models": models, "prices": prices, "prices_at": then}
    words = [*sorted(encodings), *(f"prices of {name}" for name in sorted(prices)), *([f"at {then}"] if then else [])]
    _say(settings, "lock", data, ", ".join(words))
    return 0


def _pinned_prices(here: Here, at: str | None) -> tuple[dict[str, str], int | None]:
    """The digests of the prices of rules that limit money, and the instant for those that name none."""
    rules = [rule for rule in here.ruled.rules if rule.priced]
    if not rules:
        if at is not None:
            raise usage_error("--at is for prices, and no rule limits money", "leave it out")
        return {}, None
    from tokencli.cli.pricing import instant

    when = instant(at)
    fresh = here._replace(policy=here.ruled._replace(lock_at=None))
    own = all(rule.budget is not None and rule.budget.at is not None for rule in rules)
    return fresh.money(when).prices.pins(rules), None if own else when
