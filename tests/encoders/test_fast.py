"""The `[fast]` extra counts exactly as tiktoken does, in every encoding that it may serve."""

from __future__ import annotations

import json
import random
from importlib.util import find_spec
from pathlib import Path

import pytest

from tokencli.encoders import fast, load
from tokencli.encoders.byte_bpe import ByteBPE

pytestmark = pytest.mark.skipif(find_spec("splintr") is None, reason="the [fast] extra is not installed")

VECTORS = Path(__file__).parent.parent / "vectors"
TEXTS: list[str] = json.loads((VECTORS / "texts.json").read_text(encoding="utf-8"))


def engine(name: str) -> tuple[ByteBPE, fast.SplintrEngine]:
    encoder = load(name)
    assert isinstance(encoder, ByteBPE)
    found = encoder._fast_engine()
    assert found is not None
    return encoder, found


@pytest.mark.parametrize("name", fast.SERVES)
def test_splintr_counts_the_vectors_of_the_reference(name: str) -> None:
    encoder, splintr = engine(name)
    expected = json.loads((VECTORS / f"{name}.json").read_text())
    rows = [(encoder._normal(text), len(ids)) for text, ids in zip(TEXTS, expected, strict=True) if ids is not None]
    assert splintr.count_all([text for text, _ in rows]) == [count for _, count in rows]


@pytest.mark.parametrize("name", fast.SERVES)
def test_splintr_counts_every_code_point_in_context_as_tiktoken_does(name: str) -> None:
    encoder, splintr = engine(name)
    tiktoken = encoder._engine()
    letters = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    texts = []
    for start in range(0, len(letters), 64):
        texts.append(
            encoder._normal("".join(f"a{letter}b {letter}A{letter}1\n" for letter in letters[start : start + 64]))
        )
    differing = [
        texts[at][:20]
        for at, (one, other) in enumerate(zip(splintr.count_all(texts), map(tiktoken.count, texts), strict=True))
        if one != other
    ]
    assert differing == []


@pytest.mark.parametrize("name", fast.SERVES)
def test_splintr_counts_files_as_tiktoken_does(name: str) -> None:
    encoder, splintr = engine(name)
    files = sorted(Path(json.__file__).parent.parent.glob("*.py"))
    texts = [file.read_text(encoding="utf-8") for file in random.Random(name).sample(files, 60)]
    assert splintr.count_all(texts) == [encoder._engine().count(text) for text in texts]


@pytest.mark.parametrize("name", fast.SERVES)
def test_splintr_counts_special_token_text_as_ordinary_text(name: str) -> None:
    encoder, splintr = engine(name)
    special = [text for text in encoder._special() if "\n" not in text][:40]
    texts = [f"a{text}b {text}" for text in special]
    assert splintr.count_all(texts) == [encoder._engine().count(text) for text in texts]


def test_an_engine_that_counts_the_probe_differently_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fast.SERVES, "o200k_base", ("o200k_base", -1))
    assert fast.start("o200k_base") is None
    assert fast.start("minimax") is None


@pytest.mark.parametrize("name", fast.SERVES)
def test_the_probe_counts_as_the_other_engines_count_it(name: str) -> None:
    encoder = load(name)
    assert fast.SERVES[name][1] == encoder.count(fast.PROBE) == len(encoder.encode(fast.PROBE))
