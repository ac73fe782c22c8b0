"""Every fixture is claimed by exactly one reader, the one whose folder it lies in, and read without a loss."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokencli import transcripts
from tokencli.model.transcript import Message, Transcript
from tokencli.transcripts import Reader

FIXTURES = Path(__file__).parents[1] / "fixtures" / "transcripts"
FILES = sorted(path for path in FIXTURES.glob("*/*") if path.suffix in (".json", ".jsonl"))
READERS = transcripts.built_in()


def opened(path: Path, wanted: str | None = None) -> tuple[Transcript, list[Message]]:
    transcript, _, _ = transcripts.open_file([path.read_text(encoding="utf-8")], path.name, READERS, wanted)
    assert transcript is not None
    return transcript, list(transcript.messages)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_exactly_one_reader_claims_a_fixture(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shape = transcripts.look(text, complete=True)
    assert shape is not None
    alone = [reader.FORMAT for reader in READERS if transcripts.claimant(shape, path.name, [reader])]
    strong = [reader.FORMAT for reader in READERS if any(reader.claims(value) == "mine" for value in shape.values)]
    assert (strong or alone) == [path.parent.name.replace("_", "-")]
    reader = transcripts.sniff(text, path.name, READERS)
    assert reader is not None
    assert (strong or alone) == [reader.FORMAT]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_fixture_is_read_whole(path: Path) -> None:
    transcript, messages = opened(path)
    assert transcript.skipped == []
    assert [message.index for message in messages] == list(range(len(messages)))
    assert messages or transcript.tools or transcript.left_out


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.FORMAT)
def test_every_format_has_fixtures_a_name_of_its_own_and_a_docstring(reader: Reader) -> None:
    assert any(path.parent.name.replace("_", "-") == reader.FORMAT for path in FILES)
    assert (reader.__doc__ or "").count("\n") >= 3


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.FORMAT)
@pytest.mark.parametrize(
    "value", [{}, [], "", 3, None, [1], {"messages": 3}, {"type": 7}, {"type": "user"}, [[]], [{}]]
)
def test_no_reader_claims_or_fails_on_what_is_nothing(reader: Reader, value: object) -> None:
    assert reader.claims(value) == ""
    reader.read(value, transcripts.Out())


def test_the_marks_that_are_looked_for_first_are_in_every_fixture() -> None:
    assert all(transcripts.MARKED.search(path.read_text(encoding="utf-8")) for path in FILES)
