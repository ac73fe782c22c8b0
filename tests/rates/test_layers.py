"""Files and folders of cards, compiled once for what they hold, and again when that changes."""

import os
import subprocess
import sys

import pytest

from tokencli.errors import TokError
from tokencli.rates import layers, open_cards
from tokencli.rates.index import FORMAT


@pytest.fixture
def compilations(monkeypatch):
    made = []
    compiled = layers.compiled

    def counted(files, *, shipped):
        made.append([os.path.basename(path) for path, _ in files])
        return compiled(files, shipped=shipped)

    monkeypatch.setattr(layers, "compiled", counted)
    return made


def window(path, cache):
    return open_cards(path, [], cache).find("a-1").context_window


def test_cards_are_compiled_again_only_when_they_change(tmp_path, compilations, card, folder):
    path, cache = folder(tmp_path / "cards", x=card("x", "id: a-1, context_window: 1")), str(tmp_path / "cache")
    assert [window(path, cache), window(path, cache)] == [1, 1]
    assert compilations == [["x.yaml"]]
    (tmp_path / "cards" / "x.yaml").write_text(card("x", "id: a-1, context_window: 2"))
    assert window(path, cache) == 2
    assert len(compilations) == 2
    assert len(os.listdir(cache)) == 1


@pytest.mark.parametrize("damage", [b"", f"{FORMAT} 0 1 2 3 4\n".encode(), b"\x00" * 500, b"tok-prices/0 0 0 0 0\n"])
def test_a_damaged_index_is_made_again(tmp_path, compilations, damage, card, folder):
    path, cache = folder(tmp_path / "cards", x=card("x", "id: a-1, context_window: 1")), tmp_path / "cache"
    window(path, str(cache))
    (kept,) = cache.iterdir()
    kept.write_bytes(damage or kept.read_bytes()[:-1])
    assert window(path, str(cache)) == 1
    assert len(compilations) == 2


def test_an_index_with_another_digit_is_made_again(tmp_path, compilations, card, folder):
    path, cache = folder(tmp_path / "cards", x=card("x", "id: a-1, context_window: 1234")), tmp_path / "cache"
    window(path, str(cache))
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes().replace(b"1234", b"1235"))
    assert window(path, str(cache)) == 1234
    assert len(compilations) == 2


def test_a_cache_that_cannot_be_written_changes_no_answer(tmp_path, card, folder):
    path = folder(tmp_path / "cards", x=card("x", "id: a-1, context_window: 1"))
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert window(path, str(tmp_path / "cache")) == 1


def test_an_index_beside_the_cards_of_a_package_is_all_that_is_read(tmp_path, compilations, card, folder):
    path = folder(tmp_path / "cards", x=card("x", "id: a-1, context_window: 1"))
    data = layers.compiled([("x.yaml", card("x", "id: a-1, context_window: 5").encode())], shipped=True)
    (tmp_path / "cards" / layers.COMPILED).write_bytes(data)
    compilations.clear()
    assert window(path, None) == 5
    assert compilations == []


def test_a_single_file_is_a_layer(tmp_path, card, folder):
    bundled = folder(tmp_path / "cards", x=card("x", "id: a-1, context_window: 1"))
    (tmp_path / "mine.txt").write_text(card("x", "id: a-1, context_window: 3"))
    assert open_cards(bundled, [str(tmp_path / "mine.txt")], None).find("a-1").context_window == 3


def test_a_path_without_cards_and_a_bad_card_are_errors(tmp_path, card, folder):
    bundled = folder(tmp_path / "cards", x=card("x", "id: a-1"))
    with pytest.raises(TokError, match="no rate card at") as raised:
        open_cards(bundled, [str(tmp_path / "none.yaml")], None)
    assert raised.value.exit == 2
    bad = folder(tmp_path / "bad", x=b"a: \xff\n".decode("latin-1"))
    (tmp_path / "bad" / "x.yaml").write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(TokError) as raised:
        open_cards(bundled, [bad], None).find("a-1")
    assert raised.value.message.endswith("x.yaml:2: byte 9 is not UTF-8")


def test_a_price_of_the_package_is_found_without_yaml(tmp_path, card, folder):
    """Nor hashing, dates or the catalog: a list of modules, never a stopwatch."""
    path = folder(tmp_path / "cards", x=card("x", "id: a-1"))
    data = layers.compiled(layers.files_of(path), shipped=True)
    (tmp_path / "cards" / layers.COMPILED).write_bytes(data)
    code = (
        "import sys; from tokencli.rates import open_cards;"
        f"print(open_cards({path!r}, [], None).find('x/A-1-2026-01-01').id, *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found, *modules = done.stdout.split()
    assert found == "a-1"
    assert not {"yaml", "hashlib", "datetime", "zoneinfo", "tomllib", "tokencli.catalog", "difflib"} & set(modules)
