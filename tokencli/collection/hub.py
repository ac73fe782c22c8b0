"""Tokenizers of the Hugging Face hub: first what its own tools have kept on this machine, else asked for over HTTP.

The cache's layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache. A file's ETag is its SHA-256 where
it is kept as a large file, else git's SHA-1 of the blob.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from tokencli.collection.files import LARGEST, USUAL
from tokencli.errors import ExitCode, TokError

if TYPE_CHECKING:
    import httpx

ENDPOINT = "https://huggingface.co"
REPO = r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?"
RANKS = r"[0-9a-f]{40}"
"""The names of files in the cache of tiktoken: the SHA-1 of an address."""
CONNECT, READ, WHOLE = 10.0, 30.0, 600.0
"""Seconds to wait for a connection, for the next bytes, and for a file in all."""


class Repo(NamedTuple):
    """A repository on the hub at a revision, "main" where none was named."""

    name: str
    revision: str

    def __str__(self) -> str:
        return f"{self.name}@{self.revision}"


class Asked(NamedTuple):
    """A tokenizer's file of a repository: its name, its bytes, and the repository with the commit it is of."""

    file: str
    data: bytes
    source: str


class Cached(NamedTuple):
    """A tokenizer's file that lies in a cache of another tool."""

    source: str
    path: str

    @property
    def command(self) -> str:
        """The command that adds it under a name, which is left to choose."""
        from shlex import quote

        ranks = re.fullmatch(RANKS, os.path.basename(self.path))
        return f"tok tokenizers add NAME {quote(self.path)}{' --like ENCODING' if ranks else ''}"


def repository(text: str) -> Repo:
    """The repository of `OWNER/NAME` or `OWNER/NAME@REVISION`; TokError (usage) for anything else."""
    name, mark, revision = text.partition("@")
    good = re.fullmatch(REPO, name) and ".." not in name and "--" not in name
    if not good or (mark and not re.fullmatch(r"[\w./-]{1,200}", revision)) or ".." in revision:
        hint = "such as --hf Qwen/Qwen3-8B, or with a revision Qwen/Qwen3-8B@main"
        raise TokError(f"--hf: {text!r} is no repository", hint=hint, code="usage", exit=ExitCode.USAGE)
    return Repo(name, revision or "main")


def hub_cache(environ: Mapping[str, str]) -> str:
    """The folder in which Hugging Face's tools keep what they have downloaded."""
    home = os.path.expanduser("~")
    xdg = environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    default = os.path.join(environ.get("HF_HOME") or os.path.join(xdg, "huggingface"), "hub")
    return os.path.expanduser(environ.get("HF_HUB_CACHE") or environ.get("HUGGINGFACE_HUB_CACHE") or default)


def cached(repo: Repo, environ: Mapping[str, str]) -> Cached | None:
    """The tokenizer of a repository in the cache of Hugging Face's tools; None where it is not there."""
    folder = os.path.join(hub_cache(environ), "models--" + repo.name.replace("/", "--"))
    commit = repo.revision
    reference = os.path.join(folder, "refs", *repo.revision.split("/"))
    with suppress(OSError), open(reference, encoding="ascii", errors="replace") as stream:
        commit = stream.read(200).strip()
    if not re.fullmatch(r"[0-9a-f]{40}", commit):
        return None
    for name in USUAL:
        path = os.path.join(folder, "snapshots", commit, name)
        if os.path.isfile(path):
            return Cached(f"{repo.name}@{commit}", path)
    return None


def all_cached(environ: Mapping[str, str]) -> Iterator[Cached]:
    """The tokenizers in the cache of Hugging Face's tools, then the rank files in tiktoken's."""
    folder = hub_cache(environ)
    for entry in _listed(folder):
        if entry.startswith("models--"):
            name = entry.removeprefix("models--").replace("--", "/", 1)
            for commit in _listed(os.path.join(folder, entry, "snapshots")):
                found = cached(Repo(name, commit), environ)
                if found is not None:
                    yield found
    ranks = environ.get("TIKTOKEN_CACHE_DIR") or environ.get("DATA_GYM_CACHE_DIR") or ""
    known = {hashlib.sha1(url.encode()).hexdigest(): url for url in RANK_FILES}
    for entry in _listed(ranks) if ranks else ():
        if re.fullmatch(RANKS, entry):
            yield Cached(known.get(entry, "unknown rank file"), os.path.join(ranks, entry))


RANK_FILES = tuple(
    f"https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
    for name in ("r50k_base", "p50k_base", "cl100k_base", "o200k_base")
)
"""What tiktoken downloads and keeps under the SHA-1 of the address."""


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def ask(repo: Repo, environ: Mapping[str, str], clock: Callable[[], float]) -> Asked:
    """The tokenizer of a repository, from HF_ENDPOINT with the token in HF_TOKEN; TokError in one line for a failure.

    `clock` gives seconds, for the time that a file may take in all.
    """
    import httpx

    endpoint = (environ.get("HF_ENDPOINT") or ENDPOINT).rstrip("/")
    if not re.match(r"https?://[^/]", endpoint):
        message = "HF_ENDPOINT is no address of http or https"
        raise TokError(message, hint=f"such as {ENDPOINT}", code="usage", exit=ExitCode.USAGE)
    token = (environ.get("HF_TOKEN") or "").strip()
    if not re.fullmatch(r"[!-~]*", token):
        message = "HF_TOKEN holds characters that no token has"
        raise TokError(message, hint="set it to the token alone", code="usage", exit=ExitCode.USAGE)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    timeout = httpx.Timeout(READ, connect=CONNECT)
    try:
        with httpx.Client(headers=headers, timeout=timeout, follow_redirects=True, max_redirects=5) as client:
            for name in USUAL:
                found = _file(client, endpoint, repo, name, clock, bool(token))
                if found is not None:
                    return found
    except httpx.TimeoutException as problem:
        raise _failed(f"{_host(endpoint)} did not answer in time", "try again later") from problem
    except httpx.RemoteProtocolError as problem:
        raise _failed(f"{_host(endpoint)} broke off its answer", "try again") from problem
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as problem:
        hint = "without a network, name a file: tok tokenizers add NAME PATH"
        raise _failed(f"{_host(endpoint)} cannot be reached: {type(problem).__name__}", hint) from problem
    raise _failed(f"{repo} has no tokenizer that can be added", f"looked for {', '.join(USUAL)}")


def _host(endpoint: str) -> str:
    """The address without what may be secret in it."""
    from urllib.parse import urlsplit

    try:
        return urlsplit(endpoint).hostname or "the hub"
    except ValueError:
        return "the hub"


def _file(
    client: httpx.Client, endpoint: str, repo: Repo, name: str, clock: Callable[[], float], known: bool
) -> Asked | None:
    """A file of a repository, checked; None where the repository has none of that name."""
    from urllib.parse import quote

    start = clock()
    with client.stream("GET", f"{endpoint}/{repo.name}/resolve/{quote(repo.revision, safe='')}/{name}") as response:
        steps = [*response.history, response]
        if any(step.url.scheme == "http" for step in steps) and not endpoint.startswith("http:"):
            raise _failed(f"{_host(endpoint)} redirects to an address without TLS", "choose another HF_ENDPOINT")
        code = response.status_code
        reason = response.headers.get("x-error-code", "")
        if code == 404 and reason not in ("RepoNotFound", "RevisionNotFound"):
            return None
        if code != 200:
            raise _refused(repo, code, reason, known)
        size = response.headers.get("content-length", "0")
        if size.isdigit() and int(size) > LARGEST:
            raise _failed(f"{name} of {repo} is larger than {LARGEST >> 20} MB", "no tokenizer is as large")
        data = bytearray()
        for part in response.iter_bytes():
            data += part
            if len(data) > LARGEST or clock() - start > WHOLE:
                what = f"is larger than {LARGEST >> 20} MB" if len(data) > LARGEST else "took too long"
                raise _failed(f"{name} of {repo} {what}", "try again later, or name a file")
    expected = next((tag for step in steps for tag in _tags(step.headers)), "")
    if expected and expected != _hash(bytes(data), expected):
        raise _failed(f"{name} of {repo} did not arrive whole: its checksum is another", "try again")
    commit = next((step.headers["x-repo-commit"] for step in steps if "x-repo-commit" in step.headers), "")
    at = commit if re.fullmatch(r"[0-9a-f]{40}", commit) else repo.revision
    return Asked(name, bytes(data), f"{repo.name}@{at}")


def _tags(headers: Mapping[str, str]) -> Iterator[str]:
    """The checksums in the headers: SHA-256 or git's SHA-1."""
    for name in ("x-linked-etag", "etag"):
        tag = headers.get(name, "").removeprefix("W/").strip('"')
        if re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]{40}", tag):
            yield tag


def _hash(data: bytes, like: str) -> str:
    if len(like) == 64:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _refused(repo: Repo, code: int, reason: str, known: bool) -> TokError:
    if code == 404:
        what = "revision" if reason == "RevisionNotFound" else "repository"
        return _failed(f"{repo}: the hub knows no such {what}", "see its page on the hub for the exact name")
    if code in (401, 403):
        if known:
            hint = "accept its terms on its page, and give HF_TOKEN a token that may read it"
        else:
            hint = "set HF_TOKEN to a token that may read it, after accepting its terms on its page; or mind the name"
        return _failed(f"{repo} is gated, private or not there (HTTP {code})", hint)
    if code == 429:
        return _failed("the hub asks for fewer requests (HTTP 429)", "try again later")
    return _failed(f"{repo}: the hub answers with HTTP {code}", "try again later")


def _failed(message: str, hint: str) -> TokError:
    return TokError(message, hint=hint, code="hub", exit=ExitCode.DATA)
