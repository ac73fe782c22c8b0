"""Truncation, with encodings made for the purpose: what is kept is counted by hand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli.encoders import load
from tokencli.errors import TokError
from tokencli.truncation import Ids, Keep, truncate


def characters(text: str) -> int:
    """Counts a token for each character."""
    return len(text)


def words(text: str) -> int:
    """Counts a token for each word with the blanks before it."""
    return len(re.findall(r"\s*\S+|\s+", text))


BYTES = Ids(lambda text: list(text.encode()), bytes)


@pytest.mark.parametrize(
    ("text", "limit", "keep", "kept"),
    [
        ("abcdef", 6, "head", "abcdef"),
        ("abcdef", 2, "head", "ab"),
        ("abcdef", 2, "tail", "ef"),
        ("abcdef", 0, "head", ""),
        ("abcdef", 0, "tail", ""),
        ("", 0, "head", ""),
        ("abcdefghij", 5, "both", "ab~ij"),
        ("abcdefghij", 4, "both", "ab~j"),
        ("abcdefghij", 1, "both", "~"),
        ("abcdefghij", 0, "both", ""),
    ],
)
def test_characters_as_tokens(text: str, limit: int, keep: Keep, kept: str) -> None:
    assert truncate(text, limit, keep, count=characters, marker="~").text == kept


def test_words_are_kept_whole_where_tokens_are_words() -> None:
    assert truncate("one two three four", 2, "head", count=words).text.rstrip() == "one two"


def test_a_character_is_never_split_at_the_end() -> None:
    kept = truncate("a\u00e9\u4f60b", 4, "head", count=lambda text: len(text.encode()), ids=BYTES).text
    assert kept == "a\u00e9"


def test_a_character_is_never_split_at_the_start() -> None:
    kept = truncate("b\u4f60\u00e9a", 4, "tail", count=lambda text: len(text.encode()), ids=BYTES).text
    assert kept == "\u00e9a"


def test_a_text_that_fits_has_no_marker() -> None:
    result = truncate("abc", 3, "both", count=characters, marker="~~~~")
    assert (result.text, result.tokens, result.cut) == ("abc", 3, False)


def test_a_marker_over_the_limit_is_an_error() -> None:
    with pytest.raises(TokError, match="marker has 4 tokens"):
        truncate("abcdefg", 3, "both", count=characters, marker="~~~~")


@pytest.mark.parametrize("encoding", ["o200k_base", "cl100k_base"])
@given(text=st.text(max_size=200), limit=st.integers(0, 60), keep=st.sampled_from(["head", "tail", "both"]))
def test_the_result_never_has_more_tokens_than_the_limit(encoding: str, text: str, limit: int, keep: Keep) -> None:
    encoder = load(encoding)
    ids = Ids(encoder.encode, encoder.decode)
    for given_ids in (ids, None):
        result = truncate(text, limit, keep, count=encoder.count, ids=given_ids, marker="~")
        assert encoder.count(result.text) == result.tokens <= limit
        if keep == "head":
            assert text.startswith(result.text)
        if keep == "tail":
            assert text.endswith(result.text)


def test_at_least_the_asked_for_tokens_are_kept_of_prose() -> None:
    encoder = load("o200k_base")
    text = "The quick brown fox jumps over the lazy dog. " * 2000
    keeps: tuple[Keep, ...] = ("head", "tail")
    for keep in keeps:
        for ids in (Ids(encoder.encode, encoder.decode), None):
            assert truncate(text, 100, keep, count=encoder.count, ids=ids).tokens == 100
