"""`tok rates import`, `diff` and `update` from the command line: what is written where, and what never is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

Tok = Callable[..., Any]

ENTRY = {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07}

CARD = """\
schema: tok-ratecard/1
provider: {}
currency: USD
sources: [{{url: "https://acme.example", retrieved: 2026-11-21}}]
models: [{{id: a-1, prices: [{{rates: {{input: {}, output: 1}}}}]}}]
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "prices.json").write_text(json.dumps({"a-1": ENTRY, "a-2": {**ENTRY, "input_cost_per_pixel": 1e-9}}))
    return tmp_path


def test_a_file_becomes_a_card_and_what_is_left_out_is_listed(tok: Tok, here: Path) -> None:
    ended = tok("rates", "import", "--from", "litellm", "prices.json", "-o", "cards", cwd=here)
    text = (here / "cards" / "acme.yaml").read_text()
    assert "- {id: a-1, prices: [{rates: {input: 0.15, output: 0.6}}]}\n" in text
    assert 'via: "litellm sha256:' in text
    lines = ended.out.splitlines()
    assert lines[0] == f"{Path('cards') / 'acme.yaml'}\t2\t2\t{len(text.encode())}"
    assert lines[1] == "# left out: acme/a-2: input_cost_per_pixel: cards have no price of a pixel"
    assert lines[2] == "# 1 card, 2 models, 1 left out, 0 rounded"
    assert tok("rates", "check", "cards", cwd=here).code == 0


def test_a_trial_writes_nothing(tok: Tok, here: Path) -> None:
    ended = tok("rates", "import", "--from", "litellm", "prices.json", "-o", "cards", "--dry-run", cwd=here)
    assert ended.out.endswith("nothing is written\n")
    assert not (here / "cards").exists()


def test_a_card_that_is_there_is_not_written_over(tok: Tok, here: Path) -> None:
    (here / "acme.yaml").write_text("mine")
    ended = tok("rates", "import", "--from", "litellm", "prices.json", cwd=here)
    assert (ended.code, (here / "acme.yaml").read_text()) == (2, "mine")
    assert "is there already" in ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["prices.json"], 2, "--from"),
        (["--from", "litellm", "missing.json"], 3, "cannot read missing.json"),
        (["--from", "genai-prices", "prices.json"], 3, "no list of providers with models"),
        (["--from", "litellm", "prices.json", "--provider", "acne"], 3, "no provider 'acne'"),
    ],
)
def test_what_cannot_be_imported_is_one_line(
    tok: Tok, here: Path, arguments: list[str], code: int, message: str
) -> None:
    ended = tok("rates", "import", *arguments, cwd=here)
    assert ended.code == code
    assert message in ended.err.splitlines()[0]


def test_a_difference_is_said_in_words_and_ends_well(tok: Tok, here: Path) -> None:
    for name, price in (("old", 2), ("new", 3)):
        (here / f"{name}.yaml").write_text(CARD.format("acme", price))
    ended = tok("rates", "diff", "old.yaml", "new.yaml", "--format", "table", cwd=here)
    assert (ended.code, ended.out) == (0, "acme/a-1\n  input 2 -> 3 (+50%)\n1 price up; 1 model in both\n")
    ended = tok("rates", "diff", "old.yaml", "missing", cwd=here)
    assert (ended.code, ended.err.splitlines()[0]) == (2, "tok: error: no rate cards at missing")


def test_a_price_that_no_card_may_hold_is_refused_and_nothing_is_written(tok: Tok, here: Path) -> None:
    (here / "prices.json").write_text(json.dumps({"a-1": {**ENTRY, "input_cost_per_token": -1e-6}}))
    ended = tok("rates", "import", "--from", "litellm", "prices.json", "-o", "cards", cwd=here)
    assert ended.code == 3
    assert "acme.yaml:9: models.a-1.prices.0.rates.input is -1" in ended.err
    assert not (here / "cards").exists()


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder, and where a server on this machine gives its files."""
    folder = tmp_path_factory.mktemp("served")
    server = HTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_update_is_shown_first_and_written_when_that_is_asked(
    tok: Tok, here: Path, address: tuple[Path, str]
) -> None:
    folder, url = address
    text = CARD.format("acme", 3)
    (folder / "acme.yaml").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    env = {"TOK_DATA_DIR": str(here / "data")}
    shown = tok("rates", "update", "--from", f"{url}/acme.yaml", cwd=here, env=env)
    assert f"sha256 {digest}\nacme/a-1\n  new: input 3, output 1\n" in shown.out
    assert f"--sha256 {digest} --yes" in shown.err
    assert not (here / "data").exists()
    tok("rates", "update", "--from", f"{url}/acme.yaml", "--sha256", digest, "--yes", cwd=here, env=env)
    (row,) = json.loads(tok("rates", "list", "--provider", "acme", "--json", cwd=here, env=env).out)["data"]["cards"]
    assert (row["models"], row["origin"]) == (1, str(here / "data" / "ratecards" / "imported" / "acme.yaml"))


def test_another_price_of_a_later_update_ends_the_one_before(tok: Tok, here: Path, address: tuple[Path, str]) -> None:
    folder, url = address
    env = {"TOK_DATA_DIR": str(here / "data")}
    for price in (3, 4):
        (folder / "acme.yaml").write_text(CARD.format("acme", price))
        tok("rates", "update", "--from", f"{url}/acme.yaml", "--yes", cwd=here, env=env)
    found = json.loads(tok("rates", "show", "acme/a-1", "--json", cwd=here, env=env).out)["data"]["model"]
    first, second = found["prices"]
    assert (first["rates"]["input"], second["rates"]["input"], first["end"]) == ("3", "4", second["start"])


def test_a_set_that_shrank_is_refused_without_force(tok: Tok, here: Path, address: tuple[Path, str]) -> None:
    folder, url = address
    env = {"TOK_DATA_DIR": str(here / "data")}
    price = "prices: [{rates: {input: 1}}]"
    many = CARD.format("acme", 3).replace("models: [", f"models: [{{id: b-1, {price}}}, {{id: b-2, {price}}}, ")
    (folder / "acme.yaml").write_text(many)
    assert tok("rates", "update", "--from", f"{url}/acme.yaml", "--yes", cwd=here, env=env).code == 0
    kept = here / "data" / "ratecards" / "imported" / "acme.yaml"
    before = kept.read_text()
    (folder / "acme.yaml").write_text(CARD.format("acme", 3))
    ended = tok("rates", "update", "--from", f"{url}/acme.yaml", "--yes", cwd=here, env=env)
    assert (ended.code, kept.read_text()) == (1, before)
    assert "far fewer models than before: acme has 1 of 3 models" in ended.err
    ended = tok("rates", "update", "--from", f"{url}/acme.yaml", "--yes", "--force", cwd=here, env=env)
    assert "1 card, 1 model; 2 models it no longer has stay" in ended.out


def test_an_update_has_no_address_of_its_own(tok: Tok, here: Path) -> None:
    ended = tok("rates", "update", cwd=here)
    assert (ended.code, "--from" in ended.err) == (2, True)
