"""The JSON envelope of `tok models`; prices are exact decimals as texts, per 1,000,000 tokens."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tokencli import money
from tokencli.formats import View, Write
from tokencli.formats.envelope import envelope
from tokencli.formats.models import notes
from tokencli.model.listing import ListedModel, ModelsReport


def render(report: ModelsReport, view: View, write: Write) -> None:
    """Write the envelope."""
    data = {"models": [_object(model) for model in report.models], "at": report.at, "left_out": report.left_out}
    write(envelope("models", data, view.exit_code, notes(report, view)))


def _object(model: ListedModel) -> dict[str, Any]:
    fields: dict[str, Any] = model._asdict()
    for key in ("input", "output", "cache_read"):
        amount: Fraction | None = fields[key]
        fields[key] = None if amount is None else money.exact(amount)
    empty = ("provider", "maker", "currency", "confidence", "deprecated", "retires")
    return {**fields, **{key: fields[key] or None for key in empty}}
