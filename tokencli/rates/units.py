"""The units that are priced: what each is called in a usage and in a rate card, and which count is part of which.

Token counts nest. `input_tokens` is all that was sent and `output_tokens` all that came back; parts are disjoint, and
what no part names is the remainder, found by subtraction. Citations are outside both.
"""

from __future__ import annotations

from collections.abc import Mapping

READ_PARTS = {f"cache_read_{kind}_tokens": f"cache_read_{kind}" for kind in ("audio", "image", "video")}
WRITE_PARTS = {f"cache_write_{life}_tokens": f"cache_write_{life}" for life in ("5m", "30m", "1h", "12h")}
INPUT_MEDIA = {f"input_{kind}_tokens": f"input_{kind}" for kind in ("audio", "image", "video")}
OUTPUT_MEDIA = {f"output_{kind}_tokens": f"output_{kind}" for kind in ("audio", "image", "video")}

INPUT_PARTS = ("cache_read_tokens", "cache_write_tokens", *INPUT_MEDIA)
OUTPUT_PARTS = tuple(OUTPUT_MEDIA)

TOKENS: Mapping[str, str] = {
    "input_tokens": "input",
    "output_tokens": "output",
    "cache_read_tokens": "cache_read",
    **READ_PARTS,
    "cache_write_tokens": "cache_write",
    **WRITE_PARTS,
    **INPUT_MEDIA,
    **OUTPUT_MEDIA,
    "reasoning_tokens": "reasoning",
    "citation_tokens": "citation",
}
"""Usage key -> key of `rates`; the totals stand for their remainders."""

FEES: Mapping[str, str] = {
    "web_searches": "web_search",
    "file_searches": "file_search",
    "requests": "request",
    "rerank_queries": "rerank_query",
    "images": "image",
    "pages": "page",
    "generations": "generation",
}
"""Usage key -> key of `fees`."""

DURATIONS = ("audio_seconds", "video_seconds", "input_audio_seconds", "output_audio_seconds", "session_seconds")
"""Keys of a usage and of `durations` alike."""

STORAGE = "cache_storage_token_hours"
STORED = "cache_token_hours"
"""What stays in a cache, in a usage and in `storage`."""

FRACTIONAL = frozenset({*DURATIONS, STORAGE})
"""Usage keys that need not be whole numbers."""

USAGE: Mapping[str, str] = {**TOKENS, **FEES, **{key: key for key in DURATIONS}, STORAGE: STORED}
"""Every key of a usage -> the key that prices it."""

RATES = frozenset({*TOKENS.values(), "input_text", "output_text"})
"""Every key of `rates`. The two for text price the remainders where a card has them."""
