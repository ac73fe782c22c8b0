"""When an agent loads a rule, by the front matter of its file, and what it lists of a skill, command or sub-agent."""

from __future__ import annotations

import re
from typing import NamedTuple

from tokencli.context.frontmatter import Front, is_true, patterns_of, split, text_of
from tokencli.context.listing import Entry
from tokencli.model.context import Kind, Load

EVERYWHERE = ("**", "**/*", "**/**", "*")


class Reading(NamedTuple):
    """A rule: when its text is loaded and why, and what is listed of it in every request so that the agent can ask."""

    load: Load
    text: str
    remark: str = ""
    listed: str = ""


def read(form: str, text: str) -> Reading:
    """A file in one of the forms of `Place`."""
    front, body = split(text)
    match form:
        case "claude-rule":
            paths = patterns_of(front, "paths")
            return Reading("demand", body, _when(paths)) if paths else Reading("always", body)
        case "cursor-rule":
            return _cursor(front, body)
        case "copilot-rule":
            paths = patterns_of(front, "applyTo")
            if any(path in EVERYWHERE for path in paths):
                return Reading("always", body, "applyTo: everything")
            return Reading("demand", body, _when(paths) if paths else "no applyTo: attached by hand")
        case "windsurf-rule":
            return _windsurf(front, body)
        case "manual":
            return Reading("demand", body, "only when a person asks for it")
    return Reading("always", text)


def listing(kind: Kind, path: str, front: Front | None, body: str, longest: int | None) -> Entry | None:
    """The name and the description that an agent sees; None where it does not see it."""
    if is_true(front, "disable-model-invocation"):
        return None
    parts = path.removesuffix("/SKILL.md").split("/")
    name = text_of(front, "name") or re.sub(r"(\.agent)?\.md$", "", parts[-1])
    about = " ".join(filter(None, (text_of(front, "description"), text_of(front, "when_to_use"))))
    if not about and kind != "agent":
        # The first paragraph stands for it.
        about = " ".join(re.split(r"\n[ \t]*\n", body.strip(), maxsplit=1)[0].lstrip("# ").split())
    return Entry(name, about[:longest])


def _cursor(front: Front | None, body: str) -> Reading:
    if front is None:
        return Reading("always", body, "no front matter")
    if is_true(front, "alwaysApply"):
        return Reading("always", body, "alwaysApply")
    paths = patterns_of(front, "globs")
    if paths:
        return Reading("demand", body, _when(paths))
    about = text_of(front, "description")
    return Reading("demand", body, "when the agent asks for it" if about else "only when a person asks for it", about)


def _windsurf(front: Front | None, body: str) -> Reading:
    trigger = text_of(front, "trigger")
    if trigger == "always_on":
        return Reading("always", body, "always_on")
    if trigger == "model_decision":
        return Reading("demand", body, "when the agent asks for it", text_of(front, "description"))
    paths = patterns_of(front, "globs")
    if trigger == "glob" or (not trigger and paths):
        return Reading("demand", body, _when(paths))
    # A rule without a trigger is a manual one: https://github.com/github/spec-kit/issues/1201
    return Reading("demand", body, "only when a person asks for it" if trigger else "no trigger: only by hand")


def _when(paths: list[str]) -> str:
    return f"when working on {', '.join(paths)}"
