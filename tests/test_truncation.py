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


# Text that encodings normalise: decomposed accents, compatibility forms, the mark that stands for a blank.
NORMALISED = {
    "decomposed": "e\u0301tait a\u0300 la me\u0301moire, o\u0302te-toi; nai\u0308ve. ",
    "compatibility": "\uff21\uff22\uff23 \ufb01nal \u2460\u2461 \u00bd m\u00b2 \uff76\uff9e plain words here. ",
    "marks": "snake\u2581case and \u2581\u2581two, e\u0301 1234567\u2581x ",
    "mixed": "Na\u00efve caf\u00e9 \u4f60\u597d \u0e2a\u0e27\u0e31\u0e2a one, two;\r\n\tthree    four 12345 ",
}


@pytest.mark.parametrize("keep", ["head", "tail", "both"])
@pytest.mark.parametrize("sample", NORMALISED)
@pytest.mark.parametrize("encoding", ["qwen2", "claude-legacy", "gemma4", "claude-4.8", "o200k_base"])
def test_nearly_all_tokens_are_kept_with_few_counts_where_an_encoding_normalises(
    encoding: str, sample: str, keep: Keep
) -> None:
    encoder = load(encoding)
    text = NORMALISED[sample] * 400
    ids = None if encoding == "claude-4.8" else Ids(encoder.encode, encoder.decode)
    counts = 0

    def count(part: str) -> int:
        nonlocal counts
        counts += 1
        return encoder.count(part)

    for limit in (8, 77, 1000):
        counts = 0
        result = truncate(text, limit, keep, count=count, ids=ids, marker="\n[...]\n")
        assert limit - 3 <= encoder.count(result.text) == result.tokens <= limit
        assert counts <= 60
        head, marker, tail = result.text.partition("\n[...]\n")
        assert text.startswith(head) or text.endswith(head)
        assert text.endswith(tail)
        assert bool(marker) == (keep == "both")


def test_an_accent_stays_with_its_letter() -> None:
    text = "abcdefe\u0301fghij"
    assert truncate(text, 7, "head", count=characters).text == "abcdef"
    assert truncate("xxxxe\u0301abcd", 5, "tail", count=characters).text == "abcd"


def test_a_cluster_is_split_where_keeping_it_whole_would_cost_much() -> None:
    text = "ab" + "\u200d".join("\U0001f469" * 20)
    assert truncate(text, 20, "head", count=characters).text == text[:20]
