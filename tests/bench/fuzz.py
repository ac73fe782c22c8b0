"""Compares the engines on random text until the time is up, and cut texts with whole ones.

    python tests/bench/fuzz.py --seconds 600 [--seed N]

For every encoding that ships: the small engine against the large one (byte-level BPE), and the count of a text
against the sum over its parts, cut where `cut` allows. The first difference is printed with the seed that makes it.
"""

from __future__ import annotations

import argparse
import random
import time

from tokencli.encoders import Encoder, load, recipes
from tokencli.encoders.byte_bpe import ByteBPE
from tokencli.encoders.drift import drifts

COMMON = [
    *"abcdefgXYZ 0123456789\n\t.,:;'\"-_/\\(){}[]<>=+*&|!?@#$%^~`",
    *(
        "  ",
        "    ",
        "\r\n",
        "\n\n",
        "the ",
        " and",
        "'s",
        "'LL",
        "HTTP",
        "snake_case",
        "é",
        "ß",
        "e\u0301",
        "中",
        "文字",
    ),
    *(
        "の",
        "カ",
        "한국",
        "Ж",
        "ا",
        "ि",
        "ก",
        "“",
        "—",
        "…",
        "。",
        "，",
        "\u200d",
        "\u00a0",
        "\u3000",
        "😀",
        "👨‍👩‍👧",
        "\x00",
    ),
]


def mix(rng: random.Random) -> str:
    """A random text, mostly of what is common."""
    share = rng.choice((0.7, 0.95, 1.0))
    letters = []
    for _ in range(rng.randrange(1, 200)):
        code = rng.randrange(0x30000)
        usual = rng.random() < share or 0xD800 <= code < 0xE000
        letters.append(rng.choice(COMMON) if usual else chr(code))
    return "".join(letters)


def compare(encoder: Encoder, text: str, rng: random.Random) -> str:
    """What differs, or nothing."""
    if isinstance(encoder, ByteBPE):
        normal = encoder._normal(text)
        if not drifts(normal):
            small = encoder._small.encode(encoder._small.pieces(normal))
            if small != encoder._engine().encode(normal):
                return "the engines differ"
    places = [match.start() for match in encoder.cut.finditer(text)]
    chosen = sorted(rng.sample(places, min(len(places), 3)))
    parts = [text[start:end] for start, end in zip([0, *chosen], [*chosen, len(text)], strict=True)]
    inner = [number > 0 for number in range(len(parts))]
    if sum(encoder.count_all(parts, inner=inner)) != encoder.count(text):
        return f"the sum over the parts differs from the whole, cut at {chosen}"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    encoders = [load(name) for name, recipe in recipes().items() if recipe.kind != "llama"]
    end = time.monotonic() + options.seconds
    seed, texts = options.seed, 0
    while time.monotonic() < end:
        rng = random.Random(seed)
        text = mix(rng)
        for encoder in encoders:
            if found := compare(encoder, text, rng):
                raise SystemExit(f"{encoder.name}, seed {seed}: {found}\n{text!r}")
        seed, texts = seed + 1, texts + 1
    print(f"{texts:,} texts in {len(encoders)} encodings, seeds {options.seed} to {seed - 1}: no difference")


if __name__ == "__main__":
    main()
