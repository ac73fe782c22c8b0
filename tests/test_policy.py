"""How the policy of a repository is found, read and refused, and what a change of it lets pass."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokencli import gate
from tokencli.errors import ExitCode, TokError
from tokencli.model.gate import Budget, Increase, Measured, ModelKey, Policy, PolicyChange, Rule, Verdict, Waiver
from tokencli.policy import load as loading
from tokencli.policy.compare import added_values, compare
from tokencli.policy.files import baseline_text, lock_text, read_baseline, read_lock

RULE = '[[rules]]\npaths = ["*.md"]\nmax_tokens = 200\n'
LOCK = lock_text("1.2", {"o200k_base": "ab"}, {"gpt-4o": "o200k_base"})


def load(files: Mapping[str, str | bytes], folder: str = "") -> Policy | None:
    data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return loading.load(data.get, folder)


def loaded(text: str, **files: str) -> Policy:
    found = load({"tok.toml": text, **files})
    assert found is not None
    return found


def refused(files: Mapping[str, str | bytes] | str, folder: str = "") -> TokError:
    with pytest.raises(TokError) as caught:
        load({"tok.toml": files} if isinstance(files, str) else files, folder)
    assert (caught.value.exit, caught.value.code) == (ExitCode.USAGE, "config")
    return caught.value


def test_everything_that_a_policy_says_is_read() -> None:
    found = loaded(
        """
        [gate]
        over_before = "error"
        policy_change = "warning"
        baseline = "ci/base.json"  # beside no settings file


        [[rules]]
        name = "prompts"
        paths = ["prompts/**", "!prompts/old/"]
        encoding = "cl100k_base"
        max_tokens = 200
        max_increase = "10%"
        scope = "total"
        severity = "warning"
        ratchet = true
        require = "exact"
        reason = "why"
        owner = "@who"
        expires = 2027-01-31

        [[rules]]
        paths = "AGENTS.md"
        model = "gpt-4o"
        max_increase = 5
        model_keys = [{ file = "./agent.yaml", key = "model.name" }, { file = "a.py", pattern = "model=(.*)" }]

        [[waivers]]
        paths = ["prompts/long.md"]
        rule = "prompts"
        reason = "later"
        owner = "@who"
        expires = 2027-02-01
        max_tokens = 900
        """,
        **{"tok.lock": LOCK, "ci/base.json": baseline_text({("prompts", "a"): 3})},
    )
    assert found == Policy(
        file="tok.toml",
        rules=(
            Rule(
                name="prompts",
                paths=("prompts/**", "!prompts/old/"),
                origin="tok.toml:8",
                encoding="cl100k_base",
                max_tokens=200,
                max_increase=Increase(10, percent=True),
                scope="total",
                severity="warning",
                ratchet=True,
                require="exact",
                reason="why",
                owner="@who",
                expires=date(2027, 1, 31),
            ),
            Rule(
                name="AGENTS.md",
                paths=("AGENTS.md",),
                origin="tok.toml:22",
                model="gpt-4o",
                max_increase=Increase(5),
                model_keys=(ModelKey("agent.yaml", key="model.name"), ModelKey("a.py", pattern="model=(.*)")),
            ),
        ),
        waivers=(
            Waiver(
                paths=("prompts/long.md",),
                reason="later",
                expires=date(2027, 2, 1),
                origin="tok.toml:28",
                rule="prompts",
                owner="@who",
                max_tokens=900,
            ),
        ),
        over_before="error",
        policy_change="warning",
        baseline="ci/base.json",
        values={("prompts", "a"): 3},
        lock={"o200k_base": "ab"},
        lock_models={"gpt-4o": "o200k_base"},
        lock_version="1.2",
    )


def test_without_a_settings_file_there_is_no_policy() -> None:
    assert load({}) is None
    assert load({"pyproject.toml": '[project]\nname = "token"\n', "a/b/x.toml": RULE}, "a/b/") is None


def test_a_settings_file_without_rules_is_a_policy_without_rules() -> None:
    assert load({"tok.toml": "top = 3\n"}) == Policy(file="tok.toml", baseline="tok-baseline.json")
    assert load({"a/tok.toml": "", "tok.toml": RULE}, "a/") == Policy(file="a/tok.toml", baseline="a/tok-baseline.json")


@pytest.mark.parametrize(
    ("files", "folder", "origin"),
    [
        ({"tok.toml": RULE}, "a/b/", "tok.toml:1"),
        ({"tok.toml": RULE, "a/tok.toml": RULE, "a/b/tok.toml": RULE}, "a/", "a/tok.toml:1"),
        (
            {"tok.toml": RULE, "a/pyproject.toml": "\n[[tool.tok.rules]]\npaths='a'\nratchet=true"},
            "a/b/",
            "a/pyproject.toml:2",
        ),
        ({"tok.toml": RULE, "a/pyproject.toml": '[project]\nname="tok"'}, "a/b/", "tok.toml:1"),
        ({"tok.toml": RULE, "pyproject.toml": "[[tool.tok.rules]]\n"}, "", "tok.toml:1"),
    ],
)
def test_the_nearest_settings_file_decides(files: dict[str, str], folder: str, origin: str) -> None:
    found = load(files, folder)
    assert found is not None
    assert [rule.origin for rule in found.rules] == [origin]
    assert found.rules[0].folder == origin[: origin.rfind("/") + 1]


def test_rules_without_a_column_take_the_first_of_the_settings() -> None:
    rules = RULE + '[[rules]]\npaths="b"\nencoding="cl100k_base"\nratchet=true\n'
    found = loaded('model = ["gpt-4o", "gpt-5"]\nencoding = "p50k_base"\n' + rules)
    assert [(rule.model, rule.encoding) for rule in found.rules] == [("gpt-4o", None), (None, "cl100k_base")]
    found = loaded('encoding = "p50k_base"\n' + rules)
    assert [(rule.model, rule.encoding) for rule in found.rules] == [(None, "p50k_base"), (None, "cl100k_base")]


def test_extended_rules_come_first_and_speak_of_the_folder_of_the_settings() -> None:
    files = {
        "a/tok.toml": 'extends = ["../policies/org.toml", "more.toml"]\nmodel = "gpt-4o"\n' + RULE,
        "policies/org.toml": "report_only = true\n[[rules]]\npaths='x'\nratchet=true\n",
        "a/more.toml": "[[rules]]\npaths='y'\nratchet=true\n",
    }
    found = load(files, "a/b/")
    assert found is not None
    assert [(rule.name, rule.origin, rule.folder, rule.report_only, rule.model) for rule in found.rules] == [
        ("x", "policies/org.toml:2", "a/", True, "gpt-4o"),
        ("y", "a/more.toml:1", "a/", False, "gpt-4o"),
        ("*.md", "a/tok.toml:3", "a/", False, "gpt-4o"),
    ]


def test_report_only_in_the_settings_is_about_their_own_rules() -> None:
    found = loaded('report_only = true\nextends = "org.toml"\n' + RULE, **{"org.toml": RULE.replace("*.md", "x")})
    assert [rule.report_only for rule in found.rules] == [False, True]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("maximum = 3", "tok.toml:1: unknown key 'maximum' of the settings", "did you mean 'max'?"),
        ("\n[[rule]]\n", "tok.toml:2: unknown key 'rule' of the settings", "did you mean 'rules'?"),
        ("[tool.tok]", "tok.toml:1: in tok.toml leave out [tool.tok]: its settings stand at the top", ""),
        ("[rules]", "tok.toml:1: rules takes an array of tables", "write [[rules]] with two brackets"),
        ("rules = 3", "tok.toml:1: rules takes an array of tables", "write [[rules]] above each"),
        ("rules = [3]", "tok.toml:1: a rule is a table of settings", "write [[rules]] above its lines"),
        ("x =", "tok.toml: not valid TOML: Invalid value (at end of document)", "mend the file"),
        ("a = 1\nx = [\n1 2", "tok.toml:3: not valid TOML: ", "mend the file"),
        ("report_only = 1", "tok.toml:1: report_only takes true or false", "without quotes"),
        ("model = 'gpt-4x'\n", "tok.toml:1: unknown model 'gpt-4x'", "nearest: "),
        ("model = 1\n", "tok.toml:1: model takes a text or a list of texts", ""),
        ("gate = 1\n", "tok.toml:1: [gate] is a table of settings", "write"),
        ("[gate]\nbaseln = 'x'", "tok.toml:2: unknown key 'baseln' of [gate]", "did you mean 'baseline'?"),
        (
            "[gate]\nover_before = 'fail'",
            "tok.toml:2: 'fail' is not one of report, error",
            "over_before takes: report, error",
        ),
        ("[gate]\npolicy_change = 1", "tok.toml:2: that is not one of error, warning", ""),
        ("[gate]\nbaseline = 1", "tok.toml:2: baseline takes a text", 'put it in quotes: baseline = "..."'),
        ("[gate]\nbaseline = '../x'", "tok.toml:2: baseline: '../x' is no file inside the repository", "copy the file"),
        ("extends = 3", "tok.toml:1: extends takes a text or a list of texts", ""),
        ("extends = []", "tok.toml:1: extends is empty or holds an empty text", "leave it out"),
        ("\nextends = 'org.toml'", "tok.toml:2: there is no file 'org.toml'", "relative to the settings file"),
        ("extends = '/etc/x'", "tok.toml:1: extends: '/etc/x' is no relative path", "relative to the settings file"),
        ("extends = 'C:/x'", "tok.toml:1: extends: 'C:/x' is no relative path", "relative"),
        ("extends = '..\\x'", "tok.toml:1: extends: '..\\\\x' is no relative path", "relative"),
        ("extends = 'a/../../x'", "tok.toml:1: extends: 'a/../../x' is no file inside", "copy the file"),
        ("extends = '.'", "tok.toml:1: extends: '.' is no file inside", "copy the file"),
        ("extends = 'https://x/y.toml'", "tok.toml:1: 'https://x/y.toml' is an address", "copy the policy file"),
    ],
)
def test_what_is_wrong_at_the_top_is_said_with_its_line(text: str, message: str, hint: str) -> None:
    error = refused(text)
    assert error.message.startswith(message)
    assert hint in error.hint


@pytest.mark.parametrize(
    ("lines", "line", "message", "hint"),
    [
        ("max_token = 3", 7, "unknown key 'max_token' of a rule", "did you mean 'max_tokens'?"),
        ("zzz = 3", 7, "unknown key 'zzz' of a rule", "a rule takes: name, paths"),
        ("max_tokens = -1", 7, "max_tokens takes a whole number of at least 0", "such as max_tokens = 2000"),
        ("max_tokens = true", 7, "max_tokens takes a whole number of at least 0", ""),
        ("max_tokens = 1.5", 7, "max_tokens takes a whole number of at least 0", ""),
        ("max_tokens = '20'", 7, "max_tokens takes a whole number of at least 0", ""),
        ("max_increase = -1", 7, "max_increase takes a whole number of at least 0", ""),
        ("max_increase = '5'", 7, "max_increase: '5' is no whole number of per cent", 'max_increase = "10%"'),
        ("max_increase = '-5%'", 7, "max_increase: '-5%' is no whole number of per cent", ""),
        ("max_increase = '2.5%'", 7, "max_increase: '2.5%' is no whole number of per cent", ""),
        ("ratchet = 'yes'", 7, "ratchet takes true or false", "without quotes"),
        ("scope = 'files'", 7, "'files' is not one of file, total", "did you mean 'file'?"),
        ("severity = 'info'", 7, "'info' is not one of error, warning", "severity takes: error, warning"),
        ("require = 'estimate'", 7, "'estimate' is not one of exact, provider, vendor-local, reconstructed", ""),
        ("expires = '2027-01-31'", 7, "expires takes a date", "without quotes and time: expires = 2027-01-31"),
        ("expires = 2027-01-31T00:00:00", 7, "expires takes a date", "without quotes and time"),
        ("expires = 2027-02-30", 7, "not valid TOML: ", "mend the file"),
        ("name = ''", 7, "name is empty", "leave the line out"),
        ("name = 3", 7, "name takes a text", "put it in quotes"),
        ("model = 'gpt-4o'\nencoding = 'x'", 7, "a rule counts with a model or an encoding, not both", "leave one"),
        ("model = 'gpt-4x'", 7, "unknown model 'gpt-4x'", "nearest: "),
        ("\nencoding = 'o200k'", 8, "unknown encoding 'o200k'", "did you mean"),
        ("model_keys = 3", 7, "model_keys takes an array of tables", ""),
        ("model_keys = [{}]", 7, "file is missing", "say where a model is named"),
        ("model_keys = [{file='a.py'}]", 7, "a model key takes a key or a pattern, one of them", ""),
        ("model_keys = [{file='a', key='b', pattern='(c)'}]", 7, "a model key takes a key or a pattern", ""),
        ("[[rules.model_keys]]\nfile='a.py'\n\npattern='('", 10, "bad regular expression '('", "single quotes"),
        ("[[rules.model_keys]]\nfile='a.json'\nkey='a..b'", 9, "bad key 'a..b'", "dots between"),
        ("[[rules.model_keys]]\nfile='../a.json'\nkey='a'", 8, "file: '../a.json' is no file inside", ""),
        ("[[rules.model_keys]]\nfiel='a'", 8, "unknown key 'fiel' of a model key", "did you mean 'file'?"),
    ],
)
def test_what_is_wrong_in_a_rule_is_said_with_its_line(lines: str, line: int, message: str, hint: str) -> None:
    limit = "" if lines.startswith("max_tokens") else "max_tokens = 1\n"
    error = refused(f"{RULE}[[rules]]\npaths = ['b']\n{limit or '#'}\n{lines}\n".replace("\n\n", "\n", 1))
    assert error.message.startswith(f"tok.toml:{line}: {message}")
    assert hint in error.hint


@pytest.mark.parametrize(
    ("rule", "line", "message", "hint"),
    [
        ("max_tokens = 3", 2, "paths is missing", 'say which files: paths = ["prompts/**/*.md"]'),
        ("paths = []", 3, "paths is empty or holds an empty text", "leave it out, or name something"),
        ("paths = ''", 3, "paths is empty or holds an empty text", ""),
        ("paths = ['a', ' ']", 3, "paths is empty or holds an empty text", ""),
        ("paths = [1]", 3, "paths takes a text or a list of texts", ""),
        ("paths = '#a'", 3, "paths: bad pattern '#a'", "write \\# or \\!"),
        ("paths = ['a', './b']", 3, "paths: './b' fits nothing", "leave out ./ and ../"),
        ("paths = '!b'", 3, "paths only takes back", "name files before patterns with !"),
        (
            "paths = 'a'",
            2,
            "the rule limits nothing",
            "give max_tokens, max_increase, max_cost, ratchet = true or model_keys",
        ),
        ("paths = 'a'\nratchet = false\nreason = 'x'", 2, "the rule limits nothing", ""),
    ],
)
def test_a_rule_says_which_files_and_what_it_limits(rule: str, line: int, message: str, hint: str) -> None:
    error = refused(f"\n[[rules]]\n{rule}\n")
    assert error.message.startswith(f"tok.toml:{line}: {message}")
    assert hint in error.hint


@pytest.mark.parametrize(
    ("waiver", "line", "message", "hint"),
    [
        ("", 4, "a waiver names paths or a rule", "such as paths"),
        ("rule = '*.mx'", 5, "there is no rule '*.mx'", "did you mean '*.md'?"),
        ("rule = '*.md'", 4, "a waiver says until when it holds", "such as expires = 2027-01-31"),
        ("rule = '*.md'\nexpires = 2027-01-31", 4, "a waiver says why", "such as reason"),
        ("rule = '*.md'\nuntil = 2027-01-31", 6, "unknown key 'until' of a waiver", "a waiver takes: paths"),
        ("paths = '*.md'\nexpires = true", 6, "expires takes a date", ""),
        ("paths = '*.md'\nexpires = 2027-01-31\nreason = 'x'\nmax_tokens = -1", 8, "max_tokens takes a whole", ""),
    ],
)
def test_a_waiver_says_for_what_why_and_until_when(waiver: str, line: int, message: str, hint: str) -> None:
    error = refused(f"{RULE}[[waivers]]\n{waiver}\n")
    assert error.message.startswith(f"tok.toml:{line}: {message}")
    assert hint in error.hint


def test_a_waiver_of_a_rule_where_there_is_none_says_so() -> None:
    assert refused("[[waivers]]\nrule = 'x'\n").hint == "there are no rules"


def test_two_rules_of_one_name_are_an_error() -> None:
    error = refused(RULE + RULE)
    assert error.message == "tok.toml:4: the name '*.md' is taken by the rule of tok.toml:1"
    assert error.hint == "give the rule a name of its own: name = ..."
    error = refused({"tok.toml": "extends='a.toml'\n" + RULE, "a.toml": RULE})
    assert error.message == "tok.toml:2: the name '*.md' is taken by the rule of a.toml:1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a.toml: there are no [[rules]] in it"),
        ("extends = 'b.toml'\n" + RULE, "a.toml:1: unknown key 'extends' of an extended policy"),
        (RULE + "[[waivers]]", "a.toml:4: unknown key 'waivers' of an extended policy"),
        ("report_only = 'yes'\n" + RULE, "a.toml:1: report_only takes true or false"),
        (RULE + "max_toknes = 3", "a.toml:4: unknown key 'max_toknes' of a rule"),
        (b"\xff", "a.toml: byte 1 is not UTF-8"),
        (b"#" * 1_000_001, "a.toml: larger than 1,000,000 bytes"),
        ("[x" + ".'a'" * 200_000 + "]", "a.toml: not valid TOML: a key of more than 50 parts"),
        ("x = " + "[" * 100_000, "a.toml: not valid TOML: nested too deeply"),
    ],
)
def test_what_is_wrong_in_an_extended_policy_is_said_of_it(text: str | bytes, message: str) -> None:
    assert refused({"tok.toml": "extends='a.toml'", "a.toml": text}).message == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.tok]\ntop = \n", "pyproject.toml:2: not valid TOML: Invalid value (at line 2, column 7)"),
        ("[tool]\ntok = 3\n", "pyproject.toml: [tool.tok] is not a table"),
        ("[tool.tok]\n\nruls = 3\n", "pyproject.toml:3: unknown key 'ruls' of the settings"),
        ("[tool.tok.gate]\nbas = 3\n", "pyproject.toml:2: unknown key 'bas' of [gate]"),
        ("[x]\nruls = 1\n[tool]\ntok.ruls = 1", "pyproject.toml:4: unknown key 'ruls' of the settings"),
        ("[tool.tok]\n[[tool.tok.rules]]\n[x]\n[[tool.tok.rules]]\nx=1\n", "pyproject.toml:2: paths is missing"),
    ],
)
def test_what_is_wrong_in_pyproject_is_said_with_its_line(text: str, message: str) -> None:
    assert refused({"pyproject.toml": text}).message == message


@pytest.mark.parametrize(
    "before",
    [
        'exclude = """\n[[rules]]\n"""\n',
        "exclude = '''\n[[rules]]\n'''\n",
        'exclude = """\n\\"""\n[[rules]]\n"""\n',
        '# it\'s\n# """\n[[rules]]\npaths=\'a\' # "\nratchet=true\n',
        "exclude = [\n  'a', # [[rules]]\n]\n",
        "[ gate ]\n'base' = 'x'\n",
    ],
)
def test_the_line_is_found_whatever_stands_before(before: str) -> None:
    text = f'{before}[[ "rules" ]]\npaths = "b"\n"ratchet" = 3\n'
    assert refused(text).message == f"tok.toml:{text.count(chr(10))}: ratchet takes true or false"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "tok-baseline.json:1: not valid JSON: Expecting property name"),
        ("[]", "tok-baseline.json: no tok.baseline/1 file"),
        ("[" * 100_000, "tok-baseline.json: not valid JSON: a number too long, or nested too deeply"),
        ('{"schema": "tok.baseline/2"}', "tok-baseline.json: its schema is 'tok.baseline/2', not 'tok.baseline/1'"),
        ('{"schema": "tok.baseline/1"}', "tok-baseline.json: 'values' is missing"),
        ('{"schema": "tok.baseline/1", "values": [], "x": 1}', "tok-baseline.json: 'x' is unknown"),
        ('{"schema": "tok.baseline/1", "values": {}}', "tok-baseline.json: `values` is not a list"),
        ('{"schema": "tok.baseline/1", "values": [3]}', "tok-baseline.json: value 1 is not rule, path and tokens"),
        (
            '{"schema": "tok.baseline/1", "values": [{"rule": "a", "path": "b", "tokens": true}]}',
            "tok-baseline.json: value 1 is not two texts and a whole number of tokens",
        ),
        (
            baseline_text({("a", "b"): 3, ("a", "c"): 3}).replace('"c"', '"b"'),
            "tok-baseline.json: two values of rule 'a' for 'b'",
        ),
    ],
)
def test_a_corrupt_baseline_is_an_error(text: str, message: str) -> None:
    error = refused({"tok.toml": RULE, "tok-baseline.json": text})
    assert error.message.startswith(message)
    assert error.hint == "take back the version that tok wrote, or delete the file and write it anew"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "tok.lock: no tok.lock/1 file"),
        (LOCK.replace('"1.2"', "12"), "tok.lock: `tok_version` is not a text"),
        (LOCK.replace('"ab"', "12"), "tok.lock: `encodings` is not names and texts"),
        (LOCK.replace('"models"', '"model"'), "tok.lock: 'model' is unknown"),
        ("<<<<<<< HEAD\n" + LOCK, "tok.lock:1: not valid JSON: Expecting value"),
    ],
)
def test_a_corrupt_lock_is_an_error(text: str, message: str) -> None:
    assert refused({"tok.toml": RULE, "tok.lock": text}).message == message


MONEY = "paths = 'a'\nmodel = 'gpt-4o'\n"


def test_what_a_rule_says_about_money_is_read() -> None:
    [rule] = loaded(
        f"""
        [[rules]]
        {MONEY}encoding = "cl100k_base"
        max_cost = 0.020
        max_cost_per_1000 = 20
        currency = "CNY"
        output_tokens = 800
        cached_share = 0.8
        batch = true
        service_tier = "flex"
        speed = "fast"
        region = "us"
        thinking = true
        at = 1970-01-02
        """
    ).rules
    assert rule.budget == Budget(
        "CNY", Decimal("0.02"), Decimal(20), 800, None, Decimal("0.8"), True, "flex", "fast", "us", True, 86400
    )
    assert (rule.model, rule.encoding) == ("gpt-4o", "cl100k_base")
    [later] = loaded(f"[[rules]]\n{MONEY}max_cost = 1\nat = 1970-01-02T08:00:00+08:00").rules
    assert later.budget == Budget(max_cost=Decimal(1), at=86400)


@pytest.mark.parametrize(
    ("rule", "line", "message"),
    [
        ("paths = 'a'\nmax_cost = 1", 1, "a limit in money needs a model"),
        ("paths = 'a'\nencoding = 'o200k_base'\nmax_cost = 1", 1, "a limit in money needs a model"),
        (f"{MONEY}max_cost = '1'", 4, "max_cost takes a number of at least 0"),
        (f"{MONEY}max_cost = -0.1", 4, "max_cost takes a number of at least 0"),
        (f"{MONEY}max_cost = nan", 4, "max_cost takes a number of at least 0"),
        (f"{MONEY}max_cost = true", 4, "max_cost takes a number of at least 0"),
        (f"{MONEY}max_cost = 0.0000000000001", 4, "max_cost: 1E-13 has more than 12 digits"),
        (f"{MONEY}max_cost = 1\ncurrency = 'usd'", 5, "'usd' is no currency"),
        (f"{MONEY}max_cost = 1\ncached_share = 1.1", 5, "cached_share: 1.1 is more than all of the input"),
        (f"{MONEY}max_cost = 1\noutput_ratio = 1\noutput_tokens = 1", 5, "output_tokens and output_ratio exclude"),
        (f"{MONEY}max_cost = 1\nat = 2026-11-22T08:30:00", 5, "at takes a date, or a time with its zone"),
        (
            f"{MONEY}max_cost = 1\nat = 0001-01-01T00:00:00+14:00",
            5,
            "at: 0001-01-01 00:00:00+14:00 is outside the years",
        ),
        (f"{MONEY}max_tokens = 1\nbatch = true", 5, "batch says how to price, and the rule limits no money"),
        (f"{MONEY}max_tokens = 1\nencoding = 'o200k_base'", 3, "a rule counts with a model or an encoding, not both"),
    ],
)
def test_a_limit_in_money_says_its_amount_and_its_model(rule: str, line: int, message: str) -> None:
    assert refused(f"[[rules]]\n{rule}\n").message.startswith(f"tok.toml:{line}: {message}")


# Names of files may hold bytes that are not UTF-8, which Python shows as halves of surrogate pairs.
VALUES = st.dictionaries(st.tuples(st.text(), st.text(st.characters() | st.just("\udcff"))), st.integers(0, 10**12))
PINS = st.dictionaries(st.text(), st.text())


@given(VALUES)
def test_a_baseline_is_read_as_it_was_written(values: dict[tuple[str, str], int]) -> None:
    text = baseline_text(values)
    assert read_baseline("x", text.encode()) == values
    assert text == baseline_text(dict(reversed(values.items())))
    assert text.endswith("}\n")


@given(st.text(), PINS, PINS, PINS, st.none() | st.integers(0, 4 * 10**9))
def test_a_lock_is_read_as_it_was_written(
    version: str, encodings: dict[str, str], models: dict[str, str], prices: dict[str, str], at: int | None
) -> None:
    text = lock_text(version, encodings, models, prices, at)
    assert read_lock("x", text.encode()) == (version, encodings, models, prices, at)
    assert text == lock_text(version, dict(reversed(encodings.items())), models, dict(reversed(prices.items())), at)


def test_a_lock_without_prices_says_nothing_of_them() -> None:
    assert "prices" not in lock_text("1", {}, {})


def test_a_baseline_has_a_line_for_each_value() -> None:
    assert baseline_text({("b", "x"): 1, ("a", "é y"): 20}) == (
        '{\n  "schema": "tok.baseline/1",\n  "values": [\n'
        '    {"rule": "a", "path": "é y", "tokens": 20},\n'
        '    {"rule": "b", "path": "x", "tokens": 1}\n'
        "  ]\n}\n"
    )


ONE = Rule("r", ("*.md",), "tok.toml:1", max_tokens=200)
FREE, DEAR = Budget(), Budget(max_cost=Decimal(1))
PRICED = ONE._replace(budget=DEAR)


def spent(budget: Budget = FREE, **fields: Any) -> dict[str, Any]:
    """The fields of a rule with a budget."""
    return {"budget": budget._replace(**fields)}


WAIVER = Waiver(("a.md",), "why", date(2027, 1, 1), "tok.toml:9", rule="r", max_tokens=300)


def changes(
    base: Policy, head: Policy, ceilings: Mapping[tuple[str, str], int] | None = None
) -> list[tuple[str, bool]]:
    return [(change.message, change.loosened) for change in compare(base, head, ceilings)]


@pytest.mark.parametrize(
    ("before", "after", "message", "loosened"),
    [
        ({}, {"max_tokens": 300}, "max_tokens raised from 200 to 300", True),
        ({}, {"max_tokens": 100}, "max_tokens lowered from 200 to 100", False),
        ({}, {"max_tokens": None}, "max_tokens of 200 removed", True),
        ({"max_tokens": None}, {"max_tokens": 1200}, "max_tokens of 1,200 added", False),
        ({}, {"max_increase": Increase(5, True)}, "max_increase of 5% added", False),
        ({"max_increase": Increase(5)}, {"max_increase": Increase(6)}, "max_increase raised from 5 to 6", True),
        ({"max_increase": Increase(5)}, {"max_increase": Increase(4)}, "max_increase lowered from 5 to 4", False),
        ({"max_increase": Increase(5)}, {"max_increase": Increase(5, True)}, "max_increase changed from 5 to 5%", True),
        ({"max_increase": Increase(5, True)}, {"max_increase": None}, "max_increase of 5% removed", True),
        ({}, spent(max_cost=Decimal("0.02")), "max_cost of 0.02 added", False),
        (spent(max_cost=Decimal("0.02")), spent(max_cost=Decimal("0.03")), "max_cost raised from 0.02 to 0.03", True),
        (spent(max_cost=Decimal("0.02")), spent(max_cost=Decimal("0.01")), "max_cost lowered from 0.02 to 0.01", False),
        (spent(max_cost_per_1000=Decimal(20)), {}, "max_cost_per_1000 of 20 removed", True),
        (spent(DEAR, output_tokens=800), spent(DEAR, output_tokens=80), "output_tokens changed from 800 to 80", True),
        (spent(DEAR), spent(DEAR, output_tokens=80), "output_tokens changed from none to 80", False),
        (spent(DEAR, output_ratio=Decimal("0.5")), spent(DEAR), "output_ratio changed from 0.5 to none", True),
        (spent(DEAR), spent(DEAR, cached_share=Decimal("0.8")), "cached_share changed from none to 0.8", True),
        (spent(DEAR, cached_share=Decimal("0.8")), spent(DEAR), "cached_share changed from 0.8 to none", False),
        (spent(DEAR), spent(DEAR, batch=True), "batch changed from false to true", True),
        (spent(DEAR), spent(DEAR, service_tier="flex"), "service_tier changed from none to flex", True),
        (spent(DEAR), spent(DEAR, region="us"), "region changed from none to us", True),
        (spent(DEAR), spent(DEAR, currency="CNY"), "currency changed from USD to CNY", True),
        (spent(DEAR), spent(DEAR, at=86400), "at changed from none to 1970-01-02 00:00:00+00:00", True),
        ({}, {"paths": ("*.md", "*.txt")}, "paths changed from *.md to *.md *.txt", True),
        ({}, {"folder": "a/"}, "paths changed from *.md to *.md in a/", True),
        ({}, {"encoding": "tekken"}, "encoding changed from none to tekken", True),
        ({"model": "gpt-5"}, {"model": "gpt-4"}, "model changed from gpt-5 to gpt-4", True),
        ({}, {"scope": "total"}, "scope changed from file to total", True),
        ({}, {"severity": "warning"}, "severity changed from error to warning", True),
        ({"severity": "warning"}, {"severity": "error"}, "severity changed from warning to error", False),
        ({"ratchet": True}, {"ratchet": False}, "ratchet turned off", True),
        ({"ratchet": False}, {"ratchet": True}, "ratchet turned on", False),
        ({"require": "exact"}, {"require": "provider"}, "require changed from exact to provider", True),
        ({"require": "exact"}, {"require": None}, "require changed from exact to none", True),
        ({}, {"require": "reconstructed"}, "require changed from none to reconstructed", False),
        ({}, {"expires": date(2027, 1, 1)}, "expires changed from never to 2027-01-01", True),
        ({"expires": date(2027, 1, 1)}, {"expires": None}, "expires changed from 2027-01-01 to never", False),
        ({}, {"model_keys": (ModelKey("a.json", "m"),)}, "the model key m of a.json was added", False),
        ({"model_keys": (ModelKey("a", "", "(m)"),)}, {"model_keys": ()}, "the model key (m) of a was removed", True),
        ({}, {"report_only": True}, "report_only turned on", True),
        ({"report_only": True}, {"report_only": False}, "report_only turned off", False),
        ({}, {"reason": "x"}, "reason changed from none to x", False),
        ({"owner": "@a"}, {"owner": "@b"}, "owner changed from @a to @b", False),
    ],
)
def test_a_change_of_a_rule_lets_more_pass_or_not(
    before: dict[str, Any], after: dict[str, Any], message: str, loosened: bool
) -> None:
    base, head = (Policy("tok.toml", (ONE._replace(**fields),)) for fields in (before, after))
    assert compare(base, head) == [PolicyChange("r", message, loosened, "tok.toml:1")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"rules": (ONE,)}, {}, [("the rule was removed", True)]),
        ({}, {"rules": (ONE,)}, [("the rule was added", False)]),
        ({"over_before": "error"}, {}, [("over_before changed from error to report", True)]),
        ({}, {"over_before": "error"}, [("over_before changed from report to error", False)]),
        ({}, {"policy_change": "warning"}, [("policy_change changed from error to warning", True)]),
        ({"policy_change": "warning"}, {}, [("policy_change changed from warning to error", False)]),
        ({}, {"file": "pyproject.toml"}, [("the settings file changed from tok.toml to pyproject.toml", False)]),
        ({"baseline": "a"}, {"baseline": "b"}, [("the baseline file changed from a to b", False)]),
        ({"lock": {}}, {}, [("tok.lock was removed", True)]),
        ({}, {"lock": {}}, [("tok.lock was added", False)]),
        ({"lock": {"a": "1"}}, {"lock": {"a": "2"}}, [("tok.lock: the pin of a was changed", True)]),
        ({"lock": {"a": "1"}}, {"lock": {}}, [("tok.lock: the pin of a was removed", True)]),
        ({"lock": {}}, {"lock": {"a": "1"}}, [("tok.lock: the pin of a was added", False)]),
        (
            {"lock": {}, "lock_models": {"m": "a"}},
            {"lock": {}, "lock_models": {"m": "b"}},
            [("tok.lock: the pin of m was changed", True)],
        ),
        ({"lock": {}, "lock_version": "1"}, {"lock": {}, "lock_version": "2"}, []),
        (
            {"lock": {}, "lock_prices": {"a/m": "1"}},
            {"lock": {}, "lock_prices": {"a/m": "2"}},
            [("tok.lock: the pin of the prices of a/m was changed", True)],
        ),
        ({"lock": {}}, {"lock": {}, "lock_at": 9}, [("tok.lock: the instant of the prices was changed", True)]),
        (
            {"rules": (PRICED,), "providers": ("a",)},
            {"rules": (PRICED,)},
            [("providers changed from a to none", True)],
        ),
        ({"rules": (ONE,), "providers": ("a",)}, {"rules": (ONE,)}, []),
    ],
)
def test_a_change_of_the_gate_lets_more_pass_or_not(
    before: dict[str, Any], after: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    base, head = (Policy(**{"file": "tok.toml", **fields}) for fields in (before, after))
    assert changes(base, head) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [WAIVER], [("the waiver for a.md and rule r was added: until 2027-01-01 up to 300 tokens", True)]),
        (
            [WAIVER],
            [],
            [
                (
                    "the waiver for a.md and rule r was removed or narrowed; it held until 2027-01-01 up to 300 tokens",
                    False,
                )
            ],
        ),
        (
            [WAIVER],
            [WAIVER._replace(expires=date(2027, 1, 2), max_tokens=None)],
            [("the waiver for a.md and rule r was widened: until 2027-01-02", True)],
        ),
        (
            [WAIVER],
            [WAIVER._replace(expires=date(2026, 1, 2))],
            [
                (
                    "the waiver for a.md and rule r was removed or narrowed; it held until 2027-01-01 up to 300 tokens",
                    False,
                )
            ],
        ),
        (
            [WAIVER],
            [WAIVER._replace(paths=())],
            [("the waiver for rule r was added: until 2027-01-01 up to 300 tokens", True)],
        ),
        ([WAIVER], [WAIVER._replace(reason="other")], []),
    ],
)
def test_a_change_of_waivers_lets_more_pass_or_not(
    before: list[Waiver], after: list[Waiver], expected: list[tuple[str, bool]]
) -> None:
    assert changes(Policy("tok.toml", (ONE,), tuple(before)), Policy("tok.toml", (ONE,), tuple(after))) == expected


def test_a_change_of_the_baseline_lets_more_pass_or_not() -> None:
    base = Policy("tok.toml", (ONE._replace(ratchet=True),), values={("r", "a"): 5, ("r", "b"): 5, ("r", "c"): 5})
    head = base._replace(values={("r", "a"): 6, ("r", "b"): 4, ("r", "d"): 7, ("r", "e"): 7})
    assert changes(base, head, {("r", "d"): 7}) == [
        ("the baseline of a was raised from 5 to 6 tokens", True),
        ("the baseline's 5 tokens for c were removed", True),
        ("the baseline gives 7 tokens to e, which was not counted", True),
        ("1 value of the baseline lowered", False),
        ("1 value of the baseline added", False),
    ]
    assert changes(base, head, {("r", "d"): 6, ("r", "e"): 7})[2] == (
        "the baseline gives 7 tokens to d, where 6 held",
        True,
    )
    assert added_values(base, head) == [("r", "d"), ("r", "e")]


def test_values_of_rules_without_a_ratchet_at_the_base_limit_nothing() -> None:
    head = Policy("tok.toml", (ONE._replace(ratchet=True),), values={("r", "a"): 500})
    assert changes(Policy("tok.toml", (ONE,)), head) == [("ratchet turned on", False)]
    assert added_values(Policy("tok.toml", (ONE,)), head) == []


TODAY = date(2026, 11, 21)
NAMES = ("a.md", "b.md", "c.txt")
PATHS = (("*.md",), ("a.md",), ("*.md", "!b.md"), ("*",))


def some_fields(chance: Random) -> dict[str, Any]:
    """The fields of a rule, mostly such that it can fail."""
    rarely = chance.random() < 0.1
    return {
        "paths": chance.choice(PATHS),
        "max_tokens": chance.choice([None, *range(9)]),
        "max_increase": chance.choice(
            [None, Increase(chance.randrange(6)), Increase(chance.choice([0, 50, 100]), True)]
        ),
        "scope": chance.choice(["file", "total"]),
        "severity": "warning" if rarely else "error",
        "ratchet": chance.random() < 0.5,
        "expires": chance.choice([None, None, some_day(chance)]),
        "report_only": chance.random() < 0.1,
    }


def some_day(chance: Random) -> date:
    return TODAY + timedelta(chance.randint(-2, 2))


def some_waivers(chance: Random) -> tuple[Waiver, ...]:
    found = []
    for _ in range(chance.choice([0, 0, 1, 2])):
        rule, paths = chance.choice(["", "r", "s"]), chance.choice([(), *PATHS])
        most = chance.choice([None, *range(4, 12)])
        if rule or paths:
            found.append(Waiver(paths, "x", some_day(chance), "tok.toml:9", rule=rule, max_tokens=most))
    return tuple(found)


def some_values(chance: Random) -> dict[tuple[str, str], int]:
    places = [*NAMES, "old.md", *map(" ".join, PATHS)]
    return {("r", place): chance.randrange(9) for place in places if chance.random() < 0.3}


def some_parts(chance: Random) -> dict[str, Any]:
    return {
        "waivers": some_waivers(chance),
        "over_before": chance.choice(["report", "report", "error"]),
        "values": some_values(chance),
    }


def some_policy(chance: Random) -> Policy:
    names = chance.choice(["r", "r", "rs"])
    return Policy(
        "tok.toml",
        tuple(Rule(name, origin="tok.toml:1", **some_fields(chance)) for name in names),
        **some_parts(chance),
    )


def another(chance: Random, base: Policy) -> Policy:
    """A policy that differs in a field or two, or in everything."""
    if chance.random() < 0.05:
        return some_policy(chance)
    head = base
    for _ in range(chance.choice([1, 1, 2])):
        kind = chance.choice(["rule", "rule", "part", "waiver", "value", "value", "gone"])
        if kind == "rule" and head.rules:
            key, value = chance.choice(list(some_fields(chance).items()))
            head = head._replace(rules=(head.rules[0]._replace(**{key: value}), *head.rules[1:]))
        elif kind == "part":
            key, value = chance.choice(list(some_parts(chance).items()))
            head = head._replace(**{key: value})
        elif kind == "waiver" and head.waivers:
            first = chance.choice(
                [
                    head.waivers[0]._replace(rule=chance.choice(["", "r", "s"])),
                    head.waivers[0]._replace(expires=some_day(chance)),
                    head.waivers[0]._replace(max_tokens=chance.choice([None, 6, 9, 12])),
                    head.waivers[0]._replace(paths=chance.choice([(), *PATHS])),
                ]
            )
            head = head._replace(waivers=(first, *head.waivers[1:]) if first.rule or first.paths else ())
        elif kind == "value":
            values = some_values(chance)
            key = chance.choice([*values, *head.values, ("r", "a.md")])
            kept = {place: tokens for place, tokens in head.values.items() if place != key}
            head = head._replace(values=kept | ({key: values[key]} if key in values else {}))
        elif kind == "gone" and chance.random() < 0.1:
            head = head._replace(rules=head.rules[1:])
    return head


def some_files(chance: Random) -> list[Measured]:
    found = [Measured(name, *(chance.choice([None, *range(12)]) for _ in range(2))) for name in NAMES]
    if found[0].base is not None and found[0].head is not None and chance.random() < 0.4:
        found[0] = found[0]._replace(old_path=chance.choice(["old.md", "old.txt"]))
    return [file for file in found if chance.random() < 0.7]


def judged(some: Policy, measured: list[Measured]) -> list[Verdict]:
    return [verdict for rule in some.rules for verdict in gate.judge(rule, measured, some, TODAY)]


def fails(verdicts: list[Verdict]) -> bool:
    return any(verdict.fails for verdict in verdicts)


SEEDS = st.integers(0, 2**32 - 1).map(Random)


@given(SEEDS)
def test_a_policy_does_not_differ_from_itself(chance: Random) -> None:
    some = some_policy(chance)
    assert compare(some, some) == []


@settings(max_examples=150)
@given(SEEDS, st.booleans())
def test_nothing_that_failed_passes_without_a_loosened_change(chance: Random, counted: bool) -> None:
    for _ in range(150):
        base = some_policy(chance)
        head, measured = another(chance, base), some_files(chance)
        before = judged(base, measured)
        if fails(before) and not fails(judged(head, measured)):
            found = compare(base, head, gate.ceilings(base, before) if counted else None)
            assert any(change.loosened for change in found), (base, head, measured)
