"""The JSON envelope `tok.tokenizers.compare/1`."""

from __future__ import annotations

from tokencli.formats import View, Write
from tokencli.formats.envelope import envelope
from tokencli.model.comparison import Comparison


def render(report: Comparison, view: View, write: Write) -> None:
    """Write the whole comparison as one JSON object."""
    encodings = []
    for row in report.rows:
        word, character, byte = (None if rate is None else round(rate, 6) for rate in report.rates(row))
        encodings.append(
            {
                "encoding": row.encoding,
                "model": row.model,
                "method": row.method,
                "tokens": row.tokens.tokens,
                "low": row.tokens.low,
                "high": row.tokens.high,
                "per_word": word,
                "per_character": character,
                "per_byte": byte,
                "premium": round(report.premium(row), 6),
                "scripts": {
                    script: {"tokens": row.scripts[script], "per_character": round(rate, 6)}
                    for script, rate in report.by_script(row).items()
                },
            }
        )
    data = {"sample": {**report.sample._asdict(), "scripts": dict(report.sample.scripts)}, "encodings": encodings}
    write(envelope("tokenizers compare", data, view.exit_code, report.notes))
