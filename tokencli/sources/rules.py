"""Rules in .gitignore syntax: ignore files at any level of a tree, and the patterns of --include and --exclude."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tokencli.errors import ExitCode, TokError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def compile_patterns(patterns: Iterable[str], option: str) -> GitIgnoreSpec:
    """The rules of an option's patterns; TokError (exit 2) for a pattern that means nothing."""
    from pathspec import GitIgnoreSpec

    lines = list(patterns)
    try:
        return GitIgnoreSpec.from_lines(lines, backend="simple")
    except ValueError as error:
        raise TokError(f"{option}: bad pattern ({error})", code="bad-pattern", exit=ExitCode.USAGE) from None


def read_ignore_file(path: str) -> GitIgnoreSpec:
    """The rules of an ignore file, without the lines that git would not understand either; OSError if unreadable."""
    from pathspec import GitIgnoreSpec

    with open(path, "rb") as file:
        text = file.read().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    try:
        return GitIgnoreSpec.from_lines(lines, backend="simple")
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _valid(line)], backend="simple")


def _valid(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line], backend="simple")
    except ValueError:
        return False
    return True


class Ignore:
    """The rules of all ignore files of one kind in a tree.

    Paths are relative to one base folder with `/` separators, folders end with `/`, the base is "". The nearest file
    with an opinion decides, and in it the last line that fits, as in git.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self._specs: dict[str, GitIgnoreSpec] = {}

    def __bool__(self) -> bool:
        return bool(self._specs)

    def add(self, folder: str, spec: GitIgnoreSpec) -> None:
        """Take the rules of the ignore file in that folder."""
        self._specs[folder] = spec

    def matches(self, path: str) -> bool:
        """Whether the rules leave out this path, by itself: a folder above it that they leave out is not looked at."""
        folder = path
        while folder:
            folder = folder[: folder.rstrip("/").rfind("/") + 1]
            spec = self._specs.get(folder)
            if spec is not None:
                verdict = spec.check_file(path[len(folder) :]).include
                if verdict is not None:
                    return verdict
        return False


class Selection:
    """Which files of a walk are wanted: not left out by rules, and fitting --include where that is given.

    Remembers what it left out: `left_out` as (path, reason), a folder once; `not_included` as a number.
    """

    def __init__(self, ignores: Sequence[Ignore], include: GitIgnoreSpec | None, start: int) -> None:
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
        if self._include is not None and not self._include.check_file(path[self._start :]).include:
            self.not_included += 1
            return False
        return True

    def _ignored(self, path: str) -> bool:
        for ignore in self._ignores:
            if ignore and ignore.matches(path):
                self.left_out.append((path, ignore.reason))
                return True
        return False
