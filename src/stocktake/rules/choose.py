"""Which rules are meant by ids and family letters."""

from __future__ import annotations

from stocktake.errors import UsageError
from stocktake.model.rule import FAMILIES
from stocktake.rules.table import BY_ID
from stocktake.values.text import closest


def chosen(select: tuple[str, ...], ignore: tuple[str, ...]) -> frozenset[str] | None:
    """The ids of the rules to answer for; None means all. Words may be lists: `BKP,INV001`.

    Raises UsageError where a word is neither a rule nor a family.
    """
    if not select and not ignore:
        return None
    wanted = _ids(select) if select else frozenset(BY_ID)
    return wanted - _ids(ignore)


def _ids(words: tuple[str, ...]) -> frozenset[str]:
    named = [word.strip().upper() for text in words for word in text.split(",") if word.strip()]
    return frozenset(rule for word in named for rule in _named(word))


def _named(word: str) -> list[str]:
    if word in BY_ID:
        return [word]
    if word in FAMILIES:
        return [rule.id for rule in BY_ID.values() if rule.family == word]
    guess = closest(word, [*BY_ID, *FAMILIES])
    families = f"Families are {', '.join(FAMILIES)}; `stocktake explain` lists all rules."
    raise UsageError(f'There is no rule or family "{word}"', f"Did you mean {guess}?" if guess else families)
