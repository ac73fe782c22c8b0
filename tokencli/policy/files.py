"""The two files that tok writes beside the settings: the ratchet's baseline and tok.lock. JSON, sorted, strict."""

from __future__ import annotations

import calendar
import json
import re
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from tokencli.errors import TokError
from tokencli.policy.tables import decoded, is_whole, wrong

BASELINE = "tok-baseline.json"
LOCK = "tok.lock"
BASELINE_SCHEMA = "tok.baseline/1"
LOCK_SCHEMA = "tok.lock/1"

INSTANT = "%Y-%m-%dT%H:%M:%SZ"
"""How an instant stands in tok.lock: UTC, to the second."""


class Lock(NamedTuple):
    """What tok.lock holds: the version of tok that wrote it, fingerprints of encodings, encodings of models; where
    rules limit money, digests of prices by `provider/model`, and the instant of the prices (seconds since 1970 UTC)."""

    version: str
    encodings: dict[str, str]
    models: dict[str, str]
    prices: Mapping[str, str] = MappingProxyType({})
    prices_at: int | None = None


def baseline_text(values: Mapping[tuple[str, str], int]) -> str:
    """The baseline file of these values: (rule, path) to tokens; one line for each, so that merges stay small."""
    rows = [_row({"rule": rule, "path": path, "tokens": tokens}) for (rule, path), tokens in sorted(values.items())]
    listed = ",\n".join(f"    {row}" for row in rows)
    body = f"[\n{listed}\n  ]" if rows else "[]"
    return f'{{\n  "schema": "{BASELINE_SCHEMA}",\n  "values": {body}\n}}\n'


def lock_text(
    tok_version: str,
    encodings: Mapping[str, str],
    models: Mapping[str, str],
    prices: Mapping[str, str] = MappingProxyType({}),
    prices_at: int | None = None,
) -> str:
    """The tok.lock of fingerprints by encoding, encodings by model and, if there are any, digests of prices."""
    content: dict[str, object] = {
        "schema": LOCK_SCHEMA,
        "tok_version": tok_version,
        "encodings": dict(sorted(encodings.items())),
        "models": dict(sorted(models.items())),
    }
    if prices:
        content["prices"] = dict(sorted(prices.items()))
    if prices_at is not None:
        content["prices_at"] = written(prices_at)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def written(at: int) -> str:
    """An instant (seconds since 1970 UTC) as it stands in tok.lock."""
    return time.strftime(INSTANT, time.gmtime(at))


def read_baseline(path: str, data: bytes) -> dict[tuple[str, str], int]:
    """The values of a baseline file; TokError (usage) for one that tok did not write so."""
    content = _object(path, data, BASELINE_SCHEMA, ("schema", "values"))
    rows = content["values"]
    if not isinstance(rows, list):
        raise _corrupt(path, "`values` is not a list")
    values: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or set(row) != {"rule", "path", "tokens"}:
            raise _corrupt(path, f"value {number} is not rule, path and tokens")
        if not (isinstance(row["rule"], str) and isinstance(row["path"], str) and is_whole(row["tokens"])):
            raise _corrupt(path, f"value {number} is not two texts and a whole number of tokens")
        key = (row["rule"], row["path"])
        if key in values:
            raise _corrupt(path, f"two values of rule {key[0]!r} for {key[1]!r}")
        values[key] = row["tokens"]
    return values


def read_lock(path: str, data: bytes) -> Lock:
    """What a tok.lock holds; TokError (usage) for one that tok did not write so."""
    content = _object(
        path, data, LOCK_SCHEMA, ("schema", "tok_version", "encodings", "models"), optional=("prices", "prices_at")
    )
    for key in ("encodings", "models", "prices"):
        table = content.get(key, {})
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise _corrupt(path, f"`{key}` is not names and texts")
    if not isinstance(content["tok_version"], str):
        raise _corrupt(path, "`tok_version` is not a text")
    prices, at = content.get("prices", {}), content.get("prices_at")
    return Lock(content["tok_version"], content["encodings"], content["models"], prices, _instant(path, at))


def _instant(path: str, text: object) -> int | None:
    if text is None:
        return None
    try:
        return calendar.timegm(time.strptime(str(text), INSTANT))
    except ValueError as problem:
        raise _corrupt(path, f"`prices_at` is no instant: {text!r}") from problem


def _row(content: Mapping[str, str | int]) -> str:
    """JSON of one line; letters as they are, but for a name of a file that is not UTF-8."""
    plain = json.dumps(content, ensure_ascii=False)
    return json.dumps(content) if re.search("[\ud800-\udfff]", plain) else plain


def _object(
    path: str, data: bytes, schema: str, keys: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    try:
        content = json.loads(decoded(path, data))
    except json.JSONDecodeError as problem:
        raise _corrupt(f"{path}:{problem.lineno}", f"not valid JSON: {problem.msg}") from problem
    except (ValueError, RecursionError) as problem:
        raise _corrupt(path, "not valid JSON: a number too long, or nested too deeply") from problem
    if not isinstance(content, dict) or content.get("schema") != schema:
        found = content.get("schema") if isinstance(content, dict) else None
        raise _corrupt(path, f"its schema is {found!r}, not {schema!r}" if found else f"no {schema} file")
    if set(content) - set(optional) != set(keys):
        odd = sorted((set(content) - set(optional)) ^ set(keys))[0]
        raise _corrupt(path, f"{odd!r} is missing" if odd in keys else f"{odd!r} is unknown")
    return content


def _corrupt(where: str, message: str) -> TokError:
    return wrong(where, message, "take back the version that tok wrote, or delete the file and write it anew")
