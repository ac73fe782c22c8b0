"""`tok replay`: a recorded session priced on other models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tokencli.cli import cost_parameters as c
from tokencli.cli import parameters as p
from tokencli.cli import pricing
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD
from tokencli.cli.pricing import PriceBook, usage_error
from tokencli.cli.showing import Answer
from tokencli.cli.showing import show as show_answer
from tokencli.cli.sizes import Prefix
from tokencli.costing import Target
from tokencli.errors import ExitCode, TokError
from tokencli.formats.wording import printable
from tokencli.model.cost import Selectors
from tokencli.model.replay import Log, Replayed, ReplayReport

if TYPE_CHECKING:
    from tokencli.model.transcript import Transcript
    from tokencli.replaying.requests import Conversation

Session = Annotated[str, typer.Argument(metavar="SESSION", help="The file of a session: a log or a transcript, or -.")]
On = Annotated[list[str] | None, typer.Option("--on", metavar="MODEL", help="Price it on this model (repeatable).")]
System = Annotated[
    str | None, typer.Option("--system", metavar="FILE", help="A system prompt that the file lacks, or its tokens.")
]
Tools = Annotated[
    str | None, typer.Option("--tools", metavar="FILE", help="Tools that the file lacks, or their tokens.")
]
Keep = Annotated[bool, typer.Option("--keep-thinking", help="Thinking stays in the context after its turn.")]
Cache = Annotated[
    Literal["none", "automatic", "5m", "30m", "1h", "12h"] | None,
    typer.Option("--cache", help="Write the cache with each request for so long; none given: what the model has."),
]


def replay_(
    context: typer.Context,
    session: Session,
    on: On = None,
    system: System = None,
    tools: Tools = None,
    keep_thinking: Keep = False,
    cache: Cache = None,
    as_: p.ReadAs = None,
    at: c.At = None,
    currency: c.Currency = None,
    fx: c.Fx = None,
    ratecard: c.Ratecard = None,
    provider: c.Provider = None,
    output: p.Output = None,
) -> int:
    """Price a recorded session on other models, each request counted as that model counts.

    What the log recorded is priced as it ran, at the prices of then; the targets at those of now, or of --at.
    Beginnings that requests have in common are read from a cache where the model has one.
    """
    from tokencli.replaying import converted

    state = context.find_object(State) or State()
    settings = state.settings({"providers": provider})
    if not on:
        raise usage_error("no model to replay on", "tok replay SESSION --on MODEL; tok models lists them")
    when = pricing.instant(at)
    book = pricing.price_book(state, ratecard or (), settings["providers"].value, when)
    targets = [book.target(name) for name in dict.fromkeys(on)]
    exchange = pricing.exchanger(currency, fx, book)
    report = _report(
        session, as_, settings["plugins"].value, keep_thinking, Prefix(system, tools), targets, cache, book
    )
    report = converted(report, exchange.of)
    place = None if output == STANDARD else output
    code = ExitCode.DATA if report.problems else ExitCode.OK
    done = bool(report.recorded) or any(not each.problem for each in report.targets)
    return show_answer(Answer("replay", report, int(code), output=place, answer=done), settings, state)


def _report(
    session: str,
    as_: str | None,
    plugins: Sequence[str],
    keep_thinking: bool,
    prefix: Prefix,
    targets: Sequence[Target],
    cache: str | None,
    book: PriceBook,
) -> ReplayReport:
    from tokencli.replaying import recorded
    from tokencli.replaying.requests import conversation

    transcript, log = _read(session, as_, plugins)
    talk = conversation(transcript.messages, transcript.tools, log, keep_thinking=keep_thinking)
    if not any(step.answer is not None for step in talk.steps) and not log.requests:
        message = f"{printable(session)}: no answer of a model in it, and no usage"
        raise TokError(message, hint="a request is priced by its answer", code="no-requests")
    found = [_replayed(to, talk, log, prefix, book.at, cache) for to in targets]

    def find(name: str, provider: str) -> Target:
        return book.priced_as(name, book.cards.find(name, provider))

    return ReplayReport(
        printable(session),
        transcript.format,
        recorded(log, find, book.at),
        tuple(found),
        (*prefix.words, *log.notes, *_left_out(transcript, missing=False), *_notes(keep_thinking, book.at)),
        tuple(_unknown(transcript, talk, log, given=bool(prefix.words))),
    )


def _replayed(to: Target, talk: Conversation, log: Log, prefix: Prefix, at: int, cache: str | None) -> Replayed:
    from tokencli.replaying import failed, replay

    try:
        return replay(to, talk, log, prefix.count(to), Selectors(), at, cache)
    except TokError as error:
        return failed(to, error)


def _read(session: str, as_: str | None, plugins: Sequence[str]) -> tuple[Transcript, Log]:
    """The transcript of a file, and what it records; TokError where it is none."""
    from tokencli import transcripts
    from tokencli.cli.reading import read_text
    from tokencli.recorded import log
    from tokencli.transcribing import readers

    text = read_text(session, None)
    found, _, why = transcripts.open_file(iter((text,)), printable(session), readers(plugins), as_)
    if found is None:
        message = f"{printable(session)}: no session that is known{f': {why}' if why else ''}"
        hint = "--as FORMAT reads it as one: claude-code, codex, openai-chat, anthropic ..."
        raise TokError(message, hint=hint, code="not-a-transcript")
    return found, log(text, found.format)


def _left_out(transcript: Transcript, *, missing: bool) -> list[str]:
    """What the file holds and no request sends; or (`missing`) what requests sent and the file does not hold."""
    return [
        f"left out: {count:,} {what}"
        for what, count in transcript.left_out.items()
        if missing == ("thinking" in what or "content" in what)
    ]


def _notes(keep_thinking: bool, at: int) -> list[str]:
    """How the session is taken."""
    from tokencli.rates.effective import day

    kept = "sent again in all that follows" if keep_thinking else "sent again within its turn only (--keep-thinking)"
    return [
        f"what was recorded is priced at its own instants, targets at {day(at)} (--at)",
        f"each answer is a request with all before it; framing is spread evenly over messages; thinking is {kept}",
    ]


def _unknown(transcript: Transcript, talk: Conversation, log: Log, *, given: bool) -> list[str]:
    """What is in the session's bill and not in what is counted here, or not for sure."""
    found = [f"usage that could not be read: {words}" for words in log.unread]
    found += [f"line {bad.line} skipped: {bad.reason}" for bad in transcript.skipped]
    found += _left_out(transcript, missing=True)
    if not given and not any(step.system for step in talk.steps) and not talk.tools:
        found.append("the file holds no system prompt and no tools: what they cost is missing (--system, --tools)")
    thought = sum(int(one.usage.get("reasoning_tokens", 0)) for one in log.requests)
    if thought and not any(step.thinking for step in talk.steps):
        found.append(f"{thought:,} recorded tokens of thinking are not in the file: not among the output counted here")
    begun = {step.chain for step in talk.steps if step.answer is None}
    alone = {step.chain for step in talk.steps if step.answer is not None} - begun
    if alone:
        found.append("an answer has nothing before it in the file: its input is missing")
    answers = len({step.answer for step in talk.steps if step.answer is not None})
    if log.requests and len(log.requests) != answers:
        found.append(f"{len(log.requests):,} requests are recorded, {answers:,} answers are in the file to be counted")
    return found
