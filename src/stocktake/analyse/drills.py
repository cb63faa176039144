"""What drills showed, as facts that were seen: of the drill itself, and of the plan whose backup it restored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from stocktake.model.sheet import Seen
from stocktake.values.name import encode_key

PROVEN_BY_MACHINE = "observed/drills/"
_SHOWN = ("finished", "measured_rpo", "measured_rto", "next_due", "result", "failure_cause", "backup_set")

Facts = Mapping[str, Any]
SeenFacts = dict[str | None, dict[str, Seen]]


def seen_of_drill(facts: Facts, evidence: Mapping[str, Facts]) -> dict[str, Seen]:
    """What the evidence of one drill says of the facts in its record."""
    path = str(facts.get("evidence", ""))
    shown = evidence.get(path, {})
    day = _day(facts)
    return {name: Seen(value, path, day, path) for name, value in shown.items()}


def is_proven(facts: Facts, evidence: Mapping[str, Facts]) -> bool:
    """Whether the evidence is about this very drill; what a person put down elsewhere is taken at its word."""
    path = str(facts.get("evidence", ""))
    if not path.startswith(PROVEN_BY_MACHINE):
        return True
    shown = evidence.get(path)
    return bool(shown) and all(facts.get(name) == value for name, value in (shown or {}).items())


def seen_of_plans(
    drills: Iterable[tuple[str, Facts]], evidence: Mapping[str, Facts], assets: Mapping[str, Facts]
) -> dict[str, SeenFacts]:
    """By address of an asset, the last drill of each of its plans in each environment.

    A drill counts for nothing else: not without evidence of its own, not for a plan that the asset does not have, not
    for another environment.
    """
    last: dict[tuple[str, str | None, str], tuple[str, str, Facts]] = {}
    for address, facts in drills:
        target = f"asset/{facts.get('asset')}"
        environment, plan = facts.get("environment"), str(facts.get("plan"))
        if is_proven(facts, evidence) and _has_plan(assets.get(target, {}), environment, plan):
            place = (target, environment, plan)
            last[place] = max(last.get(place, ("", "", {})), (str(facts.get("finished")), address, facts), key=_when)
    found: dict[str, SeenFacts] = {}
    for (target, environment, plan), (_, address, facts) in sorted(last.items(), key=lambda item: str(item[0])):
        here = found.setdefault(target, {}).setdefault(environment, {})
        prefix = f"backup.plans[{encode_key(plan)}].drill"
        here[f"{prefix}.record"] = Seen(address, address, _day(facts), str(facts.get("evidence", "")))
        for name in _SHOWN:
            if name in facts:
                here[f"{prefix}.{name}"] = Seen(facts[name], address, _day(facts), str(facts.get("evidence", "")))
    return found


def _when(drill: tuple[str, str, Facts]) -> tuple[str, str]:
    return drill[0], drill[1]


def _has_plan(asset: Facts, environment: str | None, plan: str) -> bool:
    """Whether the asset has this plan in this environment, and the environment at all."""
    key = f"backup.plans[{encode_key(plan)}]"
    instances = [name for name in asset if name.startswith("instances[")]
    own = any(_is_below(name, key) for name in asset)
    if not instances:
        return own
    here = f"instances[{encode_key(environment or '')}]"
    exists = any(_is_below(name, here) for name in instances)
    return exists and (own or any(_is_below(name, f"{here}.{key}") for name in instances))


def _is_below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith((f"{prefix}.", f"{prefix}["))


def _day(facts: Facts) -> date | None:
    try:
        return date.fromisoformat(str(facts.get("finished", ""))[:10])
    except ValueError:
        return None
