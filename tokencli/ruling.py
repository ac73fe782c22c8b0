"""What a rule means in a repository: how it counts, which files it speaks of, and what these are on both sides."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tokencli import comparing, gate
from tokencli.comparing import Ends, Outcome, Paths
from tokencli.counting import DEFAULT as DEFAULT_OPTIONS
from tokencli.counting import OpenCache, fingerprint
from tokencli.encoders import DEFAULT, column, recipe
from tokencli.errors import TokError
from tokencli.git.changes import Pair
from tokencli.git.objects import Objects
from tokencli.model import Column, FileCount
from tokencli.model.gate import Measured, Policy, Rule
from tokencli.policy.load import load
from tokencli.sources.text import open_regular

if TYPE_CHECKING:
    from tokencli.spending.cards import Side

Read = Callable[[str], bytes | None]


class Policies(NamedTuple):
    """The policy that judges, and that of the head, which it is held against. Rules that are not those of the base were
    `introduced` somewhere, in words; `side` is where they were read."""

    ruling: Policy
    head: Policy
    introduced: str = ""
    side: Side = "base"


def reader(objects: Objects, ends: Ends, side: str) -> Read:
    """Reads files of the `base` (of what both sides have in common) or of the `head`, by their path from the root."""
    if side == "base":
        return lambda path: objects.file(ends.common, path)
    if ends.state == "worktree":
        return lambda path: lying(os.path.join(objects.repo.root, path))
    revision = str(ends.head.commit) if ends.state == "commit" else ""
    return lambda path: objects.file(revision, path)


def lying(file: str) -> bytes | None:
    """The bytes of a file of the working tree; None for what is none, such as a link."""
    try:
        with open(open_regular(file, follow=False), "rb") as stream:
            return stream.read()
    except OSError:
        return None


def policies_of(objects: Objects, ends: Ends, paths: Paths, *, mending: bool) -> Policies:
    """The policies of both sides; TokError `no-policy` where neither has rules.

    Where only the head has rules, they are what the change brings, and it is judged by them; so it is where those of
    the base cannot be read and the change is allowed to mend them.
    """
    read, read_now = reader(objects, ends, "base"), reader(objects, ends, "head")
    seen: dict[str, bytes | None] = {}
    try:
        base = load(lambda path: seen.setdefault(path, read(path)), objects.repo.prefix)
    except TokError as error:
        if error.code not in ("config", "too-large"):
            raise
        if not mending:
            hint = "; ".join(filter(None, (error.hint, "a change that mends it needs --allow-policy-change")))
            raise TokError(
                f"{error.message} (at {ends.base.name})", hint=hint, code=error.code, exit=error.exit
            ) from None
        base = None
    # What is read depends on nothing but what was read before: the same bytes are the same policy.
    same = base is not None and all(read_now(path) == data for path, data in seen.items())
    head = base if same else load(read_now, objects.repo.prefix)
    if base is not None and base.rules:
        return Policies(base, head or base._replace(rules=(), waivers=()))
    # Rules that came since to where the change goes hold there; its own, which no rule kept in bounds, do not yet.
    newer = ends.tip not in ("", ends.common)
    since = load(lambda path: objects.file(ends.tip, path), objects.repo.prefix) if newer else None
    if since is not None and since.rules:
        ours = {path for pair in paths.differing for path in (pair.path, pair.old_path)}
        merged = load(
            lambda path: read_now(path) if path in ours else objects.file(ends.tip, path), objects.repo.prefix
        )
        after = merged or since._replace(rules=(), waivers=())
        return Policies(since, after, "newer than this change", "tip")
    if head is not None and head.rules:
        return Policies(head, head, "new in this change", "head")
    where = base.file if base is not None else "tok.toml or pyproject.toml"
    raise TokError(
        f"there are no rules: no [[rules]] in {where}", hint="tok gate init writes a first set", code="no-policy"
    )


def column_of(rule: Rule) -> Column:
    """How a rule counts; one that is priced on a model may say an encoding besides."""
    if rule.model and not rule.encoding:
        from tokencli.catalog import resolve

        return resolve(rule.model)
    return column(rule.encoding or DEFAULT)


def speaks(rule: Rule, pair: Pair) -> bool:
    """Whether the rule applies to a path, now or before; one about the standing context applies to none."""
    if rule.standing:
        return False
    return any(gate.applies(rule, path) is not None for path in {pair.path, pair.old_path or pair.path})


def measured(outcome: Outcome) -> Measured:
    """The tokens of a file in the only column that was counted, the high ends of ranges."""
    base, head = (side.counts[0].high if isinstance(side, FileCount) else None for side in (outcome.base, outcome.head))
    return Measured(outcome.pair.path, base, head, outcome.pair.old_path)


def pins(columns: Iterable[Column]) -> tuple[dict[str, str], dict[str, str]]:
    """What tok.lock says about columns: fingerprints of encodings, and the encodings of models."""
    import hashlib

    encodings, models = {}, {}
    for one in columns:
        made = f"{fingerprint(one, DEFAULT_OPTIONS)} {recipe(one.proxy or one.encoding)}"
        name = one.encoding if one.method != "estimate" else f"estimate by {one.proxy or one.encoding}"
        encodings[name] = hashlib.sha256(made.encode()).hexdigest()
        if one.model:
            models[one.model] = name
    return encodings, models


def remarks(
    objects: Objects, ends: Ends, pairs: Sequence[Pair], today: date, open_cache: OpenCache | None = None
) -> tuple[dict[str, str], str]:
    """What the limits for single files at the base say about paths that differ, by path; a note where they cannot be
    read. The first of several limits that a file passes."""
    try:
        policy = load(reader(objects, ends, "base"), objects.repo.prefix)
    except TokError as error:
        return {}, f"limits are not shown: {error.message}"
    found: dict[str, str] = {}
    if policy is None:
        return found, ""
    for rule in policy.rules:
        spoken = [pair for pair in pairs if speaks(rule, pair)] if rule.scope == "file" else []
        if not spoken:
            continue
        one = column_of(rule)
        outcomes, _ = comparing.measure(objects, ends, spoken, [one], DEFAULT_OPTIONS, open_cache=open_cache)
        for verdict in gate.judge(rule, map(measured, outcomes), policy, today, column=one):
            if verdict.verdict != "ok":
                word = "over before" if verdict.verdict == "over-before" else "over"
                found.setdefault(verdict.path, f"{word} (limit {verdict.limit:,}, rule {rule.name})")
    return found, ""
