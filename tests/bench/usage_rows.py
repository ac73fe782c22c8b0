"""How long the total of many rows of usage takes, beside genai-prices (`pip install genai-prices`) in a loop.

    python tests/bench/usage_rows.py [--rows 1000000] [--peer-rows 50000] [--peer PYTHON] [--keep FILE]

Rows are drawn from the models that both know, as logs have them: some cached, some with reasoning, some above the
tier, over a month. The peer prices the first `--peer-rows` of them, in an interpreter that has it (`--peer`); its
time is scaled up to all rows, reading JSON counts for both. Its total over those rows is compared with ours.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

MODELS = (
    ("openai", "gpt-6-sol", "cache_write_tokens"),
    ("openai", "gpt-6-luna", "cache_write_tokens"),
    ("openai", "gpt-5.5", ""),
    ("anthropic", "claude-opus-5-5", "cache_write_5m_tokens"),
    ("anthropic", "claude-haiku-5-5", "cache_write_5m_tokens"),
    ("anthropic", "claude-sonnet-5-5", "cache_write_1h_tokens"),
)
START = 1_792_022_400
"""2026-10-15, after the last change of price of these models that both know."""

PEER = """
import json, sys, time
from datetime import datetime
from decimal import Decimal
from genai_prices import Usage, calc_price
total, unknown = Decimal(0), 0
lines = open(sys.argv[1]).readlines()[: int(sys.argv[2])]
calc_price(Usage(input_tokens=1), model_ref="gpt-5.5", provider_id="openai")
start = time.perf_counter()
for line in lines:
    row = json.loads(line)
    usage = row["usage"]
    usage.pop("reasoning_tokens", None)
    at = datetime.fromisoformat(row["at"])
    try:
        total += calc_price(
            Usage(**usage), model_ref=row["model"], provider_id=row["provider"], genai_request_timestamp=at
        ).total_price
    except LookupError:
        unknown += 1
print(json.dumps([time.perf_counter() - start, str(total), unknown]))
"""


def row(number: int, chance: random.Random) -> dict[str, object]:
    """One row of a log."""
    provider, model, write = chance.choice(MODELS)
    sent = int(chance.lognormvariate(8.5, 1.6)) + 1
    made = int(chance.lognormvariate(5.5, 1.2)) + 1
    usage = {"input_tokens": sent, "output_tokens": made}
    if chance.random() < 0.6:
        usage["cache_read_tokens"] = sent * chance.randrange(90) // 100
    if write and chance.random() < 0.3:
        written = (sent - usage.get("cache_read_tokens", 0)) // 2
        usage["cache_write_tokens"] = written
        if write != "cache_write_tokens":
            usage[write] = written
    if provider == "openai" and chance.random() < 0.5:
        usage["reasoning_tokens"] = made * chance.randrange(80) // 100
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + number * 2 % (30 * 86400)))
    return {"id": f"req_{number:08}", "provider": provider, "model": model, "usage": usage, "at": at, "options": {}}


def peer(python: str, path: str, count: int) -> tuple[float, str, int]:
    """Seconds, total and unknown rows of genai-prices over the first rows."""
    run = subprocess.run([python, "-c", PEER, path, str(count)], capture_output=True, text=True, check=True)
    seconds, total, unknown = json.loads(run.stdout)
    return seconds, total, unknown


def main() -> None:
    from tokencli import bulk
    from tokencli.money import exact
    from tokencli.rates.layers import open_cards

    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--peer-rows", type=int, default=50_000)
    options.add_argument("--peer", default=sys.executable)
    options.add_argument("--ratecards", default=str(Path(__file__).parents[2] / "ratecards"))
    options.add_argument("--keep", default="")
    given = options.parse_args()
    chance = random.Random(5)
    path = given.keep or tempfile.mkstemp(suffix=".jsonl")[1]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row(number, chance)) + "\n" for number in range(given.rows))
    cards = open_cards(given.ratecards, (), None)
    cards.find("gpt-6-sol")  # compiles a folder of cards, which is kept where `tok` runs
    defaults = bulk.Defaults(at=START)
    start = time.perf_counter()
    found = bulk.total(path, cards, defaults)
    own = time.perf_counter() - start
    print(f"tok: {given.rows} rows in {own:.2f} s, {found.unpriced} unpriced")
    for failed in found.failed[:3]:
        print(f"  line {failed.line}: {failed.message}")
    print("  " + ", ".join(f"{total.currency} {exact(total.total)}" for total in found.totals))
    count = min(given.peer_rows, given.rows)
    seconds, theirs, unknown = peer(given.peer, path, count)
    with open(path, "rb") as lines:
        ours = bulk.total(islice(lines, count), cards, defaults)
    print(f"genai-prices: {count} rows in {seconds:.2f} s, {unknown} unknown")
    print(f"  first {count} rows: {theirs}, tok {', '.join(exact(total.total) for total in ours.totals)}")
    print(f"ratio {own / (seconds * given.rows / count):.4f}")
    if not given.keep:
        Path(path).unlink()


if __name__ == "__main__":
    main()
