"""Assertions of the shared promises say what they compare, as those of tests do."""

import pytest

pytest.register_assert_rewrite("tests.formats.promises")
