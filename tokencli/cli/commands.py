"""The command table and the texts made from it; imports nothing, so that `tok --help` is quick."""

from __future__ import annotations


class Stub:
    """One command: its name, one-line help, where its function is (`module:function`) and its sub commands.

    `heading` groups commands in `tok --help`; `formats` are the values its `--format` takes, the first is the default.
    """

    __slots__ = ("children", "formats", "heading", "help", "name", "target")

    def __init__(
        self,
        name: str,
        help: str,
        *,
        target: str = "",
        heading: str = "",
        formats: tuple[str, ...] = ("plain", "json"),
        children: tuple[Stub, ...] = (),
    ) -> None:
        self.name = name
        self.help = help
        self.target = target
        self.heading = heading
        self.formats = formats
        self.children = children


COUNT_FORMATS = ("table", "plain", "json", "jsonl", "csv", "markdown")

COMMANDS: tuple[Stub, ...] = (
    Stub(
        "count",
        "Count tokens in files, directories or stdin",
        target="count:count",
        heading="Measure",
        formats=COUNT_FORMATS,
    ),
    Stub(
        "cost",
        "Price prompts, transcripts or usage, on one model or many",
        target="cost:cost",
        heading="Measure",
        formats=COUNT_FORMATS,
    ),
    Stub(
        "simulate",
        "Work out what a session of an agent costs",
        target="simulate:simulate_",
        heading="Measure",
        formats=("table", "plain", "json", "csv", "markdown"),
    ),
    Stub(
        "replay",
        "Price a recorded session on other models",
        target="replay:replay_",
        heading="Measure",
        formats=("table", "plain", "json", "markdown"),
    ),
    Stub(
        "diff",
        "Show what changed in tokens between two revisions",
        target="diff:diff",
        heading="Measure",
        formats=("table", "plain", "json", "markdown"),
    ),
    Stub(
        "context",
        "Show what agents load before the first word",
        target="context:standing",
        heading="Measure",
        formats=("table", "plain", "json", "markdown"),
    ),
    Stub(
        "models",
        "List models: prices, limits, encodings",
        heading="Measure",
        target="models:models",
        formats=("table", "plain", "json", "csv", "markdown"),
    ),
    Stub(
        "check",
        "Gate for CI and hooks: fail when a limit is passed",
        target="check:check",
        heading="Control",
        formats=("table", "plain", "json", "markdown", "sarif", "github"),
    ),
    Stub(
        "gate",
        "Write, explain and keep the rules of the gate",
        heading="Control",
        children=(
            Stub("init", "Write a first set of rules from what is here today", target="gate:init"),
            Stub("explain", "Say which rules apply to a file, and why", target="gate:explain"),
            Stub("update", "Write down the lowest values that ratchets have reached", target="gate:update"),
            Stub("lock", "Pin how the rules count, in tok.lock", target="gate:lock"),
        ),
    ),
    Stub("encode", "Turn text into token ids", target="encode:encode", heading="Convert"),
    Stub("decode", "Turn token ids back into text", target="decode:decode", heading="Convert"),
    Stub("truncate", "Cut text to at most N tokens", target="truncate:truncate", heading="Convert"),
    Stub(
        "config",
        "Show every setting and where it came from",
        heading="Set up",
        children=(Stub("show", "Print every setting, its value and where it came from", target="config:show"),),
    ),
    Stub(
        "cache",
        "Show or empty the cache of counts",
        heading="Set up",
        children=(
            Stub("info", "Print where the cache of counts is and how large", target="cache:info"),
            Stub("clear", "Empty the cache of counts", target="cache:clear"),
        ),
    ),
    Stub(
        "tokenizers",
        "Add your own tokenizers, list, verify and compare",
        heading="Set up",
        children=(
            Stub("add", "Keep a tokenizer of your own under a name that -e takes", target="tokenizers:add"),
            Stub("list", "List built-in encodings and your own tokenizers", target="tokenizers:list_"),
            Stub("show", "Show what is known of one tokenizer", target="tokenizers:show"),
            Stub("verify", "Hash every file of every tokenizer again", target="tokenizers:verify"),
            Stub("remove", "Remove one of your own tokenizers", target="tokenizers:remove"),
            Stub(
                "compare",
                "Compare encodings over files, by script too",
                target="compare:compare",
                formats=("table", "plain", "json", "markdown"),
            ),
        ),
    ),
    Stub(
        "rates",
        "List, show and check the prices that apply",
        heading="Set up",
        children=(
            Stub("list", "List the rate cards that apply", target="rates:list_"),
            Stub("show", "Show all that the cards say of a model", target="rates:show"),
            Stub("check", "Validate rate cards, and warn of what is doubtful", target="rates:check"),
            Stub(
                "diff",
                "Say in words how rate cards differ",
                target="rates_diff:diff",
                formats=("table", "plain", "json", "markdown"),
            ),
            Stub("import", "Make cards of the data of genai-prices or litellm", target="rates_import:import_"),
            Stub("update", "Fetch cards from an address, show them, and keep them", target="rates_update:update"),
            Stub("schema", "Print the JSON Schema of rate cards", target="rates:schema"),
        ),
    ),
    Stub("completions", "Print the completion script of a shell", target="completions:completions", heading="Set up"),
    Stub("help", "Explain a command or a topic", target="help:help_", heading="Set up"),
)

TOP = """\
 Usage: tok [OPTIONS] COMMAND [ARGS]...

 Count tokens exactly. Offline, but for --remote, --hf and rates update.

 Start here
   tok count .                    tokens of every text file below here
   tok count notes.md -m gpt-5    tokens of one file for one model
   tok truncate 4000 notes.md     the first 4,000 tokens of a file
"""

BOTTOM = """
 Options (before or after the command)
   -C DIR                         Run as if started in DIR
   --config FILE, --no-config     Read this settings file, or none
   --format FORMAT, --json        Choose the output; --json is --format json
   --color auto|always|never      Colour in the output
   --debug                        Show the traceback of a bug
   --version                      Print the version and exit
   -h, --help                     This text. `tok help exit-codes` for CI.
"""


def leaves() -> dict[str, Stub]:
    """The commands that run, by the path of their names without `tok`."""
    found = {}
    for stub in COMMANDS:
        for child in stub.children:
            found[f"{stub.name} {child.name}"] = child
        if not stub.children:
            found[stub.name] = stub
    return found


def help_text() -> str:
    """What `tok --help` prints: the commands of the table under their headings."""
    lines = [TOP.rstrip("\n"), ""]
    heading = ""
    for stub in COMMANDS:
        if stub.heading != heading:
            heading = stub.heading
            lines.append(f" {heading}")
        lines.append(f"   {stub.name:<12} {stub.help}")
    return "\n".join(lines) + "\n" + BOTTOM


def nearest(word: str, choices: tuple[str, ...]) -> str:
    """The choice most like `word`, or "" where none is close."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, choices, n=1, cutoff=0.5)), "")
