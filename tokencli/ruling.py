"""What a rule means in a repository: how it counts, which files it speaks of, and what these are on both sides."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from tokencli import comparing, gate
from tokencli.comparing import Ends, Outcome
from tokencli.counting import DEFAULT as DEFAULT_OPTIONS
from tokencli.counting import OpenCache, fingerprint
from tokencli.encoders import DEFAULT, column, recipe
from tokencli.errors import TokError
from tokencli.git.changes import Pair
from tokencli.git.objects import Objects
from tokencli.model import Column, FileCount
from tokencli.model.gate import Measured, Rule
from tokencli.policy.load import load
from tokencli.sources.text import open_regular

Read = Callable[[str], bytes | None]


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
