"""AsyncAPI: the brokers of a program, and whether it sends to them, takes from them, or does both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stocktake.discover import addresses, engines
from stocktake.discover.claims import Claims, Contract
from stocktake.discover.page import Page
from stocktake.discover.yaml import NOTHING, Node, documents

_LOOKS_LIKE = re.compile(r"""^[\s{]{0,8}["']?asyncapi["']?\s{0,4}:""", re.MULTILINE)
_SENDS, _TAKES = "publishes-to", "subscribes-to"
# Until version 2 an operation is told from the side of whoever talks to the program.
_WAYS = {"publish": _TAKES, "receive": _TAKES, "send": _SENDS, "subscribe": _SENDS}
_ENGINES = {"googlepubsub": "pubsub", "jms": "activemq", "stomp": "activemq"}


def wants(path: str) -> bool:
    """YAML and JSON of any name."""
    return path.lower().endswith((".json", ".yaml", ".yml"))


def scan(path: str, text: str) -> Claims:
    """One claim for each server and way; servers of the web are no brokers."""
    if "asyncapi" not in text or not _LOOKS_LIKE.search(text[:20_000]):
        return Claims()
    page = Page(path, text)
    root = next(iter(documents(text)), NOTHING)
    title = root.get("info").get("title").text()[:200]
    ways: dict[str, int] = {}
    for way, line in _operations(root):
        ways.setdefault(way, line)
    found = [
        Contract(path, engine, host, "", page.evidence(lines), port, way=way, title=title)
        for engine, host, port, line in _servers(root)
        for way, lines in [("", line), *sorted(ways.items())]
    ]
    return Claims(contracts=tuple(found))


def _servers(root: Node) -> Iterator[tuple[str, str, int | None, int]]:
    for server in [node for _, node in root.get("servers").items()]:
        protocol = server.get("protocol").text().lower()
        engine = (
            _ENGINES.get(protocol)
            or engines.of_word(re.sub(r"^secure-|-secure$|s$", "", protocol))
            or (engines.of_word(protocol))
        )
        values = {name: node.get("default").text() for name, node in server.get("variables").items()}
        place = server.get("host") if server.get("host").text() else server.get("url")
        host, port = addresses.place(place.text(), values)
        if engine:
            yield engine, host, port, place.line or server.line


def _operations(root: Node) -> Iterator[tuple[str, int]]:
    for channel in [node for _, node in root.get("channels").items()]:
        for word in ("publish", "subscribe"):
            if channel.get(word) is not NOTHING:
                yield _WAYS[word], channel.get(word).under or channel.line
    for operation in [node for _, node in root.get("operations").items()]:
        action = operation.get("action")
        if action.text() in _WAYS:
            yield _WAYS[action.text()], action.line
