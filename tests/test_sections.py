"""Markdown headings as CommonMark reads them, and counts that add up."""

from __future__ import annotations

import pytest

from tokencli.model import Count
from tokencli.sections import headings, sections


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n\ntext\n\n## Two ##\n", [(1, 1, "One"), (5, 2, "Two")]),
        ("before\n\n# One\n", [(1, 0, ""), (3, 1, "One")]),
        ("Title\n=====\n\nSub\n---\n", [(1, 1, "Title"), (4, 2, "Sub")]),
        ("two lines\nof title\n===\n", [(1, 1, "two lines of title")]),
        ("```\n# code\n```\n# One\n", [(1, 0, ""), (4, 1, "One")]),
        ("```js``` is inline code\n\n# One\n", [(1, 0, ""), (3, 1, "One")]),
        ("~~~ info ` tick\n# code\n~~~\n", [(1, 0, "")]),
        ("<!--\n# hidden\n-->\n# One\n", [(1, 0, ""), (4, 1, "One")]),
        ("---\ntitle: x\n---\n# One\n", [(1, 0, ""), (4, 1, "One")]),
        ("---\r\na: b\r\n---\r\n# One\r\n", [(1, 0, ""), (4, 1, "One")]),
        ("#hash\n####### seven\n\\# no\n", [(1, 0, "")]),
        ("- # in a list\n> # in a quote\n", [(1, 0, "")]),
        ("# One\r\n## Two\r\n", [(1, 1, "One"), (2, 2, "Two")]),
        ("# One\r## Two\r", [(1, 1, "One"), (2, 2, "Two")]),
        ("a\u2028# not\x0c\n# One\n", [(1, 0, ""), (2, 1, "One")]),
        ("", []),
    ],
)
def test_headings_are_those_of_commonmark(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert [(heading.line, heading.depth, heading.title) for heading in headings(text)] == expected


def test_a_section_starts_where_its_heading_does() -> None:
    text = "---\nx: 1\n---\nintro é\n\n# One\nbody\n\n## Two\n"
    starts = [heading.start for heading in headings(text)]
    assert [text[start:].split("\n")[0] for start in starts] == ["---", "# One", "## Two"]


def test_own_counts_add_up_to_totals() -> None:
    def letters(text: str) -> list[Count]:
        return [Count(len(text), len(text), len(text))]

    text = "intro\n# A\n12\n## B\n3\n### C\n4\n## D\n5\n# E\n6\n"
    rows = {row.title: (row.own[0].tokens, row.total[0].tokens) for row in sections(text, letters)}
    assert rows == {"": (6, 6), "A": (7, 29), "B": (7, 15), "C": (8, 8), "D": (7, 7), "E": (6, 6)}
    assert sum(own for own, _ in rows.values()) == len(text)


def test_many_blanks_in_a_heading_take_no_time() -> None:
    text = "# a" + " " * 100_000 + "b\n"
    assert [heading.title for heading in headings(text)] == ["a b"]


def test_the_bytes_of_a_section_are_those_of_its_own_text() -> None:
    rows = sections("é\n# A\n12\n## B\n", lambda text: [Count(0, 0, 0)])
    assert [row.bytes for row in rows] == [3, 7, 5]
