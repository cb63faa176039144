"""Nested data becomes facts: a flat mapping of values by fact name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stocktake.model.kind import Shape
from stocktake.values.name import encode_key


def flatten(
    data: Mapping[str, Any], shape: Shape, prefix: str = "", out: dict[str, Any] | None = None
) -> dict[str, Any]:
    """All facts in `data`; an entry of a user-keyed mapping that holds nothing is a fact too (an empty mapping), so
    that it counts as present.
    """
    facts = {} if out is None else out
    if shape.item is not None:
        for key, value in data.items():
            name = f"{prefix}[{encode_key(key)}]"
            if isinstance(value, dict):
                if not value:
                    facts[name] = {}
                flatten(value, shape.item, name, facts)
            else:
                facts[name] = value
        return facts
    fields = shape.fields or {}
    for key, value in data.items():
        name = f"{prefix}.{key}" if prefix else key
        if type(value) is dict and (inner := fields.get(key)) is not None and (inner.fields or inner.item):
            flatten(value, inner, name, facts)
        elif value is not None:
            facts[name] = value
    return facts
