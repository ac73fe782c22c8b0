"""Write a deterministic tree of text files for measurements: source code, prose, data and some other scripts.

    python tests/bench/make_tree.py FOLDER --files 20000 --megabytes 100 --ignored 6000 --git

The same arguments always give the same bytes. Words follow a Zipf law over a made-up vocabulary, so that token
counts, repetition and line lengths are close to those of real repositories; nothing is copied from anywhere.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
from itertools import accumulate
from pathlib import Path

SYLLABLES = (
    *"aeiou",
    "ba",
    "co",
    "de",
    "fi",
    "ga",
    "he",
    "in",
    "jo",
    "ka",
    "le",
    "mo",
    "nu",
    "or",
    "pa",
    "qui",
    "re",
    "si",
)
ENDINGS = ("tion", "ment", "able", "er", "al", "ity", "s", "ed", "ing", "")
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500, 3)]
KINDS = (("py", 40), ("md", 25), ("js", 20), ("json", 10), ("txt", 5))


def vocabulary(rng: random.Random, size: int = 6000) -> tuple[list[str], list[float]]:
    """Made-up words and the running sums of their Zipf weights."""
    words = ["".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 2, 3)))) + rng.choice(ENDINGS) for _ in range(size)]
    return words, list(accumulate(1 / rank for rank in range(1, size + 1)))


def line(rng: random.Random, kind: str, words: list[str]) -> str:
    """One line of a file of the kind, made of the given words."""
    if kind == "py":
        return rng.choice(
            (
                f"    {words[0]}_{words[1]} = self.{words[2]}({words[3]}, {rng.randrange(1000)})\n",
                f"def {words[0]}_{words[1]}({words[2]}: int, {words[3]}: str) -> None:\n",
                f"        if {words[0]} is not None and {words[1]} != '{words[2]}':\n",
                f"    # {' '.join(words)}\n",
                "\n",
            )
        )
    if kind == "js":
        return f"  const {words[0]} = ({words[1]}) => {words[2]}.{words[3]}[{rng.randrange(99)}] ?? null;\n"
    if kind == "json":
        return f'  {{"{words[0]}": {rng.random():.6f}, "{words[1]}": ["{words[2]}", "{words[3]}"]}},\n'
    if kind == "md" and rng.random() < 0.08:
        return f"\n## {' '.join(words[:3]).capitalize()}\n\n"
    if rng.random() < 0.03:
        return "".join(rng.choices(HAN, k=24)) + "。\n"
    return " ".join(words).capitalize() + ". "


def document(rng: random.Random, kind: str, size: int, words: list[str], sums: list[float]) -> bytes:
    """A text of about `size` bytes."""
    parts: list[str] = []
    length = 0
    while length < size:
        picked = rng.choices(words, cum_weights=sums, k=9)
        parts.append(line(rng, kind, picked))
        length += len(parts[-1])
    return "".join(parts).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--megabytes", type=float, default=100.0)
    parser.add_argument("--ignored", type=int, default=0, help="small files more, below an ignored folder")
    parser.add_argument("--git", action="store_true", help="make it a git repository with everything committed")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    words, sums = vocabulary(rng)
    pool = [document(rng, kind, 120_000, words, sums) for kind, _ in KINDS for _ in range(6)]
    mean = options.megabytes * 1e6 / options.files
    kinds, weights = zip(*KINDS, strict=True)
    for number in range(options.files):
        index = rng.choices(range(len(kinds)), weights=weights)[0]
        folder = options.folder / f"part{number // 1000:02}" / f"{words[number // 25 % 500]}{number // 25 % 40}"
        folder.mkdir(parents=True, exist_ok=True)
        size = min(100_000, max(20, int(rng.lognormvariate(0, 1) * mean / 1.6487)))
        start = rng.randrange(0, 120_000 - size)
        text = pool[index * 6 + rng.randrange(6)][start : start + size].decode(errors="ignore")
        (folder / f"file{number}.{kinds[index]}").write_text(f"{number}\n{text}", encoding="utf-8", newline="")
    (options.folder / ".gitignore").write_text("build/\n*.log\n", newline="")
    for number in range(options.ignored):
        folder = options.folder / "build" / str(number // 100)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.o").write_text("ignored\n", newline="")
    if options.git:
        identity = {f"GIT_{who}_{what}": "bench" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "tree"]):
            environment = os.environ | identity | {"GIT_CONFIG_GLOBAL": os.devnull}
            subprocess.run(["git", "-C", str(options.folder), *command], check=True, env=environment)


if __name__ == "__main__":
    main()
