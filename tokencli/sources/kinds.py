"""What a file is by its first bytes: text, or something whose bytes are no text and would give a meaningless count."""

from __future__ import annotations

HEAD = 8192
"""How many bytes are looked at for NUL bytes; git looks at 8,000."""

MANY_NUL = 0.4
"""From this share of NUL bytes in the head on, a file is no UTF-8 text even where every byte is valid: zeroed disk
images, tables of numbers, UTF-16 without a byte-order mark."""

SIGNATURES: dict[int, tuple[tuple[bytes, str, str], ...]] = {}
"""First byte -> (magic, kind, name). Names complete the sentence "this is a ..."."""

for _magic, _kind, _name in (
    (b"%PDF-", "binary", "PDF document"),
    (b"\x89PNG\r\n\x1a\n", "image", "PNG image"),
    (b"\xff\xd8\xff", "image", "JPEG image"),
    (b"GIF87a", "image", "GIF image"),
    (b"GIF89a", "image", "GIF image"),
    (b"BM", "image", "BMP image"),
    (b"II*\x00", "image", "TIFF image"),
    (b"MM\x00*", "image", "TIFF image"),
    (b"\x00\x00\x01\x00", "image", "icon"),
    (b"PK\x03\x04", "binary", "ZIP archive"),
    (b"PK\x05\x06", "binary", "ZIP archive"),
    (b"\x1f\x8b", "binary", "gzip archive"),
    (b"\xfd7zXZ\x00", "binary", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "binary", "Zstandard archive"),
    (b"BZh", "binary", "bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "binary", "7-Zip archive"),
    (b"Rar!\x1a\x07", "binary", "RAR archive"),
    (b"\x04\x22\x4d\x18", "binary", "LZ4 archive"),
    (b"\x7fELF", "binary", "ELF program"),
    (b"MZ", "binary", "Windows program"),
    (b"\xfe\xed\xfa\xce", "binary", "Mach-O program"),
    (b"\xfe\xed\xfa\xcf", "binary", "Mach-O program"),
    (b"\xce\xfa\xed\xfe", "binary", "Mach-O program"),
    (b"\xcf\xfa\xed\xfe", "binary", "Mach-O program"),
    (b"\xca\xfe\xba\xbe", "binary", "Java class or Mach-O program"),
    (b"\x00asm", "binary", "WebAssembly module"),
    (b"SQLite format 3\x00", "binary", "SQLite database"),
    (b"wOFF", "binary", "font"),
    (b"wOF2", "binary", "font"),
    (b"OTTO", "binary", "font"),
    (b"ttcf", "binary", "font"),
    (b"\x00\x01\x00\x00", "binary", "font"),
    (b"ID3", "audio", "MP3 audio"),
    (b"\xff\xfb", "audio", "MP3 audio"),
    (b"\xff\xf3", "audio", "MP3 audio"),
    (b"\xff\xf2", "audio", "MP3 audio"),
    (b"OggS", "audio", "Ogg audio or video"),
    (b"fLaC", "audio", "FLAC audio"),
    (b"\x1aE\xdf\xa3", "video", "Matroska video"),
    (b"!<arch>\n", "binary", "static library"),
):
    SIGNATURES[_magic[0]] = (*SIGNATURES.get(_magic[0], ()), (_magic, _kind, _name))

LFS = b"version https://git-lfs.github.com/spec/v1\n"
"""How the file begins that stands for one that Git LFS keeps elsewhere."""

RIFF = {b"WEBP": ("image", "WebP image"), b"WAVE": ("audio", "WAV audio"), b"AVI ": ("video", "AVI video")}
PHOTO_BRANDS = (b"avif", b"heic", b"heix", b"mif1")
FIRST = frozenset(SIGNATURES) | {ord("R")}


def signature(head: bytes) -> tuple[str, str] | None:
    """(kind, name) of a known file type, from its first bytes; None where no signature fits.

    A signature of printable letters alone (`MZ`, `GIF89a`, `BZh`) could begin a sentence, so it counts only together
    with a byte that no text has; `%PDF-` and a digit is taken at its word, as a PDF may be all ASCII.
    """
    if head[4:8] == b"ftyp" and head[:1] == b"\x00":
        if head[8:12] in PHOTO_BRANDS:
            return "image", "HEIF image"
        return ("audio", "MP4 audio") if head[8:11] == b"M4A" else ("video", "MP4 video")
    if head.startswith(LFS) and len(head) < 1024:
        return "lfs-pointer", "Git LFS pointer"
    if head[257:262] == b"ustar" and _unprintable(head):
        return "binary", "tar archive"
    if not head or head[0] not in FIRST:
        return None
    if head[:4] == b"RIFF" and head[8:12] in RIFF and _unprintable(head):
        return RIFF[head[8:12]]
    for magic, kind, name in SIGNATURES.get(head[0], ()):
        if not head.startswith(magic):
            continue
        if magic == b"%PDF-":
            return (kind, name) if head[5:6].isdigit() else None
        if not magic.isascii() or min(magic) < 9 or _unprintable(head):
            return kind, name
    return None


def _unprintable(head: bytes) -> bool:
    """Whether the head holds what no text holds: a NUL byte, or bytes that are not UTF-8."""
    return b"\x00" in head or not begins_as_utf8(head)


def begins_as_utf8(data: bytes) -> bool:
    """Whether the data is the beginning of valid UTF-8 (a character cut at its end is no fault)."""
    import codecs

    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def many_nul(head: bytes) -> bool:
    """Whether so many bytes of the head are NUL that it is no UTF-8 text."""
    return head.count(0) > MANY_NUL * len(head)
