"""As of which commit and day a page is: of the last change that changed what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from stocktake.model.audit import Audit
from stocktake.model.estate import Change
from stocktake.model.record import Record
from stocktake.render import places
from stocktake.render.document import Page
from stocktake.render.escape.html import Markup, anchor, el, join, safe_url
from stocktake.render.parts import code
from stocktake.render.rest import home_of
from stocktake.render.view import View, page_of

_GLOSSARY, _GUIDES, _HOME = "glossary.md", "guides.md", "index.md"
_SETTINGS, _LOOKED = "stocktake.yaml", "observed/last-looked.json"


def stamped(view: View, pages: Iterable[Page]) -> Iterator[Page]:
    """The same pages with a last line that says as of when they are; the first page names the build's own."""
    dates = Dates(view)
    for path, content in pages:
        page = path.removeprefix("docs/")
        is_page = path.endswith(".md") and path != page and page != _HOME
        yield path, content + signature(dates.line(page)) if is_page else content


def signature(line: Markup) -> bytes:
    """A line as it stands at the end of the Markdown of a page."""
    return f"\n\n{line}\n".encode("utf-8", "backslashreplace")


def handwritten(audit: Audit, path: str) -> bytes:
    """The same for a page that somebody wrote, as a path below the repository."""
    return signature(_told(audit, audit.history.get(path)))


def _told(audit: Audit, change: Change | None) -> Markup:
    if not audit.commit:
        return _line("Outside of Git: nobody can say which change this page shows.")
    if change is None:
        return _line("What this page shows is not in Git yet.")
    on = datetime.fromtimestamp(change.time, UTC).date().isoformat()
    url = f"{audit.estate.settings.repository}/commit/{change.commit}"
    short = code(change.commit[:10])
    linked = anchor(short, url) if url.startswith(("https://", "http://")) and safe_url(url) else short
    cut = " or before, since this clone is shallow" if audit.is_shallow else ""
    where = (", commit ", linked) if change.commit else ()
    return _line("As of ", on, cut, *where, ": the last change that changed what this page shows.")


class Dates:
    """Which files each page shows, and when they changed last."""

    def __init__(self, view: View):
        self.view = view
        self.history = view.audit.history
        self.records = {page_of(record.address): record for record in view.estate.records}
        self.places = {places.page_of(place.id): place for place in places.places(view)}
        shown = {record.path for record in view.estate.records}
        registry = (change for path, change in self.history.items() if path in shown or not path.startswith("docs/"))
        self.whole, self.written = _newest(registry), _newest(self.history.values())
        self.kinds = {name: self.last(self._kind(name)) for name in view.estate.kinds}

    def line(self, page: str) -> Markup:
        """For a page that is made of the registry, as a path below docs."""
        if page.startswith("schema/") or page == _GLOSSARY:
            return _line("Made of the schemas of this registry and of the installed version of Stocktake.")
        return _told(self.view.audit, self.change(page))

    def change(self, page: str) -> Change | None:
        """The last change of what a page shows; None where nothing of it is in Git."""
        if record := self.records.get(home_of(page)):
            return self.last(self._record(record))
        folder, _, name = page.rpartition("/")
        if folder in self.kinds and name.startswith("index"):
            return self.kinds[folder]
        if page == _GUIDES:
            return self.written
        place = self.places.get(page)
        return self.last(self._place(place)) if place else self.whole

    def last(self, paths: Iterable[str]) -> Change | None:
        """The last change of some files."""
        return _newest(self.history[path] for path in paths if path in self.history)

    def _record(self, record: Record) -> set[str]:
        """Its own file, those of all that stands beside it, and what machines saw of it."""
        view, address = self.view, record.address
        entry = view.entry(address)
        near = {address, f"team/{entry.owner}", f"system/{entry.system}", *view.audit.index.about(address)}
        near |= {source for source, _ in view.audit.index.referrers(address)}
        for edge in view.audit.graph.touching.get(address, ()):
            near |= {edge.address, edge.source, edge.target}
        near |= {f"waiver/{one.waiver}" for one in view.outcomes.get(address, ()) if one.waiver}
        paths = {found.path for name in near if (found := view.estate.by_address.get(name))}
        sources = {seen.source for sheet in view.sheets(record) for seen in sheet.seen.values()}
        return paths | _observed(sources)

    def _kind(self, name: str) -> Iterator[str]:
        yield from (record.path for record in self.view.estate.of(name))
        if name == "asset":
            yield from _observed(self.view.observed)

    def _place(self, place: places.Place) -> Iterator[str]:
        view = self.view
        yield _SETTINGS
        yield from (view.estate.by_address[sheet.address].path for sheet in place.sheets)
        yield from (one.record.path for one in view.baselines if one.environment == place.id)
        yield from (one.path for one in view.estate.of("drill") if one.data.get("environment") == place.id)
        yield from _observed(seen.source for seen in view.estate.observations if seen.environment == place.id)


def _observed(sources: Iterable[str]) -> set[str]:
    found = {f"observed/{source}.json" for source in sources}
    return found | {_LOOKED} if found else found


def _newest(changes: Iterable[Change]) -> Change | None:
    return max(changes, key=lambda change: (change.time, change.commit), default=None)


def _line(*words: object) -> Markup:
    return el("p", join(words), class_="st-asof", data_search_exclude="yes")
