"""One entry of litellm's data, and which of its keys have been taken."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tokencli.rates.importing import Remark, exact

SILENT = frozenset({"input_cost_per_token_cache_hit", "output_vector_size"})
"""Keys that only repeat another, or are no price though they look like one."""


class Entry:
    """One entry of the data; `used` are the keys that a card took, `remarks` takes what it cannot say."""

    def __init__(
        self,
        provider: str,
        model: str,
        entry: Mapping[str, Any],
        remarks: list[Remark],
    ) -> None:
        self.provider = provider
        self.model = model
        self.entry = entry
        self.mode = str(entry.get("mode") or "")
        self.remarks = remarks
        self.used: set[str] = set()

    def rounded(self, what: str, why: str) -> None:
        """Remark that the price of a key was rounded."""
        self.remarks.append(Remark("rounded", self.provider, self.model, what, why))

    def leave(self, what: str, reason: str) -> None:
        """Remark that a key is not in the card."""
        self.used.add(what)
        self.remarks.append(Remark("left out", self.provider, self.model, what, reason))

    def value(self, key: str) -> Decimal | None:
        """The number of a key, which is then used up; None where there is none."""
        told = self.entry.get(key)
        if not isinstance(told, Decimal):
            return None
        self.used.add(key)
        return told

    def tidy(self, value: Decimal, key: str) -> Decimal:
        """A price without what a float left behind."""
        price, why = exact.tidy(value)
        if why:
            self.rounded(key, why)
        return price

    def rest(self) -> None:
        """Remark every price that nothing above took."""
        for key, value in self.entry.items():
            priced = "cost" in key or key.endswith("_multiplier")
            if (
                priced
                and key not in self.used
                and key not in SILENT
                and (value if isinstance(value, Decimal) else True)
            ):
                self.leave(key, "cards have no such unit")
