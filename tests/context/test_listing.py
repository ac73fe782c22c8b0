"""What the list of skills may take, by the figures that tokencli/context/listing.py names."""

from __future__ import annotations

import time

import pytest

from tokencli.context import AGENTS, Piece, Standing, gather
from tokencli.context.listing import Cap, Entry, cut
from tokencli.context.measure import measure
from tokencli.context.pieces import listed_within
from tokencli.context.tree import Tree
from tokencli.model import Column

BY_NAME = {agent.name: agent for agent in AGENTS}
FOLDERS = {"claude": ".claude", "codex": ".agents"}


def skills(agent: str, number: int, letters: int) -> Standing:
    """So many skills, `s10` and on, with descriptions of so many letters."""
    texts = {
        f"{FOLDERS[agent]}/skills/s{at}/SKILL.md": f"---\nname: s{at}\ndescription: {'d' * letters}\n---\n".encode()
        for at in range(10, 10 + number)
    }
    return gather(BY_NAME[agent], Tree(tuple(sorted(texts)), texts.get))


def lists(standing: Standing) -> list[Piece]:
    return [piece for piece in standing.pieces if piece.load == "always"]


@pytest.mark.parametrize(
    ("window", "most"),
    # 1% of the window at 4 characters, measured as 8,000 of 200,000 at 2.1.159; 8,000 where the window is not known.
    [(200_000, 8_000), (1_000_000, 40_000), (None, 8_000)],
)
def test_claude_code_has_one_per_cent_of_the_window_in_characters(window: int | None, most: int) -> None:
    cap = BY_NAME["claude"].listing
    assert cap is not None
    assert cap.limit(window)[0] == most


def test_codex_has_two_per_cent_of_the_window_in_tokens_of_four_bytes() -> None:
    cap = BY_NAME["codex"].listing
    assert cap is not None
    # Of GPT-5's 272,000 its own log says budget_limit=5440: https://github.com/openai/codex/issues/24299
    most, cost, _ = cap.limit(272_000)
    assert (most, cost("12345"), cost("\u4e2d\u6587")) == (5_440, 2, 2)
    assert cap.limit(None)[:2] == (8_000, len)


def test_a_list_that_fits_is_left_alone() -> None:
    standing = skills("claude", 20, 100)
    assert listed_within(standing, 200_000) is standing


def test_descriptions_are_cut_to_the_room_there_is_and_it_is_said() -> None:
    standing = listed_within(skills("claude", 10, 1_500), 200_000)
    # `- s10: ` and a line end are 8 characters, which leaves 792 of 800 for each.
    assert [len(piece.texts[0]) for piece in lists(standing)] == [len("s10: ") + 792] * 10
    assert {piece.remark for piece in lists(standing)} == {"name and description, cut to fit the list"}
    assert standing.notes == (
        "Claude Code lists 10 skills in 8,000 characters, 1% of the window of 200,000 tokens: 10 descriptions cut",
    )


def test_short_descriptions_leave_their_room_to_long_ones() -> None:
    entries = [Entry("a", "x"), Entry("b", "y" * 100), Entry("c", "z" * 100)]
    assert cut(entries, 59, len, omits=False).texts == ["a: x", f"b: {'y' * 20}", f"c: {'z' * 20}"]


def test_claude_code_keeps_every_name() -> None:
    assert cut([Entry("name", "about")] * 3, 5, len, omits=False) == (["name"] * 3, 3)


def test_codex_leaves_out_what_has_no_room_for_its_name() -> None:
    standing = listed_within(skills("codex", 90, 10), 20_000)
    # `- s10 (file: .agents/skills/s10/SKILL.md)` and a line end are 42 bytes, 11 tokens of 4: 36 of them in 400.
    kept = [piece for piece in lists(standing) if piece.texts]
    assert len(kept) == 36
    assert kept[0].texts == ("s10 (file: .agents/skills/s10/SKILL.md)",)
    assert {piece.remark for piece in lists(standing) if not piece.texts} == {"left out, as the list is full"}
    assert standing.notes[-1].endswith("90 descriptions cut, 54 left out altogether")


def test_each_column_has_the_list_of_its_own_window() -> None:
    columns = [Column("o200k_base", "exact", model="m", window=window) for window in (20_000, 1_000_000)]
    (agent,) = measure([skills("claude", 10, 1_500)], columns)
    small, large = (count.tokens for count in agent.always)
    assert 0 < small < large
    assert len(agent.notes) == 1


def test_a_long_description_is_cut_in_codex_too() -> None:
    (piece,) = lists(skills("codex", 1, 3_000))
    assert (piece.texts[0].count("d" * 1_024), piece.texts[0].count("d" * 1_025)) == (1, 0)


def test_thousands_of_skills_take_no_time() -> None:
    start = time.monotonic()
    cut([Entry(f"s{at}", "d" * 1_024) for at in range(3_000)], 40_000, len, omits=True)
    assert time.monotonic() - start < 5


def test_equal_words_for_both_units() -> None:
    assert Cap((), 1, characters=True, omits=False).limit(200_000)[2].endswith("1% of the window of 200,000 tokens")
    assert Cap((), 2, characters=False, omits=True).limit(272_000)[2] == (
        "5,440 tokens of 4 bytes, 2% of the window of 272,000 tokens"
    )
