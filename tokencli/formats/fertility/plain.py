"""Plain lines for pipes: tab-separated, never cut, the best encoding first.

The fields of a line: tokens, premium over the best as a share, tokens per word, per character and per byte, then
tokens per character for latin, han, kana, hangul, arabic, devanagari and code (`-` for a script that is not there),
the model or encoding, how it counts, and the ends of its range, which are the tokens again but for an estimate.
"""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.wording import printable
from tokencli.model.comparison import SCRIPTS, Comparison


def render(report: Comparison, view: View, write: Write) -> None:
    """Write one line per encoding."""
    for row in report.rows:
        by_script = report.by_script(row)
        shares = [report.premium(row), *report.rates(row), *map(by_script.get, SCRIPTS)]
        numbers = ["-" if share is None else f"{share:.4f}" for share in shares]
        ends = [str(row.tokens.low), str(row.tokens.high)]
        made = [printable(row.model or row.encoding), row.method, *ends]
        write("\t".join([str(row.tokens.tokens), *numbers, *made]) + "\n")
