"""Write a session of a coding agent as Claude Code keeps it, of about so many megabytes: `make_session.py FILE [MB]`.

`tok count FILE` is to take at most 1.3 times as long as `tok count FILE --as text`, in less than 400 MB. Measured with
20 MB on two shared cores and the `[fast]` extra (22 November 2026, medians of five pairs): 0.90 with gpt-4o (0.98 with
`--json`), 0.96 (0.91) with qwen3-8b, 1.02 (1.27) with deepseek-v3, 0.70 (0.69) with claude-sonnet-4-5. Without the
results that stand there twice, so that nearly all bytes count: 1.01 (1.22) with gpt-4o and 0.79 (0.86) with
claude-sonnet-4-5, but 1.5 to 1.9 with the chat templates of qwen3-8b and deepseek-v3; without `[fast]`, where counting
takes longer, 1.14 (1.29) with qwen3-8b. At most 238 MB with all copies of the process.

Rows are as in usage-and-ledger notes on real logs: most are short, a few hold whole files. The sizes of what a row says
follow a log-normal curve with its median at 0.5 kB for answers and 1.5 kB for what tools give (about 3.5 kB a row in
the mean, as 511.8 MB in 145,011 rows), cut off at 400 kB. Four of ten rows are tool results, which also stand beside
the message for the screen; one of twenty rows is never sent. The text is this repository's own code and documents.
"""

from __future__ import annotations

import json
import random
import sys
from math import exp
from pathlib import Path

ROOT = Path(__file__).parents[2]


def corpus() -> str:
    """Code and prose to take texts from."""
    files = sorted([*ROOT.glob("tokencli/**/*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("*.md")])
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def write(path: Path, size: int) -> None:
    """Write rows until the file has at least `size` bytes; the same on every run."""
    chance = random.Random(20)
    text = corpus()

    def some(median: float) -> str:
        length = min(int(median * exp(chance.gauss(0, 1.3))), 400_000)
        start = chance.randrange(len(text))
        return (text + text)[start : start + length]

    written = turn = 0
    with path.open("w", encoding="utf-8") as file:
        while written < size:
            turn += 1
            for row in turn_rows(turn, chance, some):
                line = json.dumps(row, ensure_ascii=False) + "\n"
                file.write(line)
                written += len(line.encode())


def turn_rows(turn: int, chance: random.Random, some) -> list[dict]:  # type: ignore[no-untyped-def, type-arg]
    """The rows of one step: sometimes a question, then an answer, mostly with a call and its result."""
    shared = {
        "sessionId": "s",
        "cwd": "/home/me/project",
        "version": "2.0.14",
        "gitBranch": "main",
        "isSidechain": False,
    }

    def row(kind: str, number: int, message: dict | None, **more: object) -> dict:  # type: ignore[type-arg]
        told = {"message": message} if message else {}
        identity = f"{turn:08x}-0000-4000-8000-{number:012x}"
        return {"type": kind, **shared, **told, "uuid": identity, "timestamp": "2026-01-02T03:04:05.678Z", **more}

    def answer(number: int, block: dict) -> dict:  # type: ignore[type-arg]
        usage = {"input_tokens": 4, "cache_read_input_tokens": 90_123, "output_tokens": 231}
        message = {"id": f"msg_{turn}", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5"}
        return row("assistant", number, {**message, "content": [block], "usage": usage}, requestId=f"req_{turn}")

    rows = []
    if turn % 8 == 1:
        rows.append(row("user", 0, {"role": "user", "content": some(300)}))
    if chance.random() < 0.3:
        rows.append(answer(1, {"type": "thinking", "thinking": some(400), "signature": "E" * 300}))
    if chance.random() < 0.5:
        rows.append(answer(2, {"type": "text", "text": some(500)}))
    call = {"type": "tool_use", "id": f"toolu_{turn}", "name": "Bash", "input": {"command": some(200), "timeout": 10}}
    rows.append(answer(3, call))
    result = some(1500)
    given = {"type": "tool_result", "tool_use_id": f"toolu_{turn}", "content": result}
    beside = {"stdout": result, "stderr": "", "interrupted": False}
    rows.append(row("user", 4, {"role": "user", "content": [given]}, toolUseResult=beside))
    if turn % 5 == 0:
        rows.append({"type": "file-history-snapshot", "messageId": str(turn), "snapshot": {"trackedFileBackups": {}}})
    return rows


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(float(sys.argv[2] if len(sys.argv) > 2 else 20) * 1_000_000))
