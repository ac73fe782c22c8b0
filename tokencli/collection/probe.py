"""Tries a tokenizer before it is kept: one that cannot be counted exactly is refused with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from tokencli.collection.files import Found
from tokencli.encoders import Encoder, Recipe, canonical, own, recipes
from tokencli.encoders.rank_file import PatternBPE
from tokencli.errors import ExitCode, TokError

TEXTS = (
    "Hello, world! The quick brown fox jumps over 13 lazy dogs.",
    "def f(x):\n    return x ** 2  # naïve\n\n\tif __name__ == '__main__':\r\n",
    "人人生而自由，在尊严和权利上一律平等。お誕生日おめでとう 모든 인간은 자유로운",
    "يولد جميع الناس أحرارًا सभी मनुष्यों को गौरव प्रत्येक Все люди рождаются",
    "👩‍👩‍👧 é́ \u00a0\u3000\u200b 1234567890 ½ ﬁ <|endoftext|> </s> [UNK]",
    "   leading, trailing   \n\n\n  ",
    "\ue000\U000133f4\U0010fffd",
)
"""What is tried: scripts, code, blanks, joined emoji, what looks like special tokens, what no vocabulary knows."""

EVERY_CHARACTER = range(1, 0x20000)
"""Code points of which a pattern must leave none out."""


class Probed(NamedTuple):
    """What was found: the number of tokens, whether ids decode to the text, the encoding whose split is used."""

    vocabulary: int
    lossless: bool
    like: str


def probe(name: str, found: Found, like: str, pattern: str) -> Probed:
    """Try a tokenizer; TokError where it cannot be counted exactly."""
    like = _like(like, pattern)
    encoder = _encoder(name, found, like, pattern)
    if encoder.count("") != 0 or encoder.encode("") != []:
        raise own.unreadable(name, "it gives an empty text tokens")
    lossless = True
    for text in TEXTS:
        ids = encoder.encode(text)
        if ids != encoder.encode(text) or encoder.count(text) != len(ids):
            raise own.unreadable(name, "it counts one text in two ways")
        lossless = lossless and encoder.decode(ids) == text.encode()
    if isinstance(encoder, PatternBPE):
        _check_pattern(name, encoder)
    return Probed(int(getattr(encoder, "vocabulary", 0)), lossless, like)


def _like(like: str, pattern: str) -> str:
    """The encoding whose split is meant, "" for one of its own."""
    if like and pattern:
        raise TokError("--like and --pattern exclude each other", hint="keep one", code="usage", exit=ExitCode.USAGE)
    if like:
        encoding = canonical(like)
        if encoding not in recipes() or recipes()[encoding].ascii is None:
            message = f"--like: {like!r} has no split that a rank file could take"
            names = [known for known, recipe in recipes().items() if recipe.ascii is not None]
            raise TokError(message, hint=f"one of {', '.join(names)}", code="usage", exit=ExitCode.USAGE)
        return encoding
    same = [known for known, recipe in recipes().items() if recipe.unicode == pattern and recipe.normalize is None]
    return same[0] if pattern and same and recipes()[same[0]].ascii is not None else ""


def _encoder(name: str, found: Found, like: str, pattern: str) -> Encoder:
    """The encoder of a file that is not kept yet."""
    from tokencli.encoders import gguf, huggingface, rank_file, sentencepiece, tekken

    if found.kind == "huggingface":
        return huggingface.read(name, found.data)
    if found.kind == "sentencepiece":
        return sentencepiece.read(name, found.data)
    if found.kind == "gguf":
        return gguf.read(name, found.data)
    recipe = Recipe(found.kind, "exact", name, "", None, 0, None, pattern or None, None)
    if like:
        recipe = replace(recipes()[like], kind=found.kind, method="exact", table=name, limit=None, offset=0)
    return tekken.read(name, found.data, recipe) if found.kind == "tekken" else rank_file.read(name, found.data, recipe)


def _check_pattern(name: str, encoder: Encoder) -> None:
    """TokError where text goes lost between the pieces of a pattern: tiktoken drops what none of them takes."""
    characters = [chr(code) for code in EVERY_CHARACTER if not 0xD800 <= code < 0xE000]
    text = "".join(f"{character} a{character}" for character in characters)
    if encoder.decode(encoder.encode(text)) == text.encode():
        return
    lost = next((one for one in characters if encoder.decode(encoder.encode(f"{one} a")) != f"{one} a".encode()), "")
    where = f", such as U+{ord(lost):04X}" if lost else ""
    raise own.unreadable(name, f"its pattern leaves text out{where}; one that ends in |[\\s\\S] takes everything")
