"""How one policy differs from another, and whether it lets more pass.

Whatever passes under the head's policy and fails under the base's is let pass by a change that is called loosened
here; where that cannot be told from the policies alone, as with other patterns or another encoding, it is too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from tokencli.model import METHODS
from tokencli.model.gate import Increase, Policy, PolicyChange, Rule, Waiver
from tokencli.policy import budget

Change = tuple[str, bool]
"""What is different in words, and whether it lets more pass."""


def compare(base: Policy, head: Policy, ceilings: Mapping[tuple[str, str], int] | None = None) -> list[PolicyChange]:
    """What the head's policy changes, rules matched by name.

    `ceilings` are what ratchets hold files to at the base, by rule and path (gate.ceilings): a value that is new in the
    baseline file loosens nothing where it is no higher. Without them it may.
    """
    return [
        *_of_rules(base, head),
        *_of_waivers(base, head),
        *_of_gate(base, head),
        *_of_values(base, head, ceilings or {}),
        *_of_lock(base, head),
    ]


def added_values(base: Policy, head: Policy) -> list[tuple[str, str]]:
    """The rules and paths that only the head's baseline has a value for, where a ratchet holds on both sides."""
    ratchets = _ratchets(base) & _ratchets(head)
    return sorted(key for key in head.values.keys() - base.values.keys() if key[0] in ratchets)


def _of_rules(base: Policy, head: Policy) -> Iterator[PolicyChange]:
    before = {rule.name: rule for rule in base.rules}
    after = {rule.name: rule for rule in head.rules}
    for name, rule in before.items():
        if name not in after:
            yield PolicyChange(name, "the rule was removed", True, rule.origin)
            continue
        for message, loosened in _of_rule(rule, after[name]):
            yield PolicyChange(name, message, loosened, after[name].origin)
    for name, rule in after.items():
        if name not in before:
            yield PolicyChange(name, "the rule was added", False, rule.origin)


def _of_rule(base: Rule, head: Rule) -> Iterator[Change]:
    """Every field of a rule, in the order of the class."""
    if (base.folder, base.paths) != (head.folder, head.paths):
        yield f"paths changed from {_paths(base)} to {_paths(head)}", True
    for key, was, now in (("encoding", base.encoding, head.encoding), ("model", base.model, head.model)):
        if was != now:
            yield f"{key} changed from {was or 'none'} to {now or 'none'}", True
    yield from _limit("max_tokens", base.max_tokens, head.max_tokens)
    yield from _increase(base.max_increase, head.max_increase)
    yield from budget.changes(base.budget, head.budget)
    if base.scope != head.scope:
        yield f"scope changed from {base.scope} to {head.scope}", True
    if base.severity != head.severity:
        yield f"severity changed from {base.severity} to {head.severity}", head.severity == "warning"
    if base.ratchet != head.ratchet:
        yield f"ratchet turned {'on' if head.ratchet else 'off'}", not head.ratchet
    if base.require != head.require:
        worse = _rank(head) > _rank(base)
        yield f"require changed from {base.require or 'none'} to {head.require or 'none'}", worse
    yield from _expiry(base.expires, head.expires)
    for place in (*base.model_keys, *(place for place in head.model_keys if place not in base.model_keys)):
        gone = place not in head.model_keys
        if gone or place not in base.model_keys:
            what = f"the model key {place.key or place.pattern} of {place.file}"
            yield f"{what} was {'removed' if gone else 'added'}", gone
    if base.report_only != head.report_only:
        yield f"report_only turned {'on' if head.report_only else 'off'}", head.report_only
    for name, said, says in (("reason", base.reason, head.reason), ("owner", base.owner, head.owner)):
        if said != says:
            yield f"{name} changed from {said or 'none'} to {says or 'none'}", False


def _limit(key: str, base: int | None, head: int | None, unit: str = "") -> Iterator[Change]:
    if base == head:
        return
    if base is None:
        yield f"{key} of {head:,}{unit} added", False
    elif head is None:
        yield f"{key} of {base:,}{unit} removed", True
    else:
        yield f"{key} {'raised' if head > base else 'lowered'} from {base:,}{unit} to {head:,}{unit}", head > base


def _increase(base: Increase | None, head: Increase | None) -> Iterator[Change]:
    """Tokens and per cent cannot be compared: a change from one to the other lets something more pass."""
    if base is not None and head is not None and base.percent != head.percent:
        yield f"max_increase changed from {base} to {head}", True
        return
    percent = any(increase.percent for increase in (base, head) if increase is not None)
    was, now = (increase.amount if increase is not None else None for increase in (base, head))
    yield from _limit("max_increase", was, now, "%" if percent else "")


def _expiry(base: date | None, head: date | None) -> Iterator[Change]:
    """A rule that ends earlier lets more pass, after that day."""
    if base == head:
        return
    earlier = head is not None and (base is None or head < base)
    yield f"expires changed from {base or 'never'} to {head or 'never'}", earlier


def _of_waivers(base: Policy, head: Policy) -> Iterator[PolicyChange]:
    for waiver in head.waivers:
        if not any(_covers(known, waiver) for known in base.waivers):
            known = any(_about(known) == _about(waiver) for known in base.waivers)
            message = f"the waiver for {_about(waiver)} was {'widened' if known else 'added'}: {_extent(waiver)}"
            yield PolicyChange(waiver.rule, message, True, waiver.origin)
    for waiver in base.waivers:
        if not any(_covers(known, waiver) for known in head.waivers):
            message = f"the waiver for {_about(waiver)} was removed or narrowed; it held {_extent(waiver)}"
            yield PolicyChange(waiver.rule, message, False, waiver.origin)


def _about(waiver: Waiver) -> str:
    rule = f"rule {waiver.rule}" if waiver.rule else ""
    paths = " ".join(waiver.paths) + (f" in {waiver.folder}" if waiver.folder else "") if waiver.paths else ""
    return " and ".join(part for part in (paths, rule) if part)


def _extent(waiver: Waiver) -> str:
    most = f" up to {waiver.max_tokens:,} tokens" if waiver.max_tokens is not None else ""
    return f"until {waiver.expires}{most}"


def _covers(wide: Waiver, narrow: Waiver) -> bool:
    """Whether the first waives everything, and for as long, that the second does."""
    return (
        wide.rule in ("", narrow.rule)
        and (not wide.paths or (wide.folder, wide.paths) == (narrow.folder, narrow.paths))
        and wide.expires >= narrow.expires
        and (wide.max_tokens is None or (narrow.max_tokens is not None and wide.max_tokens >= narrow.max_tokens))
    )


def _of_gate(base: Policy, head: Policy) -> Iterator[PolicyChange]:
    weaker = {"over_before": "report", "policy_change": "warning"}
    for name in ("file", "over_before", "policy_change", "baseline"):
        was, now = getattr(base, name), getattr(head, name)
        if was == now:
            continue
        label = {"file": "the settings file", "baseline": "the baseline file"}.get(name, name)
        loosened = now == weaker.get(name)
        yield PolicyChange("", f"{label} changed from {was or 'none'} to {now or 'none'}", loosened, head.file)
    priced = any(rule.priced for policy in (base, head) for rule in policy.rules)
    if base.providers != head.providers and priced:
        was, now = (" ".join(policy.providers) or "none" for policy in (base, head))
        yield PolicyChange("", f"providers changed from {was} to {now}", True, head.file)


def _of_values(base: Policy, head: Policy, ceilings: Mapping[tuple[str, str], int]) -> Iterator[PolicyChange]:
    """Values of ratchets that hold on both sides; others limit nothing at the base. Harmless ones in one line."""
    ratchets = _ratchets(base) & _ratchets(head)
    harmless: Counter[tuple[str, str]] = Counter()
    for key in sorted(base.values.keys() | head.values.keys()):
        rule, path = key
        was, now = base.values.get(key), head.values.get(key)
        if rule not in ratchets or was == now:
            continue
        if now is None:
            yield PolicyChange(rule, f"the baseline's {was:,} tokens for {path} were removed", True, head.baseline)
        elif was is None and (key not in ceilings or now > ceilings[key]):
            least = f"where {ceilings[key]:,} held" if key in ceilings else "which was not counted"
            message = f"the baseline gives {now:,} tokens to {path}, {least}"
            yield PolicyChange(rule, message, True, head.baseline)
        elif was is not None and now > was:
            message = f"the baseline of {path} was raised from {was:,} to {now:,} tokens"
            yield PolicyChange(rule, message, True, head.baseline)
        else:
            harmless[rule, "added" if was is None else "lowered"] += 1
    for (rule, word), number in harmless.items():
        values = "1 value" if number == 1 else f"{number:,} values"
        yield PolicyChange(rule, f"{values} of the baseline {word}", False, head.baseline)


def _ratchets(policy: Policy) -> set[str]:
    return {rule.name for rule in policy.rules if rule.ratchet}


def _of_lock(base: Policy, head: Policy) -> Iterator[PolicyChange]:
    """A pin that is gone or another lets numbers change; who takes it away has to say so."""
    if base.lock is not None and head.lock is None:
        yield PolicyChange("", "tok.lock was removed", True, head.file)
        return
    if base.lock_at != head.lock_at:
        yield PolicyChange("", "tok.lock: the instant of the prices was changed", True, head.file)
    if base.lock is None and head.lock is not None:
        yield PolicyChange("", "tok.lock was added", False, head.file)
        return
    pins = (
        (base.lock or {}, head.lock or {}, "the pin of "),
        (base.lock_models, head.lock_models, "the pin of "),
        (base.lock_prices, head.lock_prices, "the pin of the prices of "),
    )
    for was, now, what in pins:
        for name in sorted(was.keys() | now.keys()):
            if was.get(name) != now.get(name):
                word = "added" if name not in was else "changed" if name in now else "removed"
                yield PolicyChange("", f"tok.lock: {what}{name} was {word}", word != "added", head.file)


def _paths(rule: Rule) -> str:
    return " ".join(rule.paths) + (f" in {rule.folder}" if rule.folder else "")


def _rank(rule: Rule) -> int:
    """How inexact a count the rule accepts."""
    return METHODS.index(rule.require) if rule.require is not None else len(METHODS)
