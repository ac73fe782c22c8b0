"""The package as a library, and what it promises about itself."""

from __future__ import annotations

import pytest

import tokencli
from tokencli.errors import TokError


def test_a_text_is_counted_in_any_encoding() -> None:
    # The OpenAI cookbook's example: 6 tokens in both.
    assert tokencli.count("tiktoken is great!") == 6
    assert tokencli.count("tiktoken is great!", "cl100k_base") == 6


def test_an_unknown_encoding_is_an_error() -> None:
    with pytest.raises(TokError):
        tokencli.count("x", "no-such-encoding")
