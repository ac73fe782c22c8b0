"""Tokens of media as providers document or bill them; each number is from the source named above it, none from tok."""

from __future__ import annotations

import pytest

from tokencli.media import Measured, formulas, tokens
from tokencli.model import Count, Method
from tokencli.model.transcript import Media


def image(model: str, width: int, height: int, detail: str | None = None) -> Measured:
    return tokens(model, Media("image", width=width, height=height), detail=detail)


def number(model: str, width: int, height: int, detail: str | None = None) -> int:
    found = image(model, width, height, detail).number
    assert found is not None
    return found.tokens


# OpenAI, Images and vision: the examples of the guide.
@pytest.mark.parametrize(
    ("width", "height", "detail", "expected"),
    [(1024, 1024, "high", 765), (2048, 4096, "high", 1105), (4096, 8192, "low", 85)],
)
def test_openai_tiles_as_documented(width: int, height: int, detail: str, expected: int) -> None:
    assert image("gpt-4o", width, height, detail)[:2] == (Count(expected, expected, expected), "exact")


# Forum, "Vision: more than one way to send a request": totals billed for 128x64, less the tokens of the five words.
@pytest.mark.parametrize(
    ("model", "low", "high", "text"),
    [
        ("gpt-4o", 97, 267, 12),
        ("gpt-4.1", 97, 267, 12),
        ("gpt-4-turbo", 97, 267, 12),
        ("gpt-4.5-preview", 97, 267, 12),
        ("gpt-4o-mini", 2845, 8512, 12),
        ("o3", 86, 236, 11),
    ],
)
def test_openai_tiles_as_billed(model: str, low: int, high: int, text: int) -> None:
    assert (number(model, 128, 64, "low") + text, number(model, 128, 64, "high") + text) == (low, high)


# Forum, "Vision Pricing calculator": billed with 8 tokens of text; between the two lies the edge of rounding.
@pytest.mark.parametrize(("width", "billed"), [(2049, 1453), (2050, 773)])
def test_openai_tiles_round_to_the_nearest_pixel(width: int, billed: int) -> None:
    assert number("gpt-4.1", width, 513, "high") + 8 == billed


@pytest.mark.parametrize(("detail", "billed"), [("low", 22), ("high", 44)])
def test_the_range_of_o1_holds_what_was_billed(detail: str, billed: int) -> None:
    found = image("o1", 128, 64, detail)
    assert found.number is not None
    assert found.method == "estimate"
    assert found.number.low <= billed - 11 <= found.number.high


# OpenAI, Images and vision: patches, the two examples; then the same forum thread, billed with about 10 tokens of text.
def test_openai_patches_as_documented() -> None:
    assert formulas.patches((1024, 1024), side=2048, budget=1536) == 1024
    assert formulas.patches((1800, 2400), side=2048, budget=1536) == 1452


@pytest.mark.parametrize(
    ("width", "height", "expected", "billed"), [(1800, 2400, 2352, 2362), (4000, 1474, 2488, 2498)]
)
def test_openai_patches_as_billed_for_older_models(width: int, height: int, expected: int, billed: int) -> None:
    found = image("gpt-4.1-mini", width, height).number
    assert found == Count(expected, expected, expected + 1)
    assert billed - found.tokens == 10


# Forum, 2026-06: gpt-5-mini, image tokens by subtraction.
@pytest.mark.parametrize(
    ("width", "height", "billed"),
    [(256, 256, 77), (512, 512, 308), (768, 1024, 922), (1280, 720, 1104), (1024, 1024, 1229), (2048, 768, 1844)],
)
def test_openai_patches_as_billed_for_gpt_5_mini(width: int, height: int, billed: int) -> None:
    assert image("gpt-5-mini", width, height)[:2] == (Count(billed, billed, billed), "exact")


def test_the_range_of_gpt_5_mini_holds_what_was_billed_above_the_budget() -> None:
    found = image("gpt-5-mini", 1800, 1200)
    assert found.number is not None
    assert found.method == "estimate"
    assert found.number.low <= 2334 <= found.number.high


# Data set image-token-cost: GPT-6 at auto and high, GPT-5.5 at auto.
CELLS = [
    (256, 256, 77, 77, 77),
    (512, 512, 308, 308, 308),
    (1024, 1024, 1229, 1229, 1229),
    (1280, 720, 1104, 1104, 1104),
    (1920, 1080, 2448, 2448, 2448),
    (2560, 1440, 4320, 2931, 4320),
    (3840, 2160, 9792, 2931, 9792),
    (4032, 3024, 14364, 2942, 11868),
]


@pytest.mark.parametrize(("width", "height", "auto", "high", "older"), CELLS)
def test_openai_patches_as_billed_for_new_models(width: int, height: int, auto: int, high: int, older: int) -> None:
    for level in (None, "auto", "original"):
        assert image("gpt-6-sol", width, height, level)[:2] == (Count(auto, auto, auto), "exact")
    assert image("gpt-6-astra", width, height, "high")[:2] == (Count(high, high, high), "exact")
    assert image("gpt-5.5", width, height)[:2] == (Count(older, older, older), "exact")


def test_the_range_of_gpt_5_5_at_high_holds_both_rules() -> None:
    found = image("gpt-5.5", 2560, 1440, "high").number
    assert found is not None
    assert found.low <= 2304 * 6 // 5 + 1 <= found.tokens <= 2931 <= found.high


# Recomputed by others from the guide of 2026-09: 640x480 and 1280x720 at low, grids of screenshots.
@pytest.mark.parametrize(
    ("width", "height", "detail", "expected"),
    [(640, 480, "low", 231), (1280, 720, "low", 173), (3200, 960, "high", 2916), (3200, 960, "original", 3600)],
)
def test_openai_levels_of_new_models(width: int, height: int, detail: str, expected: int) -> None:
    assert number("gpt-6-astra", width, height, detail) == expected


def test_openai_refuses_more_patches_than_it_documents() -> None:
    assert number("gpt-5.6", 4800, 6400) == 36000
    assert image("gpt-5.6", 4801, 6400) == (None, None, "", "gpt-5.6: 30,200 patches, and more than 30,000 are refused")


# Data set image-token-cost, less the constant tokens of its prompt: the newer resolution, then the older one.
@pytest.mark.parametrize(
    ("width", "height", "newer", "older"),
    [
        (256, 256, 100, 100),
        (512, 512, 361, 361),
        (768, 768, 784, 784),
        (1024, 1024, 1369, 1369),
        (1280, 720, 1196, 1196),
        (1920, 1080, 2691, 1560),
    ],
)
def test_claude_patches_as_billed(width: int, height: int, newer: int, older: int) -> None:
    assert image("claude-opus-4-7", width, height)[:2] == (Count(newer, newer, newer), "exact")
    assert image("claude-sonnet-4-6", width, height)[:2] == (Count(older, older, older), "exact")


# Anthropic, Images and vision: the examples of the page, and the largest square that is not resized.
@pytest.mark.parametrize(
    ("size", "tier", "expected"),
    [
        ((1075, 1520), (1568, 1568), (924, 1307)),
        ((1920, 1080), (1568, 1568), (1456, 819)),
        ((1075, 1520), (2576, 4784), (1075, 1520)),
        ((1932, 1932), (2576, 4784), (1932, 1932)),
    ],
)
def test_claude_sizes_as_documented(size: formulas.Size, tier: tuple[int, int], expected: formulas.Size) -> None:
    edge, most = tier
    assert formulas.claude_size(size, edge=edge, tokens=most) == expected
    assert formulas.claude_size(size[::-1], edge=edge, tokens=most) == expected[::-1]


def test_claude_refuses_more_pixels_than_it_documents() -> None:
    assert image("claude-opus-4-8", 8000, 8000).number is not None
    assert "more than 8,000 a side are refused" in image("claude-opus-4-8", 8001, 10).note


def test_a_claude_of_which_the_resolution_is_not_known_has_a_range() -> None:
    found = image("claude-opus-5-5", 1920, 1080)
    assert found[:2] == (Count(2691, 1560, 2691), "estimate")


# Google, Image understanding: 258 up to 384 pixels; 960x540 has 6 tiles by the rough formula, 2 squares of 768.
def test_gemini_tiles() -> None:
    assert image("gemini-2.5-pro", 384, 384)[:2] == (Count(258, 258, 258), "vendor-local")
    assert formulas.gemini_tiles((960, 540)) == (2, 6)
    assert image("gemini-2.5-flash", 960, 540)[:2] == (Count(2 * 258, 2 * 258, 6 * 258), "estimate")


# Google, Media resolution. The range of the default holds the totals of the data set, 1,065 to 1,101 with a prompt.
@pytest.mark.parametrize(
    ("detail", "expected"),
    [("low", 280), ("medium", 560), ("high", 1120), ("ultra_high", 2240), (None, 1120), ("MEDIA_RESOLUTION_LOW", 280)],
)
def test_gemini_3_resolutions(detail: str | None, expected: int) -> None:
    assert number("gemini-3-pro-preview", 640, 480, detail) == expected


def test_the_range_of_gemini_3_holds_what_was_billed() -> None:
    found = image("gemini-3.5-flash", 1920, 1080).number
    assert found is not None
    assert found.low <= 1065 - 20
    assert found.high >= 1101


# Google, Understand and count tokens.
@pytest.mark.parametrize(
    ("kind", "seconds", "expected", "method"),
    [
        ("audio", 1.0, 32, "vendor-local"),
        ("audio", 60.0, 1920, "vendor-local"),
        ("video", 1.0, 263, "estimate"),
        ("audio", 2.5, 80, "estimate"),
    ],
)
def test_gemini_seconds(kind: str, seconds: float, expected: int, method: Method) -> None:
    found = tokens("gemini-2.5-pro", Media(kind, seconds=seconds))  # type: ignore[arg-type]
    assert found.number is not None
    assert (found.number.tokens, found.method) == (expected, method)
    assert found.number.low <= expected <= found.number.high


def test_gemini_3_seconds_have_the_range_of_its_pages() -> None:
    assert tokens("gemini-3-flash-preview", Media("audio", seconds=10)).number == Count(320, 250, 320)
    assert tokens("gemini-3-flash-preview", Media("video", seconds=10)).number == Count(700, 700, 1020)
    assert tokens("gemini-3-flash-preview", Media("video", seconds=10), detail="high").number == Count(2800, 2800, 3120)


# SiliconFlow's page on Qwen2-VL, which leaves out the two tokens around an image; low is 448x448 there.
@pytest.mark.parametrize(
    ("size", "expected"), [((224, 448), 128), ((1024, 1024), 1369), ((3172, 4096), 16240), ((448, 448), 256)]
)
def test_qwen_patches(size: formulas.Size, expected: int) -> None:
    assert formulas.qwen_patches(size, factor=28, least=4, most=16384) == expected
    assert number("qwen2-vl-7b-instruct", *size) == expected + 2


def test_qwen_limits() -> None:
    assert formulas.qwen_patches((1, 1), factor=28, least=4, most=16384) == 4
    assert "200 times" in image("qwen2.5-vl-7b-instruct", 2010, 10).note
    assert image("qwen3-vl-plus", 3000, 3000).method == "estimate"


# mistral-common: 64 rows of 64 patches and a token that ends the row; 1024 is the longest side.
def test_pixtral() -> None:
    assert number("pixtral-12b-2409", 1024, 1024) == 65 * 64
    assert number("pixtral-12b-2409", 2048, 1024) == 65 * 32
    assert number("pixtral-12b-2409", 1024, 2048) == 33 * 64


def test_grok_has_the_range_of_its_tiles() -> None:
    assert image("grok-4", 448, 448)[:2] == (Count(512, 512, 1792), "estimate")
