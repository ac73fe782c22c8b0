"""Files that are no tokenizers to count with: each is refused in one line, and never takes the program down."""

from __future__ import annotations

import base64
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tokencli import encoders
from tokencli.collection import files
from tokencli.encoders import gguf, own
from tokencli.encoders.own import Record
from tokencli.errors import TokError

Add = Callable[..., Record]
Tok = Callable[..., SimpleNamespace]


def refusal(add: Add, path: Path, **more: str) -> str:
    with pytest.raises(TokError) as caught:
        add("mine", path, **more)
    assert caught.value.hint
    assert own.names() == []
    return caught.value.message


def changed(made: SimpleNamespace, path: Path, kind: str, **values: Any) -> Path:
    """A tokenizer.json of which some values are others; `model` changes those of the model."""
    document = json.loads(made.hugging_face(path, kind=kind).read_text())
    document["model"].update(values.pop("model", {}))
    path.write_text(json.dumps(document | values))
    return path


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("wordpiece", {"model": {"unk_token": "[NONE]"}}, "cannot count a text: WordPiece error: Missing"),
        ("unigram", {"model": {"unk_id": None}}, "cannot count a text: Encountered an unknown token"),
        ("unigram", {"normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAAA"}}, "no tokenizer.json"),
        ("unigram", {"normalizer": {"type": "Precompiled", "precompiled_charsmap": "BAAAAP////8="}}, "cannot count"),
    ],
)
def test_a_tokenizer_json_that_its_package_gives_up_on(
    kind: str, values: dict[str, Any], said: str, add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    assert said in refusal(add, changed(made, tmp_path / "tokenizer.json", kind, **values))


def test_a_text_that_the_package_gives_up_on_is_an_error_of_its_own(
    add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    split = {"type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated", "invert": False}
    add("mine", changed(made, tmp_path / "tokenizer.json", "bpe", pre_tokenizer=split))
    encoder = encoders.load("mine")
    for count in (encoder.count, lambda text: encoder.count_all([text, text])):
        with pytest.raises(TokError, match="cannot count a text: Onig"):
            count("a" * 60 + "b")


def tekken(path: Path, **changes: Any) -> Path:
    """A tekken.json of the 256 bytes behind ten special tokens."""
    vocab = [{"rank": byte, "token_bytes": base64.b64encode(bytes([byte])).decode()} for byte in range(256)]
    vocab[3] |= changes.pop("row", {})
    config = {"pattern": r"[\s\S]", "default_num_special_tokens": 10, "default_vocab_size": 266}
    special = changes.pop("special_tokens", [])
    path.write_text(json.dumps({"config": config | changes, "vocab": vocab, "special_tokens": special}))
    return path


@pytest.mark.parametrize(
    "changes",
    [
        {"row": {"rank": float("inf")}},
        {"default_vocab_size": float("inf")},
        {"default_num_special_tokens": -3},
        {"pattern": None},
        {"special_tokens": [{"rank": float("inf"), "token_str": "<s>"}]},
        {"special_tokens": [{"rank": -4, "token_str": "<s>"}]},
        {"special_tokens": [{"rank": 10, "token_str": "<s>"}]},
        {"special_tokens": [{"rank": 0, "token_str": "<s>"}, {"rank": 0, "token_str": "<t>"}]},
        {"special_tokens": [{"rank": 0, "token_str": ""}]},
    ],
    ids=str,
)
def test_a_tekken_file_with_numbers_that_cannot_be(changes: dict[str, Any], add: Add, tmp_path: Path) -> None:
    assert "config and vocab are not as Mistral writes them" in refusal(
        add, tekken(tmp_path / "tekken.json", **changes)
    )


def test_a_tekken_file_of_the_same_form_is_taken(add: Add, tmp_path: Path) -> None:
    add("mine", tekken(tmp_path / "tekken.json", special_tokens=[{"rank": 1, "token_str": "<s>"}]))
    assert encoders.load("mine").encode("a<s>", special=True) == [10 + ord("a"), 1]


LLAMA: dict[str, Any] = {
    "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.tokens": ["<unk>", "a", "b"],
    "tokenizer.ggml.scores": [0.0, -1.0, -2.0],
    "tokenizer.ggml.token_type": [2, 1, 1],
}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("model", 5, "model is no text"),
        ("tokens", [1, 2, 3], "tokens is no list of texts"),
        ("tokens", "abc", "tokens is no list of texts"),
        ("scores", "twelve bytes", "scores is no list of numbers"),
        ("scores", [0.0, float("nan"), -1.0], "the score of a piece is no number"),
        ("token_type", ["a", "b", "c"], "token_type is no list of numbers"),
        ("token_type", [2, 1], "not as many types as tokens"),
        ("precompiled_charsmap", "abc", "precompiled_charsmap is no list of numbers"),
    ],
)
def test_a_gguf_header_whose_values_are_of_other_types(
    key: str, value: Any, said: str, add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    assert said in refusal(add, made.gguf(tmp_path / "a.gguf", LLAMA | {f"tokenizer.ggml.{key}": value}))


def test_a_gguf_header_whose_merges_are_of_no_tokens(add: Add, made: SimpleNamespace, tmp_path: Path) -> None:
    values = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": ["a", "b"],
        "tokenizer.ggml.merges": ["a b"],
    }
    assert "no tokenizer.json that the tokenizers package reads" in refusal(add, made.gguf(tmp_path / "a.gguf", values))


def test_a_big_endian_gguf_file_is_called_one(add: Add, made: SimpleNamespace, tmp_path: Path) -> None:
    path = made.gguf(tmp_path / "a.gguf", LLAMA)
    data = path.read_bytes()
    path.write_bytes(data[:4] + struct.pack(">I", 3) + data[8:])
    assert "big-endian" in refusal(add, path)


@pytest.mark.parametrize(("kind", "size"), [(0, 1 << 27), (8, 5_000_000), (9, 5_000_000)], ids=str)
def test_a_large_gguf_file_does_not_fill_the_memory(
    kind: int, size: int, add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = b"tokenizer.ggml.tokens"
    start = b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, len(key)) + key + struct.pack("<IIQ", 9, kind, size)
    path = tmp_path / "a.gguf"
    path.write_bytes(start)
    os.truncate(path, 1 << 30)
    taken: list[int] = []
    take = gguf._Reader.take

    def noted(reader: gguf._Reader, size: int) -> bytes:
        taken.append(size)
        return take(reader, size)

    monkeypatch.setattr(gguf._Reader, "take", noted)
    assert "longer" in refusal(add, path)
    assert len(taken) < 20


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(TokError, match="is no regular file"):
        files.read(str(tmp_path / "pipe"))


@pytest.mark.parametrize(
    "change",
    [{"like": "nothing"}, {"like": "claude-3"}, {"files": [1]}, {"files": {}}, {"vocabulary": "x"}, {"bytes": None}],
    ids=str,
)
def test_a_record_that_was_changed_is_an_error_of_that_tokenizer(
    change: dict[str, Any], store: Path, add: Add, made: SimpleNamespace, tmp_path: Path
) -> None:
    add("mine", made.hugging_face(tmp_path / "tokenizer.json"))
    record = store / "mine" / "record.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | change))
    with pytest.raises(TokError, match="its record is not one that tok wrote"):
        encoders.column("mine")
