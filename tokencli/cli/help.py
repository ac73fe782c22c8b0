"""`tok help`: commands, and the topics that belong to no single one."""

from __future__ import annotations

from typing import Annotated

import typer

from tokencli.cli.commands import COMMANDS, Stub, help_text, nearest
from tokencli.cli.options import State
from tokencli.cli.output import write_envelope, write_text
from tokencli.errors import ExitCode, TokError

TOPICS = {
    "exit-codes": """\
Exit codes

    0  done, and within limits
    1  done, and the answer is no: a total is over --max or grew by more, or a
       change breaks a rule of the gate
    2  wrong options, or a settings file that is wrong
    3  data: unreadable input, unknown model, inexact where exact was required,
       nothing counted; no base, no rules, a rule that fits no file
    4  the ledger failed its integrity check (no command of this version keeps
       one)
   70  a bug in tok (--debug shows the traceback)
  130  interrupted

A count or a check that is incomplete ends with 3 even where a limit is passed
too: it can neither pass nor fail a gate. `tok check --warn-only` ends with 0
whatever it finds. A reader that closes the pipe (tok ... | head) is no error.
""",
    "settings": """\
Settings

  An option wins over an environment variable (--max over TOK_MAX,
  --show-skipped over TOK_SHOW_SKIPPED), that over the project's file, that over
  the user's file, that over what is built in. `tok config show` prints every
  value and where it came from.

  project  tok.toml, or [tool.tok] in pyproject.toml, in the nearest folder up
           to the root of the repository, outside of one in the current folder;
           tok.toml wins in a folder with both
  user     config.toml in the user's configuration folder, which
           `tok config show` names

  TOML only; names are those of the long options, lists are lists:

      model = ["gpt-5", "claude-sonnet-4-5"]
      exclude = ["*.lock"]
      max = 50000
      cache = false

  A list may be a single text; in a variable commas separate its items. `max`
  makes every `tok count` a gate, as TOK_MAX does. A command that does not offer
  the `format` that is set uses its own default.

  include and exclude of a project's file are relative to its folder, wherever a
  walk begins; as options and elsewhere they are relative to each folder walked.

  A project's file holds the rules of `tok check` too (`tok help gate`). Rules
  that name no model or encoding count with the first that the file sets; what
  a person or a variable sets does not move the gate. TOK_BASE names the base
  of `tok check`.

  --config FILE (or TOK_CONFIG) reads that file alone, --no-config none.
  Only `plugins`, in the user's file, names code to run; no setting names an
  address to ask.
""",
    "formats": """\
Formats (--format), and the commands that have them

  table     count cost diff models check   for a terminal, the default there;
                                           paths are shortened to its width
  plain     all                            the default in a pipe: tab-separated,
                                           never cut
  json      all                            one object, the envelope
                                           tok.COMMAND/1; --json is the same
  jsonl     count cost                     one object a line, the totals last
  csv       count cost models              RFC 4180 with a header; one row per
                                           file and column, line of a price or
                                           model, totals last
  markdown  count cost diff models check   tables for comments on pull requests
  sarif     check                          SARIF 2.1.0, for code scanning
  github    check                          annotations on a pull request's files

  plain of count: tokens of each column (an estimate is followed by a field
  low-high), then the path. The last line is the total, with how the numbers
  were made; one before it stands for rows that --top leaves out. Of diff: the
  change of each column first, of check the tokens over the limit.

  The JSON Schema of each command is installed beside the program, in
  tokencli/formats/schemas. `tok check` adds its Markdown to the file that
  GITHUB_STEP_SUMMARY names.

  All but json and jsonl write control characters in paths as \\x1b, \\n and the
  like; these two keep paths as they are. In csv a path that begins like a
  formula (= + - @) has ./ before it.

  Formats that are read (--as FORMAT; a file that is named, or -, is looked at)

    text              everything else, and every file of a walk
    openai-chat       requests, responses, message lists, batches, fine-tuning
    openai-responses  requests, responses and batches of the Responses API
    anthropic         requests, responses and batches of the Messages API
    gemini            contents with system instruction and tools, responses
    claude-code       sessions below ~/.claude/projects
    codex             rollouts below ~/.codex/sessions, codex exec --json
    tools             definitions for OpenAI, Anthropic, Gemini; MCP tools/list
    sharegpt          conversations of from and value

    Content counts, not JSON syntax. Framing, what a model is given around
    messages and tools, is added by the rule of the model (-m); an encoding (-e)
    names none. Rows that are never sent are left out and named; broken lines
    are skipped and named; a session counts once, not once a request. A file
    with marks of two formats is an error. Counts of transcripts are not kept in
    the cache, which has no place for messages. `plugins` in the user's settings
    names modules with more formats.

  -q prints the bare total, or change, one line for each column. The answer goes
  to standard output, notes, warnings and errors to standard error; JSON carries
  them inside.
""",
    "gate": """\
Rules of the gate: in tok.toml, or in pyproject.toml below tool.tok

  The nearest such file from the current folder up to the root of the repository
  counts, as it is where the change begins: no change can raise its own limits,
  and a change of the rules is a verdict of its own.

  [[rules]]      at least one of max_tokens, max_increase, max_cost,
                 max_cost_per_1000, ratchet, model_keys
  paths          patterns as in .gitignore, relative to the folder of the file;
                 `!` takes files back; "context" alone: what each agent always
                 loads, as one unit (`tok context` shows it)
  name           what verdicts call the rule (default: its paths)
  max_tokens     the most that a file may have
  max_increase   by how much it may grow: 200 tokens, or "10%" of what it was
  ratchet        true: never more than the lowest so far, which
                 `tok gate update` writes into the baseline file
  scope          "file" (default), or "total": all files of the rule together
  model          what to count for; encoding = the same by the encoding's name
  max_cost       what a call may cost on `model`, the file being its input (of a
                 total all files together); max_cost_per_1000: 1,000 of them
  currency       of these limits, which must be the card's (default: "USD")
  output_tokens, output_ratio, cached_share, batch, service_tier, speed, region,
  thinking       what is assumed of a call, as in `tok cost`
  at             the instant of the prices: 2026-11-22, or with time and zone
                 (default: that of tok.lock, else of the check)
  require        the least exact way of counting to accept (`tok help methods`)
  severity       "error" (default), or "warning", which fails nothing
  expires        the last day on which the rule applies: 2027-01-31
  reason, owner  shown with each failure
  model_keys     where a model is named; another one there is shown with what it
                 means in tokens and money, and one that is dearer is held to
                 max_cost and max_cost_per_1000:
                 [{ file = "agent.yaml", key = "llm.0.name" }],
                 in code { file = "a.py", pattern = 'MODEL = "(.+)"' }

  [[waivers]]    failures that are shown and do not count
  paths, rule    which: of these files, of this rule, or both
  expires        the last day; required
  reason         required; owner: who asked for it
  max_tokens     only up to so many

  [gate]
  over_before    "report" (default), or "error": fail for what was over before
  policy_change  "error" (default), or "warning": a change that loosens rules
  baseline       the file of the ratchets (default: "tok-baseline.json")

  extends        above all tables: files of the repository with more [[rules]];
                 where they say report_only = true, these only show failures

  Prices are those of the cards in ratecards/ of the repository, as they are
  where the change begins, then of the package; never of a person's own cards,
  discounts or exchange rates. A change of a card is one of the rules. Beside an
  `encoding` that counts, `model` says only the prices. tok.lock pins prices,
  too: others end the check with exit code 3, as do prices that are not known,
  or that depend on the hour where neither `at` nor tok.lock says it. A change
  that mends cards or tok.lock is judged by its own with --allow-policy-change.
""",
    "cost": """\
Prices (tok cost)

  What is sent is counted, or given by --input-tokens, or read by --usage. What
  comes back, and what is read from a cache, is only priced where it is said.
  --unit NAME=N says any other count, by its name in the normalised usage:

    input_tokens    all that is sent: plain, read from and written to a cache,
                    audio, image, video; these are parts of it
    output_tokens   all that comes back; reasoning, audio, images are parts
    cache_read_tokens cache_write_tokens cache_write_5m_tokens (30m, 1h, 12h)
    input_audio_tokens input_image_tokens input_video_tokens (output_...)
    reasoning_tokens citation_tokens
    web_searches file_searches requests rerank_queries images pages generations
    audio_seconds video_seconds input_audio_seconds output_audio_seconds
    session_seconds cache_storage_token_hours

  --usage takes responses and usage of Anthropic, OpenAI (chat and Responses),
  Gemini, DashScope, Bedrock, OpenTelemetry, or rows of the normalised form
    {"id", "provider", "model", "usage": {...}, "at", "options": {...}}
  each at its own instant. Parts that exceed their whole, and counts without a
  price, are errors, never a zero. With --total, millions of rows take seconds.

  An estimate is priced at both ends of its range. Of images and text in an
  input that is partly cached, the text is cached first. Units that are free for
  a period are free once for all --calls. Models side by side are ranked; -q
  prints a line for each, in the order in which they were named. It is said
  where a price was checked more than stale-after-days before, changes within
  60 days, or its model is retired.

  Before you sum a column: the first of CSV says what a line is, `row` a price,
  `line` a part of one, `total` the sum of the rows. In plain lines, what a call
  would cost otherwise (by --batch, from the cache ...) and the total follow;
  -q is the sum alone, --json has each by its name.

  Terms of your own stand in the settings, beside the cards and not in them:

    [[discounts]]                  every price x 0.85
    provider = "openai"            models = [...], from, until
    multiply = 0.85

    [[fx]]                         for --currency and --compare
    pair = "USD/CNY"               one dollar was worth 7.1 yuan
    rate = 7.1
    date = 2026-11-20
    source = "where you read it"

    [[packs]]                      name, price, tokens or amount, expires
    [[plans]]                      name, price, period, seats: noted
    [[commitments]]                minimum, period, overage: noted

    [[own_models]]                 one that no card has, or self-hosted
    id = "in-house"                currency, provider, context_window, checked
    encoding = "o200k_base"        what counts for it
    input = 0.1                    per 1,000,000 tokens; 0 where it is free
    output = 0.4                   cache_read, input_image ... as in a card

  `tok models` lists what has a price, `tok rates show MODEL` the whole card.
  Cards of your own go before those that ship: --ratecard PATH, the folder
  ratecards/ of a project, and that of the user. `tok help ratecards` shows one.
""",
    "own-tokenizers": """\
Own tokenizers (tok tokenizers add NAME PATH), then -e NAME counts with them

  tokenizer.json     Hugging Face's, counted by the tokenizers package as it is
  *.tiktoken         ranks; --like ENCODING splits text as that one does,
                     --pattern REGEX by an expression in tiktoken's syntax
  tekken.json        Mistral's
  *.model            SentencePiece, unigram or BPE
  *.gguf             the tokenizer in the header: byte-level BPE of a known
                     split, or SentencePiece's; the rest is not read
  --hf REPO[@REV]    from the hub: first what Hugging Face's tools have kept on
                     this machine (HF_HOME), else downloaded from HF_ENDPOINT,
                     with HF_TOKEN where it is set, and checked by its hash

  PATH may be a folder with such a file. Each is tried before it is kept, and
  refused where it cannot be counted exactly. A copy is kept in the user's data
  folder (TOK_DATA_DIR), with its SHA-256, which is checked at each use.

  Special tokens in a text are text, unless --special parse. Text is cut for
  counting only where that is known to change nothing; a text without such a
  place is counted in one piece, of up to 4 million characters.

  The name is yours: a rule of a project that counts with it is an unknown
  encoding to everyone who has not added a tokenizer of that name.
""",
    "ratecards": """\
Rate cards

  A card is a YAML file with the prices of one provider in one currency; `tok
  rates schema` prints its JSON Schema, `tok rates check` says what is wrong in
  it, in which line. Prices are per 1,000,000 tokens.

    schema: tok-ratecard/1
    provider: acme
    currency: USD
    sources: [{url: "https://acme.example/prices", retrieved: 2026-11-22}]
    models:
      - id: acme-large
        prices:
          - rates: {input: 2, cache_read: 0.2, output: 10}
            overrides:
              - when: {input_tokens: {gt: 200000}}
                rates: {input: 4, cache_read: 0.4, output: 15}
              - {when: {batch: true}, multiply: 0.5}

  The nearest card that has a model counts for all of it: --ratecard PATH, the
  folder `ratecards` of the project, the one in the user's data folder, those
  that ship. Where several sell a model its maker is meant, in the cards that
  ship; else name it PROVIDER/MODEL, or prefer providers in the settings:

    providers = ["alibaba-cn"]
""",
    "methods": """\
How a number was made, best first (--require METHOD accepts it or better)

  exact          the published tokenizer, id for id
  provider       the provider was asked
  vendor-local   a tokenizer the vendor publishes for the family
  reconstructed  pieces rebuilt from the outside, checked against the vendor
  estimate       scaled from another tokenizer; always with a range
""",
}

MADE = ("models", "encodings", "agents")
"""Topics that are made from the catalog, the encodings and the agents of this version."""

Words = Annotated[list[str] | None, typer.Argument(metavar="[COMMAND or TOPIC]", help="What to explain.")]


def help_(context: typer.Context, words: Words = None) -> int:
    """Explain a command or a topic: exit-codes, settings, formats, gate, cost, own-tokenizers, ratecards, methods,
    models, encodings, agents."""
    if not words:
        text = f"{help_text()}\n Topics (tok help TOPIC): {', '.join(topics())}\n"
    elif len(words) == 1 and words[0] in topics():
        is_command = any(stub.name == words[0] for stub in COMMANDS)
        text = (_command_help(context, words) + "\n" if is_command else "") + topic(words[0])
    else:
        text = _command_help(context, words)
    state = context.find_object(State) or State()
    if state.format == "json":
        write_envelope("help", {"text": text}, 0)
    else:
        write_text(text)
    return 0


def topics() -> tuple[str, ...]:
    """The names of all topics."""
    return (*TOPICS, *MADE)


def topic(name: str) -> str:
    """The text of a topic, in lines of at most 80 columns."""
    if name in MADE:
        from tokencli.cli import names

        made = {"models": names.models, "encodings": names.encodings, "agents": names.agents}
        return made[name]()
    return TOPICS[name]


def _command_help(context: typer.Context, words: list[str]) -> str:
    from tokencli.cli.app import build

    stubs: tuple[Stub, ...] = COMMANDS
    path = "tok"
    for at, word in enumerate(words):
        stub = next((stub for stub in stubs if stub.name == word), None)
        if stub is None:
            known = tuple(stub.name for stub in stubs) + (topics() if at == 0 else ())
            guess = nearest(word, known)
            hint = f"did you mean {guess!r}?" if guess else f"known: {', '.join(known)}"
            raise TokError(f"no help on {word!r}", hint=hint, code="no-such-topic", exit=ExitCode.USAGE)
        command = build(stub, path)
        path = f"{path} {word}"
        stubs = stub.children
    with command.make_context(path, [], resilient_parsing=True) as own:
        return str(command.get_help(own)) + "\n"
