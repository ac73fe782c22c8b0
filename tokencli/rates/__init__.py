"""Rate cards: read, checked, compiled and looked up; and what they make of a usage."""

from tokencli.rates.cards import Cards
from tokencli.rates.layers import open_cards

__all__ = ["Cards", "open_cards"]
