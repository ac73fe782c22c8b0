"""The completion script of fish."""

from __future__ import annotations

from tokencli.cli.shells import Described, Option, Words, every

HEAD = """\
# fish completion for tok; made by `tok completions fish`, do not edit.

# The words of the command line that name commands: options and their values are left out.
function __tok_command
    set -l words (commandline -opc)
    set -e words[1]
    set -l skip 0
    set -l path
    for word in $words
        if test $skip -eq 1
            set skip 0
            continue
        end
        switch $word
            case '--*=*'
                continue
            case %(valued)s
                set skip 1
            case '-*'
                continue
            case '*'
                set -a path $word
        end
    end
    echo "$path"
end

function __tok_at
    set -l path (__tok_command)
    if test "$argv[2]" = open
        string match -q -- "$argv[1]" "$path"; or string match -q -- "$argv[1] *" "$path"
    else
        test "$path" = "$argv[1]"
    end
end

complete -c tok -f
"""


def script(root: Described, words: Words) -> str:
    """The script as text."""
    commands = every(root)
    valued = sorted({name for c in commands for option in c.options if option.value != "flag" for name in option.names})
    lines = [HEAD % {"valued": " ".join(map(_quoted, valued))}]
    lines.append("set -g __tok_encodings " + " ".join(map(_quoted, words.encodings)))
    lines.append("set -g __tok_models " + " ".join(map(_quoted, words.models)) + "\n")
    for command in commands:
        lines += _command(command)
    return "\n".join(lines) + "\n"


def _command(command: Described) -> list[str]:
    path = " ".join(command.path)
    state = "" if command.children else " open"
    condition = f"-n {_quoted(f'__tok_at {_double(path)}{state}')}"
    lines = []
    for child in command.children:
        lines.append(f"complete -c tok {condition} -a {_quoted(child.name)} -d {_quoted(child.help)}")
    for option in command.options:
        lines.append(f"complete -c tok {condition} {_option(option)}")
    if command.words:
        lines.append(f"complete -c tok {condition} -a {_quoted(' '.join(command.words))}")
    elif command.argument == "file":
        lines.append(f"complete -c tok {condition} -F")
    return [*lines, ""]


def _option(option: Option) -> str:
    names = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names]
    values = {
        "flag": "",
        "file": " -r -F",
        "folder": " -x -a '(__fish_complete_directories)'",
        "word": " -x",
        "encoding": " -x -a '$__tok_encodings'",
        "model": " -x -a '$__tok_models'",
        "choice": f" -x -a {_quoted(' '.join(option.choices))}",
    }
    return " ".join(names) + values[option.value] + f" -d {_quoted(option.help.rstrip('.'))}"


def _double(text: str) -> str:
    return '"' + text + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
