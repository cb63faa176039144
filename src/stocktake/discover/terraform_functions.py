"""Functions of Terraform that pass names and addresses on."""

from __future__ import annotations

import re
from typing import Any

from stocktake.discover.claims import Expression
from stocktake.discover.resources import Told

_PASSED = frozenset(
    (
        "abspath", "base64encode", "chomp", "coalesce", "coalescelist", "compact", "distinct", "element",
        "flatten", "jsonencode", "keys", "lower", "nonsensitive", "one", "replace", "sensitive", "slice",
        "sort", "substr", "title", "tolist", "tomap", "toset", "tostring", "trim", "trimprefix",
        "trimspace", "trimsuffix", "try", "upper", "values", "yamlencode",
    )
)  # fmt: skip


def member(value: Any, words: list[str]) -> Any:
    """What stands under some keys of a value; of what is not known, the address of it."""
    for word in words:
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            value = value.get(word, "")
        elif isinstance(value, str) and value.startswith("${") and value.endswith("}"):
            value = Told(f"{value[:-1]}.{word}}}", value.evidence) if isinstance(value, Told) else value
        elif isinstance(value, str):
            return value if "${" in value else ""
    return value


def call(expression: Expression, values: list[Any]) -> Any:
    """The result of a function, as far as names pass through it."""
    name = expression.text
    if name in ("merge", "object"):
        merged: dict[str, Any] = {}
        for value in values:
            merged.update(value if isinstance(value, dict) else {})
        return merged
    if name in ("format", "formatlist") and values and isinstance(values[0], str):
        rest = iter(value if isinstance(value, str) else "" for value in values[1:])
        return Told(re.sub(r"%[-+#0-9.]*[a-z]", lambda match: next(rest, ""), values[0]), expression.evidence)
    if name == "join" and len(values) > 1 and isinstance(values[1], list):
        return Told(str(values[0]).join(value for value in values[1] if isinstance(value, str)), expression.evidence)
    if name == "lookup" and len(values) > 1 and isinstance(values[0], dict):
        return values[0].get(str(values[1]), values[2] if len(values) > 2 else "")
    if name in ("concat", "setunion"):
        return [item for value in values for item in (value if isinstance(value, list) else [value])]
    if name in _PASSED:
        return next((value for value in values if value), "")
    return values
