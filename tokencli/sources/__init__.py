"""What the user names becomes documents: files, folders, globs, lists of files, standard input."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from tokencli.errors import ExitCode, TokError
from tokencli.model import Document, Problem, Skipped
from tokencli.sources.text import WHOLE, Text, read, signature, unreadable

__all__ = ["Found", "Text", "find", "read"]

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Found:
    """The documents of the inputs in their order (of a folder, in the order of the paths), each file once; what was
    left out and why; what failed; and notes on how it was found."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def find(
    inputs: Sequence[str],
    *,
    cwd: str,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    files_from: str | None = None,
    null: bool = False,
    stdin: Callable[[], BinaryIO] | None = None,
) -> Found:
    """The documents that the inputs name.

    An input is a file (always taken), a folder (walked), `-` (what `stdin` opens, buffered) or, where nothing of
    that name exists, a glob: without `**` it stands for what a shell would have put there, `**` walks like a folder.
    `files_from` is a file, or `-`, with one path a line or, with `null`, between NUL bytes: its files are taken as
    if found in a walk. `include` and `exclude` are patterns in .gitignore syntax, relative to the root of each walk
    (to `cwd` in a list); they do not touch files named in `inputs`. TokError only for a bad pattern or a list that
    cannot be read as one.
    """
    finder = _Finder(_real(cwd), include, exclude, stdin)
    for name in inputs:
        finder.take(name)
    if files_from is not None:
        finder.take_list(files_from, null=null)
    return Found(tuple(finder.documents), tuple(finder.skipped), tuple(finder.problems), tuple(finder.notes))


class _Finder:
    """Collects what the inputs name, one after the other."""

    def __init__(
        self, cwd: str, include: Sequence[str], exclude: Sequence[str], stdin: Callable[[], BinaryIO] | None
    ) -> None:
        self.documents: list[Document] = []
        self.skipped: list[Skipped] = []
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._cwd = cwd
        self._include = include
        self._exclude = exclude
        self._stdin = stdin
        self._stdin_used = False
        self._seen: dict[tuple[int, str], int] = {}
        self._indexed = 0
        self._folders: dict[str, str] = {}

    def take(self, name: str) -> None:
        """Take one input as it was typed."""
        if name == STDIN:
            self._take_stdin()
            return
        if not name:
            self.problems.append(Problem("not-found", "an empty file name was given", "is a shell variable unset?"))
            return
        path = os.path.join(self._cwd, name)
        if ("*" in name or "?" in name or "[" in name) and not os.path.lexists(path):
            self._take_glob(name)
        else:
            self._take_path(name, path, named=True)

    def take_list(self, source: str, *, null: bool) -> None:
        """Take the files of a list, by --include and --exclude."""
        from tokencli.sources import lists

        names, problems = lists.names(self._list(source), source, null=null)
        self.problems += problems
        if self._include or self._exclude:
            names = self._selected(names)
        for name in names:
            path = os.path.join(self._cwd, name)
            if os.path.islink(path):
                self.skipped.append(Skipped(_shown(name), "symlink"))
            else:
                self._take_path(name, path, named=False)

    def _list(self, source: str) -> bytes:
        if source == STDIN:
            return self._open_stdin().read()
        try:
            with open(os.path.join(self._cwd, source), "rb") as file:
                return file.read()
        except OSError as error:
            raise unreadable(source, error) from None

    def _selected(self, names: Iterable[str]) -> list[str]:
        from tokencli.sources.rules import compile_patterns

        include = compile_patterns(self._include, "--include") if self._include else None
        exclude = compile_patterns(self._exclude, "--exclude")
        kept, left = [], 0
        for name in names:
            path = os.path.normpath(name).replace(os.sep, "/")
            if exclude.covers(path):
                self.skipped.append(Skipped(_shown(name), "excluded"))
            elif include is not None and not include.covers(path):
                left += 1
            else:
                kept.append(name)
        if left:
            self.skipped.append(Skipped("--files-from", "not-included", left))
        return kept

    def _fail(self, name: str, error: OSError) -> None:
        problem = unreadable(_shown(name), error)
        hint = problem.hint
        if not isinstance(error, PermissionError) and any(character.isspace() for character in name):
            hint = "to count a text, pipe it in: echo ... | tok count -"
        self.problems.append(Problem(problem.code, problem.message, hint))

    def _open_stdin(self) -> BinaryIO:
        if self._stdin is None or self._stdin_used:
            message = "standard input is wanted twice" if self._stdin_used else "there is no standard input"
            raise TokError(message, code="stdin", exit=ExitCode.USAGE)
        self._stdin_used = True
        return self._stdin()

    def _take_stdin(self) -> None:
        if self._stdin_used:
            self.skipped.append(Skipped(STDIN, "counted-already"))
            return
        stream = self._open_stdin()
        try:
            data = stream.read(WHOLE + 1)
        except OSError as error:
            self._fail(STDIN, error)
            return
        rest = stream if len(data) > WHOLE else None
        self._add(Document(STDIN, len(data), data=data, named=True, rest=rest))

    def _take_path(self, name: str, path: str, *, named: bool) -> None:
        try:
            status = os.stat(path)
        except OSError as error:
            self._fail(name, error)
            return
        if S_ISDIR(status.st_mode):
            self._take_folder(name, path)
            return
        if S_ISREG(status.st_mode):
            file, listed = self._canonical(path), signature(status)
            self._add(Document(_shown(name), status.st_size, file=file, named=named, signature=listed))
        else:
            self._add(Document(_shown(name), 0, file=path, named=named))

    def _canonical(self, path: str) -> str:
        """The path by which a walk would find the file; a link to a file keeps its own name."""
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = _real(folder)
        return os.path.join(self._folders[folder], name)

    def _take_folder(self, name: str, path: str, fits: Callable[[str], object] | None = None) -> None:
        """Walk a folder; with `fits`, take only files whose path below it fits."""
        from tokencli.sources.walk import Walk

        shown = os.path.normpath(name).replace(os.sep, "/")
        walk = Walk(_real(path), shown, cwd=self._cwd, include=self._include, exclude=self._exclude)
        walk.run()
        documents = walk.documents
        if fits is not None:
            start = 0 if shown == "." else len(shown.rstrip("/")) + 1
            documents = [document for document in documents if fits(document.path[start:])]
        self.problems += walk.problems
        self.notes += walk.notes
        if not self.documents:
            self.documents = documents
        else:
            for document in documents:
                self._add(document)
        self.skipped += walk.skipped if fits is None else [one for one in walk.skipped if _may_fit(one, start, fits)]

    def _take_glob(self, pattern: str) -> None:
        from tokencli.sources import globs

        head, tail = globs.split(pattern)
        documents, problems, skipped = len(self.documents), len(self.problems), len(self.skipped)
        matched = list(globs.expand(head, self._cwd)) if head else ["."]
        fits = globs.below(tail).fullmatch if tail else None
        for name in matched:
            path = os.path.join(self._cwd, name)
            if fits is None:
                self._take_path(name, path, named=True)
            elif os.path.isdir(path):
                self._take_folder(name, path, fits)
        if (len(self.documents), len(self.problems)) == (documents, problems) and (tail or not matched):
            self._explain(pattern, self.skipped[skipped:])

    def _explain(self, pattern: str, skipped: Sequence[Skipped]) -> None:
        """Say why a pattern gave nothing: no file fits it, or what might is left out."""
        reasons = {one.reason for one in skipped}
        if "counted-already" in reasons:
            return
        message, hint = f"{pattern}: no such file, and no file fits it as a pattern", ""
        if reasons:
            what = (
                "perhaps in a folder that is left out"
                if all(one.path.endswith("/") for one in skipped)
                else "for files that are left out"
            )
            message += f" but {what}: {', '.join(sorted(reasons))}"
            hint = "a file that is named by itself is always counted"
        self.problems.append(Problem("not-found", message, hint))

    def _add(self, document: Document) -> None:
        """Take a document, or note that its file is there already; one that was named stays or becomes named."""
        for index in range(self._indexed, len(self.documents)):
            self._seen.setdefault(same(self.documents[index]), index)
        self._indexed = len(self.documents)
        at = self._seen.get(same(document))
        if at is None:
            self.documents.append(document)
            return
        if document.named and not self.documents[at].named:
            self.documents[at] = document
        self.skipped.append(Skipped(document.path, "counted-already"))


def same(document: Document) -> tuple[int, str]:
    """What two documents of one file have in common: the inode, and the path but for what only some file systems
    tell apart (case, composed letters, `/` and `\\` on Windows). By the path, hard links stay several files."""
    path = os.path.normpath(document.file or document.path)
    if document.signature is None:
        return 0, path
    if not path.isascii():
        from unicodedata import normalize

        path = normalize("NFC", path)
    return document.signature[2], path.casefold()


def _may_fit(left_out: Skipped, start: int, fits: Callable[[str], object]) -> bool:
    """Whether the entry, whose path below the folder of the walk begins at `start`, stands for files that may fit."""
    whole = left_out.path.endswith("/") or left_out.reason == "not-included"
    return whole or fits(left_out.path[start:]) is not None


def _real(folder: str) -> str:
    """The folder without links on the way to it. On Windows that could turn a drive into a server git distrusts."""
    return os.path.abspath(folder) if os.name == "nt" else os.path.realpath(folder)


def _shown(name: str) -> str:
    """A path as people see it: as typed, with `/` between folders."""
    return name.replace(os.sep, "/")
