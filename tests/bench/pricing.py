"""How many of the worked bills of tests/vectors/billing each program gets right, by dimension: a Markdown table.

    python tests/bench/pricing.py --peers PYTHON --litellm PYTHON [--wrong PROGRAM]

PYTHON are interpreters that have genai-prices 0.2.3 and tokencost 0.1.26, and litellm 1.109.1 (with
LITELLM_LOCAL_MODEL_COST_MAP, so that it prices from its own wheel). `pricing_peers.py` says what each is told.

- A case counts for a program only where that has a price for the model; made-up cards, prices in CNY (all three reckon
  in dollars) and the cases of what must be refused count for none.
- Right is within a billionth of the exact sum, so that floats are no fault.
- What a program cannot be told (a batch, a region) is left out of what it is told; what it then says counts.
- litellm and tokencost hold today's prices only; a case in the past is asked as it is.
- This project is held to the same cases with the cards they name, and with its own for those of `bundled.json`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tokencli.model.cost import Selectors
from tokencli.model.rates import Card
from tokencli.rates.pricing import price
from tokencli.rates.read import read_card

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "billing"
PEERS = ("genai-prices", "litellm", "tokencost")
NEAR = Fraction(1, 10**9)

Case = dict[str, Any]
Peer = tuple[tuple[str, str] | None, str | None]
"""What a model is called: (provider, model) at genai-prices, and the key of litellm's table, which tokencost shares."""

PROVIDERS: Mapping[str, tuple[str | None, str]] = {
    "alibaba": (None, "dashscope/"),
    "anthropic": ("anthropic", ""),
    "bedrock": ("aws", ""),
    "deepseek": ("deepseek", "deepseek/"),
    "google": ("google", "gemini/"),
    "groq": ("groq", "groq/"),
    "meta": ("meta", "meta/"),
    "minimax": ("minimax", "minimax/"),
    "mistral": ("mistral", "mistral/"),
    "moonshot": ("moonshotai", "moonshot/"),
    "openai": ("openai", ""),
    "together": ("together", "together_ai/"),
    "xai": ("x-ai", "xai/"),
    "zai": ("zai", "zai/"),
}

NAMED: Mapping[str, Peer] = {
    # Two of the data sets disagree on it, and the page of the provider was not seen.
    "together/meta-llama/Llama-3.3-70B-Instruct-Turbo": (None, None),
    "openai/gpt-live-example": (None, None),
    "google/gemini-2.5-pro-flat": (None, None),
    "google/gemini-2.5-flash-native-audio": (
        ("google", "gemini-2.5-flash-native-audio-preview-12-2025"),
        "gemini/gemini-2.5-flash-native-audio-preview-12-2025",
    ),
    "google/veo-3.1": (("google", "veo-3.1-generate-001"), "gemini/veo-3.1-generate-001"),
    "minimax/minimax-m3": (("minimax", "MiniMax-M3"), "minimax/MiniMax-M3"),
    "others/grok-4.7": (("x-ai", "grok-4.7"), "xai/grok-4.7"),
    "others/grok-4.3": (("x-ai", "grok-4.3"), "xai/grok-4.3"),
    "others/azure-grok-4.6": (("azure", "grok-4.6"), "azure_ai/grok-4.6"),
    "others/minimax-m3": (("minimax", "MiniMax-M3"), "minimax/MiniMax-M3"),
    "others/kimi-k2.5": (("moonshotai", "kimi-k2.5"), "moonshot/kimi-k2.5"),
    "others/gpt-oss-120b-groq": (("groq", "openai/gpt-oss-120b"), "groq/openai/gpt-oss-120b"),
    "others/whisper-large-v3-groq": (("groq", "whisper-large-v3"), "groq/whisper-large-v3"),
    "others/mistral-large-4": (("mistral", "mistral-large-4"), "mistral/mistral-large-4"),
    "others/rerank-v3.5": (("cohere", "rerank-v3.5"), "rerank-v3.5"),
    "others/sonar": (("perplexity", "sonar"), "perplexity/sonar"),
    "others/sonar-pro": (("perplexity", "sonar-pro"), "perplexity/sonar-pro"),
    "others/sonar-deep-research": (("perplexity", "sonar-deep-research"), "perplexity/sonar-deep-research"),
    "others/claude-sonnet-4-6-bedrock": (("aws", "anthropic.claude-sonnet-4-6"), "anthropic.claude-sonnet-4-6"),
    "others/claude-sonnet-4-6-bedrock@global": (
        ("aws", "global.anthropic.claude-sonnet-4-6"),
        "global.anthropic.claude-sonnet-4-6",
    ),
    "others/qwen3-next-80b-bedrock": (("aws", "qwen.qwen3-next-80b-a3b"), "qwen.qwen3-next-80b-a3b"),
    "others/qwen3-next-80b-bedrock@eu-west-1": (
        ("aws", "qwen.qwen3-next-80b-a3b"),
        "bedrock/eu-west-1/qwen.qwen3-next-80b-a3b",
    ),
    "others/gpt-oss-20b-bedrock": (("aws", "openai.gpt-oss-20b-1:0"), "bedrock_mantle/openai.gpt-oss-20b"),
    "others/gpt-5.6-sol-bedrock": (("aws", "openai.gpt-5.6-sol"), "bedrock_mantle/openai.gpt-5.6-sol"),
    "others/gpt-5.5-bedrock": (("aws", "openai.gpt-5.5"), "bedrock_mantle/openai.gpt-5.5"),
    "others/qwen3.6-35b-deepinfra": (None, "deepinfra/Qwen/Qwen3.6-35B-A3B"),
}


def main() -> None:
    """Ask everybody, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True, help="interpreter with genai-prices and tokencost")
    parser.add_argument("--litellm", required=True, help="interpreter with litellm")
    parser.add_argument("--wrong", choices=PEERS, help="list what this program gets wrong")
    chosen = parser.parse_args()
    cases = [case for path in sorted(VECTORS.glob("*.json")) for case in json.loads(path.read_text()).get("cases", ())]
    cases = [case for case in cases if "total" in case]
    answers: dict[str, list[Fraction | None]] = {"tok": [own(case) for case in cases]}
    for peer in PEERS:
        answers[peer] = ask(peer, chosen.litellm if peer == "litellm" else chosen.peers, cases)
    print("\n".join(table(cases, answers)))
    if chosen.wrong:
        for case, said in zip(cases, answers[chosen.wrong], strict=True):
            if said is not None and not right(said, case):
                print(f"{case['name']}: {float(said):.12g}, not {case['total']} {names(case)}")


def own(case: Case) -> Fraction:
    """The total of this project, with the card of the case."""
    bundled = case["card"] == "bundled"
    path = ROOT / "ratecards" / f"{case['provider']}.yaml" if bundled else VECTORS / case["card"]
    (model,) = [model for model in card(path).models if model.id == case["model"]]
    decimals = ("contract_multiplier", "duration_seconds")
    options = {key: Decimal(value) if key in decimals else value for key, value in case.get("options", {}).items()}
    used = {key: Decimal(value) if isinstance(value, str) else value for key, value in case["usage"].items()}
    return price(model, used, Selectors(**options), round(datetime.fromisoformat(case["at"]).timestamp())).total


_cards: dict[Path, Card] = {}


def card(path: Path) -> Card:
    """A card, read once."""
    if path not in _cards:
        _cards[path] = read_card(path.read_text(encoding="utf-8"), str(path))
    return _cards[path]


def names(case: Case) -> Peer:
    """What the model of a case is called elsewhere; None where it is not sold for dollars or not sold at all."""
    if case["currency"] != "USD" or "contract" in case["dimensions"] or "slices" in case["dimensions"]:
        return None, None
    seller = case["provider"] if case["card"] == "bundled" else Path(case["card"]).stem
    key, region = f"{seller}/{case['model']}", case.get("options", {}).get("region", "")
    for known in (f"{key}@{region}", key):
        if known in NAMED:
            return NAMED[known]
    if seller not in PROVIDERS:
        return None, None
    provider, prefix = PROVIDERS[seller]
    return (provider, case["model"]) if provider else None, prefix + case["model"]


def ask(peer: str, python: str, cases: Iterable[Case]) -> list[Fraction | None]:
    """The totals of another program, None where it has no price."""
    requests, where = [], []
    for number, case in enumerate(cases):
        known = names(case)[0 if peer == "genai-prices" else 1]
        if known is not None:
            where.append(number)
            requests.append({**case, "options": case.get("options", {}), "peer": known})
    found: list[Fraction | None] = [None] * len(list(cases))
    run = [python, str(Path(__file__).with_name("pricing_peers.py")), peer]
    done = subprocess.run(run, input=json.dumps(requests), capture_output=True, text=True, check=True)
    for number, answer in zip(where, json.loads(done.stdout), strict=True):
        found[number] = None if answer["total"] is None else Fraction(answer["total"])
    return found


def right(said: Fraction, case: Case) -> bool:
    """Whether a total is the exact one, to a billionth of it."""
    exact = Fraction(case["total"])
    return abs(said - exact) <= NEAR * exact


def table(cases: list[Case], answers: Mapping[str, list[Fraction | None]]) -> Iterable[str]:
    """The rows of the table: right of those that have a price, by dimension and in all."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, case in enumerate(cases):
        for dimension in (*case["dimensions"], *(["published bills"] if "published" in case else ())):
            groups[dimension].append(number)
    groups["all cases"] = list(range(len(cases)))
    yield f"| dimension | cases | tok | {' | '.join(PEERS)} |"
    yield "|---|--:|--:|--:|--:|--:|"
    for dimension in sorted(groups, key=lambda name: (name == "all cases", name)):
        cells = []
        for program in ("tok", *PEERS):
            priced = [(answers[program][number], cases[number]) for number in groups[dimension]]
            had = [(said, case) for said, case in priced if said is not None]
            good = sum(right(said, case) for said, case in had)
            cells.append(f"{good} of {len(had)}" if had else "-")
        yield f"| {dimension} | {len(groups[dimension])} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
