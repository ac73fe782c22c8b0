"""Rules in .gitignore syntax: ignore files at any level of a tree, and the patterns of --include and --exclude.

Written after gitignore(5) and checked against git itself. The pathspec library was measured first (1.1.1): it lets a
line about a folder decide on the files below it, so that `!b/` takes back a file in b that an earlier line leaves out,
it takes 18 microseconds for a file and 40 lines, and its import takes longer than git takes for 20,000 files.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Sequence
from stat import S_ISREG
from typing import NamedTuple

from tokencli.errors import ExitCode, TokError
from tokencli.sources.text import RefusedError, open_regular
from tokencli.sources.wildcards import STAR, expression

FOLDS = os.name == "nt" or sys.platform == "darwin"
"""Whether names that differ by case alone are usually the same on this system."""

MOST = 1_000_000
"""Bytes of an ignore file; a longer one is none."""

CLASSES = {
    **{"alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": " \\t", "cntrl": r"\x00-\x1f\x7f", "digit": "0-9"},
    **{"graph": "!-~", "lower": "a-z", "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r"\s", "upper": "A-Z"},
    "xdigit": "0-9a-fA-F",
}
TOKEN = re.compile(
    r"(?P<above>(?:^|(?<=/))\*\*+/(?:\*\*+/)*)|(?P<rest>(?:^|(?<=/))\*\*+$)|(?P<below>(?:^|(?<=/))\*\*+\\/)"
    r"|(?P<star>\*+)|(?P<any>\?)"
    r"|(?P<set>\[[!^]?\]?(?:\[:[a-z]+:\]|\\.|[^]\\])*\])|\\(?P<escaped>.)|(?P<literal>[^[\\])",
    re.DOTALL,
)
MEMBER = re.compile(r"\[:(?P<name>[a-z]+):\]|\\?(?P<from>.)(?:-\\?(?P<to>[^]]))?", re.DOTALL)


class Rule(NamedTuple):
    """One line: what it fits (the last name of a path or, where `anchored`, the whole path), whether it matches or
    takes back (`!`), and whether it speaks of folders only."""

    fits: re.Pattern[str]
    anchored: bool
    matches: bool
    folders_only: bool


class Rules:
    """The rules of one ignore file or option, in their order.

    Paths are relative to the folder of the rules, with `/` separators; a folder ends with `/`.
    """

    def __init__(self, lines: Iterable[str], *, fold: bool = FOLDS) -> None:
        flags = re.DOTALL | (re.IGNORECASE if fold else 0)
        self._rules = [rule for line in lines if (rule := _rule(line, flags)) is not None]
        # Most paths fit no rule, which one expression of all of them tells faster than a loop.
        self._names = _any((rule for rule in self._rules if not rule.anchored), flags)
        self._paths = _any((rule for rule in self._rules if rule.anchored), flags)
        self._rules.reverse()

    def __len__(self) -> int:
        return len(self._rules)

    def verdict(self, path: str) -> bool | None:
        """What the last rule that fits the path itself says: True to match, False for a `!` rule, None without one."""
        whole = path.removesuffix("/")
        name = whole[whole.rfind("/") + 1 :]
        if not (self._names.fullmatch(name) or self._paths.fullmatch(whole)):
            return None
        folder = path.endswith("/")
        for rule in self._rules:
            if (folder or not rule.folders_only) and rule.fits.fullmatch(whole if rule.anchored else name):
                return rule.matches
        return None

    def covers(self, path: str) -> bool:
        """Whether the last rule that fits the path, or a folder above it, matches."""
        parts = path.removesuffix("/").split("/")
        wholes = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        above = len(parts) if path.endswith("/") else len(parts) - 1
        for rule in self._rules:
            fitting = map(
                rule.fits.fullmatch, (wholes if rule.anchored else parts)[: above if rule.folders_only else None]
            )
            if any(fitting):
                return rule.matches
        return False


def compile_patterns(patterns: Sequence[str], option: str) -> Rules:
    """The rules of an option's patterns; TokError (exit 2) for a pattern that means nothing."""
    for pattern in patterns:
        if not Rules([pattern]):
            hint = "write \\# or \\! for a name that begins so" if pattern[:1] in ("#", "!") else ""
            raise TokError(f"{option}: bad pattern {pattern!r}", hint=hint, code="bad-pattern", exit=ExitCode.USAGE)
    return Rules(patterns)


def read_ignore_file(path: str) -> Rules:
    """The rules of an ignore file, without the lines that mean nothing to git either; OSError if unreadable.

    Case counts where it does in the folder of the file. git goes by core.ignorecase, which `git init` finds in the same
    way; asking for that would start git once more, and only a repository has it.

    RefusedError for one that is a link, as to git, or no file, or longer than MOST bytes.
    """
    status = os.lstat(path)
    if not S_ISREG(status.st_mode):
        raise RefusedError(errno.EINVAL, "is no regular file")
    with open(open_regular(path, follow=False), "rb") as file:
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise RefusedError(errno.EFBIG, f"is longer than {MOST:,} bytes")
    return ignore_rules(data, fold=_folds(path, status))


def ignore_rules(data: bytes, *, fold: bool = False) -> Rules:
    """The rules in the bytes of an ignore file."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return Rules((line.removesuffix("\r") for line in text.split("\n")), fold=fold)


def _folds(path: str, status: os.stat_result) -> bool:
    """Whether the file has its name in capital letters too."""
    folder, name = os.path.split(path)
    try:
        return os.path.samestat(status, os.lstat(os.path.join(folder, name.upper())))
    except OSError:
        return False


def _rule(line: str, flags: int) -> Rule | None:
    """The rule of a line, None where it holds none."""
    if line.startswith("#"):
        return None
    bare = line.rstrip(" ")
    escaped = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    line = bare + " " if escaped and bare != line else bare
    matches = not line.startswith("!")
    line = line if matches else line[1:]
    folders_only = line.endswith("/")
    line = line.removesuffix("/")
    anchored, start = "/" in line, ""
    line = line.removeprefix("/")
    if anchored:
        # git compares the letters before the first wildcard by themselves, so that `a/b**` fits below `a/b` too.
        start = re.split(r"[*?[\\]", line, maxsplit=1)[0]
    rest = _expression(line[len(start) :])
    if rest is None or not line:
        return None
    return Rule(re.compile(re.escape(start) + rest, flags), anchored, matches, folders_only)


def _any(rules: Iterable[Rule], flags: int) -> re.Pattern[str]:
    """What fits when one of the rules fits."""
    return re.compile("|".join(f"(?:{rule.fits.pattern})" for rule in rules) or "(?!)", flags)


def _expression(pattern: str) -> str | None:
    """The expression of a pattern; None for one that fits nothing, such as `[a`."""
    groups: list[list[str]] = [[]]
    rest, at = "", 0
    while at < len(pattern):
        token = TOKEN.match(pattern, at)
        if token is None:
            return None
        at = token.end()
        match token.lastgroup:
            case "above":
                groups.append([])
            case "rest":
                rest = ".*"
            case "below":
                # An escaped slash is a slash to git, but the stars before it stand for one name at least.
                groups.append([STAR, "/"])
            case "star":
                groups[-1].append(STAR)
            case "any":
                groups[-1].append("[^/]")
            case "set":
                groups[-1].append(_set(token["set"]))
            case _:
                groups[-1].append(re.escape(token["escaped"] or token["literal"]))
    return expression(groups) + rest


def _set(group: str) -> str:
    """The expression of a `[...]`, which never fits a `/`. Where case does not count, `[C]` fits c, to git nothing."""
    negated = group[1] in "!^"
    members = ""
    for member in MEMBER.finditer(group[2 if negated else 1 : -1]):
        if member["name"]:
            members += CLASSES.get(member["name"], "")
        elif member["to"] and member["from"] <= member["to"]:
            members += f"{re.escape(member['from'])}-{re.escape(member['to'])}"
        else:
            # git compares the first end of a range before it sees the range, so a reversed one fits that.
            members += re.escape(member["from"])
    if not members:
        return "[^/]" if negated else "(?!)"
    return f"(?!/)[{'^' if negated else ''}{members}]"


class Ignore:
    """The rules of all ignore files of one kind in a tree.

    Paths are relative to one base folder with `/` separators, folders end with `/`, the base is "". The nearest file
    with an opinion decides, and in it the last line that fits, as in git.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self._specs: dict[str, Rules] = {}

    def __bool__(self) -> bool:
        return bool(self._specs)

    def add(self, folder: str, spec: Rules) -> None:
        """Take the rules of the ignore file in that folder."""
        self._specs[folder] = spec

    def matches(self, path: str) -> bool:
        """Whether the rules leave out this path, by itself: a folder above it that they leave out is not looked at."""
        folder = path
        while folder:
            folder = folder[: folder.rstrip("/").rfind("/") + 1]
            spec = self._specs.get(folder)
            if spec is not None:
                verdict = spec.verdict(path[len(folder) :])
                if verdict is not None:
                    return verdict
        return False


class Selection:
    """Which files of a walk are wanted: not left out by rules, and fitting --include where that is given.

    Remembers what it left out: `left_out` as (path, reason), a folder once; `not_included` as a number.
    """

    def __init__(self, ignores: Sequence[Ignore], include: Rules | None, start: int) -> None:
        self._ignores = ignores
        self._include = include
        self._start = start
        self._folders: dict[str, bool] = {}
        self.left_out: list[tuple[str, str]] = []
        self.not_included = 0

    def restart(self, folder: str) -> None:
        """Take this folder and those above it for wanted, whatever the rules say: someone named it."""
        while folder:
            self._folders[folder] = True
            folder = folder[: folder.rstrip("/").rfind("/") + 1]

    def wants_folder(self, folder: str) -> bool:
        """Whether anything below the folder may be wanted; `folder` is "" or ends with `/`."""
        known = self._folders.get(folder)
        if known is None:
            above = folder[: folder.rstrip("/").rfind("/") + 1]
            known = not folder or (self.wants_folder(above) and not self._ignored(folder))
            self._folders[folder] = known
        return known

    def wants(self, path: str) -> bool:
        """Whether the file is wanted."""
        if not self.wants_folder(path[: path.rfind("/") + 1]) or self._ignored(path):
            return False
        if self._include is not None and not self._include.covers(path[self._start :]):
            self.not_included += 1
            return False
        return True

    def _ignored(self, path: str) -> bool:
        for ignore in self._ignores:
            if ignore and ignore.matches(path):
                self.left_out.append((path, ignore.reason))
                return True
        return False
