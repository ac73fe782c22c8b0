"""Compiles the rate cards when a wheel is built, so that an installed `tok` looks a price up without parsing YAML."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCards(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the index of prices beside the cards. An editable install has none and compiles into the user's cache."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the cards of this tree into a file of the wheel; a card that is wrong stops the build."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from tokencli.rates import layers

        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name, layers.COMPILED)
        path.write_bytes(layers.compiled(layers.files_of(str(Path(self.root, "ratecards"))), shipped=True))
        build_data["force_include"][str(path)] = f"tokencli/ratecards/{layers.COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made for the wheel."""
        if version != "editable":
            self.folder.cleanup()
