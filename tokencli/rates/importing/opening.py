"""What lies in a file that people download: JSON, a module of literals, or a wheel that holds one. Nothing is run."""

from __future__ import annotations

import ast
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

from tokencli.errors import TokError

MOST = 200_000_000
"""Bytes of a member of a wheel; the largest, litellm's, has 4 million."""


def member(data: bytes, path: str, name: str) -> tuple[bytes, str]:
    """The file `path` of a wheel and the version of the wheel; `data` itself and "" where that is no wheel.

    Raises TokError `invalid-import` where the wheel is damaged or holds no such file.
    """
    if not data.startswith(b"PK\x03\x04"):
        return data, ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            info = wheel.getinfo(path)
            if info.file_size > MOST:
                raise refused(name, f"{path} in it has {info.file_size:,} bytes", "take the JSON file instead")
            version = next((each for each in wheel.namelist() if each.endswith(".dist-info/METADATA")), "-")
            return wheel.read(info), version.partition("/")[0].removesuffix(".dist-info").rpartition("-")[2]
    except KeyError:
        raise refused(name, f"it has no {path}", "is it the wheel of the package that --from names?") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as problem:
        raise refused(name, f"not a whole wheel: {problem}", "download it again") from None


def number(text: str) -> Decimal:
    """A number of JSON as it is written, so that nothing is rounded on the way in."""
    return Decimal(text)


def loaded(data: bytes, name: str) -> Any:
    """The value of a JSON file, every number a Decimal of the text as it stands. TokError `invalid-import`."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=number, parse_int=number, parse_constant=_no_constant)
    except (ValueError, RecursionError, ArithmeticError) as problem:
        raise refused(name, f"not JSON: {problem}", "download it again") from None


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def literals(data: bytes, variable: str, name: str) -> Any:
    """The value of `variable` in a Python module that only builds it of literals and calls, read without running it.

    A call of `Decimal`, `date` or `time` becomes the value it stands for (a Decimal, ISO texts), any other the mapping
    of its keywords, those that end in _ without it. Raises TokError `invalid-import` for anything else.
    """
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise refused(name, f"neither JSON nor a Python module: {problem}", "download it again") from None
    for node in tree.body:
        target = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and target.id == variable and isinstance(node, ast.AnnAssign) and node.value:
            try:
                return _value(node.value)
            except (ValueError, ArithmeticError, RecursionError) as problem:
                raise refused(name, f"no plain data: {problem}", "take the JSON file instead") from None
    raise refused(name, f"it does not set {variable}", "is it the file of the package that --from names?")


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value)) if type(node.value) in (int, float) else node.value
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(each) for each in node.elts]
    if isinstance(node, ast.Dict) and None not in node.keys:
        return {_value(key): _value(value) for key, value in zip(node.keys, node.values, strict=True) if key}
    if isinstance(node, ast.Call):
        return _called(node)
    raise ValueError(f"line {node.lineno} holds {type(node).__name__}")


def _called(node: ast.Call) -> Any:
    word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    given = [_value(each) for each in node.args]
    if word == "Decimal":
        return Decimal(given[0])
    if word == "date":
        return "{:04}-{:02}-{:02}".format(*map(int, given))
    if word == "time":
        return "{:02}:{:02}".format(*map(int, [*given, 0][:2]))
    if given:
        raise ValueError(f"line {node.lineno} calls {word} in another way than before")
    return {(each.arg or "").rstrip("_"): _value(each.value) for each in node.keywords if each.arg}


def refused(name: str, what: str, hint: str) -> TokError:
    """The error about a file that is not the data it is taken for."""
    return TokError(f"{name}: {what}", hint=hint, code="invalid-import")
