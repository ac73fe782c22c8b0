"""Texts come out of `cut` whole, in parts of bounded size, cut only where every pattern allows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli import cutting
from tokencli.errors import TokError

BLANK = re.compile("(?<=[a-z])(?= [a-z])")
LINE = re.compile("(?<=\n)(?=[a-z])")


@given(st.lists(st.text("ab \n", max_size=40), max_size=8), st.integers(1, 30))
def test_parts_joined_are_the_text(chunks: list[str], size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "PART", size)
        parts = list(cutting.cut(chunks, [BLANK], "x"))
    text = "".join(chunks)
    assert "".join(parts) == text
    at = 0
    for part in parts[:-1]:
        at += len(part)
        assert BLANK.match(text, at)
        assert len(part) >= size


def test_every_pattern_must_allow_a_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PART", 1)
    both = [re.compile("(?= )"), re.compile("(?<=b)")]
    assert list(cutting.cut(["a b c ", "ab c"], both, "x")) == ["a b", " c ab", " c"]


def test_without_a_pattern_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PART", 1)
    assert list(cutting.cut(["a b", " c"], [], "x")) == ["a b c"]


def test_a_cut_is_found_across_the_chunks_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PART", 2)
    assert list(cutting.cut(["aaa", "\n", "b", "bb\n"], [LINE], "x")) == ["aaa\n", "bbb\n"]


def test_a_text_with_no_place_to_cut_is_refused_and_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "LONGEST_UNCUT", 1000)
    with pytest.raises(TokError, match=r"big\.txt.*no place to cut"):
        list(cutting.cut(["a" * 600] * 3, [LINE], "big.txt"))
