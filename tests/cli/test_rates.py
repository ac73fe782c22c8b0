"""`tok rates` and `tok models` over a small card of a project, which stands above those that ship."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Tok = Callable[..., Any]

CARD = """\
schema: tok-ratecard/1
provider: acme
name: Acme
currency: CNY
sources: [{url: "https://acme.example/prices", retrieved: 2026-11-21}]
models:
  - id: gpt-4o
    context_window: 128000
    max_output: 16384
    cache_min_tokens: 1024
    prices:
      - {until: 2026-10-01, rates: {input: 3, output: 12}, checked: 2026-09-01}
      - from: 2026-10-01
        rates: {input: 2.5, cache_read: 0.125, output: 10}
        fees: {web_search: {price: 0.05, per: 1, free: {count: 10, period: day}}}
        overrides:
          - {when: {input_tokens: {gt: 32000}}, rates: {input: 5, cache_read: 0.25, output: 20}}
          - {when: {batch: true}, multiply: 0.5}
        checked: 2026-11-21
        confidence: confirmed
  - {id: own-1, retires: 2026-11-01, prices: [{rates: {input: 0.003}, confidence: unconfirmed}]}
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "ratecards").mkdir()
    (tmp_path / "ratecards" / "acme.yaml").write_text(CARD)
    return tmp_path


def test_cards_are_listed_with_their_prices_last_check(tok: Tok, here: Path) -> None:
    ended = tok("rates", "list", "--provider", "acme", cwd=here)
    assert ended.out == f"acme\tCNY\t2\t2026-11-21\t{here / 'ratecards' / 'acme.yaml'}\n"
    (row,) = json.loads(tok("rates", "list", "--provider", "acme", "--json", cwd=here).out)["data"]["cards"]
    assert (row["provider"], row["name"], row["tax"], row["models"]) == ("acme", "Acme", "excluded", 2)
    # sha256sum of the file, by another program than ours.
    assert len(row["digest"]) == 64


SHOWN = """\
acme/gpt-4o  CNY, tax excluded, per 1,000,000 tokens
  context window: 128,000
  max output: 16,384
  cache: min_tokens 1,024
  card: {card}
  until 2026-10-01: imported, checked 2026-09-01
    rates: input 3, output 12
  from 2026-10-01: confirmed, checked 2026-11-21
    rates: input 2.5, cache_read 0.125, output 10
    fees: web_search (price 0.05, per 1, free 10, period day)
    when input_tokens (gt 32,000): rates input 5, cache_read 0.25, output 20
    when batch yes: multiply 0.5
  source: https://acme.example/prices (2026-11-21)
"""


def test_a_model_is_shown_with_all_that_its_card_says(tok: Tok, here: Path) -> None:
    ended = tok("rates", "show", "acme/gpt-4o", cwd=here)
    assert ended.out == SHOWN.format(card=here / "ratecards" / "acme.yaml")
    early = tok("rates", "show", "acme/gpt-4o", "--at", "2026-09-30T23:59:59Z", cwd=here).out
    assert "until 2026-10-01: imported" in early
    assert "from 2026-10-01" not in early


def test_a_nearer_card_stands_for_those_below_and_origin_names_them(tok: Tok, here: Path) -> None:
    mine = here / "mine.yaml"
    mine.write_text(CARD.replace("input: 2.5", "input: 2.25"))
    ended = tok("rates", "show", "acme/gpt-4o", "--ratecard", "mine.yaml", "--origin", cwd=here)
    assert "rates: input 2.25" in ended.out
    assert f"  card: mine.yaml\n  card: {here / 'ratecards' / 'acme.yaml'} (not used)\n" in ended.out


@pytest.mark.parametrize("command", [("rates", "list"), ("models",)])
def test_a_provider_is_known_by_any_of_its_names_and_no_other(tok: Tok, here: Path, command: tuple[str, ...]) -> None:
    by_alias, by_id = (tok(*command, "--provider", name, cwd=here) for name in ("Gemini", "google"))
    assert (by_alias.out, by_alias.code) == (by_id.out, 0)
    assert "google" in by_id.out
    ended = tok(*command, "--provider", "gogle", cwd=here)
    assert (ended.out, ended.code) == ("", 3)
    assert ended.err.startswith("tok: error: no rate card of a provider 'gogle'\nhint: nearest: google")


def test_of_many_sources_of_a_card_the_first_are_shown(tok: Tok, here: Path) -> None:
    pages = ", ".join(f'{{url: "https://acme.example/{number}", retrieved: 2026-11-21}}' for number in range(8))
    text = CARD.replace('[{url: "https://acme.example/prices", retrieved: 2026-11-21}]', f"[{pages}]")
    (here / "ratecards" / "acme.yaml").write_text(text)
    lines = tok("rates", "show", "own-1", cwd=here).out.splitlines()
    assert lines[-6:-1] == [f"  source: https://acme.example/{number} (2026-11-21)" for number in range(5)]
    assert lines[-1] == "  and 3 more sources of the card: --json names them"


def test_an_unknown_model_or_instant_ends_with_data(tok: Tok, here: Path) -> None:
    ended = tok("rates", "show", "acme/own-2", cwd=here)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("tok: error: no price for the model 'acme/own-2'\nhint: nearest: ")
    late = tok("rates", "show", "acme/gpt-4o", "--at", "yesterday", cwd=here)
    assert late.code == 3
    assert "not an instant: 'yesterday'" in late.err


def test_a_good_card_passes_and_a_wrong_one_fails_with_its_line(tok: Tok, here: Path) -> None:
    assert tok("rates", "check", cwd=here).out == "1 card: 0 errors, 0 warnings\n"
    (here / "bad.yaml").write_text(CARD.replace("fees:", "feas:"))
    ended = tok("rates", "check", "bad.yaml", cwd=here)
    assert ended.code == 1
    assert ended.out == (
        "bad.yaml:15: error: models.gpt-4o.prices.1: unknown key 'feas' [card]\n"
        "  did you mean 'fees'?\n"
        "1 card: 1 error, 0 warnings\n"
    )


def test_a_warning_fails_only_where_it_is_asked_to(tok: Tok, here: Path) -> None:
    (here / "tok.toml").write_text("stale-after-days = 1000000\n")
    (here / "old.yaml").write_text(CARD.replace(", cache_read: 0.25, output: 20", ", output: 20"))
    said = (
        "old.yaml:17: warning: gpt-4o: the tier from 32,001 tokens leaves cache_read at the base price [tier]\n"
        "  state cache_read in this row, also where it is the same\n"
        "1 card: 0 errors, 1 warning\n"
    )
    ended = tok("rates", "check", "old.yaml", cwd=here)
    assert (ended.code, ended.out) == (0, said)
    strict = tok("rates", "check", "old.yaml", "--strict", cwd=here)
    assert (strict.code, strict.out) == (1, said)
    findings = json.loads(tok("rates", "check", "old.yaml", "--json", cwd=here).out)["data"]["findings"]
    assert [(one["line"], one["level"], one["rule"]) for one in findings] == [(17, "warning", "tier")]


def test_cards_of_a_folder_may_not_price_the_same_name(tok: Tok, here: Path) -> None:
    (here / "ratecards" / "other.yaml").write_text(CARD)
    ended = tok("rates", "check", cwd=here)
    assert ended.code == 1
    assert "acme/gpt-4o is priced in" in ended.out


def test_the_schema_is_the_one_that_ships(tok: Tok, here: Path) -> None:
    file = Path(__file__).parents[2] / "ratecards" / "ratecard.schema.json"
    assert tok("rates", "schema", cwd=here).out == file.read_text("utf-8")


MODELS = {
    "table": """\
   INPUT  OUTPUT  CACHED   WINDOW  MAX OUT  CACHE FROM    ENCODING  COUNTS  MODEL
   ¥2.50  ¥10.00  ¥0.125  128,000   16,384       1,024  o200k_base   exact  acme/gpt-4o
  ¥0.003      --      --       --       --          --          --      --  acme/own-1 (retires 2026-11-01, unconfirmed)

  2 models; prices per 1,000,000 tokens
""",
    "plain": """\
acme/gpt-4o\t2.5\t10\t0.125\tCNY\t128000\t16384\t1024\to200k_base\texact\t
acme/own-1\t0.003\t--\t--\tCNY\t--\t--\t--\t--\t--\tretires 2026-11-01, unconfirmed
""",
    "markdown": """\
| Model | Input | Output | Cached | Window | Max out | Cache from | Encoding | Counts |
|---|---:|---:|---:|---:|---:|---:|---|---|
| `acme/gpt-4o` | ¥2.50 | ¥10.00 | ¥0.125 | 128,000 | 16,384 | 1,024 | o200k\\_base | exact |
| `acme/own-1` (retires 2026-11-01, unconfirmed) | ¥0.003 | -- | -- | -- | -- | -- | -- | -- |

Prices per 1,000,000 tokens.
""",
    "csv": (
        "provider,id,maker,encoding,method,window,max_output,currency,input,output,cache_read,cache_minimum,confidence,"
        "deprecated,retires\r\n"
        "acme,gpt-4o,openai,o200k_base,exact,128000,16384,CNY,2.5,10,0.125,1024,confirmed,,\r\n"
        "acme,own-1,,,,,,CNY,0.003,,,,unconfirmed,,2026-11-01\r\n"
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_models_are_listed_in_every_format(tok: Tok, here: Path, name: str) -> None:
    ended = tok("models", "--provider", "acme", "--retired", "all", "--at", "2026-11-22", "--format", name, cwd=here)
    assert ended.raw.decode() == MODELS[name]


def names(tok: Tok, here: Path, *arguments: str) -> list[str]:
    ended = tok("models", "--at", "2026-11-22", "--json", *arguments, cwd=here)
    listed = json.loads(ended.out)["data"]["models"]
    return [f"{model['provider']}/{model['id']}" for model in listed]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["acme/gpt-4o"]),
        (["--retired", "only"], ["acme/own-1"]),
        (["--retired", "all", "OWN-"], ["acme/own-1"]),
        (["--maker", "openai"], ["acme/gpt-4o"]),
        (["--maker", "anthropic"], []),
        (["--max-input", "2.5"], ["acme/gpt-4o"]),
        (["--max-input", "2.499999999999"], []),
        (["--min-window", "128000"], ["acme/gpt-4o"]),
        (["--min-window", "128001"], []),
        (["--exact", "--retired", "all"], ["acme/gpt-4o"]),
        (["--currency", "usd"], []),
        (["--at", "2026-10-31", "own-"], ["acme/own-1"]),
    ],
)
def test_models_are_filtered(tok: Tok, here: Path, arguments: list[str], expected: list[str]) -> None:
    assert names(tok, here, "--provider", "acme", *arguments) == expected


def test_a_model_without_a_price_is_listed_with_what_is_known(tok: Tok, here: Path) -> None:
    """Of the catalog's models some have no card: gpt2 was never sold."""
    ended = tok("models", "gpt2", "--format", "plain", cwd=here)
    assert "gpt2\t--\t--\t--\t" in ended.out
    assert "gpt2" not in tok("models", "gpt2", "--priced", "--format", "plain", cwd=here).out


def test_only_the_makers_price_is_listed_unless_all_are_wanted(tok: Tok, here: Path) -> None:
    assert "openai/gpt-6-sol" in names(tok, here, "gpt-6-sol")
    assert {name.partition("/")[0] for name in names(tok, here, "gpt-6-sol")} == {"openai"}


def test_imported_cards_of_a_project_list_a_model_at_its_maker_too(tok: Tok, here: Path) -> None:
    """`acme` sells gpt-4o and did not make it: a card that somebody wrote shows it, an imported one on demand."""
    assert "acme/gpt-4o" in names(tok, here, "gpt-4o")
    folder = here / "ratecards" / "imported"
    folder.mkdir()
    (here / "ratecards" / "acme.yaml").rename(folder / "acme.yaml")
    assert "acme/gpt-4o" not in names(tok, here, "gpt-4o")
    assert "acme/gpt-4o" in names(tok, here, "gpt-4o", "--all")


def test_a_list_without_a_model_says_so(tok: Tok, here: Path) -> None:
    ended = tok("models", "zzz", cwd=here)
    assert (ended.out, ended.err, ended.code) == ("", "no model fits\n", 0)


def test_a_price_that_is_no_number_is_refused(tok: Tok, here: Path) -> None:
    ended = tok("models", "--max-input", "1e3", cwd=here)
    assert (ended.code, ended.out) == (2, "")
    assert "--max-input: '1e3' is no price" in ended.err
