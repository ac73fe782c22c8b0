"""Tokenizers made for the tests, from the texts of the test vectors, and a folder for own tokenizers."""

from __future__ import annotations

import io
import json
import os
import random
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tokencli import collection, encoders
from tokencli.collection import files
from tokencli.encoders.own import Record

ROOT = Path(__file__).parents[2]
TEXTS: list[str] = json.loads((ROOT / "tests" / "vectors" / "texts.json").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
ODD = [
    *"abc ABC \t\n\r.,;012\u2581é\u0301\u0308ñ中文かナ한العहि🙂\u200d\ufeff\u00a0\u3000\u200b\x00\x01ﬁ①ｱΩ\u0f73",
    *("hello", " world", "  ", "\n\n", "<s>", "</s>", "<unk>", "<sep>", "<0x41>", "foo bar", "self."),
]
"""What random texts are made of: characters that normalisation changes, blanks, what looks like tokens."""


def random_texts(count: int) -> list[str]:
    """Texts at random, the same ones each time."""
    rng = random.Random(11)
    mixed = ["".join(rng.choice(ODD) for _ in range(rng.randint(1, 40))) for _ in range(count)]
    starts = [rng.randrange(len(README)) for _ in range(count)]
    return mixed + [README[start : start + rng.randint(1, 300)] for start in starts]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    """An empty folder for own tokenizers, which no other test sees."""
    folder = tmp_path / "tokenizers"
    known = dict(encoders._loaded)
    encoders.look_in(lambda: str(folder))
    yield folder
    encoders._own.clear()
    encoders._loaded.clear()
    encoders._loaded.update(known)


@pytest.fixture
def add(store: Path) -> Callable[..., Record]:
    """Adds a file under a name."""

    def keep(name: str, path: Path, **more: str) -> Record:
        return collection.add(name, files.read(files.find(str(path))), str(path), "2026-11-22", **more)

    return keep


def train(**options: Any) -> bytes:
    """A SentencePiece model of the test texts."""
    import sentencepiece

    made = io.BytesIO()
    sentences = iter(("\n".join(TEXTS) + README + "\nself.foo = bar" * 3).split("\n"))
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=sentences, model_writer=made, minloglevel=3, **({"vocab_size": 1300} | options)
    )
    return made.getvalue()


def hugging_face(path: Path, *, kind: str = "bpe") -> Path:
    """A small tokenizer.json of the test texts: byte-level BPE, unigram with Metaspace, or WordPiece as in BERT."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

    made: Any
    if kind == "bpe":
        made = Tokenizer(models.BPE())
        made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        made.decoder = decoders.ByteLevel()
        alphabet = pre_tokenizers.ByteLevel.alphabet()
        trainer: Any = trainers.BpeTrainer(
            vocab_size=1000, special_tokens=["<s>", "</s>"], initial_alphabet=alphabet, show_progress=False
        )
    elif kind == "unigram":
        made = Tokenizer(models.Unigram())
        made.pre_tokenizer = pre_tokenizers.Metaspace()
        made.decoder = decoders.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=900, special_tokens=["<unk>", "<s>"], unk_token="<unk>", show_progress=False
        )
    else:
        made = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        made.normalizer = normalizers.BertNormalizer()
        made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(vocab_size=900, special_tokens=["[UNK]", "[CLS]"], show_progress=False)
    made.train_from_iterator([*TEXTS, README], trainer)
    made.save(str(path))
    return path


def gguf(path: Path, values: dict[str, Any], version: int = 3) -> Path:
    """A GGUF file of these values and no tensors, with some bytes for them behind."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    def written(value: Any) -> bytes:
        if isinstance(value, bool):
            return struct.pack("<I?", 7, value)
        if isinstance(value, str):
            return struct.pack("<I", 8) + text(value)
        if isinstance(value, int):
            return struct.pack("<II", 4, value)
        if isinstance(value[0], str):
            return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, value))
        kind, code = (6, "f") if isinstance(value[0], float) else (5, "i")
        return struct.pack(f"<IIQ{len(value)}{code}", 9, kind, len(value), *value)

    head = b"GGUF" + struct.pack("<IQQ", version, 0, len(values))
    body = b"".join(text(key) + written(value) for key, value in values.items())
    path.write_bytes(head + body + b"\0" * 1000)
    return path


def rank_file(path: Path, ranks: dict[bytes, int]) -> Path:
    """A `.tiktoken` file of these ranks."""
    from base64 import b64encode

    rows = sorted(ranks.items(), key=lambda row: row[1])
    path.write_bytes(b"".join(b64encode(token) + b" %d\n" % rank for token, rank in rows))
    return path


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """What makes tokenizers, and the texts to try them on."""
    return SimpleNamespace(
        train=train,
        hugging_face=hugging_face,
        gguf=gguf,
        rank_file=rank_file,
        odd=random_texts,
        texts=TEXTS,
        readme=README,
    )


@pytest.fixture
def tok() -> Callable[..., Any]:
    """Runs the program with pipes, in an environment without settings."""

    def run(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> SimpleNamespace:
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TOK_", "HF_", "XDG_", "TIKTOKEN"))
        }
        given = {"XDG_CONFIG_HOME": str(cwd / "nothing"), "TOK_CACHE": "0", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "tokencli", *arguments]
        done = subprocess.run(
            command,
            cwd=cwd,
            env=clean | given | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return SimpleNamespace(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())

    return run
