"""Calibrate the ranges of estimates: write tokencli/encoders/estimate.toml, print what they hold.

    apt-get install manpages manpages-dev manpages-zh manpages-ja libc6-dev nodejs npm    (the texts; any Debian 12)
    pip install 'tokencli[llama]'                                                         (two more known families)
    python tests/bench/calibrate.py                                                       (about five minutes)

Method. A text's range is that of the ratio (tokens of a family) / (tokens of the proxy) over the families whose truth
is known and which are made like the proxy (KIN), the proxy itself included. Each end is a quantile regression over the
features of tokencli/encoders/estimate.py on one half of the texts (chosen by a hash of the path). Then both ends are
moved until the median widths of prose and of code are WIDTH: by a constant until the wider of the two is, and by the
weights of capitals and humps, which code is full of, until code is. Scripts other than ASCII get their own weights in
a second step. What is reported is measured on the other half, for each family with a table that was made without it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from gzip import decompress
from pathlib import Path
from statistics import median
from textwrap import wrap

from tokencli.encoders import estimate, load
from tokencli.errors import TokError

STDLIB = sysconfig.get_path("stdlib")
PURELIB = sysconfig.get_path("purelib")
DOC, MAN, NODE = "/usr/share/doc", "/usr/share/man", "/usr/lib/node_modules"
ROOTS: dict[str, list[tuple[str, str]]] = {
    "prose": [
        *((DOC, glob) for glob in ("**/*.md", "**/*.rst", "**/*.txt", "*/copyright", "*/README*", "*/NEWS*")),
        *((MAN, f"man{section}/*") for section in (1, 2, 3, 5, 7)),
        (PURELIB, "*.dist-info/METADATA"),
        (NODE, "**/*.md"),
    ],
    "code": [
        (STDLIB, "*.py"),
        (STDLIB, "[a-z]*/*.py"),
        (PURELIB, "*/*.py"),
        (NODE, "**/*.js"),
        ("/usr/include", "*.h"),
    ],
    "json": [(NODE, "**/*.json"), ("/usr/share", "**/*.json"), (STDLIB, "**/*.json")],
    "chinese": [(MAN, "zh_CN/**/*"), (MAN, "zh_TW/**/*")],
    "japanese": [(MAN, "ja/**/*")],
    "other": [(MAN, f"{language}/**/*") for language in ("de", "es", "fr", "ko", "pl", "ru", "uk")],
}
PACKAGES = ("manpages", "manpages-dev", "manpages-zh", "manpages-ja", "libc6-dev", "nodejs")
PLAIN = ("prose", "code", "json")

GROUP = ("o200k_base", "glm-4.7", "kimi-k2", "minimax", "llama3", "llama4")
"""Byte-level BPE of 128,000 to 200,000 tokens that takes digits by threes: what an unknown tokenizer is taken for."""
KIN = dict.fromkeys(("o200k_base", "glm-4.7", "kimi-k2", "minimax"), GROUP)
GENERAL = "o200k_base"
"""Its table serves the proxies whose kin is not known (gemma4, tekken, deepseek-v4, qwen3.5, claude-4.8): there the
range says how far families differ that are made alike, and holds as long as the maker keeps to the proxy's kind."""
WITNESSES = (
    "cl100k_base",
    "qwen2",
    "qwen3.5",
    "deepseek-v4",
    "tekken",
    "gemma4",
    "claude-legacy",
    "claude-3",
    "claude-4.8",
)
"""Families outside the group, measured to say where the ranges do not hold."""

SLACK = (3, 4)
"""Where capitals and humps stand in a row."""
FILES, LARGEST, TAIL, TAIL_SCRIPT, WIDTH = 300, 16_000, 0.3, 0.02, 0.076


@dataclass(frozen=True)
class Text:
    kind: str
    text: str
    held: bool


def gather(kind: str) -> list[Text]:
    """Up to FILES files, the roots in turn, each whole (cut at LARGEST characters) and as a slice of 60 to 2,000."""
    queues = [sorted(files(root, glob)) for root, glob in ROOTS[kind]]
    found: list[Text] = []
    seen: set[str] = set()
    while len(found) < 2 * FILES and any(queues):
        for queue in queues:
            while queue:
                number, path = queue.pop(0)
                text = read(path)
                if text is not None and text[:200] not in seen and wanted(kind, text):
                    seen.add(text[:200])
                    found += [Text(kind, text, held(number)), Text(kind, piece(text, number), held(number))]
                    break
    return found


def files(root: str, glob: str) -> list[tuple[int, Path]]:
    """Files below a folder, each with a number that does not depend on where the folder lies.

    pydoc_data is left to the tests.
    """
    found = [path for path in Path(root).glob(glob) if path.is_file() and not path.is_symlink()]
    return [(digest(path.relative_to(root).as_posix()), path) for path in found if "pydoc_data" not in path.parts]


def digest(name: str) -> int:
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16)


def held(number: int) -> bool:
    """Whether the file of a digest is held back; the other half calibrates."""
    return number // 7 % 2 == 1


def read(path: Path) -> str | None:
    try:
        data = path.read_bytes()
        text = (decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError):
        return None
    if len(text) > LARGEST:
        text = text[: text.rfind("\n", 0, LARGEST) + 1] or text[:LARGEST]
    return text


def wanted(kind: str, text: str) -> bool:
    """Not a stub of a manual page, and a Chinese or Japanese page only where it is translated."""
    foreign = sum(character > "\u2e80" for character in text)
    return (
        len(text) >= 300
        and not text.startswith(".so ")
        and (kind not in ("chinese", "japanese") or foreign > 0.08 * len(text))
    )


def piece(text: str, seed: int) -> str:
    chance = random.Random(seed)
    size = int(60 * (2000 / 60) ** chance.random())
    start = text.find("\n", chance.randrange(len(text))) + 1
    return text[start : start + size] or text[:size]


def regress(rows: Sequence[Sequence[float]], targets: Sequence[float], tail: float) -> list[float]:
    """Weights w such that a share `tail` of the targets lies below rows . w (quantile regression)."""
    width = len(rows[0])
    weights = [0.0] * width
    pull = [1.0] * len(rows)
    for _ in range(60):
        matrix = [[0.0] * (width + 1) for _ in range(width)]
        for row, target, force in zip(rows, targets, pull, strict=True):
            for i, x in enumerate(row):
                if x:
                    line = matrix[i]
                    for j in range(width):
                        line[j] += force * x * row[j]
                    line[width] += force * x * target
        weights = solve(matrix)
        rest = [target - dot(row, weights) for row, target in zip(rows, targets, strict=True)]
        pull = [(tail if r > 0 else 1 - tail) / max(abs(r), 1e-4) for r in rest]
    return weights


def solve(matrix: list[list[float]]) -> list[float]:
    """Gauss elimination of a small symmetric system, with a trace of ridge for features that never occur."""
    size = len(matrix)
    for i in range(size):
        matrix[i][i] += 1e-9
    for i in range(size):
        best = max(range(i, size), key=lambda j: abs(matrix[j][i]))
        matrix[i], matrix[best] = matrix[best], matrix[i]
        for j in range(size):
            if j != i and matrix[j][i]:
                factor = matrix[j][i] / matrix[i][i]
                matrix[j] = [a - factor * b for a, b in zip(matrix[j], matrix[i], strict=True)]
    return [matrix[i][size] / matrix[i][i] for i in range(size)]


def dot(row: Sequence[float], weights: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(row, weights, strict=True))


Band = tuple[estimate.Bound, estimate.Bound]
Holds = dict[str, tuple[float, float, int]]
"""Kind of text -> the share of texts whose truth lies in the range, the median width, the number of texts."""
Row = tuple[str, str, str, Holds]
"""What is shown, proxy, family, and what the range holds."""


class Calibration:
    """The texts with their counts by every known family."""

    def __init__(self, texts: list[Text]) -> None:
        self.texts = texts
        self.features = [estimate.measure(text.text) for text in texts]
        self.counts: dict[str, list[int]] = {}
        for name in dict.fromkeys([*GROUP, *KIN, *WITNESSES]):
            try:
                encoder = load(name)
                encoder.expect(10**9)
                self.counts[name] = [encoder.count(text.text) for text in texts]
            except TokError as error:
                print(f"left out {name}: {error.message}", file=sys.stderr)

    def band(self, proxy: str, kin: Iterable[str]) -> Band:
        """The range of a proxy, from the calibration half of the texts."""
        families = [self.counts[name] for name in kin if name != proxy and name in self.counts]
        base = self.counts[proxy]
        plain = [i for i, text in enumerate(self.texts) if not text.held and text.kind in PLAIN and base[i] >= 15]
        script = [i for i, text in enumerate(self.texts) if not text.held and text.kind not in PLAIN and base[i] >= 15]
        ends = []
        for extreme, tail in ((min, TAIL), (max, 1 - TAIL)):
            ratio = {i: extreme(1.0, *(counts[i] / base[i] for counts in families)) for i in (*plain, *script)}
            rows = {i: self.row(proxy, i) for i in ratio}
            first = regress([rows[i][:5] for i in plain], [ratio[i] for i in plain], tail)
            tail = TAIL_SCRIPT if extreme is min else 1 - TAIL_SCRIPT
            rest = [ratio[i] - dot(rows[i][:5], first) for i in script]
            ends.append(first + regress([rows[i][5:] for i in script], rest, tail))
        low, high = ends
        spare = (WIDTH - max(self.width(proxy, kind, low, high) for kind in ("prose", "code"))) / 2
        low[0] -= spare
        high[0] += spare
        slack = 0.0
        while self.width(proxy, "code", low, high) < WIDTH and slack < 0.1:
            slack += 0.002
            for column in SLACK:
                low[column] -= 0.002
                high[column] += 0.002
        return end(low), end(high)

    def row(self, proxy: str, i: int) -> list[float]:
        """What the weights of a bound are multiplied with, for one text, per token of the proxy."""
        tokens = self.counts[proxy][i]
        return [1.0, tokens**-0.5, *(value / tokens for value in self.features[i])]

    def width(self, proxy: str, kind: str, low: Sequence[float], high: Sequence[float]) -> float:
        """The median width of a range over the texts of a kind of at least 100 tokens, with rounding and slack."""
        chosen = [i for i, text in enumerate(self.texts) if text.kind == kind and self.counts[proxy][i] >= 100]
        rows = [self.row(proxy, i) for i in chosen]
        return median(dot(row, high) - dot(row, low) + 3 * row[1] ** 2 for row in rows)

    def holds(self, proxy: str, family: str, band: Band) -> Holds:
        """What a range holds of the held-back texts, by kind; `short` are those under 100 tokens."""
        found: dict[str, list[tuple[bool, float]]] = {}
        for i, text in enumerate(self.texts):
            tokens = self.counts[proxy][i]
            if text.held and tokens:
                count = estimate.within((tokens, *self.features[i]), *band)
                kind = text.kind if tokens >= 100 else f"short {text.kind}"
                truth = self.counts[family][i]
                found.setdefault(kind, []).append((count.low <= truth <= count.high, (count.high - count.low) / tokens))
        return {
            kind: (sum(inside for inside, _ in rows) / len(rows), median(width for _, width in rows), len(rows))
            for kind, rows in found.items()
        }


def end(weights: Sequence[float]) -> estimate.Bound:
    base, root, *rest = (round(weight, 4) for weight in weights)
    return estimate.Bound(base, root, tuple(rest))


def left_out(calibration: Calibration) -> dict[str, dict[str, Band]]:
    """Proxy -> family -> the band made without that family."""
    tables: dict[str, dict[str, Band]] = {}
    for proxy, kin in KIN.items():
        known = [name for name in kin if name != proxy and name in calibration.counts]
        tables[proxy] = {name: calibration.band(proxy, [other for other in known if other != name]) for name in known}
    return tables


def held_back(calibration: Calibration, tables: dict[str, dict[str, Band]]) -> list[Row]:
    """What the bands hold of every family left out of its own, then of families that are not made like the proxy."""
    found: list[Row] = []
    for proxy, bands in tables.items():
        for family, band in bands.items():
            found.append(("left out", proxy, family, calibration.holds(proxy, family, band)))
    general = calibration.band(GENERAL, KIN[GENERAL])
    pairs = [(GENERAL, name) for name in WITNESSES] + [("qwen3.5", "qwen2"), ("gemma4", "qwen3.5")]
    pairs += [("tekken", GENERAL), ("deepseek-v4", GENERAL), ("claude-4.8", "claude-3")]
    for proxy, family in pairs:
        found.append(("outside", proxy, family, calibration.holds(proxy, family, general)))
    return found


def report(rows: Iterable[Row]) -> str:
    """A Markdown table: share of held-back texts whose truth lies in the range, and the median width of the range."""
    kinds = [*ROOTS, *(f"short {kind}" for kind in ("prose", "code"))]
    lines = ["| | proxy | family | plain | " + " | ".join(kinds) + " |", "|---" * (len(kinds) + 4) + "|"]
    for what, proxy, family, holds in rows:
        cells = [f"{holds[kind][0]:.0%} ({holds[kind][1]:.1%})" if kind in holds else "-" for kind in kinds]
        plain = [(share, number) for kind, (share, _, number) in holds.items() if kind.removeprefix("short ") in PLAIN]
        total = sum(share * number for share, number in plain) / sum(number for _, number in plain)
        lines.append(f"| {what} | {proxy} | {family} | {total:.1%} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def render(calibration: Calibration, table: str) -> str:
    """The data file."""
    lines = [
        "# Ranges of estimates. Made by tests/bench/calibrate.py, which says how; do not edit by hand.",
        "#",
        f"# Made on {date.today()} from {len(calibration.texts)} texts: whole files and slices of files, from",
        *(f"#   {line}" for line in wrap(versions(), 110)),
        "# and the documentation and packages installed beside them. Half of them calibrate, half are held back.",
        "#",
        "# tokens at an end = base * proxy tokens + root * their square root + the sum of weight * feature",
        "# `general` serves every proxy without a table of its own.",
        "#",
        "# What the ranges hold of the held-back texts: share (median width). `plain` is prose, code and json of any",
        "# size, the other columns are texts of at least 100 tokens, `short` those below.",
        "# left out: a family like the proxy, by a table made without that family.",
        "# outside: a family that is not made like the proxy; the ranges do not claim to hold there.",
        *(f"# {line}" for line in table.splitlines()),
    ]
    for name, proxy in (("general", GENERAL), *((proxy, proxy) for proxy in KIN if proxy != GENERAL)):
        families = ", ".join(f'"{family}"' for family in KIN[proxy] if family in calibration.counts)
        lines += ["", f"[band.{json.dumps(name)}]", f'proxy = "{proxy}"', f"families = [{families}]"]
        for label, bound in zip(("low", "high"), calibration.band(proxy, KIN[proxy]), strict=True):
            lines.append(
                f"{label} = {{ " + ", ".join(f"{key} = {value}" for key, value in weights(bound).items()) + " }"
            )
    return "\n".join(lines) + "\n"


def weights(bound: estimate.Bound) -> dict[str, float]:
    return {"base": bound.base, "root": bound.root, **dict(zip(estimate.FEATURES, bound.weights, strict=True))}


def versions() -> str:
    """The Debian packages and the Python that the texts are from."""
    asked = ["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *PACKAGES]
    try:
        packages = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    except OSError:
        packages = ""
    return f"{packages}Python {sys.version.split()[0]}"


def main() -> None:
    """Write the data file and the tables of the tests, print what they hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=Path(estimate.__file__).with_name("estimate.toml"))
    parser.add_argument(
        "--left-out", type=Path, default=Path(__file__).parent.parent / "vectors/estimate-left-out.json"
    )
    options = parser.parse_args()
    texts = [text for kind in ROOTS for text in gather(kind)]
    print({kind: sum(text.kind == kind for text in texts) for kind in ROOTS}, file=sys.stderr)
    calibration = Calibration(texts)
    tables = left_out(calibration)
    table = report(held_back(calibration, tables))
    options.output.write_text(render(calibration, table), encoding="utf-8", newline="\n")
    made = {
        proxy: {family: {"low": weights(low), "high": weights(high)} for family, (low, high) in bands.items()}
        for proxy, bands in tables.items()
    }
    options.left_out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(table)


if __name__ == "__main__":
    main()
