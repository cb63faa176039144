"""Make the sheets of a record: its own facts, and one sheet per environment with what was seen there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from stocktake.model.observation import Observation, Thing
from stocktake.model.sheet import Seen, Sheet
from stocktake.values.name import decode_key

INSTANCES = "instances["
Facts = Mapping[str, Any]


def split(facts: Facts) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The facts of the record itself, and those of each environment with the `instances[E].` taken off."""
    own = {name: value for name, value in facts.items() if not name.startswith(INSTANCES)}
    instances: dict[str, dict[str, Any]] = {}
    if len(own) == len(facts):
        return own, {}
    for name, value in facts.items():
        if not name.startswith(INSTANCES):
            continue
        environment, _, inner = name[len(INSTANCES) :].partition("]")
        here = instances.setdefault(environment, {})
        if inner:
            here[inner.removeprefix(".")] = value
    return own, {decode_key(environment): here for environment, here in instances.items()}


def sheets(address: str, facts: Facts, seen: Mapping[str | None, Mapping[str, Seen]]) -> tuple[Sheet, ...]:
    """The record's own sheet first (environment None), then one per environment, sorted.

    `seen` is by environment. What was seen without one belongs to every sheet; an environment that was only seen gets
    a sheet where the record has instances, and belongs to the record's own sheet where it has none.
    """
    own, instances = split(facts)
    anywhere = seen.get(None, {})
    if not instances:
        return (Sheet(address, None, own, _merged(anywhere, *(seen[name] for name in sorted(filter(None, seen))))),)
    whole = Sheet(address, None, own, anywhere)
    if not seen:
        return (whole, *(_unseen(whole, own, name, instances[name]) for name in sorted(instances)))
    environments = sorted(instances.keys() | set(filter(None, seen)))
    return (
        whole,
        *(
            Sheet(address, name, {**own, **instances.get(name, {})}, _merged(anywhere, seen.get(name, {})))
            for name in environments
        ),
    )


def _unseen(whole: Sheet, own: Facts, environment: str, here: Facts) -> Sheet:
    """The sheet of an environment of which nothing was seen."""
    return Sheet(whole.address, environment, {**own, **here}, like=None if "[" in "".join(here) else whole)


def _merged(*parts: Mapping[str, Seen]) -> dict[str, Seen]:
    """The most trusted, then the newest observation of each fact."""
    best: dict[str, Seen] = {}
    for part in parts:
        for name, fact in part.items():
            other = best.get(name)
            if other is None or _rank(fact) > _rank(other):
                best[name] = fact
    return best


def _rank(fact: Seen) -> tuple[bool, float, date, str]:
    return fact.fresh, fact.confidence, fact.day or date.min, fact.source


# What a baseline says, and what is needed to compare it; the rest of what was seen is about the asset alone.
_OF_BASELINE = (
    "access.",
    "databases[",
    "engine",
    "health[",
    "not_read[",
    "not_visible[",
    "schema.",
    "settings[",
    "version",
)


def of_baseline(
    data: Mapping[str, Any], seen: Mapping[str, Mapping[str | None, Mapping[str, Seen]]]
) -> dict[str | None, dict[str, Seen]]:
    """What was seen of a baseline's asset in its environment, as far as a baseline speaks of it."""
    asset = seen.get(f"asset/{data.get('asset')}", {})
    merged = _merged(asset.get(None, {}), asset.get(str(data.get("environment")), {}))
    return {None: {name: fact for name, fact in merged.items() if name.startswith(_OF_BASELINE)}}


def seen_facts(
    matched: Iterable[tuple[Observation, Thing]], is_fresh: Callable[[date | None], bool]
) -> dict[str | None, dict[str, Seen]]:
    """What was seen of one record, by environment."""
    found: dict[str | None, dict[str, Seen]] = {}
    for observation, thing in matched:
        evidence = thing.evidence[0].text() if thing.evidence else ""
        fresh = is_fresh(observation.looked)
        facts = {
            name: Seen(value, observation.source, observation.looked, evidence, thing.confidence, fresh)
            for name, value in thing.facts.items()
        }
        found[observation.environment] = _merged(found.get(observation.environment, {}), facts)
    return found
