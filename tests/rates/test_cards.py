"""A name -> the one model it means, in the topmost layer that has it, or an error that names all it could mean."""

import pytest

from tokencli.errors import TokError
from tokencli.rates import open_cards
from tokencli.rates.names import snapshot_of
from tokencli.rates.read import read_card


@pytest.fixture
def shipped(tmp_path, card, folder):
    return folder(
        tmp_path / "shipped",
        openai=card("openai", "id: gpt-4o, aliases: [GPT-4o-latest]", "id: o3, snapshots: none", "id: dall-e-3"),
        azure=card("azure", "id: gpt-4o", "id: dall-e-3", "id: azure-only"),
        google=card("google", "id: gemini-2.5-pro"),
        alibaba=card("alibaba", "id: qwen-plus", "id: deepseek-v3"),
        alibaba_cn=card("alibaba-cn", "id: qwen-plus", currency="CNY", more="provider_aliases: [bailian]\n"),
        groq=card("groq", "id: openai/gpt-oss-120b", "id: some-model-1"),
        together=card("together", "id: openai/gpt-oss-120b", "id: some-model-1"),
        openrouter=card("openrouter", "id: openai/gpt-4o", "id: openai/gpt-4o-2024-11-20"),
    )


def sold(cards, name, provider=""):
    model = cards.find(name, provider)
    return f"{model.card.provider}: {model.id}"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("azure-only", "azure: azure-only"),
        (" AZURE-Only ", "azure: azure-only"),
        ("gpt-4o-latest", "openai: gpt-4o"),
        # The maker's own price is meant where others sell the model too: catalog.toml says who made it,
        ("gpt-4o", "openai: gpt-4o"),
        # or, of one that it does not know, that openai is no host of others' models.
        ("dall-e-3", "openai: dall-e-3"),
        ("azure/gpt-4o", "azure: gpt-4o"),
        ("azure:gpt-4o", "azure: gpt-4o"),
        ("openai/gpt-4o", "openai: gpt-4o"),
        ("openrouter/openai/gpt-4o", "openrouter: openai/gpt-4o"),
        ("groq/openai/gpt-oss-120b", "groq: openai/gpt-oss-120b"),
        ("gemini/gemini-2.5-pro", "google: gemini-2.5-pro"),
        ("alibaba/qwen-plus", "alibaba: qwen-plus"),
        ("bailian/qwen-plus", "alibaba-cn: qwen-plus"),
        ("gpt-4o-2024-08-06", "openai: gpt-4o"),
        ("gpt-4o-20240806", "openai: gpt-4o"),
        ("gpt-4o@20240806", "openai: gpt-4o"),
        # A date is taken off before another provider's longer name is looked at.
        ("openai/gpt-4o-2024-11-20", "openai: gpt-4o"),
        ("openrouter/openai/gpt-4o-2024-11-20", "openrouter: openai/gpt-4o-2024-11-20"),
    ],
)
def test_a_name_means_one_model(shipped, name, meant):
    assert sold(open_cards(shipped, [], None), name) == meant


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("qwen-plus", "'qwen-plus' has 2 prices: alibaba/qwen-plus, alibaba-cn/qwen-plus"),
        ("some-model-1", "'some-model-1' has 2 prices: groq/some-model-1, together/some-model-1"),
        (
            "openai/gpt-oss-120b",
            "'openai/gpt-oss-120b' has 2 prices: groq/openai/gpt-oss-120b, together/openai/gpt-oss-120b",
        ),
    ],
)
def test_a_name_with_several_prices_is_an_error_that_names_them(shipped, name, said):
    with pytest.raises(TokError) as raised:
        open_cards(shipped, [], None).find(name)
    assert (raised.value.code, raised.value.message) == ("ambiguous-model", said)


def test_a_preferred_provider_is_meant_before_all_others(shipped):
    cards = open_cards(shipped, [], None, ["groq", "Alibaba-CN", "azure"])
    assert sold(cards, "qwen-plus") == "alibaba-cn: qwen-plus"
    assert sold(cards, "some-model-1") == "groq: some-model-1"
    assert sold(cards, "gpt-4o") == "azure: gpt-4o"
    assert sold(cards, "openai/gpt-4o") == "openai: gpt-4o"
    assert sold(cards, "gemini-2.5-pro") == "google: gemini-2.5-pro"


def test_a_provider_that_is_given_alone_counts(shipped):
    cards = open_cards(shipped, [], None)
    assert sold(cards, "qwen-plus", "bailian") == "alibaba-cn: qwen-plus"
    assert sold(cards, "openai/gpt-4o", "openrouter") == "openrouter: openai/gpt-4o"
    assert sold(cards, "alibaba/qwen-plus", "alibaba") == "alibaba: qwen-plus"
    with pytest.raises(TokError, match="no rate card of a provider 'opnai'") as raised:
        cards.find("gpt-4o", "opnai")
    assert raised.value.hint == "nearest: openai"


@pytest.mark.parametrize(
    "name",
    ["gpt-4", "gpt-4o-mini", "4o", "gpt-4o-2024-13-01", "o3-2025-04-16", "foo/gpt-4o", "openai/azure-only", "", "\n"],
)
def test_nothing_else_is_ever_meant(shipped, name):
    with pytest.raises(TokError) as raised:
        open_cards(shipped, [], None).find(name)
    assert raised.value.code == "unknown-model"


def test_an_unknown_name_has_a_hint_at_the_nearest_ones(shipped):
    cards = open_cards(shipped, [], None)
    with pytest.raises(TokError, match=r"no price for the model 'gemini-2\.5-por'") as raised:
        cards.find("gemini-2.5-por")
    assert raised.value.hint.startswith("nearest: gemini-2.5-pro; ")
    with pytest.raises(TokError) as raised:
        cards.find("openai/azure-only")
    assert raised.value.hint.startswith("nearest: azure/azure-only; ")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        # What goes on where the name ends, the shortest first, comes before what is spelled alike.
        ("some", "some-model-1"),
        ("gpt", "gpt-4o, gpt-4o-latest, openai/gpt-4o"),
        ("qwen-latest", "qwen-plus"),
        ("gpt-oss-120b", "openai/gpt-oss-120b"),
        # Of a provider that is named its own come first, then who else sells the very name.
        (
            "openrouter/gpt-4o",
            "openrouter/openai/gpt-4o, openrouter/openai/gpt-4o-2024-11-20, azure/gpt-4o, openai/gpt-4o",
        ),
        ("bogus/azure-only", "azure/azure-only"),
    ],
)
def test_a_name_that_is_not_whole_has_a_hint_at_those_that_are(shipped, name, near):
    with pytest.raises(TokError) as raised:
        open_cards(shipped, [], None).find(name)
    assert raised.value.hint == f"nearest: {near}; `tok models --all` lists what has a price"


def test_an_upper_layer_stands_for_the_same_model_below_and_for_its_names(shipped, tmp_path, card, folder):
    project = folder(tmp_path / "project", own=card("openai", "id: GPT-4o, context_window: 7", "id: house"))
    user = folder(tmp_path / "user", own=card("openai", "id: house, context_window: 9", "id: user-own"))
    cards = open_cards(shipped, [project, user], None)
    assert cards.find("gpt-4o").context_window == 7
    assert cards.find("gpt-4o").card.origin == str(tmp_path / "project" / "own.yaml")
    assert cards.find("openai/gpt-4o-2024-08-06").context_window == 7
    assert cards.find("house").context_window is None
    assert cards.find("user-own").card.origin == str(tmp_path / "user" / "own.yaml")
    assert cards.find("azure-only").card.origin == "bundled"
    # The model below is replaced as a whole, its alias too.
    with pytest.raises(TokError, match="no price"):
        cards.find("gpt-4o-latest")
    found = [(model.card.provider, model.id) for model in cards.models()]
    assert found == sorted(found, key=lambda one: (one[0], one[1].lower()))
    assert found.count(("openai", "GPT-4o")) == 1
    assert ("openai", "gpt-4o") not in found
    assert len(found) == 18


def test_a_maker_goes_before_others_but_in_cards_that_were_named_for_this_once(shipped, tmp_path, card, folder):
    path = folder(tmp_path / "own", a=card("openai", "id: gpt-4o"), b=card("azure", "id: gpt-4o"))
    assert sold(open_cards(shipped, [path], None), "gpt-4o") == "openai: gpt-4o"
    with pytest.raises(TokError, match="has 2 prices"):
        open_cards(shipped, [], None, named=[path]).find("gpt-4o")


def test_a_snapshot_is_the_makers_though_others_have_it_by_its_whole_name(tmp_path, card, folder):
    path = folder(tmp_path / "all", a=card("openai", "id: gpt-4.1"), b=card("azure", "id: gpt-4.1-2025-04-14"))
    cards = open_cards(path, [], None)
    assert sold(cards, "gpt-4.1-2025-04-14") == "openai: gpt-4.1"
    assert sold(cards, "azure/gpt-4.1-2025-04-14") == "azure: gpt-4.1-2025-04-14"
    assert sold(open_cards(path, [], None, ["azure"]), "gpt-4.1-2025-04-14") == "azure: gpt-4.1-2025-04-14"


def test_a_snapshot_says_its_date(shipped):
    cards = open_cards(shipped, [], None)
    for name, date in [
        ("gpt-4o-2024-08-06", "2024-08-06"),
        ("openai/GPT-4o@20240806", "2024-08-06"),
        ("gpt-4o", ""),
        ("openrouter/openai/gpt-4o-2024-11-20", ""),
    ]:
        assert snapshot_of(name, cards.find(name)) == date


def test_two_cards_of_a_folder_may_not_price_the_same_name(tmp_path, card, folder):
    path = folder(tmp_path / "own", a=card("x", "id: m"), b=card("x", "id: n, aliases: [M]"))
    with pytest.raises(TokError) as raised:
        open_cards(path, [], None).find("m")
    assert raised.value.message.endswith(f"b.yaml: x/M is priced in {tmp_path / 'own' / 'a.yaml'} too")


def test_an_index_answers_as_the_yaml_does(tmp_path, folder, head):
    """Every field that a card can have comes back from the compiled file."""
    text = head("acme", "CNY") + (
        "name: Acme\nprovider_aliases: [ac]\ntax: included\ndefaults: {tier_mode: slices}\n"
        "windows: {w: {days: [mon], days_tz: Asia/Shanghai, hours: ['22:00-06:00'], hours_tz: Asia/Tokyo}}\n"
        "models:\n"
        "  - id: a\n    aliases: [b]\n    snapshots: none\n    context_window: 10\n    max_output: 5\n"
        "    deprecated: 2026-01-01\n    retires: 2026-02-01\n    successor: c\n    note: n\n"
        "    cache: {min_tokens: 1, ttl_seconds: [300], breakpoints: 4, automatic: true,"
        " as_of: 2026-01-01, source: s}\n"
        "    prices:\n"
        "      - from: 2026-01-01\n        until: 2026-02-01\n        rates: {input: 0.10, output: 0.000000000001}\n"
        "        fees: {page: {price: 1.5, per: 1000, free: {count: 5, period: day, group: g}}}\n"
        "        durations: {video_seconds: {price: 0.4, per: 1, minimum: 2}}\n"
        "        storage: {cache_token_hours: 4.5}\n"
        "        overrides:\n"
        "          - {when: {window: w, region: [us, eu], input_tokens: {gt: 5}, batch: true}, rates: {input: 2}}\n"
        "          - {when: {thinking: true}, fees: {page: {price: 2, per: 1}}, note: x}\n"
        "          - {when: {cache_mode: explicit}, multiply: 0.5, only: [input]}\n"
        "        checked: 2026-01-02\n        confidence: confirmed\n        note: p\n"
        "        sources: [{url: u, retrieved: 2026-01-01, via: v, quote: q}]\n"
        "  - {id: c, prices: [{rates: {input: 3}}, {from: 2027-01-01, rates: {input: 4}}]}\n"
    ).replace("{rates: {input: 3}}", "{until: 2027-01-01, rates: {input: 3}}")
    path = folder(tmp_path / "own", acme=text)
    for _ in "made", "kept":
        cards = open_cards(str(tmp_path / "own"), [path], str(tmp_path / "cache"))
        assert tuple(cards.models()) == read_card(text, str(tmp_path / "own" / "acme.yaml")).models
    assert len(list((tmp_path / "cache").iterdir())) == 1
