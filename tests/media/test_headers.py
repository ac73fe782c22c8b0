"""Width, height and seconds from first bytes; the headers are Pillow's, of images of 257 by 300 pixels."""

from __future__ import annotations

import base64
import struct
import time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokencli.media import HeaderError, from_base64, from_bytes, from_data_url, from_stream
from tokencli.media.headers import READ
from tokencli.model.transcript import Media

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000001010000012c08020000004cbc91")
GIF = bytes.fromhex("47494638376101012c01810000012c090000000000000000002c000000000101")
LOSSLESS = bytes.fromhex("5249464626000000574542505650384c1a0000002f00c14a000750966c42ff03")
LOSSY = bytes.fromhex("52494646f40000005745425056503820e8000000d014009d012a01012c013ed1")
EXTENDED = bytes.fromhex("524946461001000057454250565038580a000000180000000001002b0100414c")
JFIF = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
FRAME = bytes.fromhex("ffc00011 08 012c 0101 03 01220002110103110100ffda")
JPEG = JFIF + b"\xff\xdb\0\x43\0" + bytes(64) + FRAME
IMAGES = {"png": PNG, "gif": GIF, "lossless": LOSSLESS, "lossy": LOSSY, "extended": EXTENDED, "jpeg": JPEG}


def wav(frames: int, *, rate: int = 8000, length: int | None = None, before: bytes = b"") -> bytes:
    """A WAV file of 16 bits and one channel that says it has `length` bytes of sound."""
    data = bytes(2 * frames)
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
    sound = b"data" + struct.pack("<I", len(data) if length is None else length) + data
    body = b"WAVE" + form + before + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("name", IMAGES)
def test_the_size_stands_in_the_header(name: str) -> None:
    media = from_stream(BytesIO(IMAGES[name]), 1234)
    mime = f"image/{name if name in ('png', 'gif', 'jpeg') else 'webp'}"
    assert media == Media("image", mime, 257, 300, bytes=1234, source="inline")


def test_the_turn_that_a_camera_notes_is_not_applied() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    turned = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + JPEG[2:]
    media = from_bytes(turned)
    assert (media.width, media.height) == (257, 300)


@pytest.mark.parametrize("name", IMAGES)
def test_a_header_that_is_cut_off_is_an_error(name: str) -> None:
    whole = IMAGES[name]
    shortest = next(end for end in range(len(whole) + 1) if from_bytes(whole[:end]).width)
    for end in range(shortest):
        with pytest.raises(HeaderError):
            from_stream(BytesIO(whole[:end]), end)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (PNG[:16] + bytes(8) + PNG[24:], "its image/png header gives no width and height"),
        (PNG[:16] + b"\xff" * 8 + PNG[24:], "its image/png header gives no width and height"),
        (PNG[:12] + b"CgBI" + PNG[16:], "its image/png header is cut off or broken"),
        (LOSSY[:23] + b"\0\0\0" + LOSSY[26:], "its image/webp header is cut off or broken"),
        (LOSSLESS[:20] + b"\0" + LOSSLESS[21:], "its image/webp header is cut off or broken"),
        (JFIF + b"\xff\xd9", "its image/jpeg header gives no width and height"),
        (b"II*\0" + bytes(30), r"its size is not read \(TIFF image\), only"),
        (
            b"\0\0\0\x1cftypavif" + bytes(20),
            r"its size is not read \(HEIF image\), only",
        ),
        (
            b"%PDF-1.7\n\xff" + bytes(30),
            r"its size is not read \(PDF document\), only",
        ),
        (b"text", "its size is not read, only that of PNG, JPEG, WebP and GIF images"),
        (b"", "its size is not read, only that of PNG, JPEG, WebP and GIF images"),
    ],
)
def test_what_gives_no_size_says_why(data: bytes, message: str) -> None:
    with pytest.raises(HeaderError, match=message):
        from_stream(BytesIO(data), len(data))


def test_an_animation_is_one_image_of_its_canvas() -> None:
    # Two frames of 1 x 1 on a canvas of 300 x 200, by the GIF89a specification, sections 18, 20 and 23.
    frame = b"\x21\xf9\x04\0\x0a\0\0\0" + b"\x2c\0\0\0\0\x01\0\x01\0\0" + b"\x02\x02D\x01\0"
    found = from_bytes(
        b"GIF89a" + (300).to_bytes(2, "little") + (200).to_bytes(2, "little") + b"\0\0\0" + frame * 2 + b";"
    )
    assert (found.kind, found.mime, found.width, found.height) == ("image", "image/gif", 300, 200)


def test_the_largest_sizes_are_not_taken_for_negative_ones() -> None:
    gif = from_bytes(GIF[:6] + b"\xff\xff\xff\xff" + GIF[10:])
    assert (gif.width, gif.height) == (65535, 65535)
    scaled = from_bytes(LOSSY[:26] + struct.pack("<HH", 257 | 0x8000, 300 | 0x4000) + LOSSY[30:])
    assert (scaled.width, scaled.height) == (257, 300)


@pytest.mark.parametrize("filler", [b"\0", b"\xff", b"\xff\xe1\0\x02", b"\xff\xd8"])
def test_a_header_without_end_takes_no_time(filler: bytes) -> None:
    stream = BytesIO(JFIF + filler * (30_000_000 // len(filler)))
    start = time.process_time()
    with pytest.raises(HeaderError):
        from_stream(stream)
    assert time.process_time() - start < 5
    assert READ < 2_000_000


@given(st.sampled_from([*IMAGES.values(), wav(10)]), st.binary(max_size=8), st.integers(0, 90), st.integers(0, 90))
def test_bytes_that_were_changed_or_cut_never_fail_otherwise(whole: bytes, change: bytes, at: int, end: int) -> None:
    broken = (whole[:at] + change + whole[at + len(change) :])[:end]
    media = from_bytes(broken)
    assert (media.width is None) == (media.height is None)
    assert min(media.width or 1, media.height or 1) >= 1


@pytest.mark.parametrize(("frames", "rate", "seconds"), [(8000, 8000, 1.0), (22050, 44100, 0.5), (12000, 8000, 1.5)])
def test_a_wav_file_says_how_long_it_is(frames: int, rate: int, seconds: float) -> None:
    whole = wav(frames, rate=rate, before=b"LIST\x03\0\0\0abc\0")
    assert from_bytes(whole) == Media("audio", "audio/wav", seconds=seconds, bytes=len(whole), source="inline")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (wav(10)[:30], "its WAV header is cut off"),
        (wav(10)[:-1], "its WAV header says that it is longer than the file"),
        (wav(10, length=0xFFFFFFFF), "its WAV header does not say how long it is"),
        (wav(10, length=0), "its WAV header does not say how long it is"),
        (wav(10, rate=0), "its WAV header does not say how long it is"),
        (wav(10, before=b"JUNK\0\0\0\0" * 2000), "its WAV header has no end"),
        (b"ID3\x04" + bytes(40), r"its length is not read \(MP3 audio\), only that of WAV files"),
        (b"\0\0\0\x1cftypisom" + bytes(20), r"its length is not read \(MP4 video\), only that of WAV files"),
    ],
)
def test_a_length_that_is_not_known_says_why(data: bytes, message: str) -> None:
    with pytest.raises(HeaderError, match=message):
        from_stream(BytesIO(data), len(data))


def test_a_data_url_is_what_its_bytes_are() -> None:
    text = base64.b64encode(JPEG).decode()
    expected = Media("image", "image/jpeg", 257, 300, bytes=len(JPEG), source="inline")
    assert from_data_url(f"data:image/jpeg;base64,{text}") == expected
    assert from_data_url(f"DATA:image/png;charset=x;BASE64,{text}") == expected
    assert from_base64(text) == expected
    assert from_base64(text.rstrip("=").replace("+", "-").replace("/", "_"))._replace(bytes=None) == expected._replace(
        bytes=None
    )
    assert from_data_url(f"data:audio/wav;base64,{base64.b64encode(wav(8000)).decode()}").seconds == 1.0
    assert from_data_url("data:image/svg+xml,%3Csvg/%3E") == Media("image", "image/svg+xml", bytes=6, source="inline")


def test_what_a_data_url_does_not_say_is_none() -> None:
    assert from_data_url("data:image/png;base64,!!!!") == Media("image", "image/png", bytes=3, source="inline")
    assert from_data_url("data:video/mp4;base64,AAAA").kind == "video"
    assert from_data_url("data:application/pdf;base64,AAAA").kind == "file"
    assert from_data_url("https://example.org/a.png") == Media("file", source="inline")
    assert from_data_url("data:" + "x" * 2000 + ",") == Media("file", source="inline")
    assert from_bytes(b"", "image/webp") == Media("image", "image/webp", bytes=0, source="inline")


def test_a_size_behind_a_long_preface_is_found() -> None:
    preface = b"".join(b"\xff\xe2\xff\xff" + bytes(0xFFFD) for _ in range(8))
    media = from_base64(base64.b64encode(JFIF + preface + FRAME).decode())
    assert (media.width, media.height) == (257, 300)


def test_of_a_large_data_url_only_the_beginning_is_decoded() -> None:
    text = base64.b64encode(PNG + bytes(7)).decode() * 2_000_000
    start = time.process_time()
    media = from_data_url(f"data:image/png;base64,{text}")
    assert (media.width, media.bytes) == (257, len(text) * 3 // 4)
    assert time.process_time() - start < 2
