"""YAML as plain values that know their lines, with exact decimals; nothing in it is run, and nothing can multiply.

What YAML allows and a card must not hold is refused: a key twice (of which PyYAML would keep the last), anchors and
merges, numbers with exponents, infinities, and those that are no plain decimals to a person (octal, hexadecimal).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

MOST = 16_000_000
"""Characters of a card."""

DEEPEST = 30
"""Levels of a card; the schema needs eleven."""

FRACTION = 12
"""Most digits after the point."""

WHOLE = 15
"""Most digits before it."""

STAND_IN = Decimal(1)
"""Taken in place of a number that was refused already, so that it is not refused again."""

TAG = "tag:yaml.org,2002:"

_PLAIN = re.compile(r"[+-]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)")


class Problem(NamedTuple):
    """What is wrong in a file, in which line (from 1), and what to write instead."""

    line: int
    message: str
    hint: str = ""


class Table(dict[str, Any]):
    """A mapping of YAML: `line` is its own, `lines` those of its keys."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Items(list[Any]):
    """A list of YAML: `line` is its own, `lines` those of its items."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def document(text: str, out: list[Problem]) -> Any:
    """The one document of a text: Table, Items, str, int, Decimal, bool or None, dates as texts; problems go to `out`.

    None where the text is no YAML at all; a value that cannot be taken is left out, so that others can be judged.
    """
    import yaml

    if len(text) > MOST:
        out.append(Problem(1, f"the file is longer than {MOST:,} characters", "split it by provider"))
        return None
    try:
        return _Builder(text, out).document()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        message = f"not valid YAML: {problem.problem or problem.context}"
        out.append(Problem(mark.line + 1 if mark else 1, message, "mend the YAML: indentation, brackets, quotes"))
    except yaml.YAMLError as problem:
        out.append(Problem(1, f"not valid YAML: {str(problem).partition(chr(10))[0]}", "save the file as UTF-8 text"))
    return None


class _Builder:
    """Values made from events, one by one, so that no depth of the file can crash the parser's own tree."""

    def __init__(self, text: str, out: list[Problem]) -> None:
        import yaml

        self.yaml = yaml
        # libyaml's loader where PyYAML was built with it: it takes a tenth of the time.
        self.loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        self.out = out
        self.open: list[tuple[Table | Items, str | None, int]] = []
        self.root: Any = None

    def document(self) -> Any:
        documents = 0
        while self.loader.check_event():
            event = self.loader.get_event()
            documents += isinstance(event, self.yaml.DocumentStartEvent)
            if documents > 1:
                self._wrong(event, "a second document begins", "write one card a file, without ---")
                break
            if not self._take(event):
                return None
        return self.root

    def _take(self, event: Any) -> bool:
        """Put one event into the tree; False where the rest is not worth reading."""
        yaml = self.yaml
        if isinstance(event, yaml.AliasEvent):
            self._wrong(event, f"*{event.anchor} repeats another part", "write the values out: cards use no anchors")
            self._put(None, event)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self.open) >= DEEPEST:
                self._wrong(event, f"more than {DEEPEST} levels", "see `tok rates schema` for the shape of a card")
                return False
            line = event.start_mark.line + 1
            self._begin(Table(line) if isinstance(event, yaml.MappingStartEvent) else Items(line), event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
        return True

    def _begin(self, value: Table | Items, event: Any) -> None:
        if self.open and isinstance(self.open[-1][0], Table) and self.open[-1][1] is None:
            self._wrong(event, "a list or table stands for a key", "write a word and a colon")
        self._put(value, event)
        self.open.append((value, None, 0))

    def _scalar(self, event: Any) -> None:
        if self.open and isinstance(self.open[-1][0], Table) and self.open[-1][1] is None:
            table, _, _ = self.open[-1]
            if event.value == "<<" and event.implicit[0]:
                self._wrong(event, "<< takes in another part", "write the keys out: cards use no merges")
            self.open[-1] = (table, event.value, event.start_mark.line + 1)
            return
        tag = event.tag or self.loader.resolve(self.yaml.ScalarNode, event.value, event.implicit)
        self._put(self._value(event, tag.removeprefix(TAG)), event)

    def _put(self, value: Any, event: Any) -> None:
        """Hang a value below the open table (at its key) or list."""
        if not self.open:
            self.root = value
            return
        holder, key, line = self.open[-1]
        if isinstance(holder, Items):
            holder.append(value)
            holder.lines.append(event.start_mark.line + 1)
            return
        self.open[-1] = (holder, None, 0)
        if key is None:
            return
        if key in holder:
            message = f"{key!r} stands here twice, first in line {holder.lines[key]}"
            self.out.append(Problem(line, message, "keep one of the two"))
            return
        holder[key] = value
        holder.lines[key] = line

    def _value(self, event: Any, kind: str) -> Any:
        text: str = event.value
        if kind in ("int", "float"):
            return self._decimal(event, text)
        if kind == "bool":
            return text.lower() in ("true", "yes", "on")
        if kind == "null":
            return None
        if kind not in ("str", "timestamp"):
            self._wrong(event, f"!{kind} is no type of a card", "leave the tag out")
        return text

    def _decimal(self, event: Any, text: str) -> int | Decimal:
        number = _number(text)
        short = text if len(text) <= 40 else f"{text[:37]}..."
        if number is None:
            self._wrong(event, f"{short!r} is no plain decimal number", "write digits and one point, such as 0.25")
        elif -int(number.as_tuple().exponent) > FRACTION:
            message = f"{short} has more than {FRACTION} digits after the point"
            self._wrong(event, message, "write what is billed; of a multiply, the rates")
        elif number.adjusted() >= WHOLE:
            self._wrong(event, f"{short} has more than {WHOLE} digits before the point", "write what is billed")
        else:
            return int(number) if number == int(number) and "." not in text else number
        return STAND_IN

    def _wrong(self, event: Any, message: str, hint: str) -> None:
        self.out.append(Problem(event.start_mark.line + 1, message, hint))


def _number(text: str) -> Decimal | None:
    """A number as people write it; None for octal, hexadecimal, base 60, exponents, infinities."""
    if not _PLAIN.fullmatch(text):
        return None
    digits = text.replace("_", "").lstrip("+")
    bare = digits.lstrip("-")
    return None if len(bare) > 1 and bare[0] == "0" and bare[1] != "." else Decimal(digits)
