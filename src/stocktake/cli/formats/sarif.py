"""SARIF 2.1.0, which code scanning shows: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from stocktake import __version__
from stocktake.cli.formats.told import KNOWN, WRONG, Result, Told
from stocktake.model.outcome import FAIL, WAIVED
from stocktake.model.rule import Rule
from stocktake.rules.explain import page

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"info": "note", "low": "note", "medium": "warning", "high": "error", "critical": "error"}
_INPUT = "INPUT"
_PLACE = "stocktake.yaml"  # of what has no file of its own
_STATES = (FAIL, KNOWN, WAIVED, WRONG)


def lines(result: Result) -> Iterator[str]:
    """One run; what is known or waived is there too, as suppressed."""
    told = [one for one in result.told if one.state in _STATES]
    ids = sorted({one.rule or _INPUT for one in told})
    driver = {
        "name": "Stocktake",
        "version": __version__,
        "rules": [_rule(name, result.rules.get(name)) for name in ids],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": result.exit_code in (0, 1), "exitCode": result.exit_code}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, ids) for one in told],
    }
    yield from json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2).splitlines()


def _rule(name: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": name, "name": "wrong-input", "shortDescription": {"text": "A file that cannot be read as it is"}}
    text = page(rule)
    return {
        "id": name,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.family], "controls": list(rule.controls)},
    }


def _result(one: Told, ids: list[str]) -> dict[str, Any]:
    message = one.what() if not one.rule else f"{one.subject}: {one.message}"
    found = {
        "ruleId": one.rule or _INPUT,
        "ruleIndex": ids.index(one.rule or _INPUT),
        "level": _LEVELS[one.severity],
        "message": {"text": _plain(one.advised(message))},
        "locations": [_location(one)],
        "partialFingerprints": {"stocktake/v1": one.identity},
    }
    if one.state in (KNOWN, WAIVED):
        why = "on the list of known findings" if one.state == KNOWN else f"waiver {one.waiver}"
        found["suppressions"] = [{"kind": "external", "justification": why}]
    return found


def _location(one: Told) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(one.path or _PLACE), "uriBaseId": "%SRCROOT%"}}
    if one.line:
        place["region"] = {"startLine": one.line, "startColumn": max(one.column, 1)}
    return {"physicalLocation": place}


def _plain(text: str) -> str:
    """What stands for a link or a placeholder in a message is escaped (sections 3.11.5 and 3.11.6)."""
    for sign in "\\[]":
        text = text.replace(sign, f"\\{sign}") if "](" in text else text
    return text.replace("{", "{{").replace("}", "}}")
