"""The program: answers `--version` at once, runs the command, and turns every ending into an exit code."""

import gc
import sys

from tokencli import __version__

# Spelt out, and without `from __future__`, to answer `--version` without a further import.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main(argv: list[str] | None = None) -> int:
    """Run `tok` with the arguments (those of the process when None) and return its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if argv is None:
        # A run makes next to no cycles and ends soon; looking for them takes 4 % of a large count.
        gc.disable()
    try:
        code = _run(arguments)
    except KeyboardInterrupt:
        code = 130
    if argv is None:
        _leave(code)
    return code


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        return _print(f"tok {__version__}\n")
    if arguments in ([], ["-h"], ["--help"]):
        from tokencli.cli.commands import help_text

        code = _print(help_text())
        return code if arguments else 2
    from tokencli.cli.failures import run

    return run(arguments)


def _print(text: str) -> int:
    """Write ASCII text, so that the fast answers need neither an encoding nor the output module."""
    if sys.stdout is None:
        return 0
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except OSError as problem:
        sys.stderr.write(f"tok: error: cannot write the output: {problem.strerror}\n")
        return 3
    return 0


def _leave(code: int) -> "NoReturn":
    """End the process: leave no half-flushed stream behind for the interpreter to complain about.

    Without the interpreter's own way out, which spends milliseconds on freeing memory and, after Ctrl-C, would wait
    for threads that still count.
    """
    import os

    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            try:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            except (OSError, ValueError, AttributeError):
                continue
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
