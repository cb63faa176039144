"""Exports of traces: OTLP as JSON, one request a line or a file, and what Jaeger gives to download."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from stocktake.discover import engines
from stocktake.discover.claims import Call, Claims
from stocktake.discover.page import Page
from stocktake.model.observation import Unreadable
from stocktake.values import dsn

_ENDS = (".json", ".jsonl", ".ndjson")
_TRIGGER = re.compile(r'"resourceSpans"|"processes"\s*:')
_JAEGER = re.compile(r'"spanID"')
_LONGEST = 200
# The names that OpenTelemetry gave the same thing over the years, the newest first.
_SYSTEM = ("db.system.name", "db.system", "db.type")
_DATABASE = ("db.namespace", "db.name", "db.instance")
_HOST = ("server.address", "net.peer.name", "peer.hostname", "http.host", "net.peer.ip", "peer.address")
_PORT = ("server.port", "net.peer.port", "peer.port")
_URL = ("url.full", "http.url")
_ENGINES: Mapping[str, str] = {
    "aws_sqs": "sqs",
    "mariadb": "mariadb",
    "microsoft.sql_server": "mssql",
    "mongo": "mongodb",
    "postgres": "postgresql",
    "sql": "",
}
_CLIENT, _PRODUCER, _CONSUMER = "client", "producer", "consumer"
_KINDS = {1: "internal", 2: "server", 3: _CLIENT, 4: _PRODUCER, 5: _CONSUMER}


class _Span(NamedTuple):
    """One span, of whichever form: `service` is what it happened in."""

    name: str
    parent: str
    service: str
    kind: str
    tags: Mapping[str, str]
    day: str
    line: int


def wants(path: str) -> bool:
    """JSON of any name, which is read if it looks like spans."""
    return path.endswith(_ENDS)


def looks_like(text: str) -> bool:
    """Whether a text holds spans."""
    return bool(_TRIGGER.search(text)) and ('"resourceSpans"' in text or bool(_JAEGER.search(text)))


def scan(path: str, text: str) -> Claims:
    """Who called whom, each pair once, with the last day."""
    if not looks_like(text):
        return Claims()
    page, problems, spans = Page(path, text), [], list[_Span]()
    for line, part in _documents(path, text):
        try:
            spans += _spans(json.loads(part), line)
        except RecursionError:
            problems.append(Unreadable(path, line, "nested too deep"))
        except ValueError as error:
            problems.append(Unreadable(path, line, getattr(error, "msg", "not JSON")))
    by_name = {span.name: span for span in spans if span.name}
    last: dict[Call, str] = {}
    for span in spans:
        call = _call(path, span, by_name, page)
        if call and last.get(call, "") < span.day:
            last[call] = span.day
        elif call:
            last.setdefault(call, span.day)
    return Claims(calls=tuple(call._replace(day=day) for call, day in sorted(last.items())), problems=tuple(problems))


def _documents(path: str, text: str) -> Iterator[tuple[int, str]]:
    """The whole, or the lines where each is a document of its own."""
    lines = text.split("\n")
    if not path.endswith(".json") or (len(lines) > 1 and lines[0].startswith("{") and lines[0].rstrip().endswith("}")):
        yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    else:
        yield 1, text


def _spans(data: Any, line: int) -> Iterator[_Span]:
    if isinstance(data, dict) and "resourceSpans" in data:
        for resource in _dicts(data["resourceSpans"]):
            service = _tags(resource.get("resource")).get("service.name", "")
            for scope in _dicts(resource.get("scopeSpans") or resource.get("instrumentationLibrarySpans")):
                yield from (_of_otlp(span, service, line) for span in _dicts(scope.get("spans")))
    elif isinstance(data, dict) and isinstance(data.get("data"), list):
        for trace in _dicts(data["data"]):
            yield from _of_jaeger(trace, line)
    elif isinstance(data, dict) and "spans" in data:
        yield from _of_jaeger(data, line)


def _of_otlp(span: dict[str, Any], service: str, line: int) -> _Span:
    kind = span.get("kind")
    word = str(kind).rpartition("_")[2].lower() if isinstance(kind, str) else _KINDS.get(kind or 0, "")
    trace, name, parent = (str(span.get(key, "")) for key in ("traceId", "spanId", "parentSpanId"))
    day = _day(span.get("startTimeUnixNano"), 1e9)
    return _Span(f"{trace}/{name}", f"{trace}/{parent}" if parent else "", service, word, _tags(span), day, line)


def _of_jaeger(trace: dict[str, Any], line: int) -> Iterator[_Span]:
    processes = trace["processes"] if isinstance(trace.get("processes"), dict) else {}
    for span in _dicts(trace.get("spans")):
        process = processes.get(str(span.get("processID")))
        service = str(process.get("serviceName", "")) if isinstance(process, dict) else ""
        parents = (f"{one.get('traceID')}/{one.get('spanID')}" for one in _dicts(span.get("references")))
        tags = {str(tag.get("key")): str(tag.get("value")) for tag in _dicts(span.get("tags"))}
        kind = tags.get("span.kind", "").lower()
        name = f"{span.get('traceID')}/{span.get('spanID')}"
        yield _Span(name, next(parents, ""), service, kind, tags, _day(span.get("startTime"), 1e6), line)


def _call(path: str, span: _Span, by_name: Mapping[str, _Span], page: Page) -> Call | None:
    """What a span says of who calls whom; nothing for what happens inside of one service."""
    if not span.service or len(span.service) > _LONGEST:
        return None
    before = by_name.get(span.parent)
    evidence = page.evidence(span.line)
    if span.kind in ("", "server") and before and before.service and before.service != span.service:
        return Call(path, before.service, span.service, evidence)
    engine = _engine(span.tags)
    if span.kind not in (_CLIENT, _PRODUCER, _CONSUMER) or (
        before and before.kind == span.kind == _CLIENT and not engine
    ):
        return None
    host, port = _place(span.tags)
    peer = _first(span.tags, ("peer.service",))
    if not (engine or host or peer):
        return None
    database = _first(span.tags, ("messaging.destination.name", "messaging.destination", *_DATABASE))
    way = span.kind if span.kind in (_PRODUCER, _CONSUMER) else ""
    return Call(path, span.service, peer, evidence, engine, host, port, database, way)


def _engine(tags: Mapping[str, str]) -> str:
    word = (_first(tags, _SYSTEM) or _first(tags, ("messaging.system",))).lower()
    return _ENGINES.get(word, word) if _ENGINES.get(word, word) in engines.ENGINES else engines.of_name(word)


def _place(tags: Mapping[str, str]) -> tuple[str, int | None]:
    host, port = _first(tags, _HOST), _first(tags, _PORT)
    if not host and (url := _first(tags, _URL)):
        found = next(iter(dsn.find(url)), None)
        match = re.match(r"[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([A-Za-z0-9_.-]+)(?::(\d{1,5}))?", url)
        host = (found[2].host or "") if found else match[1] if match else ""
        port = (match[2] or "") if match else port
    host, _, behind = host.partition(":") if host.count(":") == 1 else (host, "", "")
    port = port or behind
    is_name = re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}", host)
    return (host.lower() if is_name else "", int(port) if port.isdigit() and len(port) < 6 else None)


def _first(tags: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((tags[name][:_LONGEST] for name in names if tags.get(name)), "")


def _tags(holder: Any) -> dict[str, str]:
    """Attributes of OTLP: a list of keys with a value of one of several types."""
    found = {}
    for tag in _dicts(holder.get("attributes") if isinstance(holder, dict) else None):
        value = tag.get("value")
        plain = (
            next((one for one in value.values() if isinstance(one, (str, int))), "") if isinstance(value, dict) else ""
        )
        found[str(tag.get("key"))] = str(plain)
    return found


def _dicts(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _day(moment: Any, of_a_second: float) -> str:
    try:
        return datetime.fromtimestamp(float(moment) / of_a_second, UTC).date().isoformat()
    except (OSError, OverflowError, TypeError, ValueError):
        return ""
