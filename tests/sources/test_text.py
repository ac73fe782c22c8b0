"""Bytes -> text: nothing translated, nothing stripped, every replacement told."""

from __future__ import annotations

import dataclasses
import gzip
import io
import os
import sqlite3
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokencli.errors import TokError
from tokencli.model import Document
from tokencli.sources import find, read, text

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


def of(data: bytes, **options: bool) -> text.Text:
    return read(Document("x", len(data), data=data), **options)


def on_disk(path: Path, data: bytes) -> Document:
    path.write_bytes(data)
    return Document(path.name, len(data), file=str(path))


class Trickle(io.RawIOBase):
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._pieces = [data[start : start + step] for start in range(0, len(data), step)]

    def read(self, size: int = -1) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


def streamed(data: bytes, cut: int, step: int) -> text.Text:
    """The data read as a large input is: the head first, then in steps."""
    stream: BinaryIO = Trickle(data[cut:], step)  # type: ignore[assignment]
    return read(Document("x", cut, data=data[:cut], rest=stream), digest=True, as_text=True)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "a",
        "line\r\nline\rline\n",
        "  \t\n\n",
        "grüß 中文 🙂",
        "\ufeffinside\ufeff"[1:],
        "a\x00b",
        "\x1b[0m\x85\u2028",
    ],
)
def test_text_comes_back_unchanged(content: str) -> None:
    found = of(content.encode())
    assert (found.kind, found.whole, found.warnings) == ("text", content, ())
    assert "".join(found.chunks()) == content


def test_a_utf8_mark_is_dropped_with_a_note() -> None:
    found = of(b"\xef\xbb\xbfhello")
    assert (found.whole, found.bytes) == ("hello", 8)
    assert found.warnings == ("UTF-8 byte-order mark not counted",)


@pytest.mark.parametrize(
    ("codec", "mark", "name"),
    [
        ("utf-16-le", b"\xff\xfe", "UTF-16"),
        ("utf-16-be", b"\xfe\xff", "UTF-16"),
        ("utf-32-le", b"\xff\xfe\0\0", "UTF-32"),
        ("utf-32-be", b"\0\0\xfe\xff", "UTF-32"),
    ],
)
def test_utf16_and_utf32_are_told_by_their_mark(codec: str, mark: bytes, name: str) -> None:
    found = of(mark + "grüß 🙂\r\n".encode(codec))
    assert (found.kind, found.whole) == ("text", "grüß 🙂\r\n")
    assert found.warnings == (f"decoded from {name} (byte-order mark)",)


@pytest.mark.parametrize(
    ("data", "shown", "warning"),
    [
        (b"caf\xe9 au lait", "caf\ufffd au lait", "not UTF-8 (byte 3): 1 invalid sequence counted as U+FFFD"),
        (b"\xff\xff\xff", "\ufffd\ufffd\ufffd", "not UTF-8 (byte 0): 3 invalid sequences counted as U+FFFD"),
        (b"a\xe2\x82", "a\ufffd", "not UTF-8 (byte 1): 1 invalid sequence counted as U+FFFD"),
        (b"\xef\xbf\xbd\xff", "\ufffd\ufffd", "not UTF-8 (byte 3): 1 invalid sequence counted as U+FFFD"),
    ],
)
def test_invalid_bytes_become_replacement_characters_with_one_warning(data: bytes, shown: str, warning: str) -> None:
    found = of(data)
    assert (found.kind, found.whole, found.warnings) == ("text", shown, (warning,))


def test_a_utf16_file_cut_in_a_character_warns_with_the_offset_in_the_file() -> None:
    found = of(b"\xff\xfea\0b")
    assert found.whole == "a\ufffd"
    assert found.warnings[1] == "not UTF-16 (byte 4): 1 invalid sequence counted as U+FFFD"


def test_a_replacement_character_in_the_file_is_no_fault() -> None:
    assert of("\ufffd".encode()).warnings == ()


@given(
    data=st.binary(max_size=60) | st.text(max_size=40).map(str.encode), cut=st.integers(1, 60), step=st.integers(1, 7)
)
@example(data=b"\xe2\x82\xac\xf0\x9f", cut=1, step=1)
@example(data=b"\xef\xbb\xbfa\xff\xef\xbf\xbd", cut=3, step=2)
@example(data=b"\xff\xfe\x3d\xd8\x42\xde\x3d\xd8", cut=2, step=3)
@example(data=b"\xff\xfe\0\0a\0\0\0\xff\xff", cut=4, step=3)
def test_reading_in_pieces_gives_what_reading_the_whole_gives(data: bytes, cut: int, step: int) -> None:
    whole = of(data, as_text=True, digest=True)
    cut = max(cut, 4)
    pieces = streamed(data, cut, step)
    assert "".join(pieces.chunks()) == whole.whole
    assert (pieces.bytes, pieces.warnings, pieces.digest) == (whole.bytes, whole.warnings, whole.digest)


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "text")
    return stream.getvalue()


def _tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return stream.getvalue()


def _sqlite() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE a (b)")
        return connection.serialize()


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"%PDF-1.7\n1 0 obj\n", "binary", "PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image", "PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image", "JPEG image"),
        (b"GIF89a\x01\0\x01\0\x80\0\0", "image", "GIF image"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image", "WebP image"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "image", "HEIF image"),
        (_zip(), "binary", "ZIP archive"),
        (_tar(), "binary", "tar archive"),
        (gzip.compress(b"text"), "binary", "gzip archive"),
        (b"\xfd7zXZ\0\0\x04", "binary", "xz archive"),
        (b"\x28\xb5\x2f\xfd\x04\0", "binary", "Zstandard archive"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "binary", "7-Zip archive"),
        (b"\x7fELF\x02\x01\x01\0", "binary", "ELF program"),
        (b"MZ\x90\0\x03\0\0\0", "binary", "Windows program"),
        (b"\xcf\xfa\xed\xfe\x07\0\0\x01", "binary", "Mach-O program"),
        (b"\0asm\x01\0\0\0", "binary", "WebAssembly module"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", "binary", "Java class or Mach-O program"),
        (_sqlite(), "binary", "SQLite database"),
        (b"wOF2\0\x01\0\0", "binary", "font"),
        (b"\0\x01\0\0\0\x0f\0\x80", "binary", "font"),
        (b"ID3\x04\0\0\0\0\0\0", "audio", "MP3 audio"),
        (b"OggS\0\x02\0\0", "audio", "Ogg audio or video"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio", "WAV audio"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video", "MP4 video"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio", "MP4 audio"),
        (b"text\0\xff\xfe more", "binary", "NUL bytes and invalid UTF-8"),
        (b"a\0b\0c\0", "binary", "many NUL bytes"),
        (b"\0" * 9000, "binary", "many NUL bytes"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_what_is_no_text_is_told_by_its_bytes(data: bytes, kind: str, reason: str) -> None:
    found = of(data)
    assert (found.kind, found.reason, found.whole, found.bytes) == (kind, reason, None, len(data))
    forced = of(data, as_text=True)
    assert (forced.kind, forced.whole) == ("text", data.decode("utf-8", "replace"))


@pytest.mark.parametrize(
    "content",
    [
        "MZ is the mark of a program",
        "GIF89a is a format",
        "BM",
        "BZhang wrote",
        "PK",
        "RIFF",
        "ID3 tags",
        "OTTO",
        "%PDF-",
        "%PDF-x",
    ],
)
def test_words_that_begin_like_a_signature_are_text(content: str) -> None:
    assert of(content.encode()).whole == content


def test_a_nul_byte_in_valid_utf8_is_text() -> None:
    assert of(b"find . -print0: a\0b, and so on").kind == "text"


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few bytes be a large file."""
    monkeypatch.setattr(text, "WHOLE", 64)
    monkeypatch.setattr(text, "BLOCK", 16)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("size", [0, 1, 15, 16, 63, 64, 65, 80, 1000])
@pytest.mark.parametrize("expected", [0, 64, 1000])
def test_a_file_is_read_completely_whatever_size_was_expected(tmp_path: Path, size: int, expected: int) -> None:
    data = ("0123456789é" * 100).encode()[:size]
    on_disk(tmp_path / "a", data)
    found = read(Document("a", expected, file=str(tmp_path / "a")), as_text=True)
    assert "".join(found.chunks()) == data.decode("utf-8", "replace")
    assert found.bytes == size
    assert (found.whole is None) == (size > 64)


@pytest.mark.usefixtures("small_blocks")
def test_a_large_file_that_changes_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    document = on_disk(tmp_path / "a", b"x" * 1000)
    chunks = read(document).chunks()
    next(chunks)
    os.truncate(tmp_path / "a", 500)
    with pytest.raises(TokError, match="a: changed while it was being read"):
        list(chunks)


@pytest.mark.usefixtures("small_blocks")
def test_a_large_binary_is_told_by_its_beginning(tmp_path: Path) -> None:
    found = read(on_disk(tmp_path / "a", b"\x89PNG\r\n\x1a\n" + b"\0" * 1000))
    assert (found.kind, found.bytes) == ("image", 1008)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="sees open files in /dev/fd")
@pytest.mark.parametrize("begun", [False, True])
def test_a_large_file_that_nobody_reads_on_is_closed(tmp_path: Path, begun: bool) -> None:
    before = len(os.listdir("/dev/fd"))
    found = read(on_disk(tmp_path / "a", b"x" * 1000))
    if begun:
        next(found.chunks())
    del found
    assert len(os.listdir("/dev/fd")) == before


def found_in_a_walk(path: Path, **changes: Any) -> Document:
    path.write_bytes(b"text")
    (document,) = find(["."], cwd=str(path.parent)).documents
    return dataclasses.replace(document, **changes)


@posix
@pytest.mark.parametrize("named", [False, True])
def test_a_pipe_in_place_of_a_listed_file_is_not_waited_for(tmp_path: Path, named: bool) -> None:
    document = found_in_a_walk(tmp_path / "a", named=named)
    (tmp_path / "a").unlink()
    os.mkfifo(tmp_path / "a")
    with pytest.raises(TokError, match="a: is no regular file"):
        read(document)


@posix
def test_a_link_in_place_of_a_file_found_in_a_walk_is_not_followed(tmp_path: Path) -> None:
    document = found_in_a_walk(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "a").symlink_to("b")
    with pytest.raises(TokError, match="a: is no regular file"):
        read(document)
    (named,) = find(["a"], cwd=str(tmp_path)).documents
    assert read(named).whole == "text"


def test_a_file_that_has_vanished_is_an_error_of_one_line(tmp_path: Path) -> None:
    with pytest.raises(TokError, match=r"^gone: no such file or folder$"):
        read(Document("gone", 3, file=str(tmp_path / "gone")))


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    with pytest.raises(TokError) as caught:
        read(Document("folder", 0, file=str(tmp_path)))
    assert caught.value.code == "unreadable"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be read")
def test_a_file_that_may_not_be_read_is_an_error_of_one_line(tmp_path: Path) -> None:
    document = on_disk(tmp_path / "a", b"text")
    (tmp_path / "a").chmod(0)
    with pytest.raises(TokError, match=r"^a: permission denied$"):
        read(document)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_file_that_claims_to_be_empty_is_read() -> None:
    assert read(Document("version", 0, file="/proc/version")).whole == Path("/proc/version").read_text()


def test_the_digest_is_the_sha256_of_the_bytes() -> None:
    # FIPS 180-2, appendix B.1
    assert of(b"abc", digest=True).digest == bytes.fromhex(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
