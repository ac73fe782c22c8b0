"""Tokenizers from the hub, against a server on this machine that answers as the hub does, and from the caches."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from tokencli.collection import hub
from tokencli.errors import TokError

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_secretsecretsecret"

Answer = tuple[int, dict[str, str], bytes]


class Hub:
    """Answers by path; remembers what was asked, and the Authorization of each request."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.wait = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, self.headers.get("Authorization")))
                time.sleep(outer.wait)
                missing: Answer = (404, {"X-Error-Code": "EntryNotFound"}, b"")
                code, headers, body = outer.answers.get(self.path, missing)
                self.send_response(code)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[Hub]:
    made = Hub()
    yield made
    made.server.shutdown()
    made.server.server_close()


def ask(server: Hub, repo: str = "org/model", **environ: str) -> hub.Asked:
    return hub.ask(hub.repository(repo), {"HF_ENDPOINT": server.address, **environ}, time.monotonic)


def failure(server: Hub, **environ: str) -> TokError:
    with pytest.raises(TokError) as caught:
        ask(server, **environ)
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert TOKEN not in caught.value.message + caught.value.hint
    assert caught.value.exit == 3
    return caught.value


def test_a_small_file_is_checked_by_its_hash_in_git(server: Hub) -> None:
    body = b'{"model": {}}'
    tag = hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()
    headers = {"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT}
    server.answers["/org/model/resolve/main/tokenizer.json"] = (200, headers, body)
    assert ask(server) == hub.Asked("tokenizer.json", body, f"org/model@{COMMIT}")
    server.answers["/org/model/resolve/main/tokenizer.json"] = (200, headers, body + b" ")
    assert "checksum" in failure(server).message


def test_a_large_file_is_checked_by_its_sha256_beyond_a_redirect(server: Hub) -> None:
    body = b"large" * 1000
    tag = hashlib.sha256(body).hexdigest()
    server.answers["/org/model/resolve/v1%2Fx/tokenizer.model"] = (
        302,
        {"X-Linked-Etag": f'"{tag}"', "Location": f"{server.address}/cdn", "X-Repo-Commit": COMMIT},
        b"",
    )
    server.answers["/cdn"] = (200, {"ETag": '"other"'}, body)
    assert ask(server, "org/model@v1/x").data == body
    server.answers["/cdn"] = (200, {}, body[:-1])
    with pytest.raises(TokError, match="checksum"):
        ask(server, "org/model@v1/x")


def test_the_token_is_sent_and_not_to_another_host(server: Hub) -> None:
    other = Hub()
    server.answers["/org/model/resolve/main/tokenizer.json"] = (302, {"Location": f"{other.address}/cdn"}, b"")
    other.answers["/cdn"] = (200, {}, b"{}")
    ask(server, HF_TOKEN=TOKEN)
    assert server.asked[0][1] == f"Bearer {TOKEN}"
    assert other.asked == [("/cdn", None)]
    other.server.shutdown()
    other.server.server_close()


@pytest.mark.parametrize(
    ("code", "reason", "said"),
    [
        (401, "RepoNotFound", "gated, private or not there"),
        (403, "GatedRepo", "gated, private or not there"),
        (404, "RepoNotFound", "no such repository"),
        (404, "RevisionNotFound", "no such revision"),
        (429, "", "fewer requests"),
        (500, "", "HTTP 500"),
    ],
)
def test_a_refusal_is_one_line_with_a_remedy(server: Hub, code: int, reason: str, said: str) -> None:
    server.answers["/org/model/resolve/main/tokenizer.json"] = (code, {"X-Error-Code": reason}, b"a\nlong\npage")
    assert said in failure(server, HF_TOKEN=TOKEN).message
    if code == 401:
        assert "set HF_TOKEN" in failure(server).hint
        assert "accept its terms" in failure(server, HF_TOKEN=TOKEN).hint


@pytest.mark.parametrize("token", ["hf_a\nHost: x", "hf_tökén", "hf a", "hf_\x00"])
def test_a_token_that_is_none_is_not_sent_and_not_shown(server: Hub, token: str) -> None:
    with pytest.raises(TokError, match="HF_TOKEN holds characters that no token has") as caught:
        ask(server, HF_TOKEN=token)
    assert token not in caught.value.message + caught.value.hint
    assert (caught.value.exit, server.asked) == (2, [])


@pytest.mark.parametrize(
    "endpoint", ["http://user:hf_secretsecretsecret@127.0.0.1:1", "http://[::1", "http://a b", "https://x:99999"]
)
def test_an_address_that_cannot_be_is_one_line_without_its_password(server: Hub, endpoint: str) -> None:
    assert "cannot be reached" in failure(server, HF_ENDPOINT=endpoint).message


@pytest.mark.parametrize("location", ["/org/model/resolve/main/tokenizer.json", "file:///etc/hosts", "http://[::1"])
def test_a_redirect_to_nowhere_is_followed_no_further(server: Hub, location: str) -> None:
    server.answers["/org/model/resolve/main/tokenizer.json"] = (302, {"Location": location}, b"")
    assert failure(server).code == "hub"


def test_a_repository_without_a_tokenizer_says_what_was_looked_for(server: Hub) -> None:
    assert "no tokenizer" in failure(server).message
    assert len(server.asked) == 5


def test_a_hub_that_does_not_answer_ends_in_time(server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "READ", 0.2)
    server.wait = 1.0
    assert "did not answer in time" in failure(server).message


def test_an_answer_that_breaks_off_is_not_kept(server: Hub) -> None:
    answer: Answer = (200, {"Content-Length": "1000"}, b'{"model": {}}')
    server.answers["/org/model/resolve/main/tokenizer.json"] = answer
    assert "broke off its answer" in failure(server).message


def test_without_a_network_a_file_is_the_remedy() -> None:
    with pytest.raises(TokError) as caught:
        hub.ask(hub.repository("a/b"), {"HF_ENDPOINT": "http://127.0.0.1:9"}, time.monotonic)
    assert "cannot be reached" in caught.value.message
    assert "PATH" in caught.value.hint


def test_a_file_that_is_too_large_is_not_held(server: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "LARGEST", 1000)
    server.answers["/org/model/resolve/main/tokenizer.json"] = (200, {}, b"x" * 2000)
    assert "larger than" in failure(server).message
    server.answers["/org/model/resolve/main/tokenizer.json"] = (200, {"Content-Length": "9" * 12}, b"x")
    assert "larger than" in failure(server).message


@pytest.mark.parametrize("text", ["", "a b", "../x", "a/b/c", "a/../b", "a@", "http://x/y", "a/b@../..", "-x/y"])
def test_what_is_no_repository_is_refused(text: str) -> None:
    with pytest.raises(TokError) as caught:
        hub.repository(text)
    assert caught.value.exit == 2


def keep(folder: Path, repo: str, file: str, data: bytes) -> Path:
    """A file in a cache as Hugging Face's tools lay it out."""
    model = folder / ("models--" + repo.replace("/", "--"))
    path = model / "snapshots" / COMMIT / file
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(COMMIT)
    return path


def test_what_is_cached_is_found_without_asking(tmp_path: Path) -> None:
    path = keep(tmp_path / "hub", "org/model", "tokenizer.json", b"{}")
    environ = {"HF_HOME": str(tmp_path)}
    assert hub.cached(hub.repository("org/model"), environ) == hub.Cached(f"org/model@{COMMIT}", str(path))
    assert hub.cached(hub.repository(f"org/model@{COMMIT}"), environ) is not None
    assert hub.cached(hub.repository("org/model@other"), environ) is None
    assert hub.cached(hub.repository("org/other"), environ) is None
    assert [found.source for found in hub.all_cached(environ)] == [f"org/model@{COMMIT}"]


def test_rank_files_that_tiktoken_keeps_are_named(tmp_path: Path) -> None:
    # The name under which tiktoken keeps cl100k_base, as it stands in many a Dockerfile.
    (tmp_path / "9b5ad71b2ce5302211f9c61530b329a4922fc6a4").write_bytes(b"")
    (tmp_path / "notes.txt").write_bytes(b"")
    (found,) = hub.all_cached({"TIKTOKEN_CACHE_DIR": str(tmp_path), "HF_HOME": str(tmp_path)})
    assert found.source.endswith("/cl100k_base.tiktoken")
    assert found.command == f"tok tokenizers add NAME {found.path} --like ENCODING"


def test_the_command_that_adds_what_was_found_quotes_its_path() -> None:
    found = hub.Cached("org/model@main", "/home/a b/$(x)/tokenizer.json")
    assert found.command == "tok tokenizers add NAME '/home/a b/$(x)/tokenizer.json'"


def test_the_command_takes_the_cache_first_then_the_hub(
    tok: Callable[..., SimpleNamespace], server: Hub, made: SimpleNamespace, tmp_path: Path
) -> None:
    data = made.hugging_face(tmp_path / "tokenizer.json").read_bytes()
    keep(tmp_path / "hub", "org/cached", "tokenizer.json", data)
    env = {"HF_HOME": str(tmp_path), "HF_ENDPOINT": server.address, "TOK_DATA_DIR": str(tmp_path / "data")}
    ended = tok("tokenizers", "add", "one", "--hf", "org/cached", cwd=tmp_path, env=env)
    assert (ended.code, server.asked) == (0, [])
    server.answers["/org/asked/resolve/main/tokenizer.json"] = (200, {}, data)
    ended = tok("tokenizers", "add", "two", "--hf", "org/asked", cwd=tmp_path, env={**env, "HF_TOKEN": TOKEN})
    assert ended.code == 0
    assert TOKEN not in ended.out + ended.err
    listed = tok("tokenizers", "list", cwd=tmp_path, env=env).out
    assert "two\thuggingface\texact\t1000\torg/asked@main" in listed
    assert "org/cached@" in listed
    assert f"\ttok tokenizers add NAME {tmp_path}/hub/models--org--cached/" in listed
