"""Small cards, for the tests of reading and finding them."""

import pytest

HEAD = (
    "schema: tok-ratecard/1\nprovider: {}\ncurrency: {}\nsources: [{{url: https://a.example, retrieved: 2026-11-21}}]\n"
)


@pytest.fixture
def head():
    """What a card of a provider, in a currency, begins with."""
    return HEAD.format


@pytest.fixture
def card():
    """A card of models, each given as its keys besides the price."""

    def make(provider, *models, currency="USD", more=""):
        lines = [f"  - {{{model}, prices: [{{rates: {{input: 1}}}}]}}" for model in models]
        return HEAD.format(provider, currency) + more + "models:\n" + "\n".join(lines) + "\n"

    return make


@pytest.fixture
def folder():
    """A new folder of cards, by their names."""

    def make(path, **cards):
        path.mkdir(parents=True)
        for name, text in cards.items():
            (path / f"{name}.yaml").write_text(text)
        return str(path)

    return make
