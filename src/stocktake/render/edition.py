"""The site of an audience that does not see everything: its pages, and what stands where a page is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stocktake.model.audience import INTERNAL, PUBLIC, RESTRICTED, of_records, sees
from stocktake.model.audit import Audit
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el
from stocktake.render.parts import Card, cards, code, counted, lead, note
from stocktake.render.view import View, href

HOME = "index.md"
# Who the pages of each module are for, as far as an audit that was made smaller still tells the truth there.
# A module that is not named here shows what machines saw or what rules answered: it is for `restricted`.
_LEAST: Mapping[str, str] = {
    "adr": PUBLIC,
    "architecture": PUBLIC,
    "catalogue": PUBLIC,
    "feeds": PUBLIC,
    "glossary": PUBLIC,
    "guides": PUBLIC,
    "kinds": PUBLIC,
    "matrix": PUBLIC,
    "records": PUBLIC,
    "rules": INTERNAL,
    "schemas": INTERNAL,
}
_WORDS = {PUBLIC: "everybody", INTERNAL: "everybody in the organisation"}
_DOORS = (
    ("catalogue.md", "Data stores", "what each holds and what it is for"),
    ("asset/index.md", "Assets", "all of them, with owner and system"),
    ("system/index.md", "Systems", "what is built, run and owned together"),
    ("architecture.md", "Architecture", "how it hangs together"),
    ("matrix.md", "Matrix", "who uses whom"),
    ("guides.md", "Guides", "what people wrote"),
)


def pages(view: View, name: str, make: Callable[[View], Iterator[Page]]) -> Iterator[Page]:
    """The pages of one module as the audience of this site may see them."""
    if view.is_full:
        yield from make(view)
        return
    if name == "home":
        yield _home(view)
        return
    is_shown = sees(view.audience, _LEAST.get(name, RESTRICTED))
    for path, content in make(view):
        if is_shown and is_for(view.audit, path):
            yield path, content
        elif path.endswith(".md"):
            yield _left_out(view, path.removeprefix("docs/"))


def is_for(audit: Audit, path: str) -> bool:
    """Whether a file tells of records that the audience may see, and of nothing that was found."""
    if path == "docs/inventory.csv":
        return audit.audience == RESTRICTED  # it counts failures and looks
    kind = audit.estate.kinds.get(path.removeprefix("docs/").partition("/")[0])
    return kind is None or sees(audit.audience, of_records(kind.audience))


def is_drawn(view: View, name: str) -> bool:
    """Whether a diagram is in this edition."""
    return view.is_full or not name.startswith("backups/")


def left_out(path: str, audience: str) -> Page:
    """The page that stands in the place of one that another audience may see."""
    about = (
        "This page is not part of the ",
        el("b", audience),
        " edition, which is for ",
        _WORDS.get(audience, audience),
        ". ",
        "Ask those who look after the register for what you need.",
    )
    home = el("p", anchor("To the first page", href(path, HOME)))
    return document(path, "Not in this edition", [note("info", *about), home], searched=False)


def _left_out(view: View, path: str) -> Page:
    return left_out(path, view.audience)


def _home(view: View) -> Page:
    estate, audience = view.estate, view.audience
    shown, every = len(estate.every), len(estate.every) + view.audit.withheld
    about = note(
        "info",
        el("b", f"This is the {audience} edition, for {_WORDS[audience]}. "),
        f"It shows {shown:,} of {counted(every, 'record')}, and of those what is for this audience. ",
        "What rules found, what is classified higher, and how things are reached is left out, "
        "so nothing here says that all is well.",
    )
    doors = [
        el("li", anchor(title, href(HOME, path)), f": {what}")
        for path, title, what in _DOORS
        if is_for(view.audit, path)
    ]
    blocks: list[Markup | Heading | None] = [
        lead("What there is, what it is for, and who answers for it."),
        about,
        cards(_figures(view)),
        Heading("Where to go"),
        el("ul", *doors),
    ]
    above = el("div", f"As of {view.audit.today.isoformat()}", _commit(view), class_="st-crumb")
    return document(HOME, estate.settings.name, blocks, above=above, alone=True)


def _commit(view: View) -> Markup | None:
    commit = view.audit.commit
    return el("span", ", commit ", code(commit[:10])) if commit and sees(view.audience, INTERNAL) else None


def _figures(view: View) -> Iterator[Card]:
    assets = [record.address for record in view.estate.of("asset")]
    owned = sum(bool(view.entry(address).owner) for address in assets)
    stores = len(view.assets("stores"))
    yield Card(len(assets), " shown", "Assets", f"{stores:,} of them data stores", "asset/index.html")
    yield Card(owned, f" of {len(assets):,}", "With an owner", "a team that answers for it", "team/index.html")
    edges = len(view.audit.graph.edges)
    yield Card(edges, " shown", "Dependencies", "between assets of this edition", "dependency/index.html")
