"""The decorator that makes a rule of a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stocktake.model.rule import SEVERITIES, Context, Hit, Rule
from stocktake.model.sheet import Sheet

FIRST = "0.1.0"


def rule(
    id: str,  # noqa: A002
    *,
    severity: str,
    kind: str,
    when: Callable[[Sheet, Context], bool] | None = None,
    needs: tuple[str, ...] = (),
    sees: tuple[str, ...] = (),
    each: str = "",
    per: str = "",
    timed: bool = False,
    after: bool = False,
    controls: tuple[str, ...] = (),
    since: str = FIRST,
) -> Callable[[Callable[..., Iterator[Hit]]], Rule]:
    """The function below becomes a rule, its docstring the rule's page.

    `kind` is that of the records it is asked of, `*` for all of them, and empty for a rule about the whole registry,
    which gets the context alone. `when` is given the record's sheet, also under `each`, and says whether the question
    makes sense; rules that share such a function share its answer. `needs` are facts that must be declared or freshly
    seen, `sees` those that must be freshly seen; where one is not, the outcome is unknown. `since` is the version of
    Stocktake that first asked it.
    """
    if severity not in SEVERITIES:
        raise ValueError(f"{id}: {severity} is not a severity")
    if per not in ("", "environment"):
        raise ValueError(f"{id}: rules are asked per environment or not")
    if not kind and (when or needs or sees or each or per):
        raise ValueError(f"{id}: a rule about the whole registry has no sheet")
    return lambda function: Rule(
        id, function, severity, kind, when, needs, sees, each, per, timed, after, controls, since
    )
