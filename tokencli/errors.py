"""The one error that reaches a person, and the exit codes of every command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code means; the same table stands in `tok help exit-codes` and the README."""

    OK = 0
    """Done, and within limits."""
    NO = 1
    """Done, and the answer is no: over a budget or a gate."""
    USAGE = 2
    """Wrong options or configuration."""
    DATA = 3
    """Unreadable input, unknown model, or inexact where exact was required."""
    LEDGER = 4
    """The ledger failed its integrity check."""
    INTERNAL = 70
    """A bug in tok."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C."""


class TokError(Exception):
    """Something a person can put right.

    `message` says what is wrong and where, `hint` what to do next, `code` names the kind for machine
    output, `exit` is the exit code the command ends with.
    """

    def __init__(self, message: str, *, hint: str = "", code: str = "error", exit: ExitCode = ExitCode.DATA) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
        self.exit = exit


def usage_error(message: str, hint: str) -> TokError:
    """The error about arguments that exclude, lack or contradict each other."""
    return TokError(message, hint=hint, code="usage", exit=ExitCode.USAGE)
