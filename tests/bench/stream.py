"""Counts one file of gigabytes, and checks the number and the memory that it took.

    python tests/bench/stream.py --gigabytes 2 [-e ENCODING ...] [--one-line]

The file repeats one block of text that ends where a cut is exact, so that its count is known from one block,
counted whole. With --one-line the block has no line break.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tokencli.encoders import load

PROSE = (
    "Prices come in tiers, windows of the day, batches and caches; agents turn 1,000 tokens into 10,000. "
    "def count(text: str) -> int:  return len(encode(text))  # naïve, 中文, 日本語 "
)


def block(one_line: bool) -> str:
    """About a megabyte that starts and ends with a letter: between two of them, `letter| letter` is a cut."""
    text = "".join(f"{number} {PROSE}" for number in range(5_000))
    text = text if one_line else text.replace("; ", ";\n").replace(". ", ".\n")
    return f"start {text} end"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("-e", "--encoding", action="append")
    parser.add_argument("--one-line", action="store_true")
    options = parser.parse_args()
    text = block(options.one_line)
    data = text.encode()
    repeats = max(2, round(options.gigabytes * 1e9 / len(data)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.txt"
        with file.open("wb") as out:
            for number in range(repeats):
                out.write(data if number == 0 else b" " + data)
        for encoding in options.encoding or ["o200k_base"]:
            encoder = load(encoding)
            expected = encoder.count(text) + (repeats - 1) * (encoder.count(f"end {text}") - encoder.count("end"))
            command = [sys.executable, "-m", "tokencli", "count", "-q", "--no-cache", "-e", encoding, str(file)]
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.PIPE)
            output = process.stdout.read() if process.stdout else b""
            usage = os.wait4(process.pid, 0)[2]
            seconds = time.perf_counter() - start
            megabytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
            size = file.stat().st_size
            result = f"{size / 1e9:.2f} GB, {int(output):,} tokens, {seconds:.1f} s"
            print(f"{encoding}: {result}, {megabytes:.0f} MB of memory")
            if int(output) != expected:
                raise SystemExit(f"expected {expected:,}")


if __name__ == "__main__":
    main()
