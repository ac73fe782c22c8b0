"""How many tokens encodings make of the same texts, in all and of the runs of each script.

A run of a script is a stretch of its letters and marks, with up to three blanks or marks of punctuation between two of
them; digits and line breaks end it. Runs are counted one by one, as they would be as texts, and stand for how an
encoding fits a language. A file of code by its name, and a fenced block in Markdown, is `code` as a whole and gives no
runs of other scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import StringIO

from tokencli.counting import counter
from tokencli.cutting import cut
from tokencli.model import Column
from tokencli.model.comparison import SCRIPTS, Comparison, Row, Sample

DEFAULT = (
    *("o200k_base", "cl100k_base", "qwen3.5", "deepseek-v4", "glm-4.7", "kimi-k2", "minimax", "tekken"),
    *("gemma4", "claude-4.8"),
)
"""The newest encoding of each maker, and the one before OpenAI's newest."""

LETTERS = {
    "latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u02e0-\u02e4\u0300-\u036f\u1d00-\u1d25"
    "\u1d2c-\u1d5c\u1d62-\u1d65\u1d6b-\u1d77\u1d79-\u1dbe\u1e00-\u1eff\u2071\u207f\u2090-\u209c\u212a\u212b\u2132\u214e\u2183\u2184\u2c60-\u2c7f"
    "\ua722-\ua787\ua78b-\ua7ff\uab30-\uab5a\uab5c-\uab64\uab66-\uab69\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a",
    "han": "\u3005-\u3007\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003347f",
    "kana": "\u3031-\u3035\u303c\u3041-\u3096\u3099-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "hangul": "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb\uffa0-\uffdc",
    "arabic": "\u0610-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\u0750-\u077f\u0870-\u0887\u0889-\u08ff"
    "\ufb50-\ufd3d\ufd40-\ufdff\ufe70-\ufefc",
    "devanagari": "\u0900-\u0963\u0971-\u097f\ua8e0-\ua8ff",
}
BETWEEN = "[ \t'\u2019\\-,.;:!?\u2026\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\u060c\u061b\u061f\u0964\u200c\u200d]"

CODE = (
    *(".c", ".cc", ".cpp", ".cs", ".css", ".go", ".h", ".hpp", ".html", ".java", ".js", ".json", ".jsx", ".kt", ".lua"),
    *(".php", ".pl", ".py", ".rb", ".rs", ".scala", ".sh", ".sql", ".swift", ".toml", ".ts", ".tsx", ".xml"),
    *(".yaml", ".yml"),
)
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")
MARKDOWN = (".md", ".markdown", ".mdx")

UNSPACED = re.compile(f"[{LETTERS['han']}{LETTERS['kana']}\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17d3]")
"""Letters and marks of scripts without blanks between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer."""

WITHOUT_BLANKS = "of scripts that put no blanks between words: compare by character, not by word"


def runs(path: str, text: str) -> Iterator[tuple[str, str]]:
    """The stretches of a text by script."""
    name = path.lower()
    if name.endswith(CODE):
        if text:
            yield "code", text
        return
    if name.endswith(MARKDOWN):
        blocks, text = fenced(text)
        yield from (("code", block) for block in blocks if block)
    for script, letters in LETTERS.items():
        for match in re.finditer(f"[{letters}]+(?:{BETWEEN}{{1,3}}[{letters}]+)*", text):
            yield script, match[0]


def fenced(text: str) -> tuple[list[str], str]:
    """The fenced blocks of Markdown, without their fences, and the text around them.

    As CommonMark has it: a fence of at least three marks, closed by one as long or else by the end of the text.
    """
    blocks: list[str] = []
    around: list[str] = []
    inner: list[str] = []
    fence = ""
    for line in StringIO(text, newline="\n"):
        found = FENCE.match(line)
        mark, after = (found[1], found[2]) if found else ("", "")
        if fence and mark.startswith(fence) and not after.strip():
            blocks.append("".join(inner))
            inner, fence = [], ""
        elif fence:
            inner.append(line)
        elif mark and not (mark[0] == "`" and "`" in after):
            fence = mark
            around.append("\n")
        else:
            around.append(line)
    return [*blocks, "".join(inner)], "".join(around)


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
    unspaced = sum(len(UNSPACED.findall(text)) for text in whole)
    notes = [column.note for column in columns if column.note]
    if 10 * unspaced > sample.characters:
        notes.append(f"{unspaced / sample.characters:.0%} of the characters are {WITHOUT_BLANKS}")
    return Comparison(sample, tuple(rows), tuple(notes))


def _row(column: Column, texts: Sequence[str], found: dict[str, list[str]], sample: Sample) -> Row:
    way = counter(column)
    way.expect(2 * sample.bytes)

    def tokens(texts: Sequence[str]) -> tuple[int, ...]:
        """The figures of texts; those too long for one piece are cut where that changes nothing."""
        longest = getattr(way, "longest", None)
        parts = [
            (part, at > 0) for text in texts for at, part in enumerate(cut([text], [way.cut], column.encoding, longest))
        ]
        figures = way.measure_all([part for part, _ in parts], inner=[inner for _, inner in parts])
        return tuple(map(sum, zip(*figures, strict=True)))

    scripts = {script: way.finish(tokens(own)).tokens for script, own in found.items() if own}
    return Row(column.encoding, column.model, column.method, way.finish(tokens(texts)), scripts)
