"""Where answers and messages go: standard output, a file written in one piece, standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import IO, NamedTuple

from tokencli.errors import ExitCode, TokError

DELAY = 0.5
"""Seconds of work before progress is shown."""

EVERY = 0.1
"""Seconds between two updates of it."""

STANDARD = "-"
"""Stands for standard output where a file may be named."""


class Look(NamedTuple):
    """What a stream can show: `width` and `lines` of the terminal (None for a pipe or a file)."""

    width: int | None
    lines: int | None
    color: bool
    unicode: bool

    @property
    def terminal(self) -> bool:
        return self.width is not None


def look(stream: IO[str] | None, environ: Mapping[str, str], color: str = "auto") -> Look:
    """Find out what a stream can show; `color` is auto, always or never."""
    terminal = is_terminal(stream)
    width = lines = None
    if terminal:
        from shutil import get_terminal_size

        width, lines = get_terminal_size()
    dumb = environ.get("TERM") == "dumb"
    if color != "auto":
        painted = color == "always"
    elif environ.get("NO_COLOR"):
        painted = False
    elif environ.get("FORCE_COLOR", "0") not in ("", "0"):
        painted = True
    else:
        painted = terminal and not dumb
    return Look(width, lines, painted, can_encode(stream))


def is_terminal(stream: IO[str] | None) -> bool:
    """Whether a stream is a terminal; a closed or missing one is not."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def can_encode(stream: IO[str] | None) -> bool:
    """Whether a stream can carry the few characters beyond ASCII that the table draws with."""
    try:
        "\u2026\u2500".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def write_text(text: str, path: str | None = None) -> None:
    """Write text to standard output, in its encoding and with escapes for what it lacks, or to a file in UTF-8."""
    if path in (None, STANDARD):
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        write_bytes(text.encode(encoding, "backslashreplace"))
    else:
        write_bytes(text.encode("utf-8", "backslashreplace"), path)


def write_bytes(data: bytes, path: str | None = None) -> None:
    """Write bytes to standard output or, in one piece, to a file; a reader that went away is no error."""
    if path is not None and path != STANDARD:
        _write_file(path, data)
        return
    stream = sys.stdout
    if stream is None:
        return
    try:
        stream.flush()
        if hasattr(stream, "buffer"):
            stream.buffer.write(data)
            stream.buffer.flush()
        else:
            stream.write(data.decode("utf-8", "replace"))
            stream.flush()
    except BrokenPipeError:
        discard(stream)
    except OSError as problem:
        discard(stream)
        raise TokError(f"cannot write the output: {problem.strerror}", code="stdout", exit=ExitCode.DATA) from problem


def discard(stream: IO[str]) -> None:
    """Point a broken stream at nothing, so that flushing it at exit cannot fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):
        return


def complain(*lines: str) -> None:
    """Write lines of printable text to standard error; empty ones are left out, failing to write them is no error."""
    stream = sys.stderr
    if stream is None:
        return
    encoding = getattr(stream, "encoding", None) or "ascii"
    text = "".join(line + "\n" for line in lines if line)
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except (OSError, ValueError):
        return


def write_envelope(
    command: str,
    data: object,
    exit_code: int,
    *,
    notes: Sequence[str] = (),
    errors: Sequence[TokError] = (),
    path: str | None = None,
) -> None:
    """Write the JSON envelope of a command."""
    from tokencli.formats.envelope import envelope

    listed = [{"code": error.code, "message": error.message, "hint": error.hint} for error in errors]
    write_text(envelope(command, data, exit_code, notes, listed), path)


def _write_file(path: str, data: bytes) -> None:
    """Write a file in one piece; what exists and is no regular file, such as a device or a pipe, is written to."""
    import stat

    try:
        opened = _descriptor(path)
        if opened is not None:
            with open(os.dup(opened), "wb") as stream:
                stream.write(data)
            return
        target = os.path.realpath(path)
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            mode = 0
        if not mode or stat.S_ISREG(mode):
            _replace(target, data, stat.S_IMODE(mode) if mode else 0o666 & ~_umask())
            return
        with open(path, "wb") as device:
            device.write(data)
    except BrokenPipeError:
        return
    except OSError as problem:
        raise TokError(
            f"cannot write {path}: {problem.strerror}", hint="name a file in a folder you may write to", code="write"
        ) from problem


def _descriptor(path: str) -> int | None:
    """The open descriptor that a path such as /dev/stdout or /dev/fd/63 stands for, whatever that leads to.

    Opening the path of one that leads to a file would begin that file anew, and lose what stands in it already.
    """
    named = {"/dev/stdout": 1, "/dev/stderr": 2}.get(path)
    if named is not None:
        return named
    folder, _, number = path.rpartition("/")
    return int(number) if folder in ("/dev/fd", "/proc/self/fd") and number.isdecimal() else None


def _replace(target: str, data: bytes, mode: int) -> None:
    """Put a file with that content and mode in the place of the target, by way of a temporary one beside it."""
    import tempfile

    handle, temporary = tempfile.mkstemp(prefix=".tok-", dir=os.path.dirname(target) or ".")
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class Progress:
    """A line on a terminal's standard error for work that takes longer than DELAY, erased at the end.

    A timer shows it the first time, since loading a vocabulary or one long batch may go by without a report.
    """

    def __init__(self, stream: IO[str] | None, clock: Callable[[], float]) -> None:
        self.stream = stream if is_terminal(stream) else None
        self.clock = clock
        self.shown: float | None = None
        self.line = "counting"
        if self.stream is not None:
            from threading import Lock, Timer

            self._lock = Lock()
            self._timer = Timer(DELAY, self._show)
            self._timer.daemon = True
            self._timer.start()

    def __call__(self, done: int, total: int) -> None:
        """Take note of how much is done, in bytes, and show it if the line is there and was not written just now."""
        if self.stream is None:
            return
        from tokencli.formats.wording import share, size

        of = f" of {size(total)}, {share(done, total)}" if total else ""
        self.line = f"counting {size(done)}{of}"
        if self.shown is not None and self.clock() - self.shown >= EVERY:
            self._show()

    def erase(self) -> None:
        """Remove the line if there is one, for good."""
        if self.stream is None:
            return
        self._timer.cancel()
        with self._lock:
            if self.shown is not None:
                self._write("\r\x1b[K")
            self.stream = None

    def _show(self) -> None:
        with self._lock:
            if self.stream is not None:
                self.shown = self.clock()
                self._write(f"\r\x1b[K{self.line}")

    def _write(self, text: str) -> None:
        if self.stream is not None:
            try:
                self.stream.write(text)
                self.stream.flush()
            except (OSError, ValueError):
                self.stream = None
