"""Feeds for news readers: which records changed, and what fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

from stocktake.model.outcome import FAIL, Outcome
from stocktake.model.record import Record
from stocktake.render.document import Page
from stocktake.render.escape import svg
from stocktake.render.prose import summary
from stocktake.render.view import View, page_of
from stocktake.values.secret import redact

CHANGES, FINDINGS = "changes.xml", "findings.xml"
_MOST = 100


def pages(view: View) -> Iterator[Page]:
    """Both feeds; addresses stand in them where mkdocs.yml says where the site is."""
    changed = [
        (view.audit.history[record.path], record) for record in view.estate.records if record.path in view.audit.history
    ]
    changed.sort(key=lambda pair: (-pair[0].time, pair[1].address))
    yield _feed(view, CHANGES, "Changes", (_change(view, record) for _, record in changed[:_MOST]))
    if not view.is_full:
        yield _feed(view, FINDINGS, "Findings", ())
        return
    failing = [outcome for outcome in view.audit.outcomes if outcome.state == FAIL]
    yield _feed(view, FINDINGS, "Findings", (_finding(view, outcome) for outcome in failing[:_MOST]))


def _feed(view: View, path: str, title: str, items: Iterable[str]) -> Page:
    name = f"{title}: {view.estate.settings.name or 'Stocktake'}"
    when = view.audit.committed or view.audit.today.isoformat()
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{svg.text(name)}</title>\n<link>{svg.text(view.site_url or 'index.html')}</link>\n"
        f"<description>{svg.text(_about(view, path))}</description>\n<lastBuildDate>{_day(when)}</lastBuildDate>\n"
    )
    return f"docs/{path}", f"{head}{''.join(items)}</channel></rss>\n".encode("utf-8", "backslashreplace")


_ABOUT = {
    CHANGES: "Records of the register that changed, the last first.",
    FINDINGS: "What fails at present; what passes again is gone.",
}


def _about(view: View, path: str) -> str:
    return _ABOUT[path] if view.is_full or path == CHANGES else f"Not part of the {view.audience} edition."


def _change(view: View, record: Record) -> str:
    change = view.audit.history[record.path]
    day = format_datetime(datetime.fromtimestamp(change.time, UTC))
    told = " ".join(filter(None, (summary(change.subject, 200), f"({change.author})" if change.author else "")))
    return _item(view, f"{record.title} changed", told, page_of(record.address), f"{change.commit} {record.path}", day)


def _finding(view: View, outcome: Outcome) -> str:
    known = outcome.subject in view.estate.by_address
    name = view.name(outcome.subject) if known else outcome.subject
    page = page_of(outcome.subject) if known else "findings.md"
    rule = "/".join(outcome.asked)
    return _item(view, f"{rule} {name}: {outcome.severity}", redact(outcome.message), page, outcome.identity, "")


def _item(view: View, title: str, told: str, page: str, identity: str, day: str) -> str:
    address = view.site_url + re.sub(r"\.md$", ".html", page) if view.site_url else ""
    link = f"<link>{svg.text(address)}</link>" if address else ""
    when = f"<pubDate>{day}</pubDate>" if day else ""
    return (
        f"<item><title>{svg.text(title)}</title>{link}<description>{svg.text(told)}</description>"
        f'<guid isPermaLink="false">{svg.text(identity)}</guid>{when}</item>\n'
    )


def _day(text: str) -> str:
    try:
        return format_datetime(datetime.combine(date.fromisoformat(text), time(), UTC))
    except ValueError:
        return ""
