"""Breakdowns of counted files: by folder, by file name extension, as a tree, by Markdown section. Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from tokencli.model import METHODS, ZERO, Column, Count, CountReport, FileCount, Group

Counts = tuple[Count, ...]

BEFORE = "(before the first heading)"
EMPTY = "(empty heading)"


def add(left: Counts, right: Counts) -> Counts:
    """Column-wise sum."""
    return tuple(a + b for a, b in zip(left, right, strict=True))


def total(counts: Iterable[Counts], columns: int) -> Counts:
    """Column-wise sum of many counts; zeros where there are none."""
    result = (ZERO,) * columns
    for one in counts:
        result = add(result, one)
    return result


def settle(columns: Sequence[Column], files: Sequence[FileCount]) -> tuple[tuple[Column, ...], tuple[FileCount, ...]]:
    """The columns as all files together were made, and the files with their own, where some were made otherwise.

    A column whose files were counted in several ways names them all, and its method is the worst of them.
    """
    if not any(file.columns for file in files):
        return tuple(columns), tuple(files)
    own = tuple(file if file.columns else replace(file, columns=tuple(columns)) for file in files)
    return tuple(_mixed(list(dict.fromkeys(made))) for made in zip(*(file.columns for file in own), strict=True)), own


def _mixed(made: Sequence[Column]) -> Column:
    """One column for the sum of several."""
    encodings = " + ".join(dict.fromkeys(column.encoding for column in made))
    worst = max((column.method for column in made), key=METHODS.index)
    proxy = next((column.proxy for column in made if column.proxy), None)
    return replace(made[0], encoding=encodings, method=worst, proxy=proxy)


def by_ext(files: Sequence[FileCount]) -> tuple[Group, ...]:
    """One group for each file name extension in lower case, `(none)` for names without one."""
    groups: dict[str, Group] = {}
    for file in files:
        name = file.path.rsplit("/", 1)[-1]
        stem, dot, ext = name.rpartition(".")
        key = f".{ext.lower()}" if dot and stem.strip(".") and ext else "(none)"
        groups[key] = _with(groups.get(key), "ext", key, file)
    return tuple(groups.values())


def by_dir(files: Sequence[FileCount]) -> tuple[Group, ...]:
    """One group for each folder with the counts of everything below it; `own` are its direct files.

    A folder that holds nothing but one other folder is left out: it would repeat that folder's numbers.
    """
    folders = _folders(files)
    own = _own(files)
    children = Counter(map(_parent, folders))
    return tuple(
        replace(group, own=own.get(key, (ZERO,) * len(group.counts)))
        for key, group in folders.items()
        if key in own or children[key] > 1
    )


def tree(
    files: Sequence[FileCount], *, folders_only: bool, order: Callable[[Group], Any], reverse: bool = False
) -> tuple[Group, ...]:
    """Folders (keys end in `/`) and their files in depth-first order, siblings in the given order."""
    kept = {group.key: replace(group, by="tree") for group in by_dir(files)}
    below: dict[str, list[Group]] = {}
    for key, group in kept.items():
        below.setdefault(_nearest(kept, key), []).append(replace(group, key=key.rstrip("/") + "/"))
    for file in () if folders_only else files:
        leaf = Group("tree", file.path, 1, file.bytes, file.counts, own=file.counts)
        below.setdefault(_parent(file.path), []).append(leaf)
    rows: list[Group] = []
    stack = [(0, group) for group in sorted(below.get("", ()), key=order, reverse=not reverse)]
    while stack:
        depth, group = stack.pop()
        rows.append(replace(group, depth=depth))
        if group.key.endswith("/"):
            key = group.key.rstrip("/") or "/"
            stack.extend((depth + 1, child) for child in sorted(below.get(key, ()), key=order, reverse=not reverse))
    return tuple(rows)


def sections(files: Sequence[FileCount]) -> tuple[Group, ...]:
    """The file, then its Markdown sections in order; `counts` cover everything below a heading, `own` and the bytes
    its own text."""
    rows: list[Group] = []
    for file in files:
        rows.append(Group("section", file.path, 1, file.bytes, file.counts, path=file.path))
        for section in file.sections:
            rows.append(
                Group(
                    "section",
                    section.title or (EMPTY if section.depth else BEFORE),
                    1,
                    section.bytes,
                    section.total,
                    depth=max(section.depth, 1),
                    own=section.own,
                    path=file.path,
                    line=section.line,
                )
            )
    return tuple(rows)


FRAMING, NO_TRANSCRIPT, NO_TOOL = "(framing)", "(no transcript)", "(no tool)"
OF_TOOLS = {"tool": "definition", "tool_call": "calls", "tool_result": "results"}
"""What the kinds of parts that belong to a tool are, beside its name."""


def by_content(files: Sequence[FileCount], by: str) -> tuple[Group, ...]:
    """Groups of what transcripts hold: by role of the messages, by tool, or by kind of part.

    Definitions of tools have the role `(tools)`; by tool its definition, calls and results are a group each. Framing,
    and files that are no transcripts, are groups of their own.
    """
    groups: dict[str, Group] = {}

    def put(key: str, counts: Counts, seen: set[str]) -> None:
        old = groups.get(key, Group(by, key, 0, 0, (ZERO,) * len(counts)))
        groups[key] = replace(old, files=old.files + (key not in seen), counts=add(old.counts, counts))
        seen.add(key)

    for file in files:
        seen: set[str] = set()
        if file.transcript is None:
            put(NO_TRANSCRIPT, file.counts, seen)
            continue
        for (role, kind, name), counts in file.transcript.sums.items():
            tool = f"{name or '(unnamed)'} ({OF_TOOLS[kind]})" if kind in OF_TOOLS else NO_TOOL
            put({"role": role or "(tools)", "part": kind, "tool": tool}[by], counts, seen)
        put(FRAMING, tuple(framing.tokens for framing in file.transcript.framing), seen)
    return tuple(groups.values())


def by_message(files: Sequence[FileCount]) -> tuple[Group, ...]:
    """One group for each message, in order, then for each tool, then for the framing; of other files one."""
    rows: list[Group] = []
    for file in files:
        found = file.transcript
        if found is None:
            rows.append(Group("message", NO_TRANSCRIPT, 1, 0, file.counts, path=file.path))
            continue
        for message in found.messages:
            key = f"[{message.index}] {message.role}{f' ({message.name})' if message.name else ''}"
            rows.append(Group("message", key, 1, 0, message.counts, path=file.path, line=message.line))
        rows += [Group("message", f"tool {tool.name}", 1, 0, tool.counts, path=file.path) for tool in found.tools]
        framing = tuple(framing.tokens for framing in found.framing)
        rows.append(Group("message", FRAMING, 1, 0, framing, path=file.path))
    return tuple(rows)


def order(sort: str) -> Callable[[FileCount | Group], Any]:
    """The sort key of rows: `tokens` and `bytes` largest first, then by path."""
    if sort == "path":
        return _name
    if sort == "bytes":
        return lambda row: (-row.bytes, _name(row))
    return lambda row: (-row.counts[0].tokens, _name(row))


def _name(row: FileCount | Group) -> str:
    return row.path if isinstance(row, FileCount) else row.key


def arrange(
    report: CountReport,
    by: str | None,
    as_tree: bool,
    key: Callable[[FileCount | Group], Any] | None,
    reverse: bool,
) -> CountReport:
    """The report with its files in order and the groups of a breakdown; without a key, rows stay where they are."""
    files = report.files if key is None else tuple(sorted(report.files, key=key, reverse=reverse))
    groups: tuple[Group, ...] = ()
    if as_tree:
        groups = tree(files, folders_only=by == "dir", order=key or _name, reverse=reverse)
    elif by in ("role", "tool", "part"):
        groups = by_content(files, by)
        groups = groups if key is None else tuple(sorted(groups, key=key, reverse=reverse))
    elif by == "message":
        groups = by_message(files)
        groups = groups if key is None else tuple(sorted(groups, key=key, reverse=reverse))
    elif by in ("dir", "ext", "section"):
        groups = {"dir": by_dir, "ext": by_ext, "section": sections}[by](files)
        if key is not None:
            groups = tuple(sorted(groups, key=key, reverse=reverse))
    return replace(report, files=files, groups=groups)


def top(report: CountReport, limit: int, *, word: str = "more") -> CountReport:
    """The report with at most `limit` rows listed and the others summed in `rest`; totals stay those of everything.

    A listing that would save a single row is left whole. The rest of nested groups has no sum of its own.
    """
    columns = len(report.columns)
    if report.groups:
        hidden = report.groups[limit:]
        if len(hidden) < 2:
            return report
        counts = () if hidden[0].by in ("dir", "tree", "section") else total((g.counts for g in hidden), columns)
        size = sum(group.bytes for group in hidden if group.line is None)  # a section's are in its file's
        rest = Group(hidden[0].by, f"{len(hidden):,} {word} rows", len(hidden), size, counts)
        return replace(report, groups=report.groups[:limit], rest=rest)
    left_out = report.files[limit:]
    if len(left_out) < 2:
        return report
    counts = total((file.counts for file in left_out), columns)
    rest = Group("file", f"{len(left_out):,} {word} files", len(left_out), sum(f.bytes for f in left_out), counts)
    return replace(report, files=report.files[:limit], rest=rest)


def _with(group: Group | None, by: str, key: str, file: FileCount) -> Group:
    if group is None:
        return Group(by, key, 1, file.bytes, file.counts)
    return replace(group, files=group.files + 1, bytes=group.bytes + file.bytes, counts=add(group.counts, file.counts))


def _parent(path: str) -> str:
    """The folder of a path: `.` for a bare name, "" above `.` and `/`."""
    if path in (".", "/"):
        return ""
    folder, slash, _ = path.rpartition("/")
    if not slash:
        return "."
    return folder or "/"


def _folders(files: Sequence[FileCount]) -> dict[str, Group]:
    folders: dict[str, Group] = {}
    for file in files:
        folder = _parent(file.path)
        while folder:
            folders[folder] = _with(folders.get(folder), "dir", folder, file)
            folder = _parent(folder)
    return folders


def _own(files: Sequence[FileCount]) -> dict[str, Counts]:
    own: dict[str, Counts] = {}
    for file in files:
        folder = _parent(file.path)
        own[folder] = add(own[folder], file.counts) if folder in own else file.counts
    return own


def _nearest(kept: dict[str, Group], key: str) -> str:
    """The closest kept folder above `key`, "" where there is none."""
    folder = _parent(key)
    while folder and folder not in kept:
        folder = _parent(folder)
    return folder
