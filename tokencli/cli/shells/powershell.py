"""The completion script of PowerShell."""

from __future__ import annotations

from tokencli.cli.shells import Described, Option, Words, every

HEAD = """\
# PowerShell completion for tok; made by `tok completions powershell`, do not edit.

Register-ArgumentCompleter -Native -CommandName tok -ScriptBlock {
    param($word, $ast, $position)
"""

BODY = """
    $path = ''
    $wanted = ''
    foreach ($element in ($ast.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.EndOffset -ge $position -and $word) { break }
        $text = $element.Extent.Text
        if ($wanted) { $wanted = ''; continue }
        if ($text.StartsWith('-')) {
            if (-not $text.Contains('=')) { $wanted = $values["$path $text"] }
            continue
        }
        $next = "$path $text".Trim()
        if ($commands.ContainsKey($next)) { $path = $next }
    }
    $prefix = ''
    if ($word -match '^(--[^=]+)=(.*)$') {
        $prefix = $Matches[1] + '='
        $wanted = $values["$path $($Matches[1])"]
        $word = $Matches[2]
    }
    if ($wanted -eq 'file' -or $wanted -eq 'folder' -or $wanted -eq 'word') { return }
    if ($wanted) {
        $names = switch ($wanted) { 'encoding' { $encodings } 'model' { $models } default { $wanted -split '\\|' } }
        $names | Where-Object { $_ -like "$word*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new("$prefix$_", $_, 'ParameterValue', $_)
        }
        return
    }
    $kind = if ($word.StartsWith('-')) { 'ParameterName' } else { 'ParameterValue' }
    $commands[$path].GetEnumerator() |
        Where-Object { $_.Key -clike "$word*" -and ($_.Key.StartsWith('-') -eq $word.StartsWith('-')) } |
        Sort-Object Key |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_.Key, $_.Key, $kind, $_.Value) }
}
"""


def script(root: Described, words: Words) -> str:
    """The script as text. Where it offers nothing, PowerShell completes file names."""
    lines = [HEAD.rstrip("\n")]
    lines.append("    $encodings = @(" + ", ".join(map(_quoted, words.encodings)) + ")")
    lines.append("    $models = @(" + ", ".join(map(_quoted, words.models)) + ")")
    lines += _values(every(root))
    lines += ["    $commands = @{"]
    for command in every(root):
        # -C and -c, say, differ by case alone, which a table written as @{} does not allow.
        lines.append(f"        {_quoted(' '.join(command.path))} = $(")
        lines.append("            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)")
        lines += [f"            $table[{_quoted(name)}] = {_quoted(help_text)}" for name, help_text in _offers(command)]
        lines += ["            $table", "        )"]
    lines.append("    }")
    return "\n".join(lines) + BODY


def _values(commands: list[Described]) -> list[str]:
    lines = ["    $values = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)"]
    for command in commands:
        for option in command.options:
            if option.value != "flag":
                path = " ".join(command.path)
                lines += [
                    f"    $values[{_quoted(f'{path} {name}')}] = {_quoted(_kind(option))}" for name in option.names
                ]
    return lines


def _offers(command: Described) -> list[tuple[str, str]]:
    offers = [(child.name, child.help) for child in command.children]
    offers += [(word, word) for word in command.words]
    return offers + [(name, option.help or name) for option in command.options for name in option.names]


def _kind(option: Option) -> str:
    return "|".join(option.choices) if option.value == "choice" else option.value


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
