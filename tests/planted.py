"""Records in which every field of every kind says something, made from the schemas alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from stocktake.model.kind import Kind, Shape

Word = Callable[[str], str]
_NUMBERS = {"boolean": True, "integer": 3, "number": 3.5}
_DEEPEST = 8


def filled(kind: Kind, word: Word, target: Callable[[str], str], enums: bool = True) -> dict[str, Any]:
    """Data with every field; `word` gives the text for a pattern, `target` what a reference to a kind names.

    With `enums` words of lists stay what they may be, else `word` gives them too.
    """
    references = {reference.pattern: reference for reference in kind.references}

    def text(shape: Shape, pattern: str) -> Any:
        listed = next((part["enum"] for part in shape.parts if "enum" in part), None)
        if listed and enums:
            return listed[-1]
        form = next((part["type"] for part in shape.parts if isinstance(part.get("type"), str)), "string")
        return _NUMBERS.get(form) or word(pattern)

    def value(shape: Shape, pattern: str, depth: int) -> Any:
        reference = references.get(pattern)
        if reference and not reference.within:
            name = target(reference.kinds[0])
            name = name if len(reference.kinds) == 1 else f"{reference.kinds[0]}/{name}"
            return [name] if shape.step else name
        if shape.item is not None:
            inner = f"{pattern}[]"
            return {word(inner): value(shape.item, inner, depth + 1)} if depth < _DEEPEST else {}
        if shape.fields:
            return fields(shape.fields, pattern, depth)
        if shape.step:
            step = value(shape.step, f"{pattern}[]", depth + 1)
            return [step]
        return text(shape, pattern)

    def fields(found: Mapping[str, Shape], pattern: str, depth: int) -> dict[str, Any]:
        reference = references.get(pattern.removesuffix("[]"))
        return {
            key: target(reference.kinds[0])
            if reference and key == reference.within
            else value(shape, f"{pattern}.{key}" if pattern else key, depth + 1)
            for key, shape in found.items()
            if key not in ("formerly", "links") and not (depth and key == "instances")
        }

    return fields(kind.shape.fields or {}, "", 0)
