"""The completion script of bash; works from bash 3.2 (macOS) and without the bash-completion package."""

from __future__ import annotations

from tokencli.cli.shells import Described, Option, Words, every

HEAD = """\
# bash completion for tok; made by `tok completions bash`, do not edit.

_tok_words() {
    local IFS=$'\\n'
    COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}

_tok_files() {
    local IFS=$'\\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen "$1" -- "$cur"))
}
"""

BODY = """\
_tok() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev= command= word value i
    COMPREPLY=()
    if ((COMP_CWORD > 0)); then
        prev=${COMP_WORDS[COMP_CWORD - 1]}
    fi
    # bash splits --name=value at "="; put the two back together.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = && $COMP_CWORD -gt 1 ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case "$word" in
            --) _tok_files -f; return ;;
            =) continue ;;
        esac
        value=$(_tok_value "$command" "$word")
        if [[ -n $value ]]; then
            if [[ $((i + 1)) -eq $COMP_CWORD ]]; then
                break
            fi
            i=$((i + 1))
            if [[ ${COMP_WORDS[i]} == = ]]; then
                i=$((i + 1))
            fi
            continue
        fi
        case "$command $word" in
%(moves)s
        esac
    done
    value=$(_tok_value "$command" "$prev")
    case "$value" in
        "") ;;
        file) _tok_files -f; return ;;
        folder) _tok_files -d; return ;;
        word) return ;;
        encoding) _tok_words "$_tok_encodings"; return ;;
        model) _tok_words "$_tok_models"; return ;;
        *) _tok_words "${value//|/$'\\n'}"; return ;;
    esac
    case "$command" in
%(commands)s
    esac
}

complete -F _tok tok
"""


def script(root: Described, words: Words) -> str:
    """The script as text."""
    encodings, models = "\n".join(words.encodings), "\n".join(words.models)
    commands = every(root)
    moves = "\n".join(_move(command) for command in commands if command.path)
    bodies = "\n".join(_body(command) for command in commands)
    return (
        f"{HEAD}\n_tok_encodings={_quoted(encodings)}\n\n_tok_models={_quoted(models)}\n\n{_values(commands)}\n"
        + BODY % {"moves": moves, "commands": bodies}
    )


def _move(command: Described) -> str:
    """The branch that goes from a command to one of its sub commands when its name is read."""
    above = " ".join(command.path[:-1])
    return f"            {_quoted(f'{above} {command.name}')}) command={_quoted(' '.join(command.path))} ;;"


def _values(commands: list[Described]) -> str:
    """A function that prints what value an option of a command takes, nothing for a flag or another word."""
    lines = ["_tok_value() {", '    case "$1 $2" in']
    for command in commands:
        for option in command.options:
            if option.value != "flag":
                names = " | ".join(_quoted(f"{' '.join(command.path)} {name}") for name in option.names)
                lines.append(f"        {names}) echo {_quoted(_kind(option))} ;;")
    return "\n".join([*lines, "    esac", "}", ""])


def _kind(option: Option) -> str:
    return "|".join(option.choices) if option.value == "choice" else option.value


def _body(command: Described) -> str:
    options = [name for option in command.options for name in option.names]
    lines = [f"        {_quoted(' '.join(command.path))})"]
    lines.append(f"            if [[ $cur == -* ]]; then _tok_words {_quoted(chr(10).join(options))}; return; fi")
    if command.children:
        lines.append(f"            _tok_words {_quoted(chr(10).join(child.name for child in command.children))}")
    elif command.words:
        lines.append(f"            _tok_words {_quoted(chr(10).join(command.words))}")
    elif command.argument == "file":
        lines.append("            _tok_files -f")
    return "\n".join([*lines, "            ;;"])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
