"""Cards from an address, against a server of this test: what is taken, refused, and kept of the past."""

import gzip
import hashlib
import io
import tarfile
import threading
import zipfile
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tokencli.errors import TokError
from tokencli.rates import sets, updating
from tokencli.rates.read import instant, read_card

TODAY = instant("2026-11-22")


@pytest.fixture
def serve(monkeypatch):
    """A server that answers every request with some bytes, a status and headers; gives its address."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    servers = []

    def start(body=b"", status=200, headers=(), length=None):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *given):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/cards.yaml"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def fetch(url, sha256=""):
    return updating.fetch(url, lambda: 0.0, sha256)


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"set/{name}", text)
    return out.getvalue()


def tarred(**files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(f"set/{name}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_gives_the_cards_in_it_and_nothing_else(serve, card, pack):
    data = pack(**{"a.yaml": card("a", "id: m"), "b.yml": card("b", "id: m"), "README.md": "no card"})
    fetched = fetch(serve(data))
    assert [one.head.provider for one in updating.cards_in(fetched)] == ["a", "b"]
    assert fetched.sha256 == hashlib.sha256(data).hexdigest()


def test_a_card_that_is_wrong_is_refused_with_its_line(serve):
    with pytest.raises(TokError, match=r"cards\.yaml:1: "):
        updating.cards_in(fetch(serve(b"schema: tok-ratecard/9\n")))


def test_only_the_bytes_with_the_named_checksum_are_taken(serve, card):
    data = card("a", "id: m").encode()
    url, right = serve(data), hashlib.sha256(data).hexdigest()
    assert fetch(url, right.upper()).data == data
    with pytest.raises(TokError, match=f"has the checksum {right}, not 0000") as refused:
        fetch(url, "0" * 64)
    assert refused.value.code == "checksum"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"status": 404}, "answers with HTTP 404"),
        ({"status": 500}, "answers with HTTP 500"),
        ({"body": b"x", "length": 5}, "broke off its answer"),
        ({"body": b"PK\x03\x04 cut off"}, "no whole archive"),
        ({"body": b"\x1f\x8b cut off"}, "no whole archive"),
        ({"status": 302, "headers": [("Location", "/cards.yaml")]}, "redirects more than 5 times"),
    ],
)
def test_an_answer_that_is_no_whole_set_is_one_line(serve, answer, message):
    with pytest.raises(TokError, match=message) as refused:
        updating.cards_in(fetch(serve(**answer)))
    assert (refused.value.code, "\n" in refused.value.message, bool(refused.value.hint)) == (
        "update-failed",
        False,
        True,
    )


def test_an_answer_larger_than_the_limit_is_not_read_to_its_end(serve, monkeypatch):
    monkeypatch.setattr(updating, "LARGEST", 1000)
    with pytest.raises(TokError, match="is larger than"):
        fetch(serve(b"x" * 100_000))


def test_an_archive_that_unpacks_to_more_than_the_limit_is_refused(serve, monkeypatch):
    monkeypatch.setattr(updating, "UNPACKED", 1000)
    with pytest.raises(TokError, match="too large an archive"):
        updating.cards_in(fetch(serve(zipped(**{"a.txt": "x" * 2000}))))


def test_headers_of_an_archive_count_as_what_it_unpacks_to(serve, monkeypatch):
    monkeypatch.setattr(updating, "UNPACKED", 1 << 16)
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 1 << 20
    with pytest.raises(TokError, match="too large an archive"):
        updating.cards_in(fetch(serve(gzip.compress(header.tobuf() + bytes(1 << 20)))))


def test_a_zip_that_lies_about_its_sizes_is_no_archive(serve):
    data = zipped(**{"a.yaml": "#" * 100_000}).replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(TokError, match="no whole archive: BadZipFile"):
        updating.cards_in(fetch(serve(data)))


def test_an_answer_is_taken_as_it_is_and_never_unpacked_on_the_way(serve, card):
    packed = gzip.compress(gzip.compress(card("a", "id: m").encode()))
    with pytest.raises(TokError, match="compresses its answer"):
        fetch(serve(packed, headers=[("Content-Encoding", "gzip, gzip")]))


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("http://prices.example/cards.yaml", "redirects to an address without TLS"),
        ("file:///etc/passwd", "cannot be reached: UnsupportedProtocol"),
    ],
)
def test_a_redirect_leads_neither_to_a_file_nor_away_without_tls(serve, to, message):
    with pytest.raises(TokError, match=message):
        fetch(serve(status=302, headers=[("Location", to)]))


def test_an_answer_that_takes_too_long_is_given_up(serve):
    ticks = iter((0.0, 1e6))
    with pytest.raises(TokError, match="took longer than 300 seconds"):
        updating.fetch(serve(b"x"), lambda: next(ticks))


def test_a_dead_address_and_a_dead_proxy_are_one_line(monkeypatch, serve):
    with pytest.raises(TokError, match="cannot be reached: ConnectError"):
        fetch("http://127.0.0.1:9/cards.yaml")
    monkeypatch.setenv("HTTP_PROXY", "http://user:secret@127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(TokError, match="cannot be reached") as refused:
        fetch("http://cards.example/x.yaml", "0" * 64)
    assert "secret" not in refused.value.message + refused.value.hint
    monkeypatch.setenv("HTTP_PROXY", "nonsense://proxy")
    with pytest.raises(TokError, match="the settings of the network do not work"):
        fetch("http://cards.example/x.yaml", "0" * 64)


@pytest.mark.parametrize(
    ("url", "sha256", "message"),
    [
        ("cards.yaml", "", "is no address"),
        ("file:///etc/passwd", "", "is no address"),
        ("http://[bad/x", "", "is no address"),
        ("http://cards.example/x.yaml", "", "without TLS"),
        ("https://cards.example/x.yaml", "abc", "no SHA-256"),
    ],
)
def test_an_address_that_may_not_be_asked_is_a_usage_error(url, sha256, message):
    with pytest.raises(TokError, match=message) as refused:
        fetch(url, sha256)
    assert refused.value.exit == 2


def test_a_password_in_the_address_is_not_shown(serve):
    url = serve(b"x").replace("//", "//user:secret@") + "?token=secret"
    assert "secret" not in fetch(url).address


@pytest.fixture
def plan(head):
    """What an update makes of the prices of one model: those installed, those that ship, and the new ones."""

    def read(prices):
        return read_card(head("p", "USD") + f"models: [{{id: m, prices: [{prices}]}}]\n", "p.yaml")

    def make(new, installed="", shipped=""):
        mine = [read(installed)] if installed else []
        theirs = read(shipped).models if shipped else ()
        found = updating.planned([read(new)], mine, theirs, TODAY)
        return [(one.start, one.end, one.rates["input"]) for one in found.cards["p"].models[0].prices]

    return make


OLD = "{until: 2026-03-01, rates: {input: 3}}, {from: 2026-03-01, rates: {input: 2}}"
MARCH = instant("2026-03-01")


@pytest.mark.parametrize("where", ["installed", "shipped"])
def test_a_price_without_a_date_holds_from_today_where_it_is_another(plan, where):
    assert plan("{rates: {input: 1}}", **{where: OLD}) == [
        (None, MARCH, Decimal(3)),
        (MARCH, TODAY, Decimal(2)),
        (TODAY, None, Decimal(1)),
    ]


def test_a_price_without_a_date_that_is_the_same_changes_nothing(plan):
    assert plan("{rates: {input: 2}}", installed=OLD) == [(None, MARCH, Decimal(3)), (MARCH, None, Decimal(2))]


def test_dates_of_the_new_set_stand_and_older_prices_stay_before_them(plan):
    october = instant("2026-10-01")
    assert plan("{from: 2026-10-01, rates: {input: 1}}", installed=OLD) == [
        (None, MARCH, Decimal(3)),
        (MARCH, october, Decimal(2)),
        (october, None, Decimal(1)),
    ]


def test_an_old_window_keeps_its_hours_where_the_new_card_means_others(head):
    def read(hours, price):
        rows = f"overrides: [{{when: {{window: night}}, rates: {{input: {price}}}}}]"
        models = f"models: [{{id: m, prices: [{{rates: {{input: {price * 2}}}, {rows}}}]}}]\n"
        return read_card(head("p", "USD") + f'windows: {{night: {{hours: ["{hours}"]}}}}\n' + models, "p.yaml")

    card = updating.planned([read("01:00-02:00", 1)], [read("00:00-06:00", 2)], (), TODAY).cards["p"]
    hours = [card.head.windows[one.overrides[0].when.window].hours for one in card.models[0].prices]
    assert hours == [((0, 360),), ((60, 120),)]


def test_a_model_that_the_new_set_no_longer_has_stays(card):
    old = read_card(card("p", "id: m", "id: n"), "p.yaml")
    found = updating.planned([read_card(card("p", "id: m"), "p.yaml")], [old], (), TODAY)
    assert ([model.id for model in found.cards["p"].models], found.models, found.kept) == (["m", "n"], 1, 1)


@pytest.mark.parametrize(("left", "told"), [(8, ()), (7, ("p has 7 of 10 models",))])
def test_a_set_with_less_than_eighty_percent_of_the_models_is_told_of(card, left, told):
    old, new = (read_card(card("p", *(f"id: m{at}" for at in range(count))), "p.yaml") for count in (10, left))
    assert updating.planned([new], [old], (), TODAY).shrunk == told


def test_what_is_written_reads_back_and_replaces_only_cards_of_these_providers(tmp_path, card):
    (tmp_path / "other.yaml").write_text(card("other", "id: m"))
    (tmp_path / "p-old.yaml").write_text(card("p", "id: m"))
    plan = updating.planned([read_card(card("p", "id: m", "id: n"), "p.yaml")], [], (), TODAY)
    assert updating.write(plan, str(tmp_path)) == [str(tmp_path / "p.yaml")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.yaml", "p.yaml"]
    assert {one.head.provider: len(one.models) for one in sets.cards_at(str(tmp_path))} == {"other": 1, "p": 2}


def test_two_cards_of_a_provider_become_one_unless_they_contradict_each_other(card):
    first, second = (read_card(card("p", f"id: {name}"), f"{name}.yaml") for name in ("m", "n"))
    assert len(sets.by_provider([first, second])["p"].models) == 2
    with pytest.raises(TokError, match="m is priced in"):
        sets.by_provider([first, first])
    with pytest.raises(TokError, match="that cannot be one"):
        sets.by_provider([first, read_card(card("p", "id: n", currency="CNY"), "n.yaml")])
