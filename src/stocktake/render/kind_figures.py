"""The figures above the lists of changes, incidents and reviews: what is open, late, missing or went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from statistics import median

from stocktake.model.record import Record
from stocktake.render.anatomy import said
from stocktake.render.escape.html import Markup
from stocktake.render.parts import Card, cards, counted
from stocktake.render.view import View
from stocktake.values import duration

_OVER = frozenset({"closed", "dismissed", "resolved"})
_NOT_TO_DO = frozenset({"done", "dropped"})
_WENT_WRONG = frozenset({"failed", "rolled-back"})


def figures(view: View, kind: str) -> Markup | None:
    """None for other kinds, where there is no record, and where a missing field may only be left out."""
    records = view.estate.of(kind)
    made = _FIGURES.get(kind)
    return cards(made(view, records)) if made and records and view.is_full else None


def _changes(view: View, records: Sequence[Record]) -> list[Card]:
    found = [one for one in records if said.word(one, "outcome") != "cancelled"]
    made = [one for one in found if said.word(one, "done") or said.word(one, "outcome")]
    bare = [one for one in found if not (said.word(one, "approver") and said.word(one, "approved"))]
    rash = sum(one in made for one in bare)
    stuck = sum(not said.items(one, "rollback") for one in found)
    outcomes = [said.word(one, "outcome") for one in made]
    wrong, odd = sum(one in _WENT_WRONG for one in outcomes), outcomes.count("succeeded-with-issues")
    of, silent = f" of {len(found):,}", outcomes.count("")
    return [
        Card(len(found) - len(made), of, "Still to come", f"{len(records) - len(found):,} cancelled"),
        Card(len(bare), of, "Not agreed to", f"{rash:,} of them carried out", None, _tone(rash, len(bare))),
        Card(stuck, of, "Without a way back", "no steps to take it back" if stuck else "", None, _tone(0, stuck)),
        Card(
            wrong,
            f" of {len(made):,}",
            "Failed or taken back",
            f"{odd:,} more with issues; the outcome of {silent:,} is not known",
            None,
            _tone(wrong, silent),
        ),
    ]


def _incidents(view: View, records: Sequence[Record]) -> list[Card]:
    found = [one for one in records if said.word(one, "status") != "dismissed"]
    going = sum(said.word(one, "status") not in _OVER for one in found)
    causeless = sum(not said.word(one, "cause") for one in found)
    actions = [action for one in found for action in said.entries(one, "actions").values()]
    to_do = [action for action in actions if action.get("status") not in _NOT_TO_DO]
    today = view.audit.today.isoformat()
    late = sum(str(action.get("due") or today) < today for action in to_do)
    unseen = [length for one in found if (length := _seconds(one, "started", "detected")) is not None]
    of = f" of {len(found):,}"
    return [
        Card(going, of, "Going on", f"{len(records) - len(found):,} dismissed", None, _tone(going, 0)),
        Card(
            len(to_do),
            f" of {counted(len(actions), 'action')}",
            "Still to do",
            f"{late:,} overdue",
            None,
            _tone(late, 0 if actions else len(found)),
        ),
        Card(causeless, of, "Without a cause", "nobody wrote down why" if causeless else "", None, _tone(0, causeless)),
        Card(
            duration.words(int(median(unseen))) if unseen else "–",
            "",
            "Until somebody noticed",
            f"the middle one; known of {len(unseen):,}{of}",
            None,
            _tone(0, len(found) - len(unseen)),
        ),
    ]


def _reviews(view: View, records: Sequence[Record]) -> list[Card]:
    found = [one for one in records if said.word(one, "state") != "cancelled"]
    done = [one for one in found if said.word(one, "state") == "done"]
    planned = sum(said.word(one, "state") == "planned" for one in found)
    today = view.audit.today.isoformat()
    ends = [_end(one) for one in found if one not in done]
    late = sum(bool(end) and end < today for end in ends)
    points = [point for one in found for point in said.entries(one, "checklist").values()]
    results = [str(point.get("result") or "unknown") for point in points]
    failed, open_ = results.count("fail"), results.count("unknown")
    last = max((_end(one) for one in done if said.word(one, "type") == "audit"), default="")
    words = f"{len(found) - len(done) - planned:,} under way, {planned:,} planned"
    return [
        Card(len(done), f" of {len(found):,}", "Done", f"{words}, {len(records) - len(found):,} cancelled"),
        Card(
            late,
            f" of {len(ends):,}",
            "Past their period",
            "the last day is over" if late else "",
            None,
            _tone(late, 0),
        ),
        Card(
            failed,
            f" of {counted(len(points), 'point')}",
            "Points that failed",
            f"{open_:,} not looked at",
            None,
            _tone(failed, open_ if points else len(found)),
        ),
        Card(
            last or "never",
            "",
            "Last whole audit",
            "the last day of the latest that is done" if last else "no review of type audit is done",
            None,
            _tone(0, not last),
        ),
    ]


_FIGURES: Mapping[str, Callable[[View, Sequence[Record]], list[Card]]] = {
    "change": _changes,
    "incident": _incidents,
    "review": _reviews,
}


def _tone(bad: int, unknown: int) -> str:
    return "bad" if bad else "unknown" if unknown else "plain"


def _seconds(record: Record, first: str, second: str) -> float | None:
    """From one moment to a later one; None where one of them is not said."""
    try:
        start, end = (datetime.fromisoformat(said.word(record, name)) for name in (first, second))
        length = (end - start).total_seconds()
    except (ValueError, TypeError):
        return None
    return length if length >= 0 else None


def _end(record: Record) -> str:
    """The last day of a period as it is written; what is no day is none."""
    found = said.word(record, "period").rpartition("/")[2]
    return found if len(found) == len("2026-01-01") else ""
