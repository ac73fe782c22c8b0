"""How numbers, sizes, columns and untrusted text are written for people."""

from __future__ import annotations

from tokencli.model import Column, Count, CountReport

DIM, BOLD, YELLOW, RED, PLAIN = "\x1b[2m", "\x1b[1m", "\x1b[33m", "\x1b[31m", "\x1b[0m"


def printable(text: str) -> str:
    """The text with everything that could move the cursor, end the line or reorder it written as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u200d" else c.encode("unicode_escape").decode("ascii") for c in text)


def paint(text: str, style: str, color: bool) -> str:
    """The text in a style where colour is on."""
    return f"{style}{text}{PLAIN}" if color else text


def size(count: int) -> str:
    """Bytes in powers of 1,000: `812 B`, `42.0 kB`, `1.3 GB`."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:,.1f} TB"


def number(count: Count, column: Column) -> str:
    """Tokens with thousands separators, `~` before an estimate."""
    return f"~{count.tokens:,}" if column.method == "estimate" else f"{count.tokens:,}"


def share(part: int, whole: int | None) -> str:
    """A percentage with one decimal, `-` where there is no whole."""
    return f"{100 * part / whole:,.1f}%" if whole else "-"


def plural(count: int, word: str) -> str:
    """`1 file`, `1,234 files`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def label(column: Column) -> str:
    """The name a column was asked for by: its model, else its encoding."""
    return printable(column.model or column.encoding)


def provenance(report: CountReport, index: int) -> str:
    """How the numbers of a column were made: `o200k_base, exact`, or the proxy and the range of an estimate."""
    column, count = report.columns[index], report.totals[index]
    default = " (default)" if report.default_encoding else ""
    if column.method != "estimate":
        return f"{printable(column.encoding)}{default}, {column.method}"
    proxy = f" from {printable(column.proxy)}" if column.proxy else ""
    return f"estimate{proxy}, range {count.low:,}-{count.high:,}"


def window_share(report: CountReport, index: int) -> str:
    """`10.3% of 128,000`: the share of the model's context window, the high end of a range; "" where unknown."""
    window = report.columns[index].window
    if not report.window or not window:
        return ""
    return f"{share(report.totals[index].high, window)} of {window:,}"
