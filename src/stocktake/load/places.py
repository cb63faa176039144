"""Say which fact a place in a record is: `backup.plans[nightly].schedule`, `tags[2]`."""

from __future__ import annotations

from stocktake.model.kind import Shape
from stocktake.values.name import join
from stocktake.values.text import shown

Path = tuple[str | int, ...]


def shape_at(shape: Shape | None, path: Path) -> Shape | None:
    """The shape of what a path leads to, or None where the schema knows no such thing."""
    for part in path:
        if shape is None:
            return None
        shape = shape.item if shape.keyed else (shape.fields or {}).get(str(part))
    return shape


def fact(path: Path, shape: Shape | None) -> str:
    """The name of the fact at a path; keys that users choose stand in brackets, and so do positions in a list."""
    name = ""
    for part in path:
        if isinstance(part, int):
            name, shape = f"{name}[{part}]", None
        else:
            keyed = shape is not None and shape.keyed
            name, shape = join(name, part, keyed), shape_at(shape, (part,))
    return shown(name)
