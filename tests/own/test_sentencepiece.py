"""SentencePiece models against the `sentencepiece` package: ids, decoded text, every place where text may be cut."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tokencli.encoders import sentencepiece
from tokencli.errors import TokError

package = pytest.importorskip("sentencepiece")

Pair = tuple[Any, sentencepiece.SentencePiece]

MODELS: dict[str, dict[str, Any]] = {
    "unigram": {"model_type": "unigram"},
    "unigram with bytes": {"model_type": "unigram", "byte_fallback": True, "vocab_size": 1500},
    "unigram as it is": {
        "model_type": "unigram",
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
        "character_coverage": 0.99,
    },
    "unigram with symbols": {
        "model_type": "unigram",
        "user_defined_symbols": ["<sep>", "foo bar", "self."],
        "normalization_rule_name": "nfkc_cf",
    },
    "unigram with suffixes": {"model_type": "unigram", "treat_whitespace_as_suffix": True},
    "bpe": {"model_type": "bpe"},
    "bpe as llama": {
        "model_type": "bpe",
        "byte_fallback": True,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
        "split_digits": True,
        "character_coverage": 0.99,
        "vocab_size": 1800,
    },
    "bpe without prefix": {"model_type": "bpe", "add_dummy_prefix": False, "normalization_rule_name": "nfkc"},
    "bpe with symbols": {
        "model_type": "bpe",
        "user_defined_symbols": ["<sep>", "foo bar", "self.", "\u2581\u2581"],
        "byte_fallback": True,
        "vocab_size": 1500,
    },
    "bpe across blanks": {"model_type": "bpe", "split_by_whitespace": False},
    "bpe with suffixes": {"model_type": "bpe", "treat_whitespace_as_suffix": True},
}


@pytest.fixture(scope="module", params=MODELS)
def pair(request: pytest.FixtureRequest, made: SimpleNamespace) -> Pair:
    data = made.train(**MODELS[request.param])
    return package.SentencePieceProcessor(model_proto=data), sentencepiece.read("own", data)


def test_ids_and_text_are_those_of_the_package(pair: Pair, made: SimpleNamespace) -> None:
    reference, encoder = pair
    for text in [*made.texts, *made.odd(300), made.readme]:
        ids = reference.encode(text)
        assert encoder.encode(text) == ids, repr(text)
        assert encoder.count(text) == len(ids)
        assert encoder.decode(ids).decode("utf-8", "replace") == reference.decode(ids), repr(text)


def test_an_empty_text_has_no_tokens(pair: Pair) -> None:
    assert pair[1].encode("") == []


def test_the_parts_of_a_cut_text_count_as_the_whole(pair: Pair, made: SimpleNamespace) -> None:
    _, encoder = pair
    for text in [*made.texts, *made.odd(100)]:
        whole = encoder.count(text)
        for match in encoder.cut.finditer(text):
            parts = [text[: match.start()], text[match.start() :]]
            assert sum(encoder.count_all(parts, inner=[False, True])) == whole, repr(text)


@pytest.mark.parametrize("letter", ["a", " ", "\n", "中", "\u0301"])
def test_a_long_run_is_counted_in_bounded_time(pair: Pair, letter: str) -> None:
    start = time.monotonic()
    pair[1].count(letter * 100_000)
    assert time.monotonic() - start < 20


def test_control_pieces_are_text_unless_asked_for(pair: Pair) -> None:
    reference, encoder = pair
    assert reference.piece_to_id("<s>") not in encoder.encode("a<s>b")
    assert encoder.encode("<s>", special=True) == [reference.piece_to_id("<s>")]


def test_a_model_of_words_or_characters_is_refused(made: SimpleNamespace) -> None:
    with pytest.raises(TokError) as caught:
        sentencepiece.read("own", made.train(model_type="char", vocab_size=500))
    assert "neither a unigram nor a BPE" in caught.value.message


def test_a_broken_file_is_refused_and_never_more_than_that(made: SimpleNamespace) -> None:
    data = made.train(model_type="bpe", vocab_size=900)
    for at in range(0, len(data), 997):
        for broken in (data[:at], data[:at] + b"\xff\xff\xff" + data[at + 3 :]):
            with suppress(TokError):
                sentencepiece.read("own", broken).count("a b c")


def test_a_model_that_ships_elsewhere_is_counted_alike(made: SimpleNamespace) -> None:
    common = pytest.importorskip("mistral_common")
    for file in sorted((Path(common.__file__).parent / "data").glob("*.model*")):
        reference = package.SentencePieceProcessor(model_file=str(file))
        encoder = sentencepiece.read("own", file.read_bytes())
        for text in made.texts:
            assert encoder.encode(text) == reference.encode(text)
