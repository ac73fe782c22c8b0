"""Plain lines for pipes: tab-separated, never cut or wrapped, how much is over first so that `sort -n` works.

The fields of a line: tokens over the limit, at base, at head and the limit (`-` for each that there is not; of a limit
in money the amounts, whose currency and calls the message says), the level (error fails, warning, note), the verdict,
the path, the message, the rule with where it stands and how its numbers were made, the reason and owner. Verdicts that
are ok are left out. The last line is the outcome. Control characters and tabs are escaped.
"""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.check import figures, found, level, measured, outcome, rule_words, states, why
from tokencli.formats.wording import printable
from tokencli.model.gate import CheckReport


def render(report: CheckReport, view: View, write: Write) -> None:
    """Write one line for each verdict that is not ok, what fails first, and the outcome last."""
    for verdict in found(report):
        fields = ["-" if number is None else str(number) for number in figures(verdict)]
        fields += [level(verdict, report), verdict.verdict, printable(verdict.path), printable(verdict.message)]
        write("\t".join([*fields, rule_words(verdict), why(verdict)]).rstrip("\t") + "\n")
    write(f"gate\t{outcome(report)}\t{measured(report)}\t{states(report)}\n")
