"""Text as Claude's tokenizers see it: normalised, border markers written in, cut into parts that are priced alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tokencli.encoders.claude.classes import (
    BORDER,
    CLOSED_WORD,
    LOOSE_MARK,
    NO_CASE,
    OTHER_DIGIT,
    OTHER_NUMBER,
    SELECTOR,
    WORD,
    as_class,
)
from tokencli.encoders.normal import normal
from tokencli.vocab.pieces import CAPS, SHIFT, WORD_END, WORD_START

# Written beside a run of numbers that takes no marker, so that it does not touch the space; removed by normalisation,
# like the markers, and part of no unit.
MUTE = "\x06"

_CONTROLS = "\x01-\x08\x0b-\x1f\x7f-\x9f"
_ASCII_FOLD = {0: " "} | dict.fromkeys((*range(1, 9), *range(11, 32), 127))
_BLANKS = "\0\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f"
_QUOTES = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'}


def normalise(text: str, fold_quotes: bool) -> str:
    """NFC without controls and private use, every blank but tab, newline and U+3000 a space, lone surrogates U+FFFD."""
    if text.isascii():
        return text.translate(_ASCII_FOLD)
    controls, private, blanks, surrogates = _cleaners()
    text = surrogates.sub("\ufffd", text)
    text = controls.sub("", normal("NFC", text))
    # Thai sara am is composed as well, which NFC does not do.
    text = private.sub("", text.replace("\u0e4d\u0e32", "\u0e33"))
    if fold_quotes:
        for curly, straight in _QUOTES.items():
            text = text.replace(curly, straight)
    return blanks.sub(" ", text)


@cache
def _cleaners() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(f"[{inside}]") for inside in (_CONTROLS, "\ue000-\uf8ff", _BLANKS, "\ud800-\udfff"))


@dataclass(frozen=True, slots=True)
class Splitter:
    """Patterns for one set of characters: where markers go, and the units between which no piece of a table lies."""

    word: re.Pattern[str]
    start: re.Pattern[str]
    end: re.Pattern[str]
    unit: re.Pattern[str]

    def mark(self, text: str) -> str:
        """Write the word start and end markers that runs of symbols take where they touch a space."""
        return self.end.sub(WORD_END + " ", self.start.sub(" " + WORD_START, text))


def _splitter(word: str, border: str, closed: str, other: str) -> Splitter:
    """Patterns from the insides of character classes; `other` is one more alternative for a unit.

    A symbol takes a start marker after a space, except an apostrophe that opens a word, and an end marker before a
    single one. Words carry both markers always, so theirs are not written. A single space with an end before it and a
    start behind it is what those two markers mean: it costs nothing, and no unit matches it.
    """
    units = (
        f"[{word}]+",
        f"  +|(?<![{word}{WORD_END}]) | (?![{word}{WORD_START}])",
        rf"(?<![{border}{closed}])'(?:[sdmt]|ll|re|ve)(?![{word}])",
        f"{WORD_START}?[{border}]+{WORD_END}?",
        r"[0-9]+|\n+|\t+",
        other,
    )
    return Splitter(
        word=re.compile(f"[{word}]"),
        start=re.compile(f" (?=[{border}])(?!'[{word}])"),
        end=re.compile(f" (?! )(?<=[{border}] )"),
        unit=re.compile("|".join(units)),
    )


@cache
def ascii_splitter() -> Splitter:
    """The splitter for text of ASCII only."""
    return _splitter("A-Za-z", r"!-/:-@\[-`{-~", "", "(?!)")


@cache
def unicode_splitter() -> Splitter:
    """The splitter for any normalised text; made in about 10 ms, so only where it is needed."""
    return _splitter(
        "A-Za-z" + as_class(WORD),
        r"!-/:-@\[-`{-~" + as_class(BORDER),
        as_class(CLOSED_WORD),
        f"[^ {MUTE}]",
    )


def mute_mixed_numbers(text: str) -> str:
    """Keep markers away from runs that mix numbers of two kinds or hold a variation selector: they take none."""
    return _number_patterns()[0].sub(_mute, text)


@cache
def _number_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    number, digit, selector = as_class(OTHER_NUMBER), as_class(OTHER_DIGIT), as_class(SELECTOR)
    return (
        re.compile(f"[{number}{digit}][{number}{digit}{selector}]+"),
        re.compile(f"[{number}]+|[{digit}]+"),
    )


def _mute(run: re.Match[str]) -> str:
    if _number_patterns()[1].fullmatch(run[0]):
        return run[0]
    # A selector at the end takes the end marker itself. Otherwise the mute stands only where a marker or a
    # contraction is at stake: elsewhere a piece may join the run with what follows, or with the frame's word start.
    text, selected = run.string, "\ufe00" <= run[0][-1] <= "\ufe0f"
    after_space = text.endswith(" ", 0, run.start())
    exposed = not selected and text.startswith((" ", "'"), run.end())
    return f"{MUTE if after_space else ''}{run[0]}{MUTE if exposed else ''}"


def word_stream(word: str, caps_from: int | None) -> str:
    """A word between its markers: capitals are written as a case marker and small letters where the whole word is
    capitalised, or has capitals only and at least `caps_from` of them, and in their own form otherwise."""
    case = ""
    if word.isascii():
        if word.isupper() and caps_from and len(word) >= caps_from:
            case, word = CAPS, word.lower()
        elif word.istitle():
            case, word = SHIFT, word.lower()
    elif not _loose().match(word) and "\u1e9e" not in word and (head := word[0]) != "\u0130":
        # U+0130 has no small form of one letter: it stays, and counts neither as a capital nor as a small letter.
        capitals = [_is_capital(letter) for letter in word if letter != "\u0130"]
        solid = "\u0130" not in word and all(_is_capital(letter) or _has_no_case(letter) for letter in word)
        if caps_from and len(word) >= caps_from and solid and any(capitals):
            case, word = CAPS, _small(word)
        elif _is_capital(head) and sum(capitals) == 1:
            case, word = SHIFT, _small(word)
    return f"{case}{WORD_START}{word}{WORD_END}"


@cache
def _loose() -> re.Pattern[str]:
    return re.compile(f"[{as_class(LOOSE_MARK)}]")


@cache
def _no_case() -> re.Pattern[str]:
    return re.compile(f"[{as_class(NO_CASE)}]")


# Case pairs of Unicode 16, which older Pythons do not know; and a capital theta that Claude treats as having no case.
_NEW_PAIRS = {"\u1c89": "\u1c8a", "\ua7cb": "\u0264"}
_KEPT = frozenset("\u03f4\u0130")


def _small(word: str) -> str:
    """Letter by letter, so that no rule for the end of a word applies."""
    return "".join(letter if letter in _KEPT else _NEW_PAIRS.get(letter, letter.lower()) for letter in word)


def _is_capital(letter: str) -> bool:
    """Whether a letter is a capital with a small form of its own; blackboard capitals, for one, have none."""
    return (letter.isupper() or letter in _NEW_PAIRS) and _small(letter) != letter


def _has_no_case(letter: str) -> bool:
    return _no_case().match(letter) is not None
