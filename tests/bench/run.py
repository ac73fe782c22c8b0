"""Times tok side by side with its peers, as whole processes, and prints the ratios of the README's table.

    python tests/bench/run.py --work FOLDER [--runs N] [--case NAME ...]

Makes three virtual environments in FOLDER (tok from a wheel of this checkout, tok with the `[fast]` extra, and
the peers ttok and count-tokens from the package registry) and the inputs from source files of the running Python
and of those environments. Each pair runs in turn, A B A B, so that a machine that slows down slows both; the
figure is the median of the ratios pair by pair. Peers get TIKTOKEN_CACHE_DIR filled from tok's own vocabulary,
which is checked against the hash that tiktoken expects. Needs Linux or macOS (wait4 for memory).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import random
import re
import shutil
import statistics
import string
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ("ttok==1.0", "count-tokens==0.8.3")
MEGABYTE = 1_000_000
ODD = (
    "base64 in lines",
    "base64 in one line",
    "minified code",
    "random letters",
    "one letter",
    "blanks",
    "line breaks",
)
O200K_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"
"""The SHA-1 of the address that tiktoken would fetch o200k_base from, which is how it names the file in its cache."""
O200K_SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

NOOP = """
import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)

@app.command()
def count(text: str = "") -> None:
    pass

@app.command()
def other() -> None:
    pass

app()
"""


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, and peak memory in MB."""

    seconds: float
    megabytes: float
    output: str


@dataclass
class Bench:
    """The work folder and what has been made in it."""

    work: Path
    runs: int
    environ: dict[str, str] = field(default_factory=dict)

    def program(self, environment: str, name: str) -> str:
        return str(self.work / environment / "bin" / name)

    def run(self, command: list[str], *, home: Path | None = None, status: tuple[int, ...] = (0,)) -> Run:
        """Run a command to its end; with `home`, its caches and configuration lie there."""
        environ = dict(self.environ)
        if home:
            environ |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "cfg")}
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=environ, cwd=self.work)
            _, code, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            out.seek(0)
            output = out.read().decode(errors="replace")
        if os.waitstatus_to_exitcode(code) not in status:
            raise SystemExit(f"{' '.join(command)[:200]} ended with {os.waitstatus_to_exitcode(code)}\n{output[:500]}")
        scale = 1 if sys.platform == "darwin" else 1024
        return Run(seconds, usage.ru_maxrss * scale / 1e6, output)

    def pair(self, ours: Callable[[], Run], peer: Callable[[], Run], runs: int | None = None) -> tuple[float, Run, Run]:
        """The median ratio ours / peer over interleaved runs after one warm-up, and each one's run of median time."""
        ours(), peer()
        pairs = [(ours(), peer()) for _ in range(runs or self.runs)]
        ratio = statistics.median(one.seconds / other.seconds for one, other in pairs)
        median = [sorted(runs, key=lambda run: run.seconds)[len(runs) // 2] for runs in zip(*pairs, strict=True)]
        return ratio, median[0], median[1]


def prepare(work: Path) -> None:
    """Make the environments, the peers' vocabulary cache and the inputs, unless they are there."""
    for name, packages in (("tok", ()), ("fast", ("splintr-rs>=0.22,<0.23",)), ("peers", PEERS)):
        if (work / name / "done").exists():
            continue
        venv.create(work / name, with_pip=True, clear=True)
        pip = [str(work / name / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        ours = [str(ROOT)] if name != "peers" else []
        subprocess.run([*pip, *ours, *packages], check=True)
        (work / name / "done").touch()
    (work / "noop.py").write_text(NOOP)
    _fill_tiktoken_cache(work / "tiktoken")
    _small_inputs(work)
    files = list(_sources(work))
    _tree(work / "tree", files, 2_000, 12_000_000)
    _big(work / "big.txt", files, 50_000_000)
    _tree(work / "large", files, 20_000, 100_000_000)
    _odd_texts(work / "odd", files)
    _gate(work / "gate", files)
    if not (work / "session.jsonl").exists():
        subprocess.run(
            [sys.executable, str(ROOT / "tests/bench/make_session.py"), str(work / "session.jsonl"), "20"], check=True
        )


def _fill_tiktoken_cache(folder: Path) -> None:
    """The file that tiktoken would download, under the name that it looks for."""
    folder.mkdir(exist_ok=True)
    sys.path.insert(0, str(ROOT))
    from tokencli.vocab.table import open_table

    by_rank = sorted(open_table("o200k_base").ranks().items(), key=lambda item: item[1])
    data = b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in by_rank)
    if hashlib.sha256(data).hexdigest() != O200K_SHA256:
        raise SystemExit("the o200k_base vocabulary is not the published one")
    (folder / O200K_NAME).write_bytes(data)


def _small_inputs(work: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    # ttok refuses a file that holds the text of a special token.
    text = readme.encode("ascii", "ignore").decode().replace("<|endoftext|>", "such a mark")
    (work / "five.md").write_text((text * 3)[:5_000])
    (work / "twenty.md").write_text((text * 3)[:20_000])
    vectors = (ROOT / "tests/vectors/make.py").read_text(encoding="utf-8")
    han = "".join(letter for letter in vectors if "\u3001" <= letter <= "\u9fa5")
    (work / "chinese.md").write_text("\n\n".join([han] * 40)[:1_667], encoding="utf-8")


def _sources(work: Path) -> Iterator[str]:
    """Text of Python files of the standard library and of the environments, in a fixed order."""
    library = Path(os.__file__).parent
    folders = [library, *(work / name / "lib" for name in ("tok", "peers"))]
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            try:
                text = file.read_text(encoding="utf-8")
            except (UnicodeDecodeError, OSError):
                continue
            # count-tokens leaves out, without a word, files that hold the text of a special token.
            if 300 < len(text) < 40_000 and "<|" not in text:
                yield text


def _tree(folder: Path, texts: list[str], files: int, size: int) -> None:
    """A git repository of so many source files and bytes in all; a text that comes again gets a line of its own."""
    if folder.exists():
        return
    temporary = folder.with_suffix(".part")
    shutil.rmtree(temporary, ignore_errors=True)
    written = 0
    for number in range(files):
        text = texts[number % len(texts)]
        if number >= len(texts):
            text = f"# copy {number}\n{text}"
        room = (size - written) // (files - number)
        cut = text[: 3 * room]
        target = temporary / f"part{number % 60:02}" / f"file{number:05}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        written += target.write_text(cut, encoding="utf-8")
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", "-C", str(temporary)]
    for arguments in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "."],
        ["commit", "--quiet", "-m", "bench"],
    ):
        subprocess.run([*git, *arguments], check=True)
    temporary.rename(folder)


def _big(file: Path, texts: list[str], size: int) -> None:
    if file.exists():
        return
    with file.open("w", encoding="utf-8") as out:
        written = 0
        while written < size:
            for text in texts:
                written += out.write(text)
                if written >= size:
                    break


def _odd_texts(folder: Path, files: list[str]) -> None:
    """A megabyte each of prose (the help topics of Python, then docstrings) and of the texts of ODD."""
    if folder.exists():
        return
    from pydoc_data.topics import topics

    chance = random.Random(1)
    prose = "\n".join(topics.values()) + "\n".join(text for file in files for text in file.split('"""')[1::2])
    lines = base64.encodebytes(chance.randbytes(MEGABYTE)).decode()
    texts = {
        "prose": prose,
        "base64 in lines": lines,
        "base64 in one line": lines.replace("\n", ""),
        "minified code": re.sub(r"\s+", "", "".join(files[:500])),
        "random letters": "".join(chance.choices(string.ascii_letters, k=MEGABYTE)),
        "one letter": "a" * MEGABYTE,
        "blanks": " " * MEGABYTE,
        "line breaks": "\n" * MEGABYTE,
    }
    folder.mkdir()
    for name, text in texts.items():
        if len(text) < MEGABYTE:
            raise SystemExit(f"less than a megabyte of {name}")
        (folder / f"{name}.txt").write_text(text[:MEGABYTE], encoding="ascii", errors="replace")


def _gate(folder: Path, files: list[str]) -> None:
    """A repository of 20,000 files, of which a branch changes 50 prompts, with three more of them staged."""
    if folder.exists():
        return
    part = folder.with_name("gate.part")
    _tree(part, files, 19_950, 99_750_000)
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", "-C", str(part)]
    for branch in ("main", "change", "staged"):
        # The first two are commits; what is staged is left in the index of the second.
        if branch == "change":
            subprocess.run([*git, "checkout", "--quiet", "-b", branch], check=True)
        for number in range(3 if branch == "staged" else 50):
            prompt = part / "prompts" / f"prompt{number:02}.md"
            prompt.parent.mkdir(exist_ok=True)
            with prompt.open("a", encoding="utf-8") as out:
                out.write(files[number][: 5_000 if branch == "main" else 500])
        (part / "tok.toml").write_text('[[rules]]\npaths = ["prompts/**"]\nmax_tokens = 5000\n', encoding="utf-8")
        subprocess.run([*git, "add", "."], check=True)
        if branch != "staged":
            subprocess.run([*git, "commit", "--quiet", "-m", branch], check=True)
    part.rename(folder)


def small(bench: Bench) -> list[str]:
    tok = [bench.program("tok", "tok"), "count", "five.md", "-e", "o200k_base", "-q"]
    ttok = [bench.program("peers", "ttok"), "-m", "gpt-4o", "-i", "five.md"]
    ratio, ours, peer = bench.pair(lambda: bench.run(tok), lambda: bench.run(ttok))
    _same(ours.output, peer.output)
    rows = [_row("one 5 KB Markdown file", "ttok", ratio, ours, peer, "0.30 (aim 0.20)")]
    fresh = _fresh_homes(bench)
    ratio, ours, peer = bench.pair(lambda: bench.run(tok, home=next(fresh)), lambda: bench.run(ttok))
    rows.append(_row("the same, no cache or configuration folder", "ttok", ratio, ours, peer, "0.30 (aim 0.20)"))
    noop = [bench.program("tok", "python"), "noop.py", "count"]
    ratio, ours, peer = bench.pair(lambda: bench.run(tok), lambda: bench.run(noop), 3 * bench.runs)
    extra = 1000 * (ours.seconds - peer.seconds)
    return [*rows, _row("the same", f"empty Typer application ({extra:+.0f} ms)", ratio, ours, peer, "+45 ms")]


def start(bench: Bench) -> list[str]:
    python = [bench.program("tok", "python"), "-c", "pass"]
    rows = []
    for option, limit in (("--version", "1.5"), ("--help", "8")):
        tok = [bench.program("tok", "tok"), option]
        ratio, ours, peer = bench.pair(lambda tok=tok: bench.run(tok), lambda: bench.run(python), 3 * bench.runs)
        rows.append(_row(f"tok {option}", "python -c pass", ratio, ours, peer, limit))
    return rows


def tree(bench: Bench) -> list[str]:
    peer_command = [bench.program("peers", "count-tokens"), "-d", "tree", "-r", "-p", "*.py", "-e", "o200k_base", "-q"]
    rows = []
    fresh = _fresh_homes(bench)
    for environment, limit in (("tok", "0.75"), ("fast", "0.40")):
        tok = [bench.program(environment, "tok"), "count", "tree", "-e", "o200k_base", "-q"]
        ratio, ours, peer = bench.pair(
            lambda tok=tok: bench.run(tok, home=next(fresh)), lambda: bench.run(peer_command)
        )
        _same(ours.output, peer.output)
        name = "2,000 source files, 12 MB, nothing cached" + (", [fast]" if environment == "fast" else "")
        rows.append(_row(name, "count-tokens", ratio, ours, peer, limit))
    return rows


def big(bench: Bench) -> list[str]:
    tok = [bench.program("tok", "tok"), "count", "big.txt", "-e", "o200k_base", "-q", "--no-cache"]
    ttok = [bench.program("peers", "ttok"), "-m", "gpt-4o", "-i", "big.txt"]
    ratio, ours, peer = bench.pair(lambda: bench.run(tok), lambda: bench.run(ttok), max(3, bench.runs // 3))
    _same(ours.output, peer.output)
    return [_row(f"one 50 MB file ({ours.megabytes:.0f} MB of memory)", "ttok", ratio, ours, peer, "0.75, 400 MB")]


def warm(bench: Bench) -> list[str]:
    home = next(_fresh_homes(bench))
    tok = [bench.program("tok", "tok"), "count", "large", "-e", "o200k_base", "-q"]
    peer_command = [bench.program("peers", "count-tokens"), "-d", "large", "-r", "-p", "*.py", "-e", "o200k_base", "-q"]
    bench.run(tok, home=home)
    runs = max(3, bench.runs // 3)
    ratio, ours, peer = bench.pair(lambda: bench.run(tok, home=home), lambda: bench.run(peer_command), runs)
    _same(ours.output, peer.output)
    return [_row("second run over 20,000 files, 100 MB", "count-tokens", ratio, ours, peer, "0.06")]


def chinese(bench: Bench) -> list[str]:
    english = [bench.program("tok", "tok"), "count", "five.md", "-e", "o200k_base", "-q"]
    rows = []
    for encoding in ("qwen2", "qwen3.5", "deepseek-v4"):
        tok = [bench.program("tok", "tok"), "count", "chinese.md", "-e", encoding, "-q"]
        ratio, ours, peer = bench.pair(lambda tok=tok: bench.run(tok), lambda: bench.run(english))
        rows.append(_row(f"5 KB of Chinese, {encoding}", "5 KB of English, o200k_base", ratio, ours, peer, "1.5"))
    return rows


def odd(bench: Bench) -> list[str]:
    """For each encoding the slowest of the texts that tokenizers bear badly, against as much prose."""
    rows = []
    for encoding in ("o200k_base", "qwen3.5", "tekken", "gemma4", "claude-3", "claude-4.7", "claude-4.8"):
        tok = [bench.program("tok", "tok"), "count", "-e", encoding, "-q", "--no-cache"]
        found = []
        for text in ODD:
            odd_text, prose = [*tok, f"odd/{text}.txt"], [*tok, "odd/prose.txt"]
            pair = bench.pair(partial(bench.run, odd_text), partial(bench.run, prose), max(3, bench.runs // 3))
            found.append((*pair, text))
        ratio, ours, peer, text = max(found, key=itemgetter(0))
        rows.append(_row(f"1 MB of {text}, {encoding}", "1 MB of prose", ratio, ours, peer, "3"))
    return rows


def gate(bench: Bench) -> list[str]:
    tok = bench.program("tok", "tok")
    fresh = _fresh_homes(bench)
    inside = ["-C", "gate", "-e", "o200k_base", "-q"]
    diff = [tok, "diff", "main...change", *inside]
    runs = max(3, bench.runs // 3)
    ratio, ours, peer = bench.pair(
        lambda: bench.run(diff, home=next(fresh)),
        lambda: bench.run([tok, "count", ".", *inside], home=next(fresh)),
        runs,
    )
    rows = [_row("tok diff, 50 of 20,000 files changed", "tok count of the tree", ratio, ours, peer, "0.25")]
    home = next(fresh)
    noop = [bench.program("tok", "python"), "noop.py", "count"]
    ratio, ours, peer = bench.pair(lambda: bench.run(diff, home=home), lambda: bench.run(noop))
    extra = 1000 * (ours.seconds - peer.seconds)
    rows.append(_row("the same, repeated", f"empty Typer application ({extra:+.0f} ms)", ratio, ours, peer, "+150 ms"))
    prompts = [f"prompts/prompt{number:02}.md" for number in range(3)]
    check = [tok, "check", "--staged", "-C", "gate", *prompts]
    count = [tok, "count", "-C", "gate", "-e", "o200k_base", *prompts]
    ratio, ours, peer = bench.pair(
        lambda: bench.run(check, home=next(fresh)), lambda: bench.run(count, home=next(fresh)), 3 * bench.runs
    )
    rows.append(_row("the staged hook on 3 prompts", "tok count of them", ratio, ours, peer, "1.30"))
    return rows


def cost(bench: Bench) -> list[str]:
    model = ["twenty.md", "-m", "gpt-6-sol"]
    tok = bench.program("tok", "tok")
    rows = []
    for options, limit in (([], "1.30"), (["--compare", "--all"], "12")):
        ratio, ours, peer = bench.pair(
            lambda options=options: bench.run([tok, "cost", *model, *options]),
            lambda: bench.run([tok, "count", *model]),
            3 * bench.runs,
        )
        name = " ".join(["tok cost", *options]) + ", a prompt of 20 KB"
        rows.append(_row(name, "tok count of it", ratio, ours, peer, limit))
    return rows


def session(bench: Bench) -> list[str]:
    tok = bench.program("tok", "tok")
    rows = []
    for model in ("gpt-4o", "claude-sonnet-4-5", "qwen3-8b", "deepseek-v3"):
        command = [tok, "count", "session.jsonl", "--no-cache", "-m", model]
        ratio, ours, peer = bench.pair(
            lambda command=command: bench.run(command), lambda command=command: bench.run([*command, "--as", "text"])
        )
        name = f"an agent's session of 20 MB, {model} ({ours.megabytes:.0f} MB of memory)"
        rows.append(_row(name, "the same bytes as text", ratio, ours, peer, "1.30, 400 MB"))
    return rows


CASES = {
    **{"small": small, "start": start, "tree": tree, "big": big, "warm": warm, "chinese": chinese},
    **{"odd": odd, "gate": gate, "cost": cost, "session": session},
}


def _fresh_homes(bench: Bench) -> Iterator[Path]:
    while True:
        yield Path(tempfile.mkdtemp(dir=bench.work / "homes"))


def _same(ours: str, peer: str) -> None:
    """Both must have counted the same; count-tokens prints a line per file, whose last number is the count."""
    total = sum(int(line.replace(",", "").split()[-1]) for line in peer.splitlines() if line.split()[-1:][0].isdigit())
    if int(ours) != total:
        raise SystemExit(f"tok counts {ours.strip()}, its peer {total}")


def _row(name: str, peer_name: str, ratio: float, ours: Run, peer: Run, limit: str) -> str:
    return f"| {name} | {peer_name} | {1000 * ours.seconds:,.0f} | {1000 * peer.seconds:,.0f} | {ratio:.2f} | {limit} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for environments and inputs")
    parser.add_argument("--runs", type=int, default=9, help="pairs of runs")
    parser.add_argument("--case", action="append", choices=CASES, help="only this one (may be repeated)")
    options = parser.parse_args()
    work: Path = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    prepare(work)
    shutil.rmtree(work / "homes", ignore_errors=True)
    (work / "homes").mkdir()
    environ = {"PATH": os.environ["PATH"], "HOME": str(work / "homes"), "TIKTOKEN_CACHE_DIR": str(work / "tiktoken")}
    environ |= {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "LC_ALL": "C.UTF-8"}
    bench = Bench(work, options.runs, environ)
    print("| case, whole process | against | tok ms | peer ms | ratio | must reach |\n|---|---|---|---|---|---|")
    for name in options.case or CASES:
        for row in CASES[name](bench):
            print(row, flush=True)


if __name__ == "__main__":
    main()
