"""Compare the facts of a record before and after a change, as they hold in each environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from stocktake.analyse.sheets import split
from stocktake.model.weakening import Facts, Pair, Weakening
from stocktake.values import duration
from stocktake.values.name import pattern
from stocktake.values.text import shown

NOTHING = "nothing"
_MOST = 60


class Step(NamedTuple):
    """One fact before and after, None where it is not said; `environment` is empty for the record's own."""

    pair: Pair
    name: str
    before: Any
    after: Any
    environment: str = ""


def steps(pairs: Iterable[Pair], kinds: Sequence[str] = ()) -> Iterator[Step]:
    """Every fact that was said and is said otherwise, or no more, in a record that both sides have.

    What holds in one environment is told only where it is not what holds in all of them.
    """
    for pair in pairs:
        if pair.before is None or pair.after is None or (kinds and pair.kind not in kinds):
            continue
        (own, here), (new, there) = split(pair.before), split(pair.after)
        everywhere = set()
        for name in sorted(own):
            if own[name] != new.get(name):
                everywhere.add((name, repr(own[name]), repr(new.get(name))))
                yield Step(pair, name, own[name], new.get(name))
        for environment in sorted({*here, *there}):
            was, now = {**own, **here.get(environment, {})}, {**new, **there.get(environment, {})}
            for name in sorted(was):
                step = (name, repr(was[name]), repr(now.get(name)))
                if was[name] != now.get(name) and step not in everywhere:
                    yield Step(pair, name, was[name], now.get(name), environment)


def weaker(
    gate: str, pairs: Iterable[Pair], fields: Mapping[str, Callable[[Any, Any], bool]], kinds: Sequence[str] = ()
) -> Iterator[Weakening]:
    """A weakening for each fact, by the pattern of its name, of which its function says that it became weaker."""
    for step in steps(pairs, kinds):
        is_weaker = fields.get(pattern(step.name))
        if is_weaker is not None and is_weaker(step.before, step.after):
            words = f"from {said(step.before)} to {said(step.after)}"
            yield Weakening(gate, step.pair.address, step.name, words, step.environment)


def below(*order: str | Sequence[str]) -> Callable[[Any, Any], bool]:
    """Whether the second word stands before the first in this order, or is gone. Words in one entry rank alike."""
    ranks = {word: rank for rank, entry in enumerate(order) for word in ([entry] if isinstance(entry, str) else entry)}

    def is_below(before: Any, after: Any) -> bool:
        rank = ranks.get(before, -1)
        return rank > 0 and ranks.get(after, 0 if after is None else rank) < rank

    return is_below


def is_longer(before: Any, after: Any) -> bool:
    """Whether a duration became longer, or is not said any more."""
    return after is None or _seconds(after) > _seconds(before)


def is_shorter(before: Any, after: Any) -> bool:
    """Whether a duration became shorter, or is not said any more."""
    return after is None or _seconds(after) < _seconds(before)


def is_gone(before: Any, after: Any) -> bool:
    """Whether something that was said is not said any more."""
    return _is_said(before) and not _is_said(after)


def _is_said(value: Any) -> bool:
    return value not in (None, "", [], {}) and str(value).strip().lower() != "none"


def _seconds(text: Any) -> int:
    """The length of a duration; 0 for what is none, which its schema refuses anyway."""
    try:
        return duration.seconds(str(text))
    except ValueError:
        return 0


def said(value: Any) -> str:
    """A value as it stands in a sentence, a duration in words."""
    if value is None:
        return NOTHING
    if isinstance(value, list):
        return ", ".join(map(said, value)) or NOTHING
    text = shown(str(value))
    try:
        return duration.words(duration.seconds(text))
    except ValueError:
        return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"


def parts(facts: Facts) -> Iterator[tuple[str, Facts]]:
    """What holds in all environments ("") and in each that the record names."""
    own, instances = split(facts)
    yield "", own
    for environment in sorted(instances):
        yield environment, {**own, **instances[environment]}
