"""`tok gate`: rules written, explained and kept up to date. Only these commands write into a project."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from tokencli import __version__, checking, comparing, gate
from tokencli.cli import parameters as p
from tokencli.cli.columns import columns as choose_columns
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD, write_bytes, write_envelope, write_text
from tokencli.counting import DEFAULT as DEFAULT_OPTIONS
from tokencli.errors import ExitCode, TokError
from tokencli.formats.wording import plural, printable
from tokencli.git.objects import Objects
from tokencli.git.revisions import repository
from tokencli.model import Column, FileCount
from tokencli.model.gate import Measured, Policy, Rule, Verdict
from tokencli.policy import draft
from tokencli.policy.files import baseline_text, lock_text
from tokencli.policy.load import load as load_policy
from tokencli.sources.rules import Rules

if TYPE_CHECKING:
    from tokencli.comparing import Ends

Explained = Annotated[str, typer.Argument(metavar="PATH", help="The file that the rules are held against.")]
Draft = Annotated[
    str | None, typer.Option("-o", "--output", metavar="FILE", help="Write to FILE (- is stdout) and not to tok.toml.")
]


class Here(NamedTuple):
    """The repository as it lies, from its last commit to the working tree, and the policy that stands in it."""

    objects: Objects
    ends: Ends
    policy: Policy | None

    @property
    def ruled(self) -> Policy:
        """The policy; TokError where there are no rules."""
        if self.policy is None or not self.policy.rules:
            raise TokError("there are no rules here", hint="tok gate init writes a first set", code="no-policy")
        return self.policy


@contextmanager
def _here(state: State) -> Iterator[Here]:
    with Objects(repository(os.getcwd(), state.environ)) as objects:
        ends = comparing.ends(objects, None, state="worktree")
        yield Here(objects, ends, load_policy(checking.reader(objects, ends, "head"), objects.repo.prefix))


def init(context: typer.Context, model: p.Model = None, encoding: p.Encoding = None, output: Draft = None) -> int:
    """Write a first set of rules into tok.toml, from what the repository holds today.

    Agent instructions, skills and prompts in their usual places get a limit of what they have now and a tenth more,
    one for each file and one for all together. Settings that are there already are kept, rules are not touched.
    """
    state = context.find_object(State) or State()
    settings = state.settings({"model": model, "encoding": encoding})
    columns, _ = choose_columns(settings, state.order)
    typed = next(
        (f'{name} = "{settings[name].value[0]}"' for name in ("model", "encoding") if not settings[name].rank), ""
    )
    with _here(state) as here:
        known = here.policy
        if known is not None and known.rules and output is None:
            hint = "tok gate explain PATH shows them; -o - prints what a first set would be"
            raise TokError(f"{known.file} has rules already", hint=hint, code="has-rules", exit=ExitCode.USAGE)
        sizes = _sizes(here, columns[0], state)
        inside = known is not None and known.file.endswith("pyproject.toml") and output is None
        text = draft.rule_tables(sizes, "tool.tok." if inside else "", typed)
        if not text:
            hint = "write [[rules]] with paths and max_tokens by hand; the README shows how"
            raise TokError("nothing lies where prompts usually lie", hint=hint, code="nothing-found")
        path = output or os.path.join(here.objects.repo.root, known.file if known is not None else "tok.toml")
    if output is None and os.path.exists(path):
        with open(path, encoding="utf-8", newline="") as stream:
            text = f"{stream.read().rstrip()}\n\n{text}".lstrip()
    write_bytes(text.encode(), path)
    files = sum(map(len, sizes.values()))
    if path == STANDARD:
        return 0
    if settings["format"].value == "json":
        write_envelope("gate init", {"path": path, "rules": 2 * len(sizes), "files": files}, 0)
    else:
        write_text(f"{printable(path)}: {plural(2 * len(sizes), 'rule')} for {plural(files, 'file')}\n")
    return 0


def _sizes(here: Here, column: Column, state: State) -> dict[str, list[int]]:
    """The tokens of every file in the usual places, by the name of its group."""
    paths = [pair.path for pair in comparing.everything(here.objects.repo, here.ends) if pair.head is not None]
    compiled = {group.paths: Rules(group.paths, fold=False) for group in draft.GROUPS}
    groups = draft.grouped(paths, lambda patterns, path: compiled[tuple(patterns)].covers(path))
    names = {path: name for name, grouped in groups.items() for path in grouped}
    found: dict[str, list[int]] = {}
    for outcome in _measure(here, column, set(names), state):
        if isinstance(outcome.head, FileCount):
            found.setdefault(names[outcome.pair.path], []).append(outcome.head.counts[0].high)
    return found


def _measure(here: Here, column: Column, paths: set[str], state: State) -> list[comparing.Outcome]:
    """Files counted on both sides; TokError for the first that cannot be read."""
    pairs = [pair for pair in comparing.everything(here.objects.repo, here.ends) if pair.path in paths]
    outcomes, counted = comparing.measure(
        here.objects, here.ends, pairs, [column], DEFAULT_OPTIONS, open_cache=state.open_cache
    )
    for problem in counted.problems:
        raise TokError(problem.message, hint=problem.hint, code=problem.code)
    return outcomes


def explain(context: typer.Context, path: Explained) -> int:
    """Say which rules apply to a file, by which pattern, and what they say about it as it lies here now."""
    state = context.find_object(State) or State()
    with _here(state) as here:
        ruled = here.ruled
        name = here.objects.repo.relative(path)
        rows = [_explained(here, ruled, rule, name, state) for rule in ruled.rules]
    applying = [row for row in rows if row["pattern"] is not None]
    if state.settings()["format"].value == "json":
        write_envelope("gate explain", {"path": name, "policy": ruled.file, "rules": rows}, 0)
        return 0
    here_now = "" if os.path.lexists(path) else " (there is no such file now)"
    lines = [f"{printable(name)}{here_now}: {plural(len(applying), 'rule')} of {len(rows)} in {printable(ruled.file)}"]
    for row in applying:
        lines += ["", *(f"  {key:<8} {printable(str(value))}" for key, value in _lines(row))]
    write_text("\n".join(lines) + "\n")
    return 0


def _explained(here: Here, ruled: Policy, rule: Rule, path: str, state: State) -> dict[str, Any]:
    """A rule and what it says about a path, as JSON has it; `pattern` is None where it does not apply."""
    column = checking.column_of(rule)
    pattern = gate.applies(rule, path)
    verdict = None
    if pattern is not None and rule.scope == "file":
        measured = [checking.measured(outcome) for outcome in _measure(here, column, {path}, state)]
        verdict = next(iter(gate.judge(rule, measured, ruled, _today(), column=column)), None)
    return {
        "rule": rule.name,
        "origin": rule.origin,
        "pattern": pattern,
        "scope": rule.scope,
        "max_tokens": rule.max_tokens,
        "max_increase": str(rule.max_increase) if rule.max_increase else None,
        "baseline": ruled.values.get((rule.name, path)) if rule.ratchet else None,
        "encoding": column.encoding,
        "model": column.model,
        "method": column.method,
        "expires": rule.expires.isoformat() if rule.expires else None,
        "severity": rule.severity,
        "reason": rule.reason,
        "owner": rule.owner,
        "verdict": verdict.verdict if verdict else None,
        "message": verdict.message if verdict else "",
    }


def _lines(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is worth a line about a rule."""
    yield "rule", f"{row['rule']} ({row['origin']}), by {row['pattern']}"
    whole = " for all files together" if row["scope"] == "total" else ""
    if row["max_tokens"] is not None:
        yield "limit", f"{row['max_tokens']:,} tokens{whole}"
    if row["max_increase"] is not None:
        yield "growth", f"at most {row['max_increase']}{whole}"
    if row["baseline"] is not None:
        yield "ratchet", f"{row['baseline']:,} tokens"
    yield "counts", f"{row['model'] or row['encoding']}, {row['method']}"
    if row["message"]:
        yield "now", f"{row['verdict']}: {row['message']}"
    for key in ("expires", "reason", "owner"):
        if row[key]:
            yield key, row[key]


def update(context: typer.Context) -> int:
    """Write down the lowest values that ratchets have reached, in the baseline file beside the rules.

    A value is lowered to what a file has now and never raised; files without one get theirs.
    """
    state = context.find_object(State) or State()
    with _here(state) as here:
        ruled = here.ruled
        rules = [rule for rule in ruled.rules if rule.ratchet]
        if not rules:
            raise TokError(f"{ruled.file}: no rule has ratchet = true", hint="add it to a rule", code="no-ratchet")
        verdicts = [verdict for rule in rules for verdict in _judged(here, ruled, rule, state)]
        values = gate.ratcheted(ruled, verdicts)
        path = os.path.join(here.objects.repo.root, ruled.baseline)
    new = len(values.keys() - ruled.values.keys())
    lowered = sum(values[key] < ruled.values[key] for key in values.keys() & ruled.values.keys())
    if values != ruled.values or not os.path.exists(path):
        write_bytes(baseline_text(values).encode(), path)
    if state.settings()["format"].value == "json":
        write_envelope("gate update", {"path": path, "values": len(values), "lowered": lowered, "new": new}, 0)
    else:
        write_text(f"{printable(path)}: {plural(len(values), 'value')}, {lowered} lowered, {new} new\n")
    return 0


def _judged(here: Here, ruled: Policy, rule: Rule, state: State) -> list[Verdict]:
    column = checking.column_of(rule)
    paths = {pair.path for pair in comparing.everything(here.objects.repo, here.ends) if checking.speaks(rule, pair)}
    measured: list[Measured] = [checking.measured(outcome) for outcome in _measure(here, column, paths, state)]
    return gate.judge(rule, measured, ruled, _today(), column=column)


def lock(context: typer.Context) -> int:
    """Pin how the rules count in tok.lock, beside them: vocabularies, and the encodings of models.

    With it a verdict does not change because tok does; another way of counting ends the check with exit code 3.
    """
    state = context.find_object(State) or State()
    with _here(state) as here:
        ruled = here.ruled
        encodings, models = checking.pins(checking.column_of(rule) for rule in ruled.rules)
        path = os.path.join(here.objects.repo.root, os.path.dirname(ruled.file), "tok.lock")
    write_bytes(lock_text(__version__, encodings, models).encode(), path)
    if state.settings()["format"].value == "json":
        write_envelope("gate lock", {"path": path, "encodings": sorted(encodings), "models": models}, 0)
    else:
        write_text(f"{printable(path)}: {', '.join(sorted(encodings))}\n")
    return 0


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
