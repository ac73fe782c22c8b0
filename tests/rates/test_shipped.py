"""What holds for every card in `ratecards/`."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tokencli.model.rates import Card
from tokencli.rates import layers
from tokencli.rates.index import Index
from tokencli.rates.lint import check
from tokencli.rates.read import read_card

FOLDER = Path(__file__).parents[2] / "ratecards"
CARDS = sorted(FOLDER.rglob("*.yaml"))

READ = date(2026, 11, 22)
"""A day on which the prices were fresh: no test fails because time goes by, `tok rates check` says what is stale."""

KNOWN = {
    # deepseek-pro-latest of OpenRouter costs more to read from the cache than to send, says OpenRouter itself.
    ("openrouter", "cache-read"),
}


@cache
def read(path: Path) -> Card:
    return read_card(path.read_text("utf-8"), str(path))


def test_there_are_cards() -> None:
    assert len(CARDS) >= 20


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_a_card_or_doubtful(path: Path) -> None:
    found = check(path.read_text("utf-8"), str(path), READ, 45)
    assert [one for one in found if (path.stem, one.rule) not in KNOWN] == []


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_a_card_has_the_name_of_its_provider_and_a_source(path: Path) -> None:
    head = read(path).head
    assert path.stem == head.provider
    assert head.sources
    assert all(source.url and source.retrieved for source in head.sources)


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_models_are_sorted_with_one_price_at_a_time(path: Path) -> None:
    models = read(path).models
    assert [model.id for model in models] == sorted((model.id for model in models), key=str.lower)
    for model in models:
        for before, after in pairwise(model.prices):
            assert before.end is not None
            assert after.start is not None
            assert before.end <= after.start


def test_the_index_answers_as_the_cards_do() -> None:
    files = layers.files_of(str(FOLDER))
    index = Index(layers.compiled(files, shipped=True))
    # Of a model that was imported and written by hand too the latter counts; aliases may be lent to it.
    paths = sorted(CARDS, key=lambda path: path.parent == FOLDER)
    cards = {(card.head.provider, model.id): model for card in map(read, paths) for model in card.models}
    found = list(index.models())
    assert len(found) >= 300
    for model in found:
        written = cards[model.card.provider, model.id]
        assert model._replace(card=written.card, aliases=()) == written._replace(aliases=())
        assert model.card._replace(origin="") == written.card._replace(origin="")
        for name in (model.id, *model.aliases):
            assert model in [index.model(entry) for entry in index.entries(name.lower())]
