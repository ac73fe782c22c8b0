"""Requests of recorded conversations worked through a second time: plain lists of what stands in the context."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tokencli.model import ZERO, Count
from tokencli.model.replay import Log
from tokencli.model.transcript import Message, Part
from tokencli.prefix_cache import Policy
from tokencli.replaying import requests_of
from tokencli.replaying.requests import conversation

LEAST = 300
CACHE = Policy("cache_write_5m_tokens", 300, LEAST, "")

Line = tuple[str, int, int, int]
"""What a line says, in tokens: its role, text, thinking, and the seconds since the line before."""

lines_ = st.lists(
    st.tuples(
        st.sampled_from(["user", "assistant", "tool"]),
        st.integers(1, 500),
        st.integers(0, 300),
        st.sampled_from([0, 10, 299, 300, 900]),
    ),
    max_size=14,
)


def message(number: int, line: Line) -> Message:
    role, _, thinking, _ = line
    if role == "assistant":
        parts = [*([Part("thinking", "t")] if thinking else []), Part("text", "x")]
    else:
        parts = [Part("tool_result" if role == "tool" else "text", "x")]
    return Message(number - 1, "user" if role == "tool" else role, tuple(parts), line=number)


def naive(lines: list[Line], prefix: int, keep: bool) -> list[dict[str, Any]]:
    """Each answer with the pieces that its request sent, what came back, and what it reads and writes."""
    context: list[tuple[str, int, int]] = [("prefix", 0, prefix)]
    found: list[dict[str, Any]] = []
    before, now = "", 0
    for number, (role, text, thinking, gap) in enumerate(lines):
        now += gap
        if role == "assistant":
            if before != "assistant":
                found.append({"sent": list(context), "made": 0, "thought": 0, "at": now})
            found[-1]["made"] += text
            found[-1]["thought"] += thinking
            context += [("thinking", number, thinking), ("text", number, text)]
        else:
            if role == "user" and not keep:
                context = [piece for piece in context if piece[0] != "thinking"]
            context.append(("text", number, text))
        before = role
    for at, one in enumerate(found):
        read = 0
        if at and one["at"] - found[at - 1]["at"] < CACHE.seconds:
            held, sent = ([piece for piece in each["sent"] if piece[2]] for each in (found[at - 1], one))
            alike = next((n for n, pair in enumerate(zip(held, sent, strict=False)) if pair[0] != pair[1]), len(held))
            read = sum(piece[2] for piece in held[:alike])
        whole = sum(piece[2] for piece in one["sent"])
        read = read if read >= LEAST else 0
        one.update(input=whole, read=read, written=whole - read if whole >= LEAST else 0)
    return found


@given(lines=lines_, prefix=st.integers(0, 600), keep=st.booleans())
def test_every_answer_is_the_request_of_the_naive_lists(lines: list[Line], prefix: int, keep: bool) -> None:
    times, now = {}, 0
    pieces: list[Count] = []
    for number, (role, text, thinking, gap) in enumerate(lines, 1):
        now += gap
        times[number] = now
        counts = [thinking] if role == "assistant" and thinking else []
        pieces += [Count(tokens, tokens, tokens) for tokens in (*counts, text)]
    log = Log(times=times)
    talk = conversation((message(*each) for each in enumerate(lines, 1)), (), log, keep_thinking=keep)
    sizes = list(talk.sizes(pieces, ZERO, Count(prefix, prefix, prefix)))
    found = requests_of(sizes, log, CACHE, lambda count: count.tokens)
    assert [(one.input, one.cached, one.written, one.output, one.thinking) for one in found] == [
        (one["input"], one["read"], one["written"], one["made"] + one["thought"], one["thought"])
        for one in naive(lines, prefix, keep)
    ]
