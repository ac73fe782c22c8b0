"""Which model a name means among the cards of the vectors, and which names mean none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.billing import cases
from tokencli.errors import TokError
from tokencli.rates import open_cards

NAMES: list[dict[str, Any]] = json.loads((cases.FOLDER / "names.json").read_text(encoding="utf-8"))["names"]


@pytest.mark.parametrize("case", NAMES, ids=lambda case: case["name"])
def test_a_name_means_its_model_or_none(case: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cards")
    for name in case["cards"]:
        (folder / name.removeprefix("cards/")).write_bytes((cases.FOLDER / name).read_bytes())
    nothing = tmp_path_factory.mktemp("none")
    cards = open_cards(str(nothing), [], None, named=[str(folder)])
    if "error" in case:
        with pytest.raises(TokError) as refusal:
            cards.find(case["ask"])
        assert refusal.value.code == case["error"]
    else:
        model = cards.find(case["ask"])
        assert f"{model.card.provider}/{model.id}" == case["finds"]


def test_every_report_is_held_by_a_case() -> None:
    held = {number for case in (*cases.every(), *NAMES) for number in case.get("reports", ())}
    assert held == set(range(1, 19))
