"""Walks a folder: by git in a repository, by the .gitignore rules elsewhere; no symlink is followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from operator import attrgetter

from tokencli.git import files as git
from tokencli.model import Document, Problem, Skipped
from tokencli.sources.rules import Ignore, Selection, compile_patterns, read_ignore_file
from tokencli.sources.text import RefusedError, signature, unreadable

IGNORE_FILE = ".tokignore"
STORES = frozenset({".hg", ".svn", ".jj"})
"""Where other version control systems keep copies of every file. `.git` is left out without a word, as git does."""

NAMED = 3
"""So many repositories are named in a note about them."""

JUNCTION = 0xA0000003
"""Reparse tag of a Windows junction, a link between folders that is no symlink to the system."""


class Walk:
    """One walk over the tree below a folder; `run` fills `documents`, `skipped`, `problems` and `notes`.

    Inside, paths are relative to `base`: the top of the working tree or, outside a repository, the current folder if
    the root lies below it, so that ignore files above the root count; `shown` is how people see the root.
    """

    def __init__(self, root: str, shown: str, *, cwd: str, include: Sequence[str], exclude: Sequence[str]) -> None:
        self.documents: list[Document] = []
        self.skipped: list[Skipped] = []
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._repository = git.worktree(root)
        self._base = self._repository or (cwd if _below(root, cwd) else root)
        self._start = "" if root == self._base else os.path.relpath(root, self._base).replace(os.sep, "/") + "/"
        self._shown = "" if shown in ("", ".") else shown.rstrip("/") + "/"
        self._git_rules = Ignore("git-ignored")
        self._tok_rules = Ignore("tok-ignored")
        excluded = Ignore("excluded")
        if exclude:
            excluded.add(self._start, compile_patterns(exclude, "--exclude"))
        wanted = compile_patterns(include, "--include") if include else None
        ignores = (self._git_rules, self._tok_rules, excluded)
        self._selection = Selection(ignores, wanted, len(self._start))
        self._filtering = bool(include or exclude)
        self._refused: dict[str, list[str]] = {}

    def run(self) -> None:
        """Walk, and put the documents in the order of their paths."""
        self._selection.restart(self._start)
        for folder in _above(self._start):
            self._rules_of(folder, self._tok_rules, IGNORE_FILE, above=True)
        if not (self._repository and self._tracked(self._start)):
            self._plain(self._start)
        for path, reason in self._selection.left_out:
            self.skipped.append(Skipped(self._show(path), reason))
        if self._selection.not_included:
            self.skipped.append(Skipped(self._shown or ".", "not-included", self._selection.not_included))
        for reason, folders in self._refused.items():
            where = ", ".join(folders[:NAMED]) + (f" and {len(folders) - NAMED} more" if len(folders) > NAMED else "")
            self.notes.append(f"{where}: listed without git ({reason}), so ignored files are left out even if tracked")
        self.documents.sort(key=attrgetter("path"))
        self.skipped.sort(key=attrgetter("path"))
        self.problems.sort(key=attrgetter("message"))

    def _show(self, path: str) -> str:
        if not path.startswith(self._start):
            return self._file(path).replace(os.sep, "/")
        return (self._shown + path[len(self._start) :]) or "."

    def _file(self, path: str) -> str:
        return os.path.join(self._base, path)

    def _rules_of(self, folder: str, rules: Ignore, name: str, *, above: bool = False) -> None:
        """Take the rules of an ignore file in the folder, if there is one.

        One from above the root that leaves out the root itself says nothing about a root that someone named.
        """
        try:
            spec = read_ignore_file(self._file(folder + name))
        except (FileNotFoundError, NotADirectoryError):
            return
        except RefusedError as error:
            self.notes.append(f"{self._show(folder + name)}: {error.strerror}, so its rules are not used")
            return
        except OSError as error:
            self._problem(folder + name, error)
            return
        if not (above and spec.covers(self._start[len(folder) :])):
            rules.add(folder, spec)
            self._filtering = True

    def _problem(self, path: str, error: OSError) -> None:
        problem = unreadable(self._show(path), error)
        self.problems.append(Problem(problem.code, problem.message, problem.hint))

    def _tracked(self, folder: str) -> bool:
        """Take what git lists below the folder; False, with a note where it is news, when git cannot tell."""
        found = git.listing(self._file(folder))
        if isinstance(found, str):
            if found not in git.EXPECTED:
                self._refused.setdefault(found, []).append(self._show(folder))
            return False
        self.skipped += [Skipped(self._show(folder + name), "git-ignored") for name in found.ignored]
        for name in found.unreadable:
            self.problems.append(Problem("unreadable", f"{self._show(folder + name)}: folder cannot be opened"))
        for name in (*found.files, *found.ignored):
            if name == IGNORE_FILE or name.endswith("/" + IGNORE_FILE):
                self._rules_of((folder + name).removesuffix(IGNORE_FILE), self._tok_rules, IGNORE_FILE)
        behind = self._behind_links(folder, found.files)
        names = [name for name in found.files if name not in behind] if behind else found.files
        odd = [*self._take(folder, names), *behind]
        if odd:
            self._take_odd(folder, odd)
        return True

    def _behind_links(self, folder: str, names: Sequence[str]) -> dict[str, None]:
        """The names that lie behind a symlink: tracked files whose folder was replaced by one. To git they are gone."""
        links = {"": False}

        def is_linked(above: str) -> bool:
            if above not in links:
                outer = above[: above.rfind("/", 0, -1) + 1]
                links[above] = is_linked(outer) or os.path.islink(self._file(folder + above[:-1]))
            return links[above]

        return {name: None for name in names if is_linked(name[: name.rfind("/", 0, -1) + 1])}

    def _take(self, folder: str, names: Sequence[str]) -> list[str]:
        """Take the regular files; give back the names that are missing, or folders."""
        odd = []
        start, base = len(self._start), os.path.join(self._base, "")
        wants = self._selection.wants if self._filtering else None
        for name in names:
            path = folder + name
            if wants is not None and not name.endswith("/") and not wants(path):
                continue
            file = base + path
            try:
                status = os.lstat(file)
            except (FileNotFoundError, NotADirectoryError):
                odd.append(name)
                continue
            except OSError as error:
                self._problem(path, error)
                continue
            mode = status.st_mode
            if stat.S_ISREG(mode):
                shown = self._shown + path[start:]
                self.documents.append(Document(shown, status.st_size, file, None, False, signature(status)))
            elif stat.S_ISDIR(mode):
                odd.append(name)
            else:
                self._skip(path, "symlink" if stat.S_ISLNK(mode) else "special-file")
        return odd

    def _skip(self, path: str, reason: str) -> None:
        self.skipped.append(Skipped(self._show(path), reason))

    def _take_odd(self, folder: str, names: Sequence[str]) -> None:
        """Names git lists that are no files here: nested repositories, submodules, deleted and sparse files."""
        sparse, submodules = git.index(self._file(folder))
        for name in names:
            path = folder + name.rstrip("/")
            if name.endswith("/") or name in submodules:
                self._enter(path + "/", submodule=name in submodules)
            else:
                self._skip(path, "not-checked-out" if name in sparse else "deleted")

    def _enter(self, folder: str, *, submodule: bool = False) -> None:
        """Walk a nested repository, or a submodule that may not be there."""
        if not self._selection.wants_folder(folder):
            return
        here = self._file(folder)
        if os.path.lexists(os.path.join(here, ".git")):
            if not self._tracked(folder):
                self._plain(folder)
        elif submodule and (not os.path.isdir(here) or not os.listdir(here)):
            self._skip(folder, "submodule")
        else:
            self._plain(folder)

    def _plain(self, top: str) -> None:
        """Walk without git, from the folder down, by the .gitignore files on the way."""
        rules = self._git_rules
        if top == self._start:
            for folder in _above(top):
                self._rules_of(folder, rules, ".gitignore", above=True)
        pending = [top]
        while pending:
            folder = pending.pop()
            try:
                with os.scandir(self._file(folder)) as entries:
                    found = list(entries)
            except OSError as error:
                self._problem(folder, error)
                continue
            names = {entry.name for entry in found}
            if ".git" in names and folder != top and self._tracked(folder):
                continue
            if ".gitignore" in names:
                self._rules_of(folder, rules, ".gitignore")
            if IGNORE_FILE in names:
                self._rules_of(folder, self._tok_rules, IGNORE_FILE)
            pending += self._entries(folder, found)

    def _entries(self, folder: str, entries: Sequence[os.DirEntry[str]]) -> list[str]:
        """Take the files of one folder; the folders to go on with."""
        folders, files = [], []
        for entry in entries:
            path = folder + entry.name
            if entry.name == ".git":
                continue
            if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                if entry.name in STORES:
                    self._skip(path + "/", "version-control")
                elif not self._filtering or self._selection.wants_folder(path + "/"):
                    folders.append(path + "/")
            elif _is_junction(entry):
                self._skip(path, "symlink")
            else:
                files.append(path)
        for path in self._take("", files):
            self._skip(path, "deleted")
        return folders


def _is_junction(entry: os.DirEntry[str]) -> bool:
    return os.name == "nt" and getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == JUNCTION


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def _above(folder: str) -> list[str]:
    """The folders above a relative folder, from the base "" down: "a/b/" -> ["", "a/"]."""
    parts = folder.split("/")[:-1]
    return ["".join(part + "/" for part in parts[:depth]) for depth in range(len(parts))]
