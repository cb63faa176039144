"""Which rules are meant by ids and family letters."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.errors import UsageError
from stocktake.model.rule import FAMILIES, Rule
from stocktake.rules.tailored import all_with
from stocktake.values.text import closest


def chosen(select: tuple[str, ...], ignore: tuple[str, ...], own: tuple[Rule, ...] = ()) -> frozenset[str] | None:
    """The ids of the rules to answer for; None means all. Words may be lists: `BKP,INV001`. `own` are a team's rules.

    Raises UsageError where a word is neither a rule nor a family.
    """
    if not select and not ignore:
        return None
    families: dict[str, list[str]] = {name: [] for name in FAMILIES}
    for rule in all_with(own):
        families.setdefault(rule.family, []).append(rule.id)
    every = frozenset(name for names in families.values() for name in names)
    wanted = _ids(select, every, families) if select else every
    return wanted - _ids(ignore, every, families)


def _ids(words: tuple[str, ...], every: frozenset[str], families: Mapping[str, list[str]]) -> frozenset[str]:
    named = [word.strip().upper() for text in words for word in text.split(",") if word.strip()]
    return frozenset(rule for word in named for rule in _named(word, every, families))


def _named(word: str, every: frozenset[str], by_family: Mapping[str, list[str]]) -> list[str]:
    if word in every:
        return [word]
    if word in by_family:
        return by_family[word]
    guess = closest(word, [*sorted(every), *by_family])
    families = f"Families are {', '.join(by_family)}; `stocktake explain` lists all rules."
    raise UsageError(f'There is no rule or family "{word}"', f"Did you mean {guess}?" if guess else families)
