"""The glossary: every word with one exact meaning, and every kind of record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import code, lead, muted
from stocktake.render.terms import GROUPS, Term, slug
from stocktake.render.view import View, href

_HERE = "glossary.md"


def pages(view: View) -> Iterator[Page]:
    """One page, with a place for each term."""
    intro = lead(
        "What the words here mean. ",
        muted("Headings of tables have the same as a tooltip: dotted words explain themselves."),
    )
    blocks: list[Markup | Heading | None] = [intro]
    for title, terms in GROUPS.items():
        items = (_term(name, slug(name), _meaning(term)) for name, term in sorted(terms.items()))
        blocks += [Heading(title), _list(items)]
    kinds = (_term(kind.plural, f"kind-{name}", _kind(view, name)) for name, kind in sorted(view.estate.kinds.items()))
    blocks += [Heading("Kinds of records"), _list(kinds)]
    yield document(_HERE, "Glossary", blocks)


def _list(items: Iterable[Markup]) -> Markup:
    return el("dl", *items, class_="st-glossary")


def _term(name: str, identity: str, meaning: Markup) -> Markup:
    return join((el("dt", name, id=identity), el("dd", meaning)))


def _meaning(term: Term) -> Markup:
    more = f" {term.more}" if term.more else None
    where = join((" ", anchor("Where it is shown", href(_HERE, term.page)), ".")) if term.page else None
    return join((term.short, more, where))


def _kind(view: View, name: str) -> Markup:
    kind = view.estate.kinds[name]
    records = anchor(f"{len(view.estate.of(name)):,} here", href(_HERE, f"{name}/index.md"))
    fields = anchor("its fields", href(_HERE, f"schema/{name}.md"))
    return join(
        (
            kind.description or muted("No description."),
            " ",
            records,
            ", ",
            fields,
            ", in ",
            code(f"{kind.folder}/"),
            ".",
        )
    )
