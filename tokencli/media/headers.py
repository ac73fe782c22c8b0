"""What an image or a sound says of itself in its first bytes: width and height, or seconds. Nothing is decoded.

Sizes are those of the stored pixels. The turn that a camera notes beside them (EXIF orientation) is not read: it only
swaps width and height, which no formula here tells apart but Pixtral's, by the tokens that end its rows. Of an animated
GIF or WebP it is the size of the canvas, as of one image: frames are not counted, and what lies behind a header, which
may be cut off or broken, is not looked at.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, cast

from tokencli.model.transcript import Media, MediaKind
from tokencli.sources import kinds

READ = 1 << 20
"""So many bytes of a header are looked at, at most; what lies between them is stepped over."""

FIRST = 6 << 10
"""So many are decoded of base64 at first; few headers take more."""

LARGEST = (1 << 31) - 1
"""Pixels a side that PNG, the most generous of the formats, allows."""

CHUNKS = 1000
"""So many chunks of a WAV file are stepped over to find its sound."""

UNKNOWN_LENGTH = (0, 0xFFFFFFFF)
"""What a WAV file says of its length that was written while it was not known."""


class HeaderError(Exception):
    """A header that does not say what was asked; the text completes "photo.png: "."""


def image_size(stream: IO[bytes]) -> tuple[str, int, int]:
    """MIME type, width and height of a PNG, JPEG, WebP or GIF; HeaderError for everything else, cut or false."""
    head = stream.read(32)
    mime = _image_mime(head)
    if mime is None:
        found = kinds.signature(head)
        seen = f" ({found[1]})" if found else ""
        raise HeaderError(f"its size is not read{seen}, only that of PNG, JPEG, WebP and GIF images")
    if not _is_whole(mime, head):
        raise HeaderError(f"its {mime} header is cut off or broken")
    import imagesize

    # Its stored size, by a reader that gives up after so many bytes: a JPEG may hold gigabytes before its size.
    width, height = imagesize.get(_Bounded(stream), exif_rotation=False)
    if mime == "image/gif":
        width, height = width & 0xFFFF, height & 0xFFFF  # the package takes them for signed
    elif head[12:16] == b"VP8 ":
        width, height = width & 0x3FFF, height & 0x3FFF  # the two bits above are a scale for showing it
    if not (1 <= width <= LARGEST and 1 <= height <= LARGEST):
        raise HeaderError(f"its {mime} header gives no width and height")
    return mime, width, height


def wav_seconds(stream: IO[bytes], size: int | None) -> float:
    """The length of a WAV file of so many bytes (None where unknown); HeaderError where its header does not give it."""
    if _sound(stream.read(12)) != "audio/wav":
        raise HeaderError("this is no WAV file")
    rate = 0
    for _ in range(CHUNKS):
        chunk = stream.read(8)
        name, length = chunk[:4], int.from_bytes(chunk[4:], "little")
        if len(chunk) < 8:
            raise HeaderError("its WAV header is cut off")
        if name == b"data":
            if length in UNKNOWN_LENGTH or not rate:
                raise HeaderError("its WAV header does not say how long it is")
            if size is not None and stream.tell() + length > size:
                raise HeaderError("its WAV header says that it is longer than the file")
            return length / rate
        start = stream.tell()
        if name == b"fmt ":
            rate = int.from_bytes(stream.read(16)[8:12], "little")
        stream.seek(start + length + length % 2)
    raise HeaderError("its WAV header has no end")


def from_stream(stream: IO[bytes], size: int | None = None, *, source: str = "inline") -> Media:
    """The media that a stream of so many bytes is; HeaderError where it does not say its size or length."""
    head = stream.read(32)
    stream.seek(0)
    if _sound(head):
        return Media("audio", _sound(head), seconds=wav_seconds(stream, size), bytes=size, source=source)
    found = kinds.signature(head)
    if found and found[0] in ("audio", "video"):
        raise HeaderError(f"its length is not read ({found[1]}), only that of WAV files")
    mime, width, height = image_size(stream)
    return Media("image", mime, width, height, bytes=size, source=source)


def from_bytes(data: bytes, mime: str | None = None, *, size: int | None = None) -> Media:
    """The media that the bytes are, or the first of `size` bytes; what they do not say is None. Never an error.

    `mime` is what was said beside them; what the bytes say themselves counts more.
    """
    size = len(data) if size is None else size
    try:
        return from_stream(BytesIO(data), size)
    except HeaderError:
        head = data[: kinds.HEAD]
        own = _image_mime(head) or _sound(head) or mime
        found = kinds.signature(head)
        return Media(_kind(own, found[0] if found else ""), own, bytes=size, source="inline")


def from_base64(text: str, mime: str | None = None) -> Media:
    """As `from_bytes`, of bytes in base64; only as much is decoded as a header may take."""
    from binascii import Error, a2b_base64

    size = len(text) * 3 // 4 - (2 if text.endswith("==") else text.endswith("="))
    for end in (FIRST * 4 // 3, READ * 4 // 3):
        start = "".join(text[:end].split()).replace("-", "+").replace("_", "/")
        try:
            data = a2b_base64(start[: len(start) - len(start) % 4])
        except (Error, ValueError):
            data = b""
        found = from_bytes(data, mime, size=size)
        if found.width or found.seconds or len(text) <= end:
            break
    return found


def from_data_url(text: str) -> Media:
    """As `from_bytes`, of a `data:` URL; a text that is none is a file of which nothing is known."""
    comma = text.find(",", 0, 1000)
    if text[:5].lower() != "data:" or comma < 0:
        return Media("file", source="inline")
    mime, *words = text[5:comma].lower().split(";")
    if "base64" in words:
        return from_base64(text[comma + 1 :], mime or None)
    from urllib.parse import unquote_to_bytes

    return from_bytes(unquote_to_bytes(text[comma + 1 : comma + 1 + READ]), mime or None)


class _Bounded:
    """A stream that ends after READ bytes were read, wherever they lay, so that no header takes long."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._left = READ

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)


def _image_mime(head: bytes) -> str | None:
    """The MIME type of the formats whose size can be read."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    return "image/webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def _is_whole(mime: str, head: bytes) -> bool:
    """Whether the first 32 bytes hold what the package takes for granted."""
    if mime == "image/png":
        return len(head) >= 26 and head[12:16] == b"IHDR"
    if mime == "image/gif":
        return len(head) >= 10
    if mime == "image/webp":
        if head[12:16] == b"VP8 ":
            return len(head) >= 30 and head[23:26] == b"\x9d\x01\x2a"
        if head[12:16] == b"VP8L":
            return len(head) >= 25 and head[20] == 0x2F
        return head[12:16] == b"VP8X" and len(head) >= 30
    return True


def _sound(head: bytes) -> str | None:
    return "audio/wav" if head[:4] == b"RIFF" and head[8:12] == b"WAVE" else None


def _kind(mime: str | None, seen: str) -> MediaKind:
    """The kind of media by its MIME type, or else by what its first bytes are."""
    for word in ((mime or "").partition("/")[0], seen):
        if word in ("image", "audio", "video"):
            return cast(MediaKind, word)
    return "file"
