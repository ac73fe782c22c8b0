"""How SentencePiece changes text before it segments it: replacements by a compiled table, blanks, U+2581 for a blank.

The table is a double array (darts-clone) over UTF-8 bytes: a little-endian u32 length, the array, and the replacements,
each ended by a zero byte. At each place the longest rule is applied. Nearly all rules are of one character, so text is
translated at once and only where two characters begin a longer rule, or a user's symbol begins, is it looked at closer.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from itertools import pairwise

from tokencli.encoders.sentencepiece.model import USER_DEFINED, Model

BLANK = "\u2581"


class _Table(dict[int, str]):
    """What single characters become, for `str.translate`."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, code: int) -> str:
        character = chr(code)
        found = self._rules.longest(character.encode())
        replacement = self[code] = character if found is None else found[1]
        return replacement


class Rules:
    """The compiled table; ValueError for a broken one."""

    def __init__(self, charsmap: bytes) -> None:
        size = int.from_bytes(charsmap[:4], "little")
        if size % 4 or size < 4 or len(charsmap) < 4 + size:
            raise ValueError("its table of replacements is broken")
        units = array("I" if array("I").itemsize == 4 else "L", charsmap[4 : 4 + size])
        if int.from_bytes(b"\1\0\0\0", "little") != array(units.typecode, b"\1\0\0\0")[0]:
            units.byteswap()
        self._units = units
        self._texts = charsmap[4 + size :]
        if b"  " in self._texts:
            raise ValueError("a replacement of its table holds two blanks")
        self.single = _Table(self)

    def longest(self, text: bytes) -> tuple[int, str] | None:
        """The length in bytes of the longest rule that begins the text, and what it becomes."""
        units = self._units
        at = _offset(units[0])
        found = None
        for place, byte in enumerate(text, 1):
            at ^= byte
            if at >= len(units) or units[at] & 0x8000_00FF != byte:
                break
            unit = units[at]
            at ^= _offset(unit)
            if unit >> 8 & 1 and at < len(units):
                found = (place, units[at] & 0x7FFF_FFFF)
        if found is None:
            return None
        end = self._texts.find(b"\0", found[1])
        return found[0], self._texts[found[1] : end if end >= 0 else None].decode()

    def joins(self, two: str) -> bool:
        """Whether a rule begins with these two characters."""
        units = self._units
        at = _offset(units[0])
        for byte in two.encode():
            at ^= byte
            if at >= len(units) or units[at] & 0x8000_00FF != byte:
                return False
            at ^= _offset(units[at])
        return True


def _offset(unit: int) -> int:
    return (unit >> 10) << ((unit & 0x200) >> 6)


class Normalizer:
    """Normalises as the library does."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._rules = Rules(model.charsmap) if model.charsmap else None
        self._symbols = symbols(model)
        if model.remove_extra and any("  " in symbol for symbol in self._symbols):
            raise ValueError("a symbol of its user holds two blanks")
        self._own = self._find([])
        self._joined: dict[str, bool] = {}

    def normal(self, text: str, *, inner: bool = False) -> str:
        """The text as it is segmented; one that goes on after a cut gets no mark in front."""
        model = self._model
        given, text = text, self._replaced(text)
        if model.remove_extra:
            text = re.sub(" {2,}", " ", text)
            if not inner:
                text = text.lstrip(" ")
        if not text and (not given or (model.remove_extra and all(self._replaced(each) == " " for each in given))):
            return ""
        blank = BLANK if model.escape else " "
        if model.escape:
            text = text.replace(" ", BLANK)
        if model.dummy_prefix and not inner and not model.suffix:
            text = blank + text
        if model.remove_extra:
            text = text.rstrip(blank)
        return text + blank if model.dummy_prefix and model.suffix else text

    def joins(self, two: str) -> bool:
        """Whether two neighbours may be replaced together."""
        return self._rules is not None and self._rules.joins(two)

    def _replaced(self, text: str) -> str:
        rules = self._rules
        if rules is None:
            return text
        special = self._own
        starts = [two for two in map("".join, set(pairwise(text))) if self._begins(two)]
        if starts:
            special = self._find(starts)
        if special is None:
            return text.translate(rules.single)
        parts, at = [], 0
        while match := special.search(text, at):
            start = match.start()
            parts.append(text[at:start].translate(rules.single))
            symbol = match["symbol"] if self._symbols else None
            if symbol is not None:
                parts.append(symbol)
                at = match.end()
                continue
            found = rules.longest(text[start : start + 32].encode())
            length = len(text[start : start + 32].encode()[: found[0]].decode("utf-8", "ignore")) if found else 1
            parts.append(found[1] if found else text[start])
            at = start + length
        return "".join(parts) + text[at:].translate(rules.single)

    def _begins(self, two: str) -> bool:
        known = self._joined.get(two)
        if known is None:
            known = self._joined[two] = self.joins(two)
        return known

    def _find(self, starts: Sequence[str]) -> re.Pattern[str] | None:
        """What finds symbols and pairs of characters that begin a rule."""
        parts = []
        if self._symbols:
            parts.append(f"(?P<symbol>{'|'.join(map(re.escape, self._symbols))})")
        parts += [f"(?={re.escape(two)})." for two in starts]
        return re.compile("|".join(parts), re.DOTALL) if parts else None


def symbols(model: Model) -> list[str]:
    """The symbols that the model's user defined, which stay as they are; the longest first."""
    return sorted({piece.text for piece in model.pieces if piece.type == USER_DEFINED and piece.text}, key=len)[::-1]
