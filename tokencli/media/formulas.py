"""Tokens of an image by its size, a function for each formula: whole numbers in, whole numbers out, nothing looked up.

Square roots and ratios are kept as whole numbers until the documentation rounds, so that no size falls on the wrong
side of an edge by the error of a floating-point number. Where it says "round", halves go to the even neighbour.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, isqrt

Size = tuple[int, int]
"""Width and height in pixels, each at least 1."""


def fit(size: Size, longest: int) -> Size:
    """The size scaled down, not up, until neither side is over `longest`, the sides rounded to whole pixels."""
    width, height = size
    side = max(width, height)
    if side <= longest:
        return size
    return max(1, _rounded(width * longest, side)), max(1, _rounded(height * longest, side))


def tiles(size: Size) -> int:
    """OpenAI's squares of 512 pixels, of an image brought into 2048 by 2048 and then to a shorter side of 768."""
    width, height = fit(size, 2048)
    short = min(width, height)
    if short > 768:
        width, height = _rounded(width * 768, short), _rounded(height * 768, short)
    return _up(width, 512) * _up(height, 512)


def patches(size: Size, *, side: int, budget: int | None) -> int:
    """OpenAI's patches of 32 pixels: of an image brought into a square of `side`, then shrunk to `budget` patches.

    Shrinking keeps the ratio and makes one side a whole number of patches, as the documentation's two factors do.
    """
    width, height = fit(size, side)
    count = _up(width, 32) * _up(height, 32)
    if budget is None or count <= budget:
        return count
    across, down = max(1, isqrt(width * budget // height)), max(1, isqrt(height * budget // width))
    if across * height <= down * width:
        down = _up(max(1, height * 32 * across // width), 32)
    else:
        across = _up(max(1, width * 32 * down // height), 32)
    return min(budget, across * down)


def times(count: int, multiplier: Fraction) -> int:
    """Tokens of so many patches, a part of a token counted whole."""
    return ceil(count * multiplier)


def claude_size(size: Size, *, edge: int, tokens: int) -> Size:
    """The size to which Claude brings an image: the largest of that ratio that fits into both limits.

    Padded to whole patches of 28 pixels no side may be over `edge`, and there may be at most `tokens` patches.
    """

    def fits(long: int, short: int) -> bool:
        across, down = _up(long, 28), _up(short, 28)
        return max(across, down) * 28 <= edge and across * down <= tokens

    long, short = max(size), min(size)
    if fits(long, short):
        return size
    low, high = 1, long
    while low + 1 < high:
        middle = (low + high) // 2
        if fits(middle, max(1, _rounded(middle * short, long))):
            low = middle
        else:
            high = middle
    other = max(1, _rounded(low * short, long))
    return (low, other) if size[0] >= size[1] else (other, low)


def claude_patches(size: Size, *, edge: int, tokens: int) -> int:
    """Patches of 28 pixels that cover the image after it was brought to its size."""
    width, height = claude_size(size, edge=edge, tokens=tokens)
    return _up(width, 28) * _up(height, 28)


def gemini_tiles(size: Size) -> tuple[int, int]:
    """Tiles of an image for Gemini up to 2.5: squares of 768 pixels, and by the rough formula of the documentation.

    The rough one takes two thirds of the shorter side as the side of a tile. Both are 1 where no side is over 384.
    """
    width, height = size
    if max(size) <= 384:
        return 1, 1
    unit = max(1, 2 * min(size) // 3)
    return _up(width, 768) * _up(height, 768), _up(width, unit) * _up(height, unit)


def qwen_patches(size: Size, *, factor: int, least: int, most: int) -> int:
    """Qwen-VL's smart resize: sides rounded to whole patches of `factor` pixels, from `least` to `most` of them."""
    width, height = size
    across, down = max(1, _rounded(width, factor)), max(1, _rounded(height, factor))
    if across * down > most:
        across, down = max(1, isqrt(width * most // height)), max(1, isqrt(height * most // width))
    elif across * down < least:
        across, down = _root_up(width * least, height), _root_up(height * least, width)
    return across * down


def pixtral_tokens(size: Size, *, patch: int, longest: int) -> int:
    """Patches of an image brought to `longest`, with the token that ends each row."""
    width, height = fit(size, longest)
    return (_up(width, patch) + 1) * _up(height, patch)


def grok_tokens(size: Size, *, most: int) -> int:
    """256 for each square of 448 pixels, of which there are `most`, and 256 for the whole."""
    width, height = size
    return 256 * (min(most, _up(width, 448) * _up(height, 448)) + 1)


def per_second(seconds: float, rate: int) -> tuple[int, int, int]:
    """Tokens of so many seconds, and their range where the last second is a part of one: left out, or counted whole."""
    length = Fraction(seconds).limit_denominator(1_000_000)
    return ceil(length * rate), floor(length) * rate, ceil(length) * rate


def _up(length: int, unit: int) -> int:
    """How many units cover a length."""
    return -(-length // unit)


def _rounded(numerator: int, denominator: int) -> int:
    return round(Fraction(numerator, denominator))


def _root_up(numerator: int, denominator: int) -> int:
    """The smallest whole number whose square is at least the ratio."""
    below = isqrt(numerator // denominator)
    return below if below * below * denominator >= numerator else below + 1
