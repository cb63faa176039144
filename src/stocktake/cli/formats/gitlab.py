"""The report of GitLab's Code Quality: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from stocktake.cli.formats.told import Result, Told

_SEVERITIES = {"info": "info", "low": "minor", "medium": "major", "high": "critical", "critical": "blocker"}
_PLACE = "stocktake.yaml"  # of what has no file of its own


def lines(result: Result) -> Iterator[str]:
    """A JSON list with an object for each thing."""
    yield from json.dumps([_issue(one) for one in result.open], indent=2).splitlines()


def _issue(one: Told) -> dict[str, object]:
    return {
        "description": one.advised(f"{one.about()}: {one.message}" if one.rule else one.what()),
        "check_name": one.rule or "INPUT",
        "fingerprint": sha256(one.identity.encode("utf-8", "backslashreplace")).hexdigest(),
        "severity": _SEVERITIES[one.severity],
        "location": {"path": one.path or _PLACE, "lines": {"begin": max(one.line, 1)}},
    }
