"""Contracts of data: the Open Data Contract Standard, and the data contract specification that came before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stocktake.discover import addresses, engines
from stocktake.discover.claims import Claims, Contract
from stocktake.discover.page import Page
from stocktake.discover.yaml import NOTHING, Node, documents

_OLD = re.compile(r"^dataContractSpecification\s{0,4}:", re.MULTILINE)
_NEW = re.compile(r"^kind\s{0,4}:\s{0,4}[\"']?DataContract\b", re.MULTILINE)
_DATABASES = ("database", "project", "catalog", "dataset", "schema", "topic", "container")
_BUCKET = re.compile(r"(?:s3a?|gs)://([a-z0-9][a-z0-9._-]{1,62})(?=[/*]|$)")
_NO_PRODUCTION = re.compile(r"(^|[-_])(dev\w*|local|test\w*|ci|sandbox)([-_]|$)", re.IGNORECASE)
_NAME = re.compile(r"[\w.-]{1,100}")


def wants(path: str) -> bool:
    """YAML of any name."""
    return path.lower().endswith((".yaml", ".yml"))


def scan(path: str, text: str) -> Claims:
    """The stores in which the data lies, but for those of development and tests."""
    if not (_OLD.search(text) or (_NEW.search(text) and "servers" in text)):
        return Claims()
    page = Page(path, text)
    root = next(iter(documents(text)), NOTHING)
    return Claims(contracts=tuple(found for server in _servers(root) if (found := _contract(page, server))))


def _servers(root: Node) -> Iterator[Node]:
    servers = root.get("servers")
    named = [(node.get("server").text(), node) for node in servers.each()] + servers.items()
    for name, node in named:
        if not _NO_PRODUCTION.search(f"{name} {node.get('environment').text()}".replace(" ", "_")):
            yield node


def _contract(page: Page, node: Node) -> Contract | None:
    type_ = node.get("type")
    engine = engines.of_word(type_.text())
    bucket = _BUCKET.match(node.get("location").text())
    if not engine or (engine in ("s3", "gcs") and not bucket):
        return None
    host, port = addresses.place(node.get("host").text().split(",")[0])
    if engine == "snowflake" and _NAME.fullmatch(node.get("account").text()):
        host = f"{node.get('account').text().lower()}.snowflakecomputing.com"
    written = node.get("port").text()
    names = [node.get(key).text() for key in _DATABASES if _NAME.fullmatch(node.get(key).text())]
    database = bucket[1] if bucket else next(iter(names), "")
    if engine in ("kafka", "pulsar"):
        database = ""
    port = port or (int(written) if re.fullmatch(r"\d{1,5}", written) else None)
    return Contract(page.path, engine, host, database, page.evidence(type_.line), port)
