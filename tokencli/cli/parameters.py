"""The arguments and options of the commands that read text, as types that commands share."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

By = Literal["file", "dir", "ext", "section", "role", "message", "tool", "part"]
Sort = Literal["tokens", "path", "bytes"]

Inputs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH]...", help="Files, folders, globs or -; none: piped stdin, else this folder."),
]
Source = Annotated[str | None, typer.Argument(metavar="[FILE]", help="The file to read; none or -: standard input.")]
Models = Annotated[
    list[str] | None, typer.Option("-m", "--model", metavar="MODEL", help="For this model (repeatable).")
]
Encodings = Annotated[
    list[str] | None, typer.Option("-e", "--encoding", metavar="ENCODING", help="With this encoding (repeatable).")
]
Model = Annotated[list[str] | None, typer.Option("-m", "--model", metavar="MODEL", help="For this model.")]
Encoding = Annotated[list[str] | None, typer.Option("-e", "--encoding", metavar="ENCODING", help="With this encoding.")]
BreakDown = Annotated[By | None, typer.Option("--by", help="Break the count down.")]
Tree = Annotated[bool, typer.Option("--tree", help="Show folders as a tree; with --by dir without files.")]
Top = Annotated[int | None, typer.Option("--top", metavar="N", min=1, help="List N rows, sum up the others.")]
SortBy = Annotated[Sort | None, typer.Option("--sort", help="Order of the rows, largest first (default: tokens).")]
Reverse = Annotated[bool, typer.Option("--reverse", help="Turn the order of the rows round.")]
Max = Annotated[int | None, typer.Option("--max", metavar="N", min=0, help="Exit 1 where a total is over N tokens.")]
Window = Annotated[bool | None, typer.Option("--window", help="Show shares of the model's context window.")]
Revisions = Annotated[
    list[str] | None,
    typer.Argument(metavar="[BASE[...HEAD]] [PATH]...", help="Revisions to compare, then files or folders to look at."),
]
Staged = Annotated[bool, typer.Option("--staged", help="Look at what is staged for the next commit.")]
Worktree = Annotated[bool, typer.Option("--worktree", help="Look at the files as they lie, untracked ones included.")]
Grown = Annotated[
    int | None, typer.Option("--max", metavar="N", min=0, help="Exit 1 where a total grew by more than N tokens.")
]
Checked = Annotated[
    list[str] | None, typer.Argument(metavar="[PATH]...", help="Only these files or folders, as hooks name them.")
]
Base = Annotated[
    str | None, typer.Option("--base", metavar="REF", help="The branch or commit that the change is held against.")
]
RuleScope = Annotated[Literal["file", "total"] | None, typer.Option("--scope", help="Only rules of this scope.")]
AllowPolicyChange = Annotated[
    bool, typer.Option("--allow-policy-change", help="Do not fail because rules let more pass than before.")
]
WarnOnly = Annotated[bool, typer.Option("--warn-only", help="Show everything and end with exit code 0.")]
DiffSort = Annotated[
    Literal["tokens", "path"] | None,
    typer.Option("--sort", help="Order of the rows (default: tokens, the largest change first)."),
]
Include = Annotated[list[str] | None, typer.Option("--include", metavar="GLOB", help="Of folders, only such files.")]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", metavar="GLOB", help="Of folders, no such files.")]
FilesFrom = Annotated[
    str | None, typer.Option("--files-from", metavar="FILE", help="Count the files listed in FILE (- is stdin).")
]
Null = Annotated[bool, typer.Option("-0", "--null", help="Names in --files-from end in NUL bytes.")]
As = Annotated[Literal["text"] | None, typer.Option("--as", help="Take the bytes for text whatever they look like.")]
ReadAs = Annotated[
    str | None,
    # Not a Literal: the user's own modules add formats.
    typer.Option(
        "--as",
        metavar="text|openai-chat|openai-responses|anthropic|gemini|claude-code|codex|tools|sharegpt",
        help="Read as text, or as this format of transcripts.",
    ),
]
Special = Annotated[
    Literal["text", "parse"] | None,
    typer.Option("--special", help="Read <|endoftext|> and the like as text (default) or as special tokens."),
]
Detail = Annotated[
    Literal["auto", "low", "medium", "high", "ultra_high", "original"] | None,
    typer.Option("--detail", help="Resolution of images: OpenAI's detail, Gemini's media_resolution."),
]
Require = Annotated[
    Literal["exact", "provider", "vendor-local", "reconstructed"] | None,
    typer.Option("--require", help="Exit 3 where numbers would be made in a worse way."),
]
Remote = Annotated[
    bool, typer.Option("--remote", help="Ask the model's provider: sends the text there (needs its API key).")
]
ShowSkipped = Annotated[bool | None, typer.Option("--show-skipped", help="Name what was skipped.")]
All = Annotated[bool, typer.Option("--all", help="List every row, also on a terminal.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print the bare total, a line for each column.")]
Output = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help="Write the answer to FILE, in one piece (- is stdout)."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep cached counts.")]
Literally = Annotated[str | None, typer.Option("--text", metavar="TEXT", help="Take this text instead of a file.")]
