"""What a record of each kind may say: a reference of its fields, from its schema."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.field import Field, example, fields
from stocktake.model.kind import Kind, Reference
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import badge, code, counted, lead, muted
from stocktake.render.prose import line, prose
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
            line(kind.description),
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
    rows = [_field(field, references.get(field.name)) for field in fields(kind.shape)]
    headers = (Column("Field"), Column("What it says", wide=True), Column("What stands there"))
    blocks = [
        lead(line(kind.description)),
        facts,
        *_example(kind),
        Heading("Fields"),
        table(headers, rows, f"Fields of {kind.name}", "Its schema names no field."),
    ]
    return document(here, kind.plural, blocks, above=above, boost=0.5)


def _example(kind: Kind) -> Iterator[Markup | Heading]:
    """A whole record; it is what an editor writes into an empty file."""
    record = example(kind.shape)
    if record is not None:
        from yaml import safe_dump

        text = safe_dump(record, sort_keys=False, allow_unicode=True, width=100)
        yield Heading("Example")
        yield el("pre", el("code", text.rstrip()), tabindex="0")


def _field(field: Field, reference: Reference | None) -> tuple[object, ...]:
    name = join((code(field.name), badge("required", "is-fail")), " ") if field.required else code(field.name)
    meaning = [prose(field.markdown or field.meaning)]
    if field.words:
        items = (join((el("dt", code(word)), el("dd", line(told)))) for word, told in field.words)
        meaning.append(
            el(
                "details",
                el("summary", counted(len(field.words), "word")),
                el("dl", *items, class_="st-pairs"),
                class_="st-details",
            )
        )
    return name, el("div", *meaning, class_="st-prose"), join(_holds(field, reference), el("br"))


def _holds(field: Field, reference: Reference | None) -> Iterator[Markup]:
    """What stands there, then what it is if nobody says, then how it may look."""
    yield _named(reference) if reference else line(field.form)
    if field.default is not None:
        yield join((muted("unless you say otherwise: "), code(_short(field.default))))
    elif field.examples and not field.words:
        yield join((muted("such as "), code(_short(field.examples[0]))))


def _named(reference: Reference) -> Markup:
    single = len(reference.kinds) == 1
    what = join((code(kind if single else f"{kind}/id") for kind in reference.kinds), " or ")
    group = f", one of the {reference.group}" if reference.group else ""
    step = join((" in each step under ", code(reference.within))) if reference.within else None
    return join(("the id of a " if single else "an address: ", what, group, step))


def _short(value: object) -> str:
    """A value as YAML on one line."""
    from yaml import safe_dump

    text = safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
    return str(text).removesuffix("...\n").strip()
