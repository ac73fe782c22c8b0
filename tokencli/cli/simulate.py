"""`tok simulate`: what a session of an agent comes to, in tokens and money, on one model or on several."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import typer

from tokencli.cli import cost_parameters as c
from tokencli.cli import parameters as p
from tokencli.cli import pricing
from tokencli.cli.options import State
from tokencli.cli.output import STANDARD
from tokencli.cli.pricing import Exchange, usage_error
from tokencli.cli.showing import Answer
from tokencli.cli.showing import show as show_answer
from tokencli.cli.sizes import Prefix, in_words, of, range_of, seconds, tokens_or_share
from tokencli.costing import Target
from tokencli.errors import ExitCode, TokError
from tokencli.model.cost import Selectors
from tokencli.model.simulation import Plan, Simulated, SimulationReport
from tokencli.simulating import failed, simulate
from tokencli.simulating.converting import converted
from tokencli.simulating.drawing import ranged

Size = "N-M"
"""How sizes are typed: a number, or a range."""

Turns = Annotated[str, typer.Option("--turns", metavar=Size, help="Messages of the user that are answered.")]
Calls = Annotated[str, typer.Option("--tool-calls", metavar=Size, help="Calls of tools in each turn.")]
Result = Annotated[str, typer.Option("--result-tokens", metavar=Size, help="Of what a tool gives back.")]
User = Annotated[str, typer.Option("--user-tokens", metavar=Size, help="Of a message of the user.")]
Put = Annotated[str, typer.Option("--output-tokens", metavar=Size, help="Of output in each turn, calls included.")]
Thinking = Annotated[str, typer.Option("--thinking-tokens", metavar=Size, help="Of thinking in each turn.")]
Keep = Annotated[bool, typer.Option("--keep-thinking", help="Thinking stays in the context after its turn.")]
Retries = Annotated[str, typer.Option("--retries", metavar="S", help="Share of turns that are done again, 0 to 1.")]
Agents = Annotated[str, typer.Option("--subagents", metavar=Size, help="Sub-agents in the session.")]
AgentTurns = Annotated[str, typer.Option("--subagent-turns", metavar=Size, help="Requests of each sub-agent.")]
Prompt = Annotated[str, typer.Option("--subagent-prompt", metavar=Size, help="Tokens that a sub-agent gets.")]
Returned = Annotated[str, typer.Option("--subagent-return", metavar=Size, help="Tokens that a sub-agent returns.")]
System = Annotated[
    str | None, typer.Option("--system", metavar="FILE", help="The system prompt: a file, or its tokens.")
]
Tools = Annotated[
    str | None, typer.Option("--tools", metavar="FILE", help="Definitions of tools: a file, or their tokens.")
]
CompactAt = Annotated[
    str | None,
    typer.Option("--compact-at", metavar="SIZE", help="Compact a context over N tokens or P% of the window."),
]
CompactTo = Annotated[
    int | None, typer.Option("--compact-to", metavar="N", min=1, help="Tokens that a compacted context has.")
]
Cache = Annotated[
    Literal["none", "automatic", "5m", "30m", "1h", "12h"] | None,
    typer.Option("--cache", help="Write the cache with each request for so long; none given: what the model has."),
]
Gap = Annotated[str, typer.Option("--gap", metavar="TIME", help="Between turns: 90, 10m, 2h; a cache may expire.")]
Runs = Annotated[int, typer.Option("--runs", metavar="N", min=1, max=100_000, help="Sessions drawn from ranges.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of the draw: the same seed, the same answer.")]


def simulate_(
    context: typer.Context,
    model: c.Models = None,
    encoding: c.Encodings = None,
    turns: Turns = "10",
    tool_calls: Calls = "4",
    result_tokens: Result = "1000",
    user_tokens: User = "100",
    output_tokens: Put = "500",
    thinking_tokens: Thinking = "0",
    keep_thinking: Keep = False,
    retries: Retries = "0",
    subagents: Agents = "0",
    subagent_turns: AgentTurns = "5",
    subagent_prompt: Prompt = "1000",
    subagent_return: Returned = "1000",
    system: System = None,
    tools: Tools = None,
    compact_at: CompactAt = None,
    compact_to: CompactTo = None,
    cache: Cache = None,
    gap: Gap = "60",
    runs: Runs = 1000,
    seed: Seed = 1,
    batch: c.Batch = False,
    service_tier: c.ServiceTier = None,
    speed: c.Speed = None,
    region: c.Region = None,
    at: c.At = None,
    currency: c.Currency = None,
    fx: c.Fx = None,
    ratecard: c.Ratecard = None,
    provider: c.Provider = None,
    output: p.Output = None,
) -> int:
    """Work out what a session of an agent costs: each request sends again all that came before.

    Sizes are tokens, numbers or ranges such as 500-2000. Ranges are drawn many times over: then the middle of each
    makes the table, and the median and 95th percentile of all runs stand under it. Every assumption is listed with
    the answer.
    """
    state = context.find_object(State) or State()
    settings = state.settings({"model": model, "encoding": encoding, "providers": provider})
    names = settings["model"].value
    if not names:
        raise usage_error("no model to simulate on", "tok simulate -m MODEL; tok models lists them")
    chosen = pricing.selectors(
        batch=batch,
        service_tier=service_tier,
        speed=speed,
        region=region,
        thinking=False,
        cache_mode=None,
        search_size=None,
        resolution=None,
        seconds=None,
    )
    plan = Plan(
        turns=range_of(turns, "--turns", 1),
        tool_calls=range_of(tool_calls, "--tool-calls"),
        result=range_of(result_tokens, "--result-tokens"),
        user=range_of(user_tokens, "--user-tokens", 1),
        output=range_of(output_tokens, "--output-tokens"),
        thinking=range_of(thinking_tokens, "--thinking-tokens"),
        subagents=range_of(subagents, "--subagents"),
        subagent_turns=range_of(subagent_turns, "--subagent-turns", 1),
        subagent_prompt=range_of(subagent_prompt, "--subagent-prompt"),
        subagent_return=range_of(subagent_return, "--subagent-return"),
        keep_thinking=keep_thinking,
        gap=seconds(gap, "--gap"),
    )
    plan = _compacted(_retried(plan, retries), compact_at, compact_to)
    _bounded(plan, runs)
    prefix = Prefix(system, tools)
    when = pricing.instant(at)
    book = pricing.price_book(state, ratecard or (), settings["providers"].value, when)
    column = pricing.chosen_encoding(settings)
    drawn = Drawn(cache, runs, seed, pricing.exchanger(currency, fx, book))
    found = [_simulated(book.target(name, column), plan, prefix, chosen, when, drawn) for name in dict.fromkeys(names)]
    assumed = (*_assumptions(plan), *prefix.words)
    report = SimulationReport(tuple(found), assumed, runs if ranged(plan) else 0, seed)
    code = ExitCode.DATA if report.problems else ExitCode.OK
    place = None if output == STANDARD else output
    answer = Answer("simulate", report, int(code), output=place, answer=any(each.total for each in found))
    return show_answer(answer, settings, state)


class Drawn(NamedTuple):
    """How a session is cached, how many are drawn from which seed, and in which currency they are shown."""

    cache: str | None
    runs: int
    seed: int
    exchange: Exchange


def _simulated(to: Target, plan: Plan, prefix: Prefix, chosen: Selectors, at: int, how: Drawn) -> Simulated:
    """The session on one model, or why it cannot be worked out; TokError (usage) for options that do not fit it."""
    try:
        counted = prefix.count(to)
        done = simulate(to, plan, counted, chosen, at, caching=how.cache, runs=how.runs, seed=how.seed)
        by = how.exchange.of(done.currency)
        done = done if by is None else converted(done, by)
        return done._replace(prefix_method=prefix.method(to, counted))
    except TokError as error:
        if error.exit == ExitCode.USAGE:
            raise
        return failed(to, error)


MOST = 2_000_000
"""Requests of all runs together, on one model: half a minute."""

MOST_TURNS = 100_000
"""Turns of one session: some seconds, each at prices of its own instant."""


def _bounded(plan: Plan, runs: int) -> None:
    """TokError (usage) for a session that nobody could wait for."""
    if plan.turns.high > MOST_TURNS:
        raise usage_error(f"--turns: {plan.turns.high:,} are more than {MOST_TURNS:,}", "fewer turns")
    each = plan.turns.high * (plan.tool_calls.high + 1) * 2 + plan.subagents.high * (plan.subagent_turns.high + 1) * 2
    if each * (runs if ranged(plan) else 1) > MOST:
        message = f"up to {each:,} requests a session" + (f", {runs:,} times over" if ranged(plan) else "")
        raise usage_error(f"{message}: more than {MOST:,} are not simulated", "fewer turns, calls or --runs")


def _retried(plan: Plan, retries: str) -> Plan:
    share = pricing.decimal(retries, "--retries")
    if share is None or share > 1:
        raise usage_error(f"--retries: {retries} is more than every turn", "a share from 0 to 1, such as 0.1")
    return plan._replace(retries=share)


def _compacted(plan: Plan, at: str | None, to: int | None) -> Plan:
    """The plan with its rule of compaction."""
    if (at is None) != (to is None):
        missing = "--compact-to" if to is None else "--compact-at"
        raise usage_error(f"{missing} is missing", "as in --compact-at 80% --compact-to 20000")
    if at is None or to is None:
        return plan
    most, share = tokens_or_share(at, "--compact-at")
    return plan._replace(compact_at=most, compact_share=share, compact_to=to)


def _assumptions(plan: Plan) -> tuple[str, ...]:
    """The plan in words."""
    words = [
        f"{of(plan.turns, 'turn')}, {plan.gap:,} seconds apart",
        f"each turn: {of(plan.user, 'token')} of the user, {of(plan.tool_calls, 'call')} of tools with"
        f" {of(plan.result, 'token')} of result each, {of(plan.output, 'token')} of output",
    ]
    if plan.thinking.high:
        kept = "kept in the context" if plan.keep_thinking else "dropped from the context after its turn"
        words.append(f"thinking: {of(plan.thinking, 'token')} a turn, {kept} (--keep-thinking)")
    if plan.retries:
        words.append(f"{plan.retries} of the turns are done again, spread evenly")
    if plan.subagents.high:
        words.append(
            f"{of(plan.subagents, 'sub-agent')} with {of(plan.subagent_turns, 'request')} each: they get"
            f" {of(plan.subagent_prompt, 'token')} and return {in_words(plan.subagent_return)}, with the same"
            " system prompt and tools, and share no cache"
        )
    if plan.compact_at is not None:
        most = f"{plan.compact_at * 100:f}% of the window" if plan.compact_share else f"{plan.compact_at:,} tokens"
        words.append(f"a context over {most} is compacted to {plan.compact_to:,} by a request of its own")
    return tuple(words)
