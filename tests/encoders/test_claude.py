"""Claude's counts against ctok, stored and live, the places where a text may be cut, and texts of one thing only."""

from __future__ import annotations

import base64
import importlib
import itertools
import json
import random
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tokencli.encoders import claude
from tokencli.encoders.claude import FAMILIES, ClaudeEncoder, classes
from tokencli.encoders.claude.stream import normalise
from tokencli.errors import ExitCode, TokError
from tokencli.vocab.pieces import open_pieces, pack_pieces
from tokencli.vocab.table import FOLDER

VECTORS = Path(__file__).parent.parent / "vectors" / "claude.jsonl"
VERSIONS = {"claude-3": "3.0", "claude-4.7": "4.7", "claude-4.8": "4.8"}
DOCUMENTS = {"claude-3": "pieces_v3.json", "claude-4.7": "pieces_v4_7.json"}
EVERY = pytest.mark.parametrize("name", FAMILIES)


@cache
def encoder(name: str) -> ClaudeEncoder:
    return claude.load(name)


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def ctok() -> ModuleType:
    return pytest.importorskip("ctok", reason="ctok is not installed")


@EVERY
def test_counts_are_those_of_ctok(name: str) -> None:
    counts = encoder(name)
    for row in rows():
        if row["text"]:
            assert counts.count(row["text"] * row.get("times", 1)) == row[name], repr(row["text"])


@EVERY
def test_counts_are_those_of_ctok_where_words_are_taken_for_random_ones(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claude, "SURPLUS", 0)
    counts = claude.load(name)
    for row in rows():
        if row["text"]:
            assert counts.count(row["text"] * row.get("times", 1)) == row[name], repr(row["text"])


@pytest.mark.parametrize(("name", "whole"), [("claude-3", 10), ("claude-4.7", 15), ("claude-4.8", 10)])
def test_a_message_costs_what_the_readme_of_ctok_says(name: str, whole: int) -> None:
    assert encoder(name).count("hello, world") + encoder(name).frame == whole


def test_a_system_text_and_a_message_cost_what_the_documentation_of_anthropic_says() -> None:
    # The first example of "Token counting": system "You are a scientist", user "Hello, Claude", input_tokens 14.
    counts = encoder("claude-3")
    assert counts.count("You are a scientist") + counts.count("Hello, Claude") + counts.frame == 14


@EVERY
def test_the_empty_text_counts_nothing(name: str) -> None:
    assert encoder(name).count("") == 0


@EVERY
def test_there_are_no_token_ids(name: str) -> None:
    for ask in (lambda: encoder(name).encode("a"), lambda: encoder(name).decode([1])):
        with pytest.raises(TokError, match=f"{name} has counts but no token ids") as caught:
            ask()
        assert (caught.value.code, caught.value.exit) == ("no-token-ids", ExitCode.DATA)


@EVERY
def test_special_tokens_are_ordinary_text(name: str) -> None:
    text = "<|endoftext|>"
    assert encoder(name).count(text, special=True) == encoder(name).count(text) > 1


# A letter, a capital, a contraction's letter, a digit, symbols, white space; then more kinds of white space, marks
# that compose with what comes before them, a number, a selector, ideographs, kana and Hangul.
ASCII_CONTEXT = "aSs1.'( \n"
SPACE_CONTEXT = "as1'\t\r\0\u3000\u00a0\u00b2\ufe0f\u0301 \n"
OTHER_CONTEXT = "\u044f\u6f22\uae00\u11a8\u3042\u3099\u3002\uff0c1'a \n"
CONTEXTS = pytest.mark.parametrize(("alphabet", "length"), [(ASCII_CONTEXT, 5), (SPACE_CONTEXT, 4), (OTHER_CONTEXT, 4)])


def texts_around(alphabet: str, length: int) -> list[str]:
    return ["".join(text) for size in range(2, length + 1) for text in itertools.product(alphabet, repeat=size)]


@EVERY
@CONTEXTS
def test_counts_add_up_over_every_cut_when_the_rest_is_counted_without_a_head(
    name: str, alphabet: str, length: int
) -> None:
    @cache
    def rest(text: str) -> int:
        return encoder(name).count(text, head=False)

    count, cuts = cache(encoder(name).count), 0
    for text in texts_around(alphabet, length):
        for cut in encoder(name).cut.finditer(text):
            at = cut.start()
            cuts += 1
            assert at == cut.end()
            assert count(text[:at]) + rest(text[at:]) == count(text), (text[:at], text[at:])
            assert rest(text[:at]) + rest(text[at:]) == rest(text) or text[0] not in " \n1", (text[:at], text[at:])
    assert cuts > 500


@EVERY
@pytest.mark.parametrize("text", ["one two three", "eins\nzwei", "раз два", "你好。再见", "안녕 세계"])
def test_words_and_lines_offer_cuts(name: str, text: str) -> None:
    assert encoder(name).cut.search(text)


@EVERY
def test_long_texts_are_counted_in_stretches_without_a_trace(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["It's (not) a  test. \n\nNext: 12 'words'! " * 9, "漢字 and 漢's, 。「テスト」 " * 9, "É² ①。 x² ९ " * 9]
    texts += ["aB3/c+dEF.g'h(i)'s1" * 9, "éa1\ufe0fb.\u0301c-①d/\u0941" * 9]
    whole = [encoder(name).count(text) for text in texts]
    for stretch in (1, 2, 7):
        monkeypatch.setattr(claude, "STRETCH", stretch)
        assert [encoder(name).count(text) for text in texts] == whole


@EVERY
def test_random_words_cost_together_what_they_cost_one_by_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(name)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    lengths = draw.choices([2, 4, 6, 8, 10, 12, 70], [20, 20, 20, 20, 20, 20, 1], k=20_000)
    words = ["".join(draw.choices(letters[: draw.choice([26, 52])], k=length)) for length in lengths]
    text = ".".join([*words, *["words", "again"] * 20_000, *words])
    together = claude.load(name).count(text)
    monkeypatch.setattr(claude, "SURPLUS", sys.maxsize)
    assert claude.load(name).count(text) == together


@pytest.mark.parametrize(
    "unit",
    ["a", "A", " ", "\n", "=", "1", "Ab", "q\u0300", "a\u0300\u0316", "\u0f73", "漢", "\U0001f600", "ж", "<>", "\t\n"],
)
def test_a_million_characters_of_one_kind_are_counted(unit: str) -> None:
    # No time is asserted: what is not linear here does not come back.
    assert encoder("claude-3").count(unit * (1_000_000 // len(unit))) > 1_000


@pytest.mark.parametrize("seed", range(4))
def test_a_million_random_characters_of_one_kind_are_counted(seed: int) -> None:
    letters = [
        "abcdefghijklmnopqrstuvwxyz",
        "ABCDEFabcdef0123456789+/",
        "()[]{}<>=+-*/.,;:!?",
        "\u0300\u0316\u0327\u05b0",
    ][seed]
    text = "".join(random.Random(seed).choices(letters, k=1_000_000))
    assert encoder("claude-4.8").count(text) > 100_000


def test_long_piles_of_marks_are_composed_as_nfc_says() -> None:
    pile = "".join(random.Random(7).choices("\u0301\u0316\u0327\u0344\u0f73\u05b0", k=400))
    for text in (f"e{pile}", f"{pile}\u00e9{pile}e\u0301", "o" + "\u0302" * 60 + "\u0323"):
        assert normalise(text, False) == unicodedata.normalize("NFC", text)


def test_ascii_needs_neither_unicode_data_nor_json() -> None:
    code = "import sys; from tokencli.encoders import claude; claude.load('claude-3').count('Hi.'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"unicodedata", "regex", "json", "tiktoken"} & set(loaded)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tables_are_those_of_ctok(name: str, ctok: ModuleType) -> None:
    document = json.loads((Path(str(ctok.__file__)).parent / "data" / DOCUMENTS[name]).read_bytes())
    assert pack_pieces(document) == (FOLDER / f"{name}.vocab").read_bytes()


# The published sizes (48,792 and 15,283 entries, 467 and 468 of them byte prefixes), a closed form for each
# contraction, and for the newer table the marker for capitals, which it never writes.
@pytest.mark.parametrize(("name", "size"), [("claude-3", 48_792 - 467 + 7), ("claude-4.7", 15_283 - 468 + 4 + 1)])
def test_tables_have_the_published_size(name: str, size: int) -> None:
    assert len(open_pieces(name).pieces) == size


def test_a_table_that_breaks_a_rule_is_refused() -> None:
    document: dict[str, Any] = {"meta": {}, "tokens": {"digits": {"1": {}}, "contractions": {}, "bytes_fallback": {}}}
    with pytest.raises(ValueError, match="ASCII digits"):
        pack_pieces(document)


@pytest.mark.skipif(unicodedata.unidata_version > "16", reason="ctok takes its classes from the running Python")
def test_character_classes_are_those_of_ctok(ctok: ModuleType) -> None:
    rules = importlib.import_module("ctok.normalize")
    sets = {name: members(getattr(classes, name)) for name in ("WORD", "LOOSE_MARK", "BORDER")}
    for point in (*range(0x80, 0xD800), *range(0xF900, 0x10000)):
        character = chr(point)
        if not normalise(character, False) or normalise(character, False) == " ":
            continue
        kind = rules.classify(character)
        word = kind == "wordy"
        border = not word and (
            kind in ("punct", "digit") or rules._hard_bow(character) or rules._digit_border(character)
        )
        found = tuple(point in sets[name] for name in ("WORD", "LOOSE_MARK", "BORDER"))
        assert found == (word, word and rules._stray_mark(character), border), hex(point)


def members(ranges: str) -> set[int]:
    found: set[int] = set()
    for item in ranges.split():
        first, _, last = item.partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


PARTS = [
    *"aAzZ19.,'\"-_=()[]<>!? \t\n\r\0",
    *"éßςΣİẞжЖאبकあ漢한。「，（“’—…²①१٣ⓐⅧ\u0301\u0308\u094d\u093e\u0711\u0730\ufe0f\u200d\u00a0\u3000",
    *[
        "the",
        "The",
        "NASA",
        "iPhone",
        " 's",
        "'ll",
        "don't",
        "ÉCOLE",
        "😀",
        "\ue000",
        "\ufdd0",
        "\ud800",
        "  ",
        "\u0e4d\u0e32",
        "१①",
    ],
]


@EVERY
@pytest.mark.parametrize("surplus", [0, 2_000])
def test_base64_counts_as_in_ctok(name: str, surplus: int, ctok: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claude, "SURPLUS", surplus)
    draw, counts = random.Random(name), claude.load(name)
    for _ in range(200):
        text = base64.encodebytes(draw.randbytes(draw.randint(1, 200))).decode()
        assert counts.count(text) == ctok.token_count(text, VERSIONS[name]) - counts.frame, repr(text)


@EVERY
def test_random_texts_count_as_in_ctok(name: str, ctok: ModuleType) -> None:
    draw = random.Random(name)
    for _ in range(1_500):
        text = "".join(draw.choices(PARTS, k=draw.randint(1, 16)))
        assert encoder(name).count(text) == ctok.token_count(text, VERSIONS[name]) - encoder(name).frame, repr(text)
