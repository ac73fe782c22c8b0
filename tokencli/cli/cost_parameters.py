"""The options of the commands that price: what is assumed of a call, what selects among prices, which cards."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

OutputTokens = Annotated[
    int | None, typer.Option("--output-tokens", metavar="N", min=0, help="So many tokens come back.")
]
OutputRatio = Annotated[
    str | None, typer.Option("--output-ratio", metavar="R", help="Output as a share of the input, such as 0.25.")
]
InputTokens = Annotated[
    int | None, typer.Option("--input-tokens", metavar="N", min=0, help="So many tokens are sent: nothing is counted.")
]
CachedTokens = Annotated[
    int | None, typer.Option("--cached-tokens", metavar="N", min=0, help="Of the input, read from the cache.")
]
CachedShare = Annotated[
    str | None, typer.Option("--cached-share", metavar="S", help="Share of the input read from the cache, 0 to 1.")
]
Unit = Annotated[
    list[str] | None,
    typer.Option("--unit", metavar="NAME=N", help="Another count, such as cache_write_1h_tokens=900 (repeatable)."),
]
Usage = Annotated[
    list[str] | None,
    typer.Option("--usage", metavar="FILE", help="Price usage, as providers report it: JSON or JSONL, or -."),
]
Calls = Annotated[int, typer.Option("--calls", metavar="N", min=1, help="Show the price of N such calls too.")]
Batch = Annotated[bool, typer.Option("--batch", help="Processed in a batch.")]
ServiceTier = Annotated[
    str | None, typer.Option("--service-tier", metavar="TIER", help="flex, priority ..., as the provider calls it.")
]
Speed = Annotated[str | None, typer.Option("--speed", metavar="SPEED", help="fast ..., as the provider calls it.")]
Region = Annotated[
    str | None,
    typer.Option("--region", metavar="REGION", help="Where it is processed: us, eu ..., if that has a price."),
]
Thinking = Annotated[bool, typer.Option("--thinking", help="In thinking mode, where that has a price of its own.")]
CacheMode = Annotated[
    Literal["implicit", "explicit"] | None, typer.Option("--cache-mode", help="How the cache is asked for.")
]
SearchSize = Annotated[
    Literal["low", "medium", "high"] | None, typer.Option("--search-size", help="Context of a web search.")
]
Resolution = Annotated[
    str | None, typer.Option("--resolution", metavar="SIZE", help="Of images or films that are made: 1024x1024, 720p.")
]
Seconds = Annotated[
    str | None, typer.Option("--duration-seconds", metavar="S", help="Length of a film that is made, where it decides.")
]
At = Annotated[
    str | None, typer.Option("--at", metavar="INSTANT", help="Prices of then: a date, or 2026-11-21T09:30:00Z.")
]
Currency = Annotated[str | None, typer.Option("--currency", metavar="CODE", help="Show totals in this currency.")]
Fx = Annotated[list[str] | None, typer.Option("--fx", metavar="USD/CNY=R", help="What one unit is worth (repeatable).")]
Ratecard = Annotated[
    list[str] | None,
    typer.Option("--ratecard", metavar="PATH", help="Cards that go before all others: file or folder (repeatable)."),
]
Provider = Annotated[
    list[str] | None, typer.Option("--provider", metavar="NAME", help="Prefer this provider of a model (repeatable).")
]
OnUnknown = Annotated[
    Literal["error", "warn", "skip"], typer.Option("--on-unknown", help="What becomes of what has no price.")
]
Models = Annotated[list[str] | None, typer.Option("-m", "--model", metavar="MODEL", help="On this model (repeatable).")]
Encodings = Annotated[
    list[str] | None,
    typer.Option("-e", "--encoding", metavar="ENCODING", help="Count with this encoding, whatever the model."),
]
Compare = Annotated[bool, typer.Option("--compare", help="Rank the models, cheapest first.")]
AllModels = Annotated[bool, typer.Option("--all", help="With --compare: every model that has a price.")]
Family = Annotated[
    list[str] | None,
    typer.Option("--family", metavar="NAME", help="With --compare: gpt-6, claude, deepseek ... (repeatable)."),
]
Scores = Annotated[
    str | None, typer.Option("--scores", metavar="FILE", help="CSV of model and scores: adds the cost of a point.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show the receipt: every line, its rate and where that is from.")
]
Total = Annotated[bool, typer.Option("--total", help="Only the totals, no rows.")]
Caching = Annotated[bool, typer.Option("--caching", help="Show when caching the input as a prefix pays.")]
Together = Annotated[bool, typer.Option("--together", help="Send all files in one call; without, each is one.")]
