"""How the tokens of a priced model are counted: its name at a provider led back to the catalog's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tokencli import catalog
from tokencli.model import Column
from tokencli.model.rates import PricedModel

BEDROCK = re.compile(r"(?:[a-z]{2}(?:-gov)?|apac|global|regional)\.(?=[a-z]+\.)|(?:-v\d+(?::\d+)*|:\d+[a-z]?)$")
"""What Bedrock adds to a maker's name: a region before it, versions after it (AWS, "Supported foundation models")."""


def column_of(model: PricedModel) -> Column | None:
    """The way to count a priced model, by its id, an alias, or the maker's name inside the id; None where none of them
    is in the catalog."""
    for name in _names(model):
        column = catalog.known(name)
        if column is not None:
            return column
    return None


def _names(model: PricedModel) -> Iterator[str]:
    yield model.id
    yield from model.aliases
    bare = BEDROCK.sub("", model.id)
    maker, dot, rest = bare.partition(".")
    if bare != model.id or (dot and maker.isalpha()):
        yield rest if dot and maker.isalpha() else bare
    if "/" in model.id:
        yield model.id.rpartition("/")[2]
