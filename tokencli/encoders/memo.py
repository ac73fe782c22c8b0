"""The memo that the engines in Python share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key", str, bytes)


class Memo(dict[Key, int]):
    """Key to number, worked out when it is first asked for: a repeated word costs one look-up in a dict."""

    def __init__(self, measure: Callable[[Key], int]) -> None:
        super().__init__()
        self._measure: Callable[[Key], int] = measure

    def __missing__(self, key: Key) -> int:
        number = self[key] = self._measure(key)
        return number
