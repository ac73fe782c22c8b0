"""How many tokens encodings make of the same texts, in all and of the runs of each script.

A run of a script is a stretch of its letters and marks, with up to three blanks or marks of punctuation between two of
them; digits and line breaks end it. Runs are counted one by one, as they would be as texts, and stand for how an
encoding fits a language. A file of code by its name, and a fenced block in Markdown, is `code` as a whole and gives no
runs of other scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tokencli.counting import counter
from tokencli.model import Column
from tokencli.model.comparison import SCRIPTS, Comparison, Row, Sample

DEFAULT = (
    *("o200k_base", "cl100k_base", "qwen3.5", "deepseek-v4", "glm-4.7", "kimi-k2", "minimax", "tekken"),
    *("gemma4", "claude-4.8"),
)
"""The newest encoding of each maker, and the one before OpenAI's newest."""

LETTERS = {
    "latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u036f\u1e00-\u1eff",
    "han": "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af",
    "kana": "\u3041-\u3096\u3099-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "hangul": "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff",
    "arabic": "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff"
    "\ufb50-\ufdff\ufe70-\ufefc",
    "devanagari": "\u0900-\u0963\u0970-\u097f\ua8e0-\ua8ff",
}
BETWEEN = "[ \t'\u2019\\-,.;:!?\u2026\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\u060c\u061b\u061f\u0964\u200c\u200d]"

CODE = (
    *(".c", ".cc", ".cpp", ".cs", ".css", ".go", ".h", ".hpp", ".html", ".java", ".js", ".json", ".jsx", ".kt", ".lua"),
    *(".php", ".pl", ".py", ".rb", ".rs", ".scala", ".sh", ".sql", ".swift", ".toml", ".ts", ".tsx", ".xml"),
    *(".yaml", ".yml"),
)
FENCED = re.compile(r"^(`{3,}|~{3,})[^\n]*\n(.*?)(?:^\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
MARKDOWN = (".md", ".markdown", ".mdx")


def runs(path: str, text: str) -> Iterator[tuple[str, str]]:
    """The stretches of a text by script."""
    name = path.lower()
    if name.endswith(CODE):
        if text:
            yield "code", text
        return
    if name.endswith(MARKDOWN):
        yield from (("code", match[2]) for match in FENCED.finditer(text) if match[2])
        text = FENCED.sub("\n", text)
    for script, letters in LETTERS.items():
        for match in re.finditer(f"[{letters}]+(?:{BETWEEN}{{1,3}}[{letters}]+)*", text):
            yield script, match[0]


def compare(texts: Sequence[tuple[str, str]], columns: Sequence[Column]) -> Comparison:
    """The encodings over texts, given with their paths, the best first; TokError where one cannot count them."""
    found: dict[str, list[str]] = {script: [] for script in SCRIPTS}
    for path, text in texts:
        for script, run in runs(path, text):
            found[script].append(run)
    whole = [text for _, text in texts]
    sample = Sample(
        files=len(texts),
        words=sum(len(text.split()) for text in whole),
        characters=sum(map(len, whole)),
        bytes=sum(len(text.encode()) for text in whole),
        scripts={script: sum(map(len, own)) for script, own in found.items()},
    )
    rows = [_row(column, whole, found, sample) for column in columns]
    rows.sort(key=lambda row: row.tokens.tokens)
    return Comparison(sample, tuple(rows), tuple(column.note for column in columns if column.note))


def _row(column: Column, texts: Sequence[str], found: dict[str, list[str]], sample: Sample) -> Row:
    way = counter(column)
    way.expect(2 * sample.bytes)

    def tokens(parts: Sequence[str]) -> tuple[int, ...]:
        return tuple(map(sum, zip(*way.measure_all(parts), strict=True)))

    scripts = {script: way.finish(tokens(own)).tokens for script, own in found.items() if own}
    return Row(column.encoding, column.model, column.method, way.finish(tokens(texts)), scripts)
