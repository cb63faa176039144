"""What a record of each kind may say: a reference of its fields, from its schema."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.kind import Kind, Reference, Shape
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import badge, code, counted, lead, muted
from stocktake.render.table import Column, pairs, table
from stocktake.render.view import View, href

_HERE = "schema/index.md"


def pages(view: View) -> Iterator[Page]:
    """The index, then all kinds by name."""
    kinds = [view.estate.kinds[name] for name in sorted(view.estate.kinds)]
    rows = [
        (
            anchor(kind.plural, href(_HERE, f"schema/{kind.name}.md")),
            code(kind.name),
            code(f"{kind.folder}/"),
            kind.description,
            anchor(len(view.estate.of(kind.name)), href(_HERE, f"{kind.name}/index.md")),
        )
        for kind in kinds
    ]
    headers = ("Kind", "Name", "Folder", Column("What a record says", wide=True), Column("Records", number=True))
    yield document(
        _HERE,
        "Record kinds",
        [
            lead("Each kind is one JSON Schema; the folder says what a file is."),
            table(headers, rows, "Kinds", "No kind."),
        ],
        wide=True,
    )
    for kind in kinds:
        yield _page(view, kind)


def _page(view: View, kind: Kind) -> Page:
    here = f"schema/{kind.name}.md"
    above = el("div", anchor("Record kinds", href(here, _HERE)), muted(" / "), code(kind.name), class_="st-crumb")
    facts = pairs(
        (
            ("Folder", code(f"{kind.folder}/")),
            ("Schema", view.file(f"schemas/{kind.name}.schema.json")),
            ("Format", "Markdown with front matter" if kind.format == "markdown" else "YAML"),
            ("Required", join(map(code, kind.required), ", ") if kind.required else "nothing"),
            ("Records", anchor(counted(len(view.estate.of(kind.name)), "record"), href(here, f"{kind.name}/index.md"))),
            ("Start one", code(f"stocktake new {kind.name} ID")),
        )
    )
    references = {reference.pattern: reference for reference in kind.references}
    rows = [_field(name, shape, kind, references) for name, shape in _fields(kind.shape, "")]
    fields = table(("Field", "Holds", "Remarks"), rows, f"Fields of {kind.name}", "Its schema names no field.")
    return document(
        here,
        kind.plural,
        [lead(kind.description), facts, Heading("Fields"), fields],
        above=above,
    )


def _fields(shape: Shape, prefix: str) -> Iterator[tuple[str, Shape]]:
    """Every field with its name as a pattern, parents first; what stands again under `instances` is left out."""
    for key, inner in (shape.fields or {}).items():
        name = f"{prefix}.{key}" if prefix else key
        yield name, inner
        if name != "instances":
            yield from _fields(inner, name)
    if shape.item:
        yield from _fields(shape.item, f"{prefix}[]")


def _field(name: str, shape: Shape, kind: Kind, references: dict[str, Reference]) -> tuple[object, ...]:
    remarks: list[Markup] = [badge("required", "is-fail")] if name in kind.required else []
    reference = references.get(name)
    if reference and reference.within:
        remarks.append(join(("in each step: ", code(reference.within))))
    return code(name), _holds(shape, reference), join(remarks, " ") if remarks else None


def _holds(shape: Shape, reference: Reference | None) -> Markup | str:
    if reference:
        single = len(reference.kinds) == 1
        what = join((code(kind if single else f"{kind}/id") for kind in reference.kinds), " or ")
        group = f", one of the {reference.group}" if reference.group else ""
        return join(("the id of a " if single else "an address: ", what, group))
    if shape.keyed:
        return "a mapping; you choose its keys"
    return "a group of fields" if shape.fields else "a value"
