"""A comparison as data for other programs; its schema is `docs/diff.schema.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stocktake.model.approval import Author, Ballot
from stocktake.model.comparison import Comparison


def data(found: Comparison, exit_code: int) -> Mapping[str, Any]:
    """All of it, in one fixed order."""
    before, after = found.pictures
    return {
        "schema": 1,
        "exit_code": exit_code,
        "base": found.base,
        "head": found.head,
        "today": found.today,
        "fail_on": found.fail_on,
        "records": [{**one._asdict(), "changes": [fact._asdict() for fact in one.changes]} for one in found.records],
        "findings": {
            "appeared": [_without(one._asdict(), "now") for one in found.appeared],
            "vanished": [
                {"identity": one.identity, "severity": one.severity, "now": one.now} for one in found.vanished
            ],
        },
        "reached": [one._asdict() for one in found.reached],
        "waivers": [one._asdict() for one in found.waivers],
        "accepted": [one._asdict() for one in found.accepted],
        "conflicts": [one._asdict() for one in found.conflicts],
        "dependencies": {
            "undeclared": [one._asdict() for one in found.undeclared],
            "unseen": [one._asdict() for one in found.unseen],
        },
        "judges": list(found.judges),
        "owners": list(found.owners),
        **_approval(found.ballot),
        "edited_by_hand": [one._asdict() for one in found.edits],
        "neighbourhood": {"before": before._asdict(), "after": after._asdict()},
    }


def _without(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}


def _approval(ballot: Ballot) -> dict[str, Any]:
    return {
        "weaker": [
            {
                **_without(one.weakening._asdict(), "about"),
                "team": one.team,
                "approved_by": list(one.by),
                "asked": one.is_asked,
                "refused": one.is_refused,
            }
            for one in ballot.verdicts
        ],
        "approvals": [
            {"by": one.approval.by, "how": one.approval.how, "place": one.approval.place, "flaw": one.why}
            for one in ballot.approvals
        ],
        "authors": list(map(_author, ballot.authors)),
        "unknown_authors": list(map(_author, ballot.unknown)),
    }


def _author(one: Author) -> dict[str, Any]:
    return {"name": one.name, "email": one.email, "handles": list(one.handles)}
