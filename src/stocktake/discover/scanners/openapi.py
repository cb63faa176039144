"""OpenAPI and Swagger: the hosts at which a program says that its interface is reached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stocktake.discover import addresses
from stocktake.discover.claims import Claims, Contract
from stocktake.discover.page import Page
from stocktake.discover.yaml import NOTHING, Node, documents

_LOOKS_LIKE = re.compile(r"""^[\s{]{0,8}["']?(?:openapi|swagger)["']?\s{0,4}:\s{0,4}["']?[23]\.""", re.MULTILINE)
_SOMEBODY_ELSES = re.compile(
    r"(^|/)(clients?|sdks?|third[-_]?party|external|vendors?|upstream|generated)(/|$)", re.IGNORECASE
)


def wants(path: str) -> bool:
    """YAML and JSON of any name, but for the interfaces of others, from which clients are made."""
    return path.lower().endswith((".json", ".yaml", ".yml")) and not _SOMEBODY_ELSES.search(path)


def scan(path: str, text: str) -> Claims:
    """One claim for each host of its servers; addresses without a host say nothing."""
    if "paths" not in text or not _LOOKS_LIKE.search(text[:20_000]):
        return Claims()
    page = Page(path, text)
    root = next(iter(documents(text)), NOTHING)
    for server in root.get("servers").each():
        page.setting("url", server.get("url").text(), server.get("url").line, ("servers",))
    title = root.get("info").get("title").text()[:200]
    found = {host: line for host, line in _hosts(root) if "." in host}
    return Claims(
        contracts=tuple(
            Contract(path, "", host, "", page.evidence(line), title=title, is_served=True)
            for host, line in found.items()
        ),
        secrets=page.secrets,
    )


def _hosts(root: Node) -> Iterator[tuple[str, int]]:
    if root.get("host").text():
        yield addresses.place(root.get("host").text())[0], root.get("host").line
    for server in root.get("servers").each():
        values = {name: node.get("default").text() for name, node in server.get("variables").items()}
        url = server.get("url")
        if "://" in url.text():
            yield addresses.place(url.text(), values)[0], url.line
