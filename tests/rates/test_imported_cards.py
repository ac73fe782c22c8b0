"""The cards that ship, imported ones among them, price the models that genai-prices and litellm know."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tokencli.errors import TokError
from tokencli.rates import open_cards
from tokencli.rates.folders import shipped
from tokencli.rates.read import problems, read_card

ROOT = Path(__file__).parents[2]
SETS = json.loads((ROOT / "tests/vectors/ratecards/ids.json").read_text())["sets"]
FILES = sorted((ROOT / "ratecards/imported").glob("*.yaml"))

SHARE = 0.98
"""Of the ids for which a data set has a price, at least so many must be found."""


@pytest.fixture(scope="module")
def cards(tmp_path_factory):
    return open_cards(shipped(), [], str(tmp_path_factory.mktemp("cache")))


def missing(cards, providers, kind):
    """The ids of a kind that are not found at their provider."""
    for provider, kinds in providers.items():
        for name in kinds.get(kind, ()):
            try:
                cards.find(name, provider)
            except TokError:
                yield f"{provider}: {name}"


@pytest.mark.parametrize("name", SETS)
def test_nearly_every_id_that_has_a_price_is_found(cards, name):
    providers = SETS[name]
    total = Counter(
        {kind: sum(len(one.get(kind, ())) for one in providers.values()) for kind in ("priced", "unpriced")}
    )
    left = {kind: list(missing(cards, providers, kind)) for kind in total}
    found = total["priced"] - len(left["priced"])
    share = (total.total() - sum(map(len, left.values()))) / total.total()
    print(f"{name}: {found:,} of {total['priced']:,} ids with a price are found, {share:.2%} of all {total.total():,}")
    print("not found, though they have a price:", *left["priced"], sep="\n  ")
    print("without a price in the data, not found:", *left["unpriced"], sep="\n  ")
    assert found / total["priced"] >= SHARE


def test_of_genai_prices_nearly_every_id_is_found_with_or_without_a_price(cards):
    providers = SETS["genai-prices 0.2.3"]
    total = sum(len(ids) for kinds in providers.values() for ids in kinds.values())
    left = [one for kind in ("priced", "unpriced") for one in missing(cards, providers, kind)]
    assert total == 3613  # ids and names of `equals` clauses of genai_prices/data.py 0.2.3, each once a provider
    assert len(left) <= total * (1 - SHARE)


def test_every_imported_card_is_a_card_that_says_where_it_is_from():
    assert len(FILES) > 60
    for path in FILES:
        text = path.read_text()
        assert problems(text, path.name) == []
        card = read_card(text, path.name)
        assert card.head.provider == path.stem
        assert all(source.retrieved and source.via.endswith("(MIT)") for source in card.head.sources)
        prices = [price for model in card.models for price in model.prices]
        assert all("a reseller" in price.note for price in prices if price.confidence != "imported")


@pytest.mark.parametrize(
    ("name", "provider", "rate", "price"),
    [
        # AWS serves these in one region at 1.1 times the global price; litellm has the global one at the bare name.
        ("anthropic.claude-opus-5-5", "bedrock", "input", "4.4"),
        ("global.anthropic.claude-opus-5-5", "bedrock", "input", "4"),
        # genai-prices 0.2.3 gives eu. Nova the price of the US; litellm 1.109.1 has 1.05 US dollars a million.
        ("eu.amazon.nova-pro-v1:0", "bedrock", "input", "1.05"),
    ],
)
def test_where_the_sets_disagree_the_right_one_stands(cards, name, provider, rate, price):
    assert str(cards.find(name, provider).prices[-1].rates[rate]) == price


@pytest.mark.parametrize("provider", ["zhipu", "bytedance", "alibaba-cn"])
def test_no_converted_dollars_stand_where_the_price_is_in_yuan(cards, provider):
    assert {head.currency for head in cards.heads() if head.provider == provider} == {"CNY"}
