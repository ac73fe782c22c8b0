"""Make the counts of claude.jsonl with ctok 1.3.0 (PyPI, MIT, Sander Land), on a Python with its package `regex`.

    python tests/vectors/make_claude.py CTOK

CTOK is a folder with the wheel of ctok 1.3.0 unpacked. A count is `ctok.token_count(text, version)` less the frame that
ctok names for the version; no text holds a character that Unicode 15 or later added, so any Python since 3.11 gives
the same. The texts are those that claude.jsonl holds, each repeated `times` (1): to add one, add a line {"text": ...}
and run this. A million newlines take ctok most of a minute.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
VERSIONS = {"claude-3": ("3.0", 7), "claude-4.7": ("4.7", 11), "claude-4.8": ("4.8", 6)}


def main() -> None:
    sys.path.insert(0, sys.argv[1])
    ctok = importlib.import_module("ctok")
    path = HERE / "claude.jsonl"
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row["text"] * row.get("times", 1)
        row |= {name: ctok.token_count(text, version) - frame for name, (version, frame) in VERSIONS.items()}
        lines.append(json.dumps(row) + "\n")
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
