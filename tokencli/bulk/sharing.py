"""A large file summed by several copies of this process, each taking a part of it (see `tokencli.workers`)."""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice, pairwise
from typing import NoReturn

from tokencli.bulk.summing import Summing

FIRST = 100
"""Lines; they are far fewer than those of a part."""


def shared(path: str, summing: Summing, count: int) -> None:
    """Add all lines of a file. A part whose copy cannot be made, or ends early, is summed here."""
    bounds = list(pairwise(_bounds(path, count)))
    first = _lines(path, *bounds[0])
    # What the first rows need is loaded before the copies are made, so that they have it too.
    number = summing.lines(islice(first, FIRST))
    copies = [_copy(path, summing.another(), *part) for part in bounds[1:]]
    number = summing.lines(first, number)
    for pipe, (start, end) in zip(copies, bounds[1:], strict=True):
        result = _result(pipe) if pipe is not None else None
        if result is None:
            number = summing.lines(_lines(path, start, end), number)
        else:
            lines, packed = result
            summing.merge(packed, number - 1)
            number += lines


def _bounds(path: str, count: int) -> list[int]:
    """Where parts of about the same size begin, at starts of lines, and where the last one ends."""
    size = os.path.getsize(path)
    found = [0]
    with open(path, "rb") as file:
        for part in range(1, count):
            file.seek(max(size * part // count, found[-1]))
            file.readline()
            found.append(min(file.tell(), size))
    return [*found, size]


def _lines(path: str, start: int, end: int) -> Iterator[bytes]:
    with open(path, "rb") as file:
        file.seek(start)
        left = end - start
        for line in file:
            if left <= 0:
                return
            left -= len(line)
            yield line


def _copy(path: str, summing: Summing, start: int, end: int) -> tuple[int, int] | None:
    """A copy that sums a part: its process and the pipe of its result; None where the system gives no more."""
    result, give = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(result)
        os.close(give)
        return None
    if pid == 0:
        os.close(result)
        _serve(path, summing, start, end, give)
    os.close(give)
    return pid, result


def _serve(path: str, summing: Summing, start: int, end: int, give: int) -> NoReturn:
    """What a copy does. It says nothing where it fails: then its part is summed over there."""
    try:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_DFL)
        lines = summing.lines(_lines(path, start, end)) - 1
        with open(give, "wb") as pipe:
            pipe.write(marshal.dumps((lines, summing.packed())))
    finally:
        os._exit(0)


def _result(copy: tuple[int, int]) -> tuple[int, tuple[object, ...]] | None:
    """What a copy has summed: the number of its lines, and its sums."""
    pid, result = copy
    with open(result, "rb") as pipe:
        data = pipe.read()
    os.waitpid(pid, 0)
    with suppress(EOFError, ValueError, TypeError):
        lines, packed = marshal.loads(data)
        return lines, packed
    return None
