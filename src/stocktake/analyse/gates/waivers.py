"""Gates on what is excused: waivers, expected differences, and the list of known findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stocktake.analyse.gates.facts import NOTHING, said
from stocktake.model.weakening import Changed, Facts, Pair, Weakening
from stocktake.values import identity
from stocktake.values.name import encode_key, keys
from stocktake.values.text import shown

_SELECTOR = "selector."
_NEVER = "9999-12-31"


def known_findings(changed: Changed) -> Iterator[Weakening]:
    """The list of known findings grows.

    A finding on the list no longer fails a check. Only a rule that is new has a reason to add some, and then
    `stocktake upgrade` writes them.
    """
    before, after = changed.known
    for name in sorted(after - before):
        yield Weakening("known-findings", ".stocktake/known.txt", "", f"{shown(name)} is added", about=_about(name))


def waiver(changed: Changed) -> Iterator[Weakening]:
    """A waiver or an expected difference is new, lasts longer, or covers more.

    What it covers no longer counts. A waiver that expires sooner, covers less or is removed weakens nothing.
    """
    for pair in changed.pairs:
        if pair.after is None:
            continue
        if pair.kind == "waiver":
            yield from _waiver(pair, pair.before, pair.after)
        elif pair.kind == "baseline":
            yield from _expected(pair, pair.before or {}, pair.after)


def _waiver(pair: Pair, before: Facts | None, after: Facts) -> Iterator[Weakening]:
    target = str(after.get("target") or "")
    about = _about(target) if target else ""
    if before is None:
        covers = shown(target) or f"findings of {shown(str(after.get('rule')))}"
        until = f", until {after['expires']}" if after.get("expires") else ""
        yield Weakening("waiver", pair.address, "", f"is new, and covers {covers}{until}", about=about)
        return
    if _day(after) > _day(before):
        words = f"from {said(before.get('expires'))} to {said(after.get('expires'))}"
        yield Weakening("waiver", pair.address, "expires", words, about=about)
    for field in ("rule", "target"):
        if after.get(field) is not None and after.get(field) != before.get(field):
            words = f"from {said(before.get(field))} to {said(after.get(field))}"
            yield Weakening("waiver", pair.address, field, words, about=about)
    for name in sorted(name for name in before if name.startswith(_SELECTOR)):
        wider = _wider(before[name], after.get(name))
        if wider and "target" not in after:
            yield Weakening("waiver", pair.address, name, f"from {said(before[name])} to {wider}", about=about)


def _day(facts: Facts) -> str:
    return str(facts.get("expires") or _NEVER)


def _wider(before: Any, after: Any) -> str:
    """What a condition allows now, where that is more than before; a condition that is gone allows everything."""
    if after is None:
        return "everything"
    old, new = (value if isinstance(value, list) else [value] for value in (before, after))
    return said(after) if any(entry not in old for entry in new) else ""


def _expected(pair: Pair, before: Facts, after: Facts) -> Iterator[Weakening]:
    about = f"asset/{after.get('asset')}"
    was = keys(before, "expected_differences[]")
    for key in keys(after, "expected_differences[]"):
        field = f"expected_differences[{encode_key(key)}]"
        until = after.get(f"{field}.expires")
        if key not in was:
            yield Weakening("waiver", pair.address, field, f"is new, until {said(until)}", about=about)
        elif str(until or _NEVER) > str(before.get(f"{field}.expires") or _NEVER):
            words = f"expires {said(until) if until else NOTHING}, not {said(before.get(f'{field}.expires'))}"
            yield Weakening("waiver", pair.address, field, words, about=about)


def _about(name: str) -> str:
    """The record that an identity is about; empty where it is about none."""
    try:
        subject = identity.parse(name).subject
    except ValueError:
        return ""
    return "" if subject == "registry" or subject.startswith("seen/") else subject
