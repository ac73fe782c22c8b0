"""Each format of `tok simulate` renders reports as its golden files say, and keeps the promises of its kind."""

from __future__ import annotations

from tests.formats.promises import PromisesOfCsv


class TestSimulate(PromisesOfCsv):
    command = schema = "simulate"
    names = ("table", "plain", "json", "csv", "markdown")
    exit_code = 3
