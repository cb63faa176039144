"""What the host knows of a pull request: the file that a job of the base branch wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from stocktake.errors import InputError, Problem

STATES = ("approved", "changes-requested", "commented", "dismissed")
_DECIDING = ("approved", "changes-requested", "dismissed")
_SIZE_AT_MOST = 5_000_000
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_HINT = "A job of the base branch writes this file; docs/approving.md shows its form."


class Review(NamedTuple):
    """What somebody decided, and the commit that they saw."""

    reviewer: str
    commit: str
    state: str


class Reviews(NamedTuple):
    """`authors` are the handles of whoever opened the pull request or pushed to it; `commits` those behind each commit;
    `reviews` the last decision of each reviewer.
    """

    authors: tuple[str, ...] = ()
    commits: Mapping[str, tuple[str, ...]] = {}
    reviews: tuple[Review, ...] = ()


def reviews(raw: bytes, path: str) -> Reviews:
    """The content of the file.

    Raises InputError where it is not of the form that it should be.
    """
    try:
        data = json.loads(raw[:_SIZE_AT_MOST].decode()) if len(raw) <= _SIZE_AT_MOST else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("schema") != 1:
        raise InputError([Problem(path, 0, 0, "", 'is not a JSON object with "schema": 1', _HINT)])
    if flaw := _flaw(data):
        raise InputError([Problem(path, 0, 0, flaw[0], flaw[1], _HINT)])
    last: dict[str, Review] = {}
    for one in data.get("reviews", ()):
        if one["state"] in _DECIDING:
            last[one["reviewer"].casefold()] = Review(one["reviewer"], one["commit"], one["state"])
    commits = {commit: tuple(handles) for commit, handles in data.get("commits", {}).items()}
    return Reviews(tuple(data.get("authors", ())), commits, tuple(last.values()))


def _flaw(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """Where something is wrong, and what."""
    if more := sorted({*data} - {"schema", "authors", "commits", "reviews"}):
        return more[0], "is unexpected"
    if not _are_words(data.get("authors", [])):
        return "authors", "is not a list of handles"
    commits = data.get("commits", {})
    if not isinstance(commits, dict) or not all(map(_COMMIT.fullmatch, commits)):
        return "commits", "is not an object by full commit id"
    for commit, handles in commits.items():
        if not _are_words(handles):
            return f"commits[{commit}]", "is not a list of handles"
    found = data.get("reviews", [])
    if not isinstance(found, list):
        return "reviews", "is not a list"
    return next((flaw for number, one in enumerate(found) if (flaw := _review(one, f"reviews[{number}]"))), None)


def _review(one: Any, place: str) -> tuple[str, str] | None:
    if not isinstance(one, dict) or {*one} != {"reviewer", "commit", "state"}:
        return place, "does not hold reviewer, commit and state alone"
    if not _are_words([one["reviewer"]]):
        return f"{place}.reviewer", "is not a handle"
    if not isinstance(one["commit"], str) or not _COMMIT.fullmatch(one["commit"]):
        return f"{place}.commit", "is not a full commit id"
    return None if one["state"] in STATES else (f"{place}.state", f"is not one of {', '.join(STATES)}")


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
