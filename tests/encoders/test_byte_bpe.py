"""Byte-level BPE against its references: stored ids, tiktoken itself, and every place where a text may be cut."""

from __future__ import annotations

import itertools
import json
import random
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokencli.encoders import load, names, recipes, special_tokens
from tokencli.encoders.byte_bpe import LONGEST_MERGE, ByteBPE
from tokencli.encoders.drift import drifts
from tokencli.encoders.large import LONG, long_regions
from tokencli.encoders.patterns import CUT, unicode_splitter
from tokencli.errors import TokError

VECTORS = Path(__file__).parent.parent / "vectors"
TEXTS: list[str] = json.loads((VECTORS / "texts.json").read_text(encoding="utf-8"))
FAMILIES = [name for name, recipe in recipes().items() if recipe.kind == "byte_bpe"]
LLAMA = [name for name, recipe in recipes().items() if recipe.kind == "llama"]
HAS_LLAMA = find_spec("llama_models") is not None
PATTERNS = {recipe.unicode: name for name, recipe in recipes().items() if recipe.kind == "byte_bpe"}


def small_ids(encoder: ByteBPE, text: str) -> list[int]:
    """Ids by the engine for small inputs, which must not hand this text on."""
    engine = encoder._small
    assert not drifts(text)
    return [rank + encoder._recipe.offset for rank in engine.encode(engine.pieces(encoder._normal(text)))]


def large_ids(encoder: ByteBPE, text: str) -> list[int]:
    """Ids by tiktoken."""
    return [rank + encoder._recipe.offset for rank in encoder._engine().encode(encoder._normal(text))]


@pytest.fixture(scope="module", autouse=True)
def _forget_engines() -> object:
    """Leave no encoder behind that has tiktoken loaded."""
    from tokencli.encoders import _loaded

    yield
    _loaded.clear()


@pytest.mark.parametrize("name", FAMILIES)
def test_ids_are_those_of_the_reference_tokenizer(name: str) -> None:
    encoder = load(name)
    expected = json.loads((VECTORS / f"{name}.json").read_text())
    assert len(expected) == len(TEXTS)
    for text, ids in zip(TEXTS, expected, strict=True):
        if ids is not None:
            assert encoder.encode(text) == ids, repr(text)
            assert encoder.count(text) == len(ids), repr(text)


@pytest.mark.parametrize("name", LLAMA)
def test_llama_ids_are_those_of_llama_models(name: str) -> None:
    if not HAS_LLAMA:
        pytest.skip("llama-models is not installed")
    expected = json.loads((VECTORS / f"{name}.json").read_text())
    encoder = load(name)
    for text, ids in zip(TEXTS, expected, strict=True):
        assert encoder.encode(text) == ids, repr(text)


@pytest.mark.skipif(HAS_LLAMA, reason="llama-models is installed")
@pytest.mark.parametrize("name", LLAMA)
def test_llama_without_its_package_says_what_to_install(name: str) -> None:
    with pytest.raises(TokError) as caught:
        load(name)
    assert "tokencli[llama]" in caught.value.hint
    assert caught.value.exit == 3


@pytest.mark.parametrize("name", FAMILIES)
def test_both_engines_give_the_same_ids(name: str) -> None:
    encoder = load(name)
    assert isinstance(encoder, ByteBPE)
    for text in TEXTS:
        if not drifts(encoder._normal(text)):
            assert small_ids(encoder, text) == large_ids(encoder, text), repr(text)


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("cl100k_base", "tiktoken is great!", [83, 1609, 5963, 374, 2294, 0]),
        ("o200k_base", "お誕生日おめでとう", [8930, 9697, 243, 128225, 8930, 17693, 4344, 48669]),
    ],
)
def test_published_examples_of_the_openai_cookbook(name: str, text: str, ids: list[int]) -> None:
    assert load(name).encode(text) == ids


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
def test_decoding_gives_the_normalised_text_back(name: str, text: str) -> None:
    encoder = load(name)
    assert isinstance(encoder, ByteBPE)
    ids = encoder.encode(text)
    assert encoder.decode(ids).decode() == encoder._normal(text)
    assert encoder.count(text) == len(ids)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_code_point_of_the_bmp_in_context_is_counted_as_by_tiktoken(name: str) -> None:
    encoder = load(name)
    assert isinstance(encoder, ByteBPE)
    letters = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    # One piece list for many code points: each stands in the same context, apart from its neighbours by a line.
    for start in range(0, len(letters), 4096):
        block = [letter for letter in letters[start : start + 4096] if not drifts(encoder._normal(letter))]
        text = "".join(f"a{letter}b {letter}A{letter}1\n" for letter in block)
        assert small_ids(encoder, text) == large_ids(encoder, text), hex(start)


@pytest.mark.parametrize("name", FAMILIES)
def test_random_mixes_of_all_planes_are_counted_as_by_tiktoken(name: str) -> None:
    encoder = load(name)
    assert isinstance(encoder, ByteBPE)
    rng = random.Random(name)
    assigned = [chr(code) for code in range(0x20, 0x30000) if not 0xD800 <= code < 0xE000 and not drifts(chr(code))]
    common = [*"abcXYZ 0123\n\r\t.,'-/({", "'s", "\r\n", "  ", "é", "中", "の", "한", "\u0301", "\u200d", "😀"]
    for _ in range(150):
        text = "".join(rng.choice(common if rng.random() < 0.6 else assigned) for _ in range(60))
        if not drifts(encoder._normal(text)):
            assert small_ids(encoder, text) == large_ids(encoder, text), repr(text)


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_pieces_joined_are_the_text(pattern: str) -> None:
    split = unicode_splitter(pattern)
    for text in TEXTS:
        assert "".join(split(text)) == text


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_the_ascii_pattern_splits_as_the_unicode_pattern(pattern: str) -> None:
    recipe = recipes()[PATTERNS[pattern]]
    ascii_split = re.compile(str(recipe.ascii), re.ASCII).findall
    unicode_split = unicode_splitter(pattern)
    classes = "aZ0 \n\r\t\x0b\x1c\x00'.-/_s"
    for length in range(1, 5):
        for letters in itertools.product(classes, repeat=length):
            text = "".join(letters)
            assert ascii_split(text) == unicode_split(text), repr(text)
    rng = random.Random(pattern)
    for _ in range(3000):
        text = "".join(chr(rng.randrange(128)) for _ in range(rng.randrange(30)))
        assert ascii_split(text) == unicode_split(text), repr(text)


@pytest.mark.parametrize("pattern", PATTERNS, ids=PATTERNS.values())
def test_a_cut_never_changes_the_pieces(pattern: str) -> None:
    """Every context of two characters before and two after each kind of cut, by representatives of the classes."""
    split = unicode_splitter(pattern)
    cut = re.compile(CUT)
    classes = ["a", "S", "0", " ", "\n", "\r", "'", "/", "中", "\u0301", "\u200d"]
    seen = 0
    for before in itertools.product(["", *classes], repeat=2):
        for middle in ("a b", "S t", "a1", "s'll b", ".\na", "x\n1", "中\n文", "a\nの", "'\ns", "/\né", "\u0301\nb"):
            for after in itertools.product(["", *classes], repeat=2):
                text = "".join((*before, middle, *after))
                whole = None
                for match in cut.finditer(text):
                    whole = split(text) if whole is None else whole
                    place = match.start()
                    seen += 1
                    assert split(text[:place]) + split(text[place:]) == whole, (text, place)
    assert seen > 50_000


@pytest.mark.parametrize("name", ["qwen2", "qwen3.5", "minimax", "claude-legacy"])
def test_a_cut_never_changes_the_normal_form(name: str) -> None:
    encoder = load(name)
    assert isinstance(encoder, ByteBPE)
    marks = ["\u0301", "\u0327", "\u1161", "\u11a8", "\u3099", "\u093c", "ﬁ", "a", "\n", " ", "한", "が", "1"]
    for letters in itertools.product(marks, repeat=4):
        text = "".join(letters)
        for match in encoder.cut.finditer(text):
            left, right = text[: match.start()], text[match.start() :]
            assert encoder._normal(left) + encoder._normal(right) == encoder._normal(text), repr(text)


def test_libraries_differ_on_no_code_point_outside_the_drift_set() -> None:
    """tiktoken drops what its pattern does not match, so what it keeps of all code points is its class."""
    import regex
    import tiktoken

    bytes_only = {bytes([byte]): byte for byte in range(256)}
    everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    differing: set[str] = set()
    for name in ("L", "N", "M", "P", "S", "Lu", "Ll", "Lt", "Lm", "Lo", "Han"):
        pattern = rf"\p{{{name}}}"
        kept = tiktoken.Encoding(name, pat_str=pattern, mergeable_ranks=bytes_only, special_tokens={})
        by_tiktoken = bytes(kept.encode_ordinary(everything)).decode()
        differing |= set(by_tiktoken) ^ set(regex.findall(pattern, everything, regex.V1))
    assert [hex(ord(letter)) for letter in sorted(differing) if not drifts(letter)] == []


def test_text_of_a_drifting_code_point_is_left_to_tiktoken() -> None:
    encoder = load("o200k_base")
    text = "x\u1ae4y\u0378z"
    assert encoder.encode(text) == large_ids(encoder, text)  # type: ignore[arg-type]


PATHOLOGICAL = {
    "one letter": "a" * 300_000,
    "blanks": " " * 1_000_000,
    "blanks before a word": " " * 1_000_000 + "x",
    "tabs": "\t" * 1_000_000,
    "newlines": "\n" * 300_000,
    "hyphens": "-" * 300_000,
    "digits": "0123456789" * 30_000,
    "base64": "".join(
        random.Random(1).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=300_000)
    ),
    "minified": "function f(a,b){return a?b:(a||b)&&!a}var x=[1,2,3];" * 6_000,
    "ideographs": "".join(map(chr, random.Random(2).choices(range(0x4E00, 0x9FA5), k=100_000))),
    "family emoji": "👨‍👩‍👧‍👦" * 10_000,
}


@pytest.mark.parametrize(
    "name", ["o200k_base", "cl100k_base", "p50k_base", "qwen2", "deepseek-v4", "kimi-k2", "tekken"]
)
@pytest.mark.parametrize("kind", PATHOLOGICAL)
def test_pathological_text_is_counted_and_decodes_back(name: str, kind: str) -> None:
    encoder = load(name)
    text = PATHOLOGICAL[kind]
    ids = encoder.encode(text)
    assert encoder.decode(ids) == text.encode()
    assert encoder.count(text) == len(ids)


def test_a_million_blanks_are_that_many_of_the_longest_blank_token() -> None:
    """A run of as many blanks as the longest blank token holds, n times over, is n tokens: they merge from the left."""
    encoder = load("o200k_base")
    longest = max(length for length in range(1, 300) if len(encoder.encode(" " * length)) == 1)
    assert encoder.count(" " * (longest * 8192)) == 8192


LONG_RUNS = {
    "letters": "abcdefghijklmnopqrstuvwxyz",
    "two letters": "ab",
    "capitals": "ABCxyz",
    "punctuation": "-=*_#./!?",
    "blanks": " \t",
    "lines": " \n",
    "digits": "0123456789",
    "ideographs": "中文字符人生而自由",
    "kana": "あいうえおカキク",
}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("kind", LONG_RUNS)
def test_long_runs_merged_in_chunks_are_merged_as_by_tiktoken_at_once(name: str, kind: str) -> None:
    encoder = load(name)
    assert isinstance(encoder, ByteBPE)
    engine = encoder._engine()
    rng = random.Random(f"{name} {kind}")
    for size in (LONG - 1, 2 * LONG, 7_777):
        run = "".join(rng.choices(LONG_RUNS[kind], k=size))
        for text in (run, f"Some words before {run}", f"{run} and after.\n", f"x\n{run}\ny {run}"):
            assert engine.encode(text) == engine._encoding.encode_ordinary(text)


def test_stretches_of_long_runs_are_found_between_cuts() -> None:
    text = "one two " + "-" * 5_000 + "\nthree four " + "a" * 3_000
    (first, second) = long_regions(text)
    assert text[first[0] : first[1]].startswith(" two --")
    assert text[second[0] : second[1]].endswith("aaa")
    assert list(long_regions("one two three\n" * 1_000)) == []


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("kind", LONG_RUNS)
def test_long_runs_merged_in_chunks_by_the_small_engine_are_merged_as_by_tiktoken(name: str, kind: str) -> None:
    encoder = load(name)
    assert isinstance(encoder, ByteBPE)
    for size in (LONGEST_MERGE // 3, LONGEST_MERGE + 1, 1_500):
        run = "".join(random.Random(f"{name} {kind}").choices(LONG_RUNS[kind], k=size))
        ids = large_ids(encoder, run)
        assert small_ids(encoder, run) == ids
        assert encoder._small.count(encoder._small.pieces(run)) == len(ids)


def test_special_token_text_is_ordinary_text_unless_asked() -> None:
    encoder = load("o200k_base")
    assert encoder.count("<|endoftext|>") > 1
    assert encoder.encode("a<|endoftext|>b", special=True) == [64, 199999, 65]
    assert encoder.count("a<|endoftext|>b", special=True) == 3
    assert encoder.decode([64, 199999, 65]) == b"a<|endoftext|>b"


def test_harmony_special_tokens_are_those_of_tiktoken(monkeypatch: pytest.MonkeyPatch) -> None:
    import tiktoken_ext.openai_public as openai_public

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", lambda *_args, **_keywords: {})
    for name in ("r50k_base", "p50k_base", "cl100k_base", "o200k_base", "o200k_harmony"):
        published = getattr(openai_public, name)()["special_tokens"]
        assert special_tokens(name) == published, name


@pytest.mark.parametrize("name", FAMILIES)
def test_special_tokens_stand_outside_the_vocabulary(name: str) -> None:
    ranks = {rank + recipes()[name].offset for rank in load(name)._table.ranks().values()}  # type: ignore[attr-defined]
    assert not ranks & set(special_tokens(name).values())


@pytest.mark.parametrize("name", names())
def test_the_empty_text_has_no_tokens(name: str) -> None:
    if name in LLAMA and not HAS_LLAMA:
        pytest.skip("llama-models is not installed")
    assert load(name).count("") == 0


def test_an_id_that_does_not_exist_is_named() -> None:
    with pytest.raises(TokError, match="o200k_base has no token 999999"):
        load("o200k_base").decode([999_999])


def test_an_unknown_encoding_is_an_error_with_the_nearest_names() -> None:
    with pytest.raises(TokError, match="unknown encoding 'o200k'") as caught:
        load("o200k")
    assert "o200k_base" in caught.value.hint


def test_a_small_text_needs_no_tiktoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokencli.encoders._loaded", {})
    encoder = load("glm-4")
    assert isinstance(encoder, ByteBPE)
    assert encoder.count("A small text, naïve: 中文。\n" * 100) > 0
    assert encoder._large is None
