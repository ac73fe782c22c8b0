"""The fields of a provider's usage, each taken once: what nobody took and holds a count is an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tokencli.errors import TokError
from tokencli.rates.usage import contradiction, unknown


class Fields:
    """A JSON object and the fields of it that are left; `where` is its path in what was given."""

    def __init__(self, value: object, where: str = "") -> None:
        if value is not None and not isinstance(value, Mapping):
            raise TokError(f"{where or 'usage'} is {value!r}, not an object", hint=HINT, code="bad-usage")
        self._left: dict[str, Any] = {key: field for key, field in (value or {}).items() if field is not None}
        self._where = where
        self._parts: list[Fields] = []

    def count(self, *names: str) -> int:
        """The whole number under the first of these names that is there, else 0; other names must say the same."""
        found = [(name, self._left.pop(name)) for name in names if name in self._left]
        for name, value in found:
            if type(value) is not int or value < 0:
                said = f"{self._path(name)} is {value!r}, not a whole number of 0 or more"
                raise TokError(said, hint=HINT, code="bad-usage")
            if value != found[0][1]:
                raise contradiction(self._path(found[0][0]), found[0][1], self._path(name), value)
        return int(found[0][1]) if found else 0

    def has(self, *names: str) -> bool:
        return any(name in self._left for name in names)

    def word(self, *names: str) -> str:
        """The text under the first of these names that is there, else ""."""
        found = [value for name in names if isinstance(value := self._left.pop(name, None), str)]
        return found[0] if found else ""

    def part(self, *names: str) -> Fields:
        """The object under the first of these names that is there, else one without fields; `done` looks at it too."""
        name = next((name for name in names if name in self._left), names[0])
        self._parts.append(Fields(self._left.pop(name, None), self._path(name)))
        return self._parts[-1]

    def rows(self, *names: str) -> list[Fields]:
        """The objects in the list under the first of these names that is there."""
        name = next((name for name in names if name in self._left), names[0])
        value = self._left.pop(name, [])
        if not isinstance(value, list):
            raise TokError(f"{self._path(name)} is {value!r}, not a list", hint=HINT, code="bad-usage")
        found = [Fields(row, f"{self._path(name)}[{number}]") for number, row in enumerate(value)]
        self._parts += found
        return found

    def leave(self, *names: str) -> None:
        """Fields that are known and have no price of their own."""
        for name in names:
            self._left.pop(name, None)

    def done(self) -> None:
        """TokError `unknown-usage` for a number other than 0 that nobody took, here or in a part."""
        for part in self._parts:
            part.done()
        for path, value in _numbers(self._left, self._where):
            raise unknown(path, value, ())

    def _path(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name


HINT = "the usage must be as the provider sent it"


def _numbers(value: Any, path: str) -> Iterator[tuple[str, object]]:
    """Every number other than 0 in a JSON value, with its path. Words and switches are no counts."""
    if isinstance(value, Mapping):
        for key, field in value.items():
            yield from _numbers(field, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, field in enumerate(value):
            yield from _numbers(field, f"{path}[{number}]")
    elif value and not isinstance(value, (str, bool)):
        yield path, value


def agree(total: str, said: int, **parts: int) -> None:
    """TokError `inconsistent-usage` naming both numbers where a total is not the sum of its parts."""
    if said != sum(parts.values()):
        raise contradiction(
            total, said, " + ".join(f"{name} {count}" for name, count in parts.items()), sum(parts.values())
        )
