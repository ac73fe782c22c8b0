"""What the split patterns of byte-level BPE have in common."""

from __future__ import annotations

from collections.abc import Callable

# Where every pattern of this family ends one piece and starts another, whatever stands further off:
# before a blank that separates two letters, between a letter and a digit, and after a line break that
# follows no white space and precedes a letter or digit (a line break before anything else may join it).
# Compiled at its first use, which a small input never makes.
CUT = (
    r"(?<=[A-Za-z])(?= [A-Za-z])|(?<=[A-Za-z])(?=[0-9])"
    r"|(?<=\S\n)(?=[A-Za-z0-9\u00c0-\u00d6\u0430-\u044f\u05d0-\u05ea\u0621-\u064a\u0905-\u0939\u0e01-\u0e30"
    r"\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3])"
)


def unicode_splitter(pattern: str) -> Callable[[str], list[str]]:
    """A function that splits a text by a pattern in tiktoken's syntax, by the `regex` package.

    Version 1 behaviour is needed: in version 0 the intersections (`&&`) of some patterns are silently misread.
    """
    import regex

    return regex.compile(pattern, regex.V1).findall
