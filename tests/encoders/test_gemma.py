"""Gemma 4 against its references: stored ids and hashes, and every place where a text may be cut."""

from __future__ import annotations

import itertools
import json
import random
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokencli.encoders import gemma, recipes, special_tokens, stitch
from tokencli.encoders.gemma import (
    CUT,
    HIDDEN,
    MERGES,
    PIECE,
    Gemma,
    SmallEngine,
    TiktokenEngine,
    WorkLimitError,
    long_pieces,
)
from tokencli.errors import TokError
from tokencli.vocab.table import open_table

VECTORS = Path(__file__).parent.parent / "vectors"
ROWS = [json.loads(line) for line in (VECTORS / "gemma4.jsonl").read_text(encoding="utf-8").splitlines()]
HASHES: dict[str, Any] = json.loads((VECTORS / "gemma4_hashes.json").read_text())
MAKE = runpy.run_path(str(VECTORS / "make_gemma.py"))
TABLE = open_table("gemma4")
TOKENS = TABLE.by_id()
TEXTS = [token.decode() for token in TOKENS.values() if not token.startswith(HIDDEN)]


@pytest.fixture(scope="module")
def large() -> TiktokenEngine:
    return TiktokenEngine(TABLE)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> SmallEngine:
    """The engine in Python, with no limit to its work."""
    monkeypatch.setattr(gemma, "BUDGET", 1 << 40)
    return SmallEngine(TABLE)


def new() -> Gemma:
    return gemma.load("gemma4", recipes()["gemma4"])


def engine_text(text: str) -> str:
    """What the engines are given."""
    return text.replace("\u2581", " ")


def test_ids_are_those_of_the_reference_tokenizer_in_both_engines(small: SmallEngine, large: TiktokenEngine) -> None:
    encoder = new()
    for row in ROWS:
        text = row["text"]
        assert encoder.encode(text) == row["ids"], repr(text)
        assert encoder.count(text) == len(row["ids"]), repr(text)
        for engine in (small, large):
            assert engine.encode(engine_text(text)) == row["ids"], repr(text)
            assert engine.count(engine_text(text)) == len(row["ids"]), repr(text)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("What is your name?", 5), ("The quick brown fox jumps over the lazy dog.", 10), ("", 0)],
)
def test_published_counts(text: str, tokens: int) -> None:
    """The first is the example in the documentation of google-genai's LocalTokenizer."""
    assert new().count(text) == tokens


@pytest.mark.parametrize("engine", ["small", "large"])
def test_every_code_point_of_the_bmp_in_context_is_encoded_as_by_the_reference(
    engine: str, request: pytest.FixtureRequest
) -> None:
    encode = request.getfixturevalue(engine).encode
    for block, expected in enumerate(HASHES["code_points"]):
        rows = [encode(engine_text(text)) for text in MAKE["every_code_point"](block)]
        assert MAKE["digest"](rows) == expected, hex(1024 * block)


def test_megabytes_of_monotonous_text_are_encoded_as_by_the_reference(large: TiktokenEngine) -> None:
    texts = MAKE["long_texts"]()
    assert texts.keys() == HASHES["long"].keys()
    for name, text in texts.items():
        ids = large.encode(text)
        assert MAKE["digest"]([ids]) == HASHES["long"][name], name
        assert large.count(text) == len(ids), name


def test_monotonous_text_reaches_the_engine_that_bears_it() -> None:
    encoder = new()
    assert encoder.count(" " * 1_000_000) == 1_000_000 // 31 + 1
    assert encoder.count("7" * 1_000_000) == 1_000_000
    assert encoder._large is None
    encoder.count("a" * (gemma.LONGEST_PIECE + 1))
    assert encoder._large is not None


def test_small_texts_never_load_tiktoken_and_announced_ones_do_at_once() -> None:
    encoder = new()
    for row in ROWS:
        encoder.count(row["text"])
    assert encoder._large is None
    encoder.expect(gemma.LARGE)
    assert encoder._large is None
    assert encoder.count("What is your name?") == 5
    assert encoder._large is not None


def test_the_budget_of_the_small_engine_ends_in_the_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gemma, "BUDGET", 100)
    encoder = new()
    for row in ROWS:
        assert encoder.encode(row["text"]) == row["ids"]
    assert encoder._large is not None


def test_an_engine_for_the_bytes_of_a_text_gives_the_ids_of_the_reference() -> None:
    for row in ROWS[::7]:
        text = engine_text(row["text"])
        engine = TiktokenEngine(TABLE, bytes(sorted(set(text.encode()))))
        assert engine.takes(text)
        assert engine.encode(text) == row["ids"], repr(text)


def test_megabytes_go_to_an_engine_of_their_own_bytes() -> None:
    for name, text in MAKE["long_texts"]().items():
        encoder = new()
        assert MAKE["digest"]([encoder.encode(text)]) == HASHES["long"][name], name


def test_a_text_with_other_bytes_replaces_the_engine_by_one_for_all() -> None:
    encoder = new()
    encoder.count("a" * 10_000)
    first = encoder._large
    assert first is not None
    assert first.takes("aa")
    assert not first.takes("ab")
    assert encoder.count("What is your name?") == 5
    assert encoder._large is first
    encoder.count("ab" * 10_000)
    assert encoder._large is not None
    assert encoder._large.takes("What is \U0001f600\u0301?")
    for row in ROWS:
        assert encoder.encode(row["text"]) == row["ids"], repr(row["text"])


def test_what_costs_more_than_tiktoken_is_left_before_any_work() -> None:
    engine = SmallEngine(TABLE)
    for text in ("ab" * gemma.LONGEST_PIECE, MAKE["long_texts"]()["base64"]):
        with pytest.raises(WorkLimitError):
            engine.count(text)
    assert not engine._rank
    assert engine.count("word " * gemma.BUDGET) > gemma.BUDGET


@pytest.mark.parametrize("alphabet", [b"", b"a", b"-= ", b"ABCabc+/", "été".encode()])
def test_the_tokens_of_an_alphabet_are_those_made_of_its_bytes(alphabet: bytes) -> None:
    expected = {identity: token for identity, token in TOKENS.items() if set(token) <= set(alphabet)}
    assert TABLE.spelled(alphabet) == expected
    head = open_table("gemma4", 100_000)
    assert head.spelled(alphabet) == {identity: token for identity, token in expected.items() if identity < 100_000}


def test_no_token_crosses_a_piece_or_a_cut() -> None:
    """Pieces and cuts are exact because of this alone: a merge makes a token, so none is made across such a place."""
    piece, cut = re.compile(PIECE), re.compile(CUT)
    for token in TEXTS:
        assert piece.findall(token) == [token]
        assert [match.start() for match in cut.finditer(token) if 0 < match.start() < len(token)] == []
    for token in special_tokens("gemma4"):
        assert list(cut.finditer(token)) == []


def test_a_cut_never_changes_the_count(small: SmallEngine) -> None:
    """Every text of up to four of these letters, cut wherever it may be."""
    letters = [
        " ",
        "\u2581",
        "\n",
        "\t",
        "0",
        "a",
        "S",
        ">",
        "<",
        "/",
        ".",
        ")",
        "中",
        "，",
        "の",
        "한",
        "\u0301",
        "😀",
        "\u200d",
    ]
    cut = new().cut
    seen = 0
    for text in map("".join, itertools.product(["", *letters], *[letters] * 3)):
        whole = None
        for match in cut.finditer(text):
            whole = small.count(engine_text(text)) if whole is None else whole
            left, right = engine_text(text[: match.start()]), engine_text(text[match.start() :])
            assert small.count(left) + small.count(right) == whole, (text, match.start())
            seen += 1
    assert seen > 50_000


@pytest.mark.parametrize("text", ["one two", "x = 1;\n\nfoo", "\n" * 40 + "a", "中文，中文", "no,space )b"])
def test_cuts_are_found_inside_lines(text: str) -> None:
    assert re.search(CUT, text)


def test_a_cut_run_of_blanks_keeps_its_blank_for_the_word() -> None:
    """A run takes 31 at a time, so the 32nd blank is the word's own."""
    pieces = re.compile(PIECE).findall
    assert pieces(" " * 31 + "word") == [" " * 31, "word"]
    assert pieces(" " * 32 + "word") == [" " * 31, " word"]
    assert pieces(" " * 33 + "word") == [" " * 31, "  ", "word"]
    assert pieces("a> </b> </c") == ["a", "> </", "b", "> </", "c"]


@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
@settings(max_examples=200, deadline=None)
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(re.compile(PIECE).findall(text)) == text


ENCODER = gemma.load("gemma4", recipes()["gemma4"])


@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
@settings(max_examples=200, deadline=None)
def test_decoding_gives_the_text_back_with_spaces_for_u2581(text: str) -> None:
    ids = ENCODER.encode(text)
    assert ENCODER.decode(ids) == text.replace("\u2581", " ").encode()
    assert ENCODER.count(text) == len(ids)


def test_u2581_is_a_space_as_in_the_reference() -> None:
    encoder = new()
    assert encoder.encode("a\u2581b") == encoder.encode("a b")
    assert encoder.decode(encoder.encode("a\u2581b")) == b"a b"


def test_control_tokens_are_text_unless_asked_for() -> None:
    encoder = new()
    turn = "<bos><|turn>user\nHi<turn|>\n"
    assert encoder.encode(turn)[:1] == [236820]
    ids = encoder.encode(turn, special=True)
    assert ids == [2, 105, *encoder.encode("user\nHi"), 106, 107]
    assert encoder.count(turn, special=True) == len(ids)
    assert encoder.decode(ids) == turn.encode()


def test_html_tags_and_unused_tokens_are_ordinary_text_even_then() -> None:
    encoder = new()
    for text in ("<h1>", "<table>", "<unused5>", "[multimodal]"):
        assert encoder.encode(text, special=True) == encoder.encode(text)
        assert len(encoder.encode(text)) > 1


def test_every_id_decodes_and_others_are_named() -> None:
    encoder = new()
    assert len(TOKENS) == 262_144
    assert TOKENS.keys() == set(range(262_144))
    assert encoder.decode([238, 493, 168, 2]) == b"\x00\xff<table><bos>"
    with pytest.raises(TokError) as caught:
        encoder.decode([262_144])
    assert caught.value.code == "unknown-token"
    assert "262144" in caught.value.message


def test_single_characters_are_no_merges_and_merges_no_single_characters() -> None:
    """The large engine's order of ranks, and the small engine's use of ids as priorities, rest on this."""
    runs = re.compile(r" {2,}|\n{2,}|\t{2,}")
    for identity, token in TOKENS.items():
        if not token.startswith(HIDDEN):
            text = token.decode()
            assert (identity in MERGES) == (len(text) > 1 and not runs.fullmatch(text)), text


def test_stitched_chunks_are_merged_as_the_whole(large: TiktokenEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    encode = large._core._core_bpe.encode_single_piece
    rng = random.Random(7)
    units = ["a", "aa", "-", "--", "=", "ing", "tion", "é", "\u0301", "the", "ch", "ein", "zz", "x"]
    for size in (1, 2, 3, 7, 16, 61):
        monkeypatch.setattr(stitch, "CHUNK", size)
        stitcher = stitch.Stitcher(encode, large._stitcher._spell)
        for _ in range(120):
            piece = "".join(rng.choice(units) * rng.choice((1, 1, 2, 3, 9, 40)) for _ in range(rng.randint(1, 9)))
            assert stitcher.merge(piece.encode()) == encode(piece.encode()), piece


def test_long_pieces_are_found_whole() -> None:
    long = 2 * gemma.STRETCH
    for before in ("", "a b ", "1", "\n", ") ", "  ", " " * 32, "中，", "<> </"):
        for piece in ("a" * long, " " + "中" * long, "-" * 5 * long):
            text = before + "x\n" + piece + "\n" + "b c " * long
            assert [text[start:end] for start, end in long_pieces(text)] == [piece]
    assert list(long_pieces("word " * long)) == []
    assert list(long_pieces("a" * (gemma.STRETCH - 1))) == []


def test_the_reader_hides_what_no_merge_makes() -> None:
    """Of 262,144 entries 256 are byte tokens; the rest that stands hidden cannot come out of text."""
    hidden = {identity for identity, token in TOKENS.items() if token.startswith(HIDDEN)}
    assert set(range(238, 494)) <= hidden
    assert set(special_tokens("gemma4").values()) <= hidden
    assert not hidden & {identity for row in ROWS for identity in row["ids"] if identity not in range(238, 494)}
