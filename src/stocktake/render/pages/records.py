"""One page for each record: what it is, who owns it, whether it is in trouble, and everything known of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from stocktake.model.audience import PUBLIC
from stocktake.model.graph import MEANINGS
from stocktake.model.record import Record
from stocktake.render import (
    backup_plans,
    chronicle,
    differences,
    forge,
    known_as,
    narrow,
    origin,
    relations,
    rest,
    rollup,
    told,
)
from stocktake.render.anatomy import body, tells
from stocktake.render.diagram.catalogue import of_record
from stocktake.render.document import Aside, Heading, Page, aside, document
from stocktake.render.escape.html import Markup, anchor, el, join, safe_url
from stocktake.render.fact_tables import Table, tables
from stocktake.render.live import day
from stocktake.render.outcomes import boxes, by_state, unanswered
from stocktake.render.pages import access
from stocktake.render.parts import badge, classification, code, counted, criticality, muted, note
from stocktake.render.prose import prose, summary
from stocktake.render.table import pairs
from stocktake.render.tones import word
from stocktake.render.view import View, href, page_of

# A heading without findings would read as if all were well: of these hardly any rule asks anything, or they tell of
# their parts instead.
_QUIET = frozenset({"adr", "change", "finding", "flow", "incident", "review", "risk", "source", "system", "team"})
# Of the card, what nobody looks for a record by.
_ASIDE = frozenset({"Changed", "File", "Observed", "Reviewed"})
# Letters that the blocks of an asset may take, and those that its facts get in any case. Its file gets what is left.
_ROOM, _FACTS = 32_000, 3_000
_SEEN = 5  # sources in its card
_NAMED = 20  # records that name an asset, on its own page
Blocks = list[Markup | Heading | None]


def pages(view: View, start: int = 0, stop: int | None = None) -> Iterator[Page]:
    """All records, sorted by address, then those of other registries, or some of them; behind each what its page has
    no room for.
    """
    for record in view.estate.every[start:stop]:
        here = page_of(record.address)
        named = relations.naming(view, here, record)
        most = _NAMED if record.kind == "asset" else 10 * _NAMED
        more = rest.more(here, len(named) - most, rest.NAMED) if len(named) > most else None
        before, after = _around(view, here, record, relations.references(named[:most], more))
        taken = sum(len(block or "") for block in (*before, *after))
        room = max(_ROOM - taken, _FACTS) if record.kind == "asset" else 2 * _ROOM
        known = tables(view, here, view.sheets(record), record.path, tells(record.kind), room)
        blocks = [*before, *_facts(view, here, record, known), *after]
        blocks += origin.raw(view, record, _ROOM - sum(len(block or "") for block in blocks)) if view.is_full else []
        yield _page(view, here, record, blocks)
        if record.title != record.name or any(table.left_out for table in known):
            yield from rest.facts(view, record)
        if more:
            yield from rest.named(view, record)
        yield from chronicle.all_of(view, record)


def _page(view: View, here: str, record: Record, blocks: Blocks) -> Page:
    kind = view.estate.kinds[record.kind]
    above = el(
        "div",
        el("span", anchor(kind.plural, href(here, f"{record.kind}/index.md")), " / ", data_search_exclude="yes"),
        code(record.id),
        class_="st-crumb",
    )
    critical = view.entry(record.address).criticality in ("critical", "high")
    edit, boost = view.repository_url(forge.EDIT, record.path), 4 if critical else 2
    return document(here, record.title, blocks, edit=edit, above=above, boost=boost)


def _around(view: View, here: str, record: Record, named: relations.Blocks) -> tuple[Blocks, Blocks]:
    """What stands before the facts of a record, and what behind them: of an asset they come first."""
    if not view.is_full:
        return _around_for_others(view, here, record, named)
    first = [
        _badges(view, record),
        *_top(view, here, record),
        *aside(rollup.of_record(view, here, record)),
        *_findings(view, here, record),
    ]
    middle = [
        *differences.of_baseline(view, here, record),
        *aside(relations.neighbours(view, here, record)),
        *aside(of_record(view, record)),
        *_live(view, here, record),
    ]
    past = chronicle.short(view, here, record)
    last = aside((*told.told(view, here, record), *named, *origin.origin(view, here, record), *past))
    return (first, [*middle, *last]) if record.kind == "asset" else ([*first, *middle], [*last])


def _around_for_others(view: View, here: str, record: Record, named: relations.Blocks) -> tuple[Blocks, Blocks]:
    """The same where nothing is told that machines saw or rules answered."""
    before = [
        _badges(view, record),
        *_top(view, here, record),
        *aside((*relations.neighbours(view, here, record), *narrow.members(view, here, record))),
        *aside(of_record(view, record)),
    ]
    return before, [*aside(named)]


def _badges(view: View, record: Record) -> Markup | None:
    entry = view.entry(record.address)
    status = record.data.get("status")
    found = [
        badge(entry.type, f"type-{view.group(record.address) or 'other'}") if entry.type else None,
        criticality(entry.criticality),
        classification(entry.classification),
        badge(entry.lifecycle, "plain") if entry.lifecycle else None,
        word("status", status),
    ]
    return el("p", join((mark for mark in found if mark), " "), class_="st-badges") if any(found) else None


def _top(view: View, here: str, record: Record) -> Blocks:
    """The text of a record and what its kind says first, beside its card; then the rest of what its kind says."""
    said = list(body(view, here, record))
    first = next((at for at, block in enumerate(said) if isinstance(block, Heading)), len(said))
    beside = el("div", _written(view, here, record, first > 0), *said[:first])
    return [el("div", beside, _card(view, here, record), class_="st-top"), *said[first:]]


def _written(view: View, here: str, record: Record, is_told: bool) -> Markup | None:
    """What people wrote of a record; `is_told` is whether something else stands there."""
    resolve = view.resolver(here, record.path)
    written = [text for text in (str(record.data.get("description") or ""), record.body) if text.strip()]
    said: list[Markup | None] = [prose(text, resolve, below=1) for text in written]
    said = said or [_silent(view, here, record, is_told)]
    whole = None
    if record.title != record.name:
        whole = el("p", muted("Its whole name stands ", anchor("among its facts", rest.link(here, rest.FACTS)), "."))
    found = [block for block in (*said, _links(record), whole) if block]
    return el("div", *found, class_="st-prose") if found else None


def _silent(view: View, here: str, record: Record, is_told: bool) -> Markup | None:
    """What stands where a description is missing."""
    if record.kind in ("asset", "system") and not record.origin and view.is_full:
        return note("info", "Nobody described this yet: add ", code("description"), " to ", view.file(record.path), ".")
    edge = view.edges.get(record.address)
    if edge is None:
        return None if is_told else el("p", muted("No description."))
    words = MEANINGS[edge.type].words if edge.type in MEANINGS else edge.type
    return el("p", view.link(here, edge.source), f" {words} ", view.link(here, edge.target), ".")


def _links(record: Record) -> Markup | None:
    links = [link for link in record.data.get("links") or () if isinstance(link, str | dict)]
    found = []
    for link in links:
        url = str(link.get("url", "")) if isinstance(link, dict) else link
        title = str(link.get("title") or link.get("name") or url) if isinstance(link, dict) else link
        found.append(el("li", anchor(title, url, rel="noopener noreferrer") if safe_url(url) else title))
    return el("ul", *found, class_="st-links") if found else None


def _card(view: View, here: str, record: Record) -> Markup:
    entry, sheets = view.entry(record.address), view.sheets(record)
    base = sheets[0] if sheets else None
    engine = " ".join(str(base[name]) for name in ("engine", "version") if name in base) if base else ""
    seen = sorted(
        {
            (seen.source, seen.day.isoformat() if seen.day else "no date")
            for sheet in sheets
            for name, seen in sheet.seen.items()
            if "].drill." not in name
        }
    )
    rows: list[tuple[object, object]] = [
        ("Owner", view.link(here, f"team/{entry.owner}") if entry.owner else _missing(view, record)),
        ("System", view.link(here, f"system/{entry.system}") if entry.system else None),
        ("Also called", known_as.names(record)),
        ("At", known_as.hosts(view, record)),
        ("Engine", engine),
        ("Reviewed", record.data.get("reviewed") or _never(view, record)),
        ("Observed", _observed(record, seen) if seen or view.is_full else None),
        ("Included from", code(record.origin) if record.origin else None),
        ("Changed", _changed(view, record)),
        ("Address", code(record.address)),
        ("File", view.file(record.path) if view.audience != PUBLIC else None),
    ]
    return el("div", pairs(rows, _ASIDE), _actions(view, record), class_="st-side")


def _never(view: View, record: Record) -> Markup | None:
    return muted("never") if record.kind == "asset" and view.shows("asset", "reviewed") else None


def _missing(view: View, record: Record) -> Markup | None:
    """That nobody owns it, and who may know more."""
    hands = chronicle.hands(view, record.address)
    found = (badge("nobody", "is-fail"), hands) if hands else (badge("nobody", "is-fail"),)
    return join(found, " ") if record.kind in ("asset", "system") else None


def _observed(record: Record, seen: list[tuple[str, str]]) -> Markup | None:
    if record.origin:
        return None
    if seen:
        more = [f"and {len(seen) - _SEEN:,} more"] if len(seen) > _SEEN else []
        return join((*(f"{source}, {day}" for source, day in seen[:_SEEN]), *more), "; ")
    return badge("never seen", "is-unknown", "no machine has looked") if record.kind == "asset" else None


def _changed(view: View, record: Record) -> Markup | None:
    if record.origin:
        return None
    change = view.audit.history.get(record.path)
    if not change:
        return muted("not in Git yet") if view.is_full else None
    on = datetime.fromtimestamp(change.time, UTC).date().isoformat()
    commit = code(change.commit[:8]) if change.commit else None
    who = join((el("span", change.author), " ")) if change.author else None
    return join((who, "on ", day(on), " ", commit, el("br"), muted(summary(change.subject, 90))))


def _actions(view: View, record: Record) -> Markup | None:
    names = (("Edit", forge.EDIT), ("History", forge.CHANGES), ("Raw", forge.RAW))
    found = [anchor(label, url) for label, what in names if (url := view.repository_url(what, record.path))]
    return el("div", *found, class_="st-actions") if found else None


def _findings(view: View, here: str, record: Record) -> list[Markup | Heading]:
    if record.origin:
        said = ("It is only read here: ", code(record.origin), " judges it, observes it and knows its exceptions.")
        return [Aside("Findings"), el("p", *said, class_="st-muted")]
    if record.kind in _QUIET and record.address not in view.outcomes:
        return []
    found = view.outcomes.get(record.address, [])
    failing = [outcome for outcome in found if outcome.state != "unknown"]
    unknown = [outcome for outcome in found if outcome.state == "unknown"]
    blocks: list[Markup | Heading] = [Heading("Findings") if failing else Aside("Findings")]
    counts = by_state(found)
    words = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    blocks.append(el("p", words if found else _quiet(here), class_="st-muted", data_search_exclude="yes"))
    if failing:
        blocks.append(boxes(view, here, failing))
    if unknown:
        title = el("summary", counted(len(unknown), "question"), " without an answer")
        inner = unanswered(view, here, unknown)
        blocks.append(el("details", title, inner, class_="st-details", data_search_exclude="yes"))
    return blocks


def _quiet(here: str) -> Markup:
    """Nothing was found; that is not the same as everything was asked."""
    return join(
        ("No failure, and no question without an answer. ", anchor("What is asked", href(here, "rule/index.md")), ".")
    )


def _live(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """What pages of their own tell of every asset, in short."""
    parts = (
        ("Backup and drills", backup_plans.short),
        ("Access as observed", access.short),
        ("Configuration", differences.short),
    )
    for title, short in parts if record.kind == "asset" and not record.origin else ():
        part = short(view, here, record.address)
        if part or view.group(record.address) == "stores":
            yield Heading(title) if part and title != "Backup and drills" else Aside(title)
            yield part or _unlooked(record, title)


def _unlooked(record: Record, title: str) -> Markup:
    """What to do where a store has nothing in a block."""
    how = "stocktake baseline accept" if title == "Configuration" else "stocktake observe"
    words = "Nobody has looked at it, and no baseline is there" if title == "Configuration" else "Nobody has looked"
    return el("p", f"{words}: ", code(f"{how} {record.id}"), ".", class_="st-empty")


def _facts(view: View, here: str, record: Record, known: list[Table]) -> relations.Blocks:
    blocks: list[Markup | Heading] = []
    for environment, shown, left_out in known:
        blocks.append(Heading("Facts") if environment is None else el("h3", "In ", environment))
        blocks += [shown, *([rest.more(here, left_out, rest.FACTS)] if left_out else [])]
    if (
        blocks
        and record.kind == "asset"
        and not record.origin
        and view.is_full
        and not any(sheet.seen for sheet in view.sheets(record))
    ):
        said = "No machine has looked: every value is what people declared."
        blocks.insert(1, el("p", said, class_="st-muted", data_search_exclude="yes"))
    return blocks
