"""The text of an envelope is what Python's own json module writes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tokencli.formats.envelope import indented

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(VALUES)
def test_a_value_is_written_as_by_the_json_module(value: object) -> None:
    assert indented(value) == json.dumps(value, indent=2)


def test_a_tuple_is_a_list() -> None:
    assert indented({"notes": ("a", ()), "errors": ()}) == json.dumps({"notes": ["a", []], "errors": []}, indent=2)
