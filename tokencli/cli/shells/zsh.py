"""The completion script of zsh: a `_tok` for a folder of $fpath, or to be evaluated."""

from __future__ import annotations

from tokencli.cli.shells import Described, Option, Words, every


def script(root: Described, words: Words) -> str:
    """The script as text."""
    lines = ["#compdef tok", "# zsh completion for tok; made by `tok completions zsh`, do not edit.", ""]
    lines += ["_tok_names_of_encodings() {", "    local -a names=(", *_list(words.encodings), "    )"]
    lines += ["    compadd -a names", "}", ""]
    lines += ["_tok_names_of_models() {", "    local -a names=(", *_list(words.models), "    )"]
    lines += ["    compadd -a names", "}", ""]
    for command in reversed(every(root)):
        lines += _function(command)
    lines += ["if [[ ${funcstack[1]} == _tok ]]; then", '    _tok_main "$@"', "else", "    compdef _tok_main tok", "fi"]
    return "\n".join(lines) + "\n"


def _function(command: Described) -> list[str]:
    name = _function_name(command)
    lines = [f"{name}() {{"]
    if command.children:
        lines += ["    local curcontext=$curcontext state line", "    typeset -A opt_args"]
    # Without -A a group would take the options that stand after the command's name for its own.
    lines.append("    _arguments -s -S -C -A '-*' \\" if command.children else "    _arguments -s -S \\")
    lines += [f"        {spec} \\" for option in command.options for spec in _specs(option)]
    if not command.children:
        lines += [f"        {_rest(command)}", "}", ""]
        return lines
    lines += ["        '1: :->command' \\", "        '*:: :->argument'", "    case $state in"]
    lines += ["        command)", "            local -a commands=("]
    lines += [f"                {_quoted(child.name + ':' + _plain(child.help))}" for child in command.children]
    lines += ["            )", "            _describe command commands", "            ;;"]
    lines += ["        argument)", "            case $line[1] in"]
    lines += [f"                {child.name}) {_function_name(child)} ;;" for child in command.children]
    return [*lines, "            esac", "            ;;", "    esac", "}", ""]


def _function_name(command: Described) -> str:
    return "_tok_" + ("_".join(command.path) if command.path else "main")


def _specs(option: Option) -> list[str]:
    """The specifications of one option, one for each of its names; names exclude each other unless repeatable."""
    others = "" if option.repeatable else "(" + " ".join(option.names) + ")"
    prefix = "*" if option.repeatable else ""
    explained = "[" + _plain(option.help).replace("[", "(").replace("]", ")") + "]"
    specs = []
    for name in option.names:
        if option.value == "flag":
            specs.append(_quoted(f"{others}{name}{explained}"))
        else:
            joined = f"{name}=" if name.startswith("--") else f"{name}+"
            specs.append(_quoted(f"{prefix}{others}{joined}{explained}:{option.value}:{_action(option)}"))
    return specs


def _action(option: Option) -> str:
    actions = {
        "file": "_files",
        "folder": "_files -/",
        "encoding": "_tok_names_of_encodings",
        "model": "_tok_names_of_models",
    }
    if option.value == "choice":
        return "(" + " ".join(option.choices) + ")"
    return actions.get(option.value, " ")


def _rest(command: Described) -> str:
    if command.words:
        return _quoted("*:word:(" + " ".join(command.words) + ")")
    return _quoted("*:file:_files") if command.argument == "file" else _quoted("*: : ")


def _plain(text: str) -> str:
    """Help without the characters that mean something in a specification."""
    return text.replace(":", ",").rstrip(".")


def _list(names: tuple[str, ...]) -> list[str]:
    return [f"        {_quoted(name)}" for name in names]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
