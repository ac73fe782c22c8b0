"""Cards that were imported stand back behind those that a person wrote, in the same folder."""

import pytest

from tokencli.errors import TokError
from tokencli.rates import open_cards


@pytest.fixture
def prices(tmp_path, card, folder):
    """Cards of a folder, and of its folder `imported`; the window of a model tells whose it is."""

    def make(own, imported):
        path = folder(tmp_path / "cards", x=card("x", *own))
        folder(tmp_path / "cards" / "imported", x=card("x", *imported))
        return open_cards(path, [], None)

    return make


def test_a_model_of_both_has_the_price_that_a_person_wrote(prices):
    cards = prices(["id: a-1, context_window: 1"], ["id: A-1, context_window: 2", "id: a-2, context_window: 2"])
    assert [cards.find(name).context_window for name in ("a-1", "a-2")] == [1, 2]
    assert [model.id for model in cards.models()] == ["a-1", "a-2"]


def test_an_imported_model_whose_id_is_an_alias_of_a_written_one_goes(prices):
    cards = prices(["id: a-1, aliases: [a-2], context_window: 1"], ["id: a-2, context_window: 2"])
    assert cards.find("a-2").id == "a-1"
    assert len(list(cards.models())) == 1


def test_an_imported_model_loses_the_alias_that_a_written_card_prices(prices):
    cards = prices(["id: a-1"], ["id: b-1, aliases: [a-1, b-2]"])
    assert (cards.find("a-1").id, cards.find("b-2").id, cards.find("b-1").aliases) == ("a-1", "b-1", ("b-2",))


def test_other_names_of_an_imported_model_lead_to_the_written_price(prices):
    cards = prices(["id: a-1, context_window: 1"], ["id: a-1, aliases: [a-one], context_window: 2"])
    assert (cards.find("a-one").id, cards.find("a-one").context_window) == ("a-1", 1)


def test_an_imported_snapshot_has_the_price_that_a_person_wrote_for_its_model(prices):
    cards = prices(
        ["id: a-1, context_window: 1", "id: b-1, snapshots: none", "id: c-1", "id: c-1-2026-01-02, context_window: 1"],
        [
            "id: a-1-20260102, aliases: [a-snap], context_window: 2",
            "id: b-1-20260102, context_window: 2",
            "id: c-1-2026-01-02, context_window: 2",
            "id: z, aliases: [a-1@20260102]",
        ],
    )
    asked = ("a-1-20260102", "a-1@20260102", "a-snap", "b-1-20260102", "c-1-2026-01-02")
    assert [cards.find(name).context_window for name in asked] == [1, 1, 1, 2, 1]


def test_another_provider_keeps_its_own_price(tmp_path, card, folder):
    path = folder(tmp_path / "cards", x=card("x", "id: a-1"))
    folder(tmp_path / "cards" / "imported", y=card("y", "id: a-1"))
    assert open_cards(path, [], None).find("y/a-1").card.provider == "y"


def test_two_imported_cards_may_not_price_the_same_name(tmp_path, card, folder):
    path = folder(tmp_path / "cards")
    folder(tmp_path / "cards" / "imported", x=card("x", "id: a-1"), y=card("x", "id: a-1"))
    with pytest.raises(TokError, match="x/a-1 is priced in"):
        open_cards(path, [], None).find("a-1")
