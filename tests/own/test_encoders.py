"""Own tokenizers of the other kinds: against the package, or against the encoding here that they were written from."""

from __future__ import annotations

import base64
import json
import struct
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tokencli import collection, encoders
from tokencli.counting import Options, count, fingerprint
from tokencli.encoders import Encoder, huggingface, recipes, special_tokens
from tokencli.encoders.own import Record
from tokencli.encoders.patterns import CUT
from tokencli.errors import TokError
from tokencli.model import Document
from tokencli.vocab.table import open_table

Add = Callable[..., Record]
KINDS = ("bpe", "unigram", "wordpiece")


@pytest.mark.parametrize("kind", KINDS)
def test_a_tokenizer_json_counts_as_its_package_does(
    kind: str, add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    from tokenizers import Tokenizer

    path = made.hugging_face(tmp_path / "tokenizer.json", kind=kind)
    record = add("mine", path)
    reference = Tokenizer.from_file(str(path))
    assert (record.kind, record.vocabulary) == ("huggingface", reference.get_vocab_size())
    assert record.lossless == (kind == "bpe")
    encoder = encoders.load("mine")
    special = ("<s>", "</s>", "<unk>", "[UNK]", "[CLS]")
    for text in [*made.texts, *made.odd(200)]:
        if not any(token in text for token in special):
            assert encoder.encode(text) == reference.encode(text, add_special_tokens=False).ids, repr(text)
        assert encoder.encode(text, special=True) == reference.encode(text, add_special_tokens=False).ids, repr(text)
        if kind == "bpe":
            assert encoder.decode(encoder.encode(text)) == text.encode()


@pytest.mark.parametrize("kind", KINDS)
def test_the_parts_of_a_cut_text_count_as_the_whole(kind: str, made: SimpleNamespace, tmp_path: Path) -> None:
    encoder = huggingface.read("x", made.hugging_face(tmp_path / "tokenizer.json", kind=kind).read_bytes())
    places = 0
    for text in [*made.texts, *made.odd(100)]:
        whole = encoder.count(text)
        for match in encoder.cut.finditer(text):
            places += 1
            assert encoder.count(text[: match.start()]) + encoder.count(text[match.start() :]) == whole, repr(text)
    assert places > 100


def test_added_tokens_that_hold_a_place_to_cut_are_minded(made: SimpleNamespace, tmp_path: Path) -> None:
    document = json.loads(made.hugging_face(tmp_path / "tokenizer.json").read_text())
    token = {"id": 5000, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    assert huggingface.find_cut(document) == CUT
    document["added_tokens"].append(token | {"content": "<image1>"})
    assert huggingface.find_cut(document) == huggingface.WORD_CUT
    document["added_tokens"].append(token | {"content": "<an image>"})
    assert huggingface.find_cut(document) == huggingface.NO_CUT
    document["added_tokens"][-1] |= {"content": "<i>", "special": True}
    assert huggingface.find_cut(document) == huggingface.WORD_CUT
    document["pre_tokenizer"] = None
    assert huggingface.find_cut(document) == huggingface.NO_CUT


def test_a_model_with_dropout_is_refused(made: SimpleNamespace, tmp_path: Path) -> None:
    document = json.loads(made.hugging_face(tmp_path / "tokenizer.json").read_text())
    document["model"]["dropout"] = 0.1
    with pytest.raises(TokError, match="no count is exact"):
        huggingface.read("x", json.dumps(document).encode())


@pytest.mark.parametrize("encoding", ["cl100k_base", "qwen2", "r50k_base"])
def test_a_rank_file_with_the_split_of_an_encoding_counts_as_that(
    encoding: str, add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    recipe = recipes()[encoding]
    path = made.rank_file(tmp_path / "a.tiktoken", open_table(recipe.table, recipe.limit).ranks())
    assert add("mine", path, like=encoding).like == encoding
    encoder, reference = encoders.load("mine"), encoders.load(encoding)
    for text in [*made.texts, *made.odd(50)]:
        assert encoder.encode(text) == reference.encode(text)
        assert encoder.count(text) == reference.count(text)


def test_a_rank_file_with_a_pattern_counts_as_tiktoken(add: Add, made: SimpleNamespace, tmp_path: Path) -> None:
    import tiktoken

    ranks = open_table("cl100k_base").ranks()
    path = made.rank_file(tmp_path / "a.tiktoken", ranks)
    pattern = r"\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+|[\s\S]"
    add("mine", path, pattern=pattern)
    reference = tiktoken.Encoding("x", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
    encoder = encoders.load("mine")
    for text in [*made.texts, *made.odd(50)]:
        assert encoder.encode(text) == reference.encode_ordinary(text)
        assert encoder.decode(encoder.encode(text)) == text.encode()


def test_a_known_pattern_is_counted_by_the_quick_engine(add: Add, made: SimpleNamespace, tmp_path: Path) -> None:
    path = made.rank_file(tmp_path / "a.tiktoken", open_table("cl100k_base").ranks())
    record = add("mine", path, pattern=recipes()["cl100k_base"].unicode)
    assert (record.like, record.pattern) == ("cl100k_base", "")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (b"", "no tokenizer"),
        (b"YQ== 0\nYg== 1\n", "254 bytes have no token"),
        (b"YQ== 0\nYQ== 1\n", "stands twice"),
        (b"YQ== 0\nhello\n", "line 2"),
    ],
)
def test_a_broken_rank_file_is_refused(lines: bytes, said: str, add: Add, tmp_path: Path) -> None:
    (tmp_path / "a.tiktoken").write_bytes(lines)
    with pytest.raises(TokError, match=said):
        add("mine", tmp_path / "a.tiktoken", like="cl100k_base")


def test_a_pattern_that_leaves_text_out_is_refused(add: Add, made: SimpleNamespace, tmp_path: Path) -> None:
    path = made.rank_file(tmp_path / "a.tiktoken", open_table("p50k_base", 50_256).ranks())
    with pytest.raises(TokError, match=r"leaves text out, such as U\+0001"):
        add("mine", path, pattern=r"\p{L}+|\s+")
    with pytest.raises(TokError, match="does not take the pattern"):
        add("mine", path, pattern="(")


def tekken(path: Path, pattern: str) -> Path:
    """The tekken vocabulary of this package as Mistral writes it, with some ranks more than are used."""
    recipe = recipes()["tekken"]
    ranks = open_table(recipe.table, recipe.limit).ranks()
    special = special_tokens("tekken")
    rows: list[dict[str, Any]] = [
        {"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None}
        for token, rank in [*ranks.items(), (b"\xffnever used", len(ranks))]
    ]
    config = {"pattern": pattern, "default_num_special_tokens": recipe.offset}
    config |= {"default_vocab_size": len(ranks) + recipe.offset}
    listed = [{"rank": rank, "token_str": text, "is_control": True} for text, rank in special.items()]
    path.write_text(json.dumps({"config": config, "vocab": rows, "special_tokens": listed}))
    return path


def test_a_tekken_file_counts_as_the_built_in_one(add: Add, made: SimpleNamespace, tmp_path: Path) -> None:
    record = add("mine", tekken(tmp_path / "tekken.json", str(recipes()["tekken"].unicode)))
    assert record.kind == "tekken"
    encoder, reference = encoders.load("mine"), encoders.load("tekken")
    for text in [*made.texts, *made.odd(50), "".join(special_tokens("tekken"))]:
        assert encoder.encode(text) == reference.encode(text)
        assert encoder.encode(text, special=True) == reference.encode(text, special=True)


def test_a_tekken_file_with_a_split_of_its_own_is_counted_by_tiktoken(add: Add, tmp_path: Path) -> None:
    record = add("mine", tekken(tmp_path / "tekken.json", r"\p{L}+|[\s\S]"))
    encoder = encoders.load("mine")
    assert record.lossless
    assert encoder.decode(encoder.encode("ab 12\n中")) == "ab 12\n中".encode()


def byte_level(document: dict[str, Any], pre: str) -> dict[str, Any]:
    """A tokenizer.json of byte-level BPE as the values of a GGUF header."""
    vocabulary = sorted(document["model"]["vocab"], key=document["model"]["vocab"].get)
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in document["model"]["merges"]]
    control = {token["content"] for token in document["added_tokens"]}
    return {
        "general.architecture": "test",
        "general.layers": 3,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": pre,
        "tokenizer.ggml.tokens": vocabulary,
        "tokenizer.ggml.token_type": [3 if token in control else 1 for token in vocabulary],
        "tokenizer.ggml.merges": merges,
    }


def test_byte_level_bpe_in_a_gguf_header_counts_as_its_tokenizer_json(
    add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    path = made.hugging_face(tmp_path / "tokenizer.json")
    made.gguf(tmp_path / "a.gguf", byte_level(json.loads(path.read_text()), "gpt-2"))
    record = add("mine", tmp_path / "a.gguf")
    assert record.bytes == (tmp_path / "a.gguf").stat().st_size - 1000
    reference = huggingface.read("x", path.read_bytes())
    encoder = encoders.load("mine")
    for text in [*made.texts, *made.odd(100)]:
        assert encoder.encode(text) == reference.encode(text)
        assert encoder.encode(text, special=True) == reference.encode(text, special=True)


@pytest.mark.parametrize(("model", "kind"), [("bpe", "llama"), ("unigram", "t5")])
def test_sentencepiece_in_a_gguf_header_counts_as_its_model(
    model: str, kind: str, add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    package = pytest.importorskip("sentencepiece")
    options = {"normalization_rule_name": "identity", "remove_extra_whitespaces": False, "byte_fallback": True}
    reference = package.SentencePieceProcessor(model_proto=made.train(model_type=model, vocab_size=1600, **options))
    ids = range(reference.get_piece_size())
    types = [
        2 if reference.is_unknown(i) else 3 if reference.is_control(i) else 6 if reference.is_byte(i) else 1
        for i in ids
    ]
    values = {
        "tokenizer.ggml.model": kind,
        "tokenizer.ggml.tokens": [reference.id_to_piece(i) for i in ids],
        "tokenizer.ggml.scores": [reference.get_score(i) for i in ids],
        "tokenizer.ggml.token_type": types,
        "tokenizer.ggml.add_space_prefix": True,
        "tokenizer.ggml.remove_extra_whitespaces": False,
    }
    add("mine", made.gguf(tmp_path / "a.gguf", values))
    encoder = encoders.load("mine")
    for text in [*made.texts, *made.odd(100)]:
        assert encoder.encode(text) == reference.encode(text), repr(text)


def test_a_gguf_file_without_a_tokenizer_that_is_known_is_refused(
    add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    values = byte_level(json.loads(made.hugging_face(tmp_path / "tokenizer.json").read_text()), "no-such-split")
    path = made.gguf(tmp_path / "a.gguf", values)
    with pytest.raises(TokError, match="its split is 'no-such-split'"):
        add("mine", path)
    with pytest.raises(TokError, match="of the kind 'rwkv'"):
        add("mine", made.gguf(path, values | {"tokenizer.ggml.model": "rwkv"}))
    with pytest.raises(TokError, match="no tokenizer in its header"):
        add("mine", made.gguf(path, {"general.architecture": "clip"}))


def test_the_lengths_in_a_gguf_header_are_not_believed(add: Add, made: SimpleNamespace, tmp_path: Path) -> None:
    values = byte_level(json.loads(made.hugging_face(tmp_path / "tokenizer.json").read_text()), "gpt-2")
    data = made.gguf(tmp_path / "a.gguf", values).read_bytes()
    path = tmp_path / "b.gguf"
    huge = struct.pack("<Q", 1 << 60)
    for broken in (data[:100], data[:16] + huge + data[24:], data[:24] + huge + data[32:], b"GGUF" + b"\xff" * 100):
        path.write_bytes(broken)
        with pytest.raises(TokError) as caught:
            add("mine", path)
        assert caught.value.code == "no-tokenizer"


@pytest.fixture(params=["huggingface", "unigram", "pattern", "sentencepiece"])
def own_encoder(request: pytest.FixtureRequest, add: Add, made: SimpleNamespace, tmp_path: Path) -> Encoder:
    path = tmp_path / "tokenizer.json"
    if request.param in ("huggingface", "unigram"):
        made.hugging_face(path, kind="bpe" if request.param == "huggingface" else "unigram")
        add("mine", path)
    elif request.param == "pattern":
        ranks = made.rank_file(tmp_path / "a.tiktoken", open_table("p50k_base", 50_256).ranks())
        add("mine", ranks, pattern=r"\p{L}+|\s|[\s\S]")
    else:
        pytest.importorskip("sentencepiece")
        (tmp_path / "a.model").write_bytes(made.train(model_type="bpe", byte_fallback=True, vocab_size=1500))
        add("mine", tmp_path / "a.model")
    return encoders.load("mine")


def test_own_encoders_keep_the_contract(own_encoder: Encoder, made: SimpleNamespace) -> None:
    assert own_encoder.count("") == 0
    assert own_encoder.encode("") == []
    assert own_encoder.count_all(made.texts) == [len(own_encoder.encode(text)) for text in made.texts]
    with pytest.raises(TokError) as caught:
        own_encoder.decode([123_456_789])
    assert caught.value.code == "unknown-token"


@pytest.mark.parametrize("letter", ["a", " ", "\n", "=", "中"])
def test_a_long_run_is_counted_in_bounded_time(own_encoder: Encoder, letter: str) -> None:
    start = time.monotonic()
    own_encoder.count(letter * 100_000)
    assert time.monotonic() - start < 20


def test_a_text_too_long_for_one_piece_is_refused_and_the_others_are_counted(
    own_encoder: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "long.txt").write_text("=" * (5 << 20))
    (tmp_path / "short.txt").write_text("one two")
    documents = [
        Document(name, (tmp_path / name).stat().st_size, file=str(tmp_path / name), named=True)
        for name in ("long.txt", "short.txt")
    ]
    counted = count(documents, [encoders.column("mine")])
    assert [problem.code for problem in counted.problems] == ["too-long"]
    assert [file.path for file in counted.files] == ["short.txt"]


def test_much_text_is_counted_in_parallel_as_one_text_after_the_other(
    own_encoder: Encoder, made: SimpleNamespace, tmp_path: Path
) -> None:
    path = tmp_path / "much.txt"
    # Below the 4 million characters that are counted in one piece, to have something to compare with.
    much = made.readme[:20_000] * 150
    path.write_text(much, newline="")
    documents = [Document("much.txt", path.stat().st_size, file=str(path), named=True)] * 2
    counted = count(documents, [encoders.column("mine")])
    expected = own_encoder.count(much)
    assert [file.counts[0].tokens for file in counted.files] == [expected, expected]


def test_the_cache_tells_files_and_patterns_apart(add: Add, made: SimpleNamespace, tmp_path: Path) -> None:
    path = made.rank_file(tmp_path / "a.tiktoken", open_table("p50k_base", 50_256).ranks())
    add("one", path, like="r50k_base")
    add("two", path, like="cl100k_base")
    add("three", path, pattern=r"[\s\S]")
    made_of = {fingerprint(encoders.column(name), Options()).partition("exact")[2] for name in ("one", "two", "three")}
    assert len(made_of) == 3


def test_a_replaced_tokenizer_is_loaded_again_in_the_same_process(
    add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    ranks = open_table("p50k_base", 50_256).ranks()
    add("mine", made.rank_file(tmp_path / "a.tiktoken", ranks), like="r50k_base")
    assert encoders.load("mine") is encoders.load("mine")
    assert encoders.load("mine").count("hello world") == 2
    collection.remove("mine")
    bytes_alone = {token: rank for token, rank in ranks.items() if len(token) == 1}
    add("mine", made.rank_file(tmp_path / "a.tiktoken", bytes_alone), like="r50k_base")
    assert encoders.load("mine").count("hello world") == 11
