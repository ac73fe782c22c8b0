"""Each format of `tok replay` renders reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

from tests.formats.promises import Promises


class TestReplay(Promises):
    command = schema = "replay"
    exit_code = 3
