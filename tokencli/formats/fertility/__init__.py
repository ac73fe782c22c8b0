"""What `tok tokenizers compare` says: a module for each format, the notes under the answer, and the cells of a row."""

from __future__ import annotations

from tokencli.formats import View
from tokencli.formats.notes import note_lines
from tokencli.formats.wording import plural, printable, size
from tokencli.model.comparison import Comparison, Row

HEADERS = ("TOKENS", "PREMIUM", "/WORD", "/CHAR", "/BYTE")
"""The numbers of every row; behind them stands a column for each script that is in the texts, tokens per character."""


def notes(report: Comparison, view: View, *, quiet: bool = False) -> list[str]:
    """Where the user's own tokenizers come from."""
    return note_lines(report.notes, view)


def headers(report: Comparison) -> tuple[str, ...]:
    """The headings of the numbers."""
    return (*HEADERS, *(script.upper() for script in scripts(report)))


def scripts(report: Comparison) -> list[str]:
    """The scripts that are in the texts."""
    return [script for script, characters in report.sample.scripts.items() if characters]


def cells(report: Comparison, row: Row) -> tuple[str, ...]:
    """The numbers of an encoding, as text, with `~` before an estimate."""
    by_script = report.by_script(row)
    rates = ("-" if rate is None else f"{rate:.3f}" for rate in report.rates(row))
    premium = f"+{100 * report.premium(row):.1f}%"
    tokens = f"{'~' if row.method == 'estimate' else ''}{row.tokens.tokens:,}"
    return (tokens, premium, *rates, *(f"{by_script[script]:.3f}" for script in scripts(report)))


def name(row: Row) -> str:
    """The name an encoding was asked for by, and how it counts where that is not exact, with the range of an
    estimate."""
    label = row.model or row.encoding
    if row.method == "estimate":
        return printable(f"{label} (estimate, range {row.tokens.low:,}-{row.tokens.high:,})")
    return printable(label if row.method == "exact" else f"{label} ({row.method})")


def sizes(report: Comparison) -> str:
    """What was compared, in words, and what the columns of scripts are."""
    sample = report.sample
    words = f"{plural(sample.files, 'file')}, {size(sample.bytes)}, {plural(sample.words, 'word')}"
    script = "; a script's column: tokens per character of its runs" if scripts(report) else ""
    return f"{words}, {plural(sample.characters, 'character')}{script}"
