"""Commits and the contents of files, read from the object store one after the other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, BinaryIO, NamedTuple, Self, cast

from tokencli.errors import TokError
from tokencli.git.program import MISSING, failure, program, start
from tokencli.git.revisions import SHALLOW, Repository

if TYPE_CHECKING:
    import subprocess

LOST = "the clone lacks it: fetch it, or run where the whole repository is"

REMOTES = "refs/remotes/"
"""Before `origin/main` where no tag or branch of that name may be meant."""

LARGEST = 8 << 20
"""More bytes are not held."""

FEW = 16
"""So many blobs are read to know their sizes."""


class Object(NamedTuple):
    """What a name stands for: its kind (`commit`, `tree`, `blob`), its id, its size, and its bytes (None for more than
    LARGEST)."""

    kind: str
    id: str
    size: int
    data: bytes | None


class Objects:
    """Reads objects of a repository by way of one git process, started at the first one."""

    def __init__(self, repo: Repository) -> None:
        import subprocess

        self.repo = repo
        self._kept: dict[str, Object | None] = {}
        # Started at once, so that it is ready when it is asked.
        arguments = ("cat-file", "--batch")
        self._process = start(_program(), repo.root, *arguments, stdin=subprocess.PIPE, index=repo.hook_index)
        self._streams: list[subprocess.Popen[bytes]] = []

    def commits(self, names: Sequence[str]) -> list[str]:
        """The full ids of commits; TokError `unknown-revision` for a name that is none."""
        found = []
        for name in names:
            commit = self._find(f"{name}^{{commit}}") if name else None
            if commit is None:
                raise self._unknown(name)
            found.append(commit.id)
        return found

    def head(self) -> str | None:
        """The commit of HEAD; None before the first one."""
        commit = self._find("HEAD^{commit}")
        return commit.id if commit else None

    def file(self, revision: str, path: str) -> bytes | None:
        """The bytes of a file, by its path from the root, at a revision: a commit, a tree, or "" for the index.

        None where there is no such file. TokError for one of more than LARGEST bytes.
        """
        found = self._find(f"{revision}:{path}")
        if found is None or found.kind != "blob":
            return None
        if found.data is None:
            message = f"{path}: larger than {LARGEST >> 20} MB at {revision[:10] or 'the index'}"
            raise TokError(message, hint="no file of settings is", code="too-large")
        return found.data

    def sizes(self, blobs: Iterable[str]) -> dict[str, int]:
        """The bytes of each blob that is there. Few of them are read at once, which saves another process."""
        names = list(dict.fromkeys(blobs))
        if len(names) <= FEW:
            return {name: size for name in names if (size := self._size(name)) is not None}
        asked = "".join(f"{name}\n" for name in names).encode()
        printed = self.repo.git("cat-file", "--batch-check=%(objecttype) %(objectsize)", data=asked).decode()
        rows = (line.split(" ") for line in printed.splitlines())
        return {name: int(row[1]) for name, row in zip(names, rows, strict=True) if row[0] == "blob"}

    def _size(self, blob: str) -> int | None:
        found = self._kept[blob] = self._find(blob)
        return found.size if found is not None and found.kind == "blob" else None

    def read(self, blob: str, *, checked: bool = False) -> bytes:
        """The bytes of a blob of at most LARGEST; TokError where the store lacks it or, `checked`, where it holds
        something else, which its hash tells."""
        found = self._kept.pop(blob, None) or self._find(blob)
        if found is None or found.data is None:
            raise TokError(f"blob {blob[:10]} is missing", hint=LOST, code="missing-object")
        if checked and blob_id(found.data, like=blob) != blob:
            hint = "git fsck says what else is damaged"
            raise TokError(f"blob {blob[:10]} does not hold what its name says", hint=hint, code="corrupt-object")
        return found.data

    def stream(self, blob: str) -> BinaryIO:
        """A large blob, to be read in pieces."""
        process = start(_program(), self.repo.root, "cat-file", "blob", blob)
        self._streams.append(process)
        return cast(BinaryIO, process.stdout)

    def _find(self, name: str) -> Object | None:
        # Git reads a name to the end of its line, so one with a line break cannot be asked for in this way.
        if "\n" in name:
            return None
        stdin, stdout = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        try:
            stdin.write(os.fsencode(name) + b"\n")
            stdin.flush()
        except BrokenPipeError:
            raise self._ended() from None
        words = stdout.readline().split(b" ")
        if words == [b""]:
            raise self._ended()
        if len(words) != 3 or not words[2].strip().isdigit():
            return None
        size = int(words[2])
        if size > LARGEST:
            for _ in range(size // LARGEST):
                stdout.read(LARGEST)
            stdout.read(size % LARGEST + 1)
            return Object(words[1].decode(), words[0].decode(), size, None)
        return Object(words[1].decode(), words[0].decode(), size, stdout.read(size + 1)[:-1])

    def _ended(self) -> TokError:
        """What to say where git gave up, as it does at the start where the folder is no repository to it."""
        return failure("cat-file", cast(IO[bytes], self._process.stderr).read())

    def _unknown(self, name: str) -> TokError:
        name = name.removeprefix(REMOTES)
        remote, _, branch = name.partition("/")
        hint = "git branch --all lists branches"
        if re.fullmatch(r"[0-9a-f]{7,64}|.*[~^].*", name) and self.repo.shallow:
            hint = f"this is {SHALLOW}"
        elif branch and remote in os.fsdecode(self.repo.git("remote")).splitlines():
            hint = f"git fetch {remote} {branch}" + (" --unshallow" if self.repo.shallow else "")
        return TokError(f"unknown revision {name!r}", hint=hint, code="unknown-revision")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._process, *self._streams):
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()
            process.terminate()
            process.wait()


def blob_id(data: bytes, *, like: str) -> str:
    """The id that git gives to these bytes in a repository of ids like that one."""
    from hashlib import sha1, sha256

    algorithm = sha1 if len(like) == 40 else sha256
    return algorithm(b"blob %d\0" % len(data) + data).hexdigest()


def _program() -> str:
    found = program()
    if found is None:
        raise TokError(MISSING, hint="install git, and see that it is on the PATH", code="no-git")
    return found
