"""The contents of blobs, read from the object store one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, BinaryIO, Self, cast

from tokencli.errors import TokError
from tokencli.git.program import program, start
from tokencli.git.revisions import Repository

if TYPE_CHECKING:
    import subprocess

LOST = "the clone lacks it: fetch it, or run where the whole repository is"


class Blobs:
    """Reads blobs by way of one git process, started at the first one. A blob is only taken for what its id says: its
    hash is worked out again."""

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self._process: subprocess.Popen[bytes] | None = None
        self._streams: list[subprocess.Popen[bytes]] = []

    def sizes(self, blobs: Iterable[str]) -> dict[str, int]:
        """The bytes of each blob that is there."""
        names = list(dict.fromkeys(blobs))
        asked = "".join(f"{name}\n" for name in names).encode()
        printed = self._repo.git("cat-file", "--batch-check=%(objecttype) %(objectsize)", data=asked).decode()
        rows = (line.split(" ") for line in printed.splitlines())
        return {name: int(row[1]) for name, row in zip(names, rows, strict=True) if row[0] == "blob"}

    def read(self, blob: str) -> bytes:
        """The bytes of a blob; TokError where the store lacks it or holds something else."""
        talk = self._talk()
        stdin, stdout = cast(IO[bytes], talk.stdin), cast(IO[bytes], talk.stdout)
        try:
            stdin.write(f"{blob}\n".encode())
            stdin.flush()
            head = stdout.readline().split()
            if len(head) != 3 or head[1] != b"blob":
                raise TokError(f"blob {blob[:10]} is missing", hint=LOST, code="missing-object")
            data = stdout.read(int(head[2]) + 1)[:-1]
        except BrokenPipeError:
            raise TokError("git: cat-file ended early", code="git") from None
        if self._repo.blob_id(data) != blob:
            hint = "git fsck says what else is damaged"
            raise TokError(f"blob {blob[:10]} does not hold what its name says", hint=hint, code="corrupt-object")
        return data

    def stream(self, blob: str) -> BinaryIO:
        """A large blob, to be read in pieces."""
        process = start(self._program(), self._repo.root, "cat-file", "blob", blob)
        self._streams.append(process)
        return cast(BinaryIO, process.stdout)

    def _talk(self) -> subprocess.Popen[bytes]:
        import subprocess

        if self._process is None:
            arguments = ("cat-file", "--batch")
            self._process = start(self._program(), self._repo.root, *arguments, stdin=subprocess.PIPE)
        return self._process

    def _program(self) -> str:
        found = program()
        if found is None:
            raise TokError("git is not installed", code="no-git")
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._process, *self._streams):
            if process is None:
                continue
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
            process.terminate()
            process.wait()
