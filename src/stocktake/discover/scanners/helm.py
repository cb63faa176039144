"""Charts of Helm: what they are called and depend on, their values, and their templates, filled in later."""

from __future__ import annotations

import re
from posixpath import basename
from typing import Any

from stocktake.discover.claims import Chart, Claims, Dependency, Template, Values
from stocktake.discover.page import Page
from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.yaml import NOTHING, Node, documents
from stocktake.model.observation import Unreadable

_CHARTS = ("Chart.yaml", "Chart.yml", "requirements.yaml")
_VALUES = re.compile(r"^values([._-][\w.-]*)?\.ya?ml$|^[\w.-]+[._-]values\.ya?ml$", re.IGNORECASE)
_ENDINGS = (".yaml", ".yml", ".tpl")


def wants(path: str) -> bool:
    """`Chart.yaml`, files of values, and everything in a folder `templates` that is YAML or named templates."""
    name = basename(path)
    return name in _CHARTS or bool(_VALUES.match(name)) or _is_template(path)


def _is_template(path: str) -> bool:
    return "templates" in path.split("/")[:-1] and path.endswith(_ENDINGS)


def scan(path: str, text: str) -> Claims:
    """The chart, the values or the template, without secrets."""
    page = Page(path, text)
    if _is_template(path):
        return Claims(templates=(Template(path, page.shown()),))
    try:
        root = next(iter(documents(text)), NOTHING)
    except NotUnderstoodError as error:
        if basename(path) not in _CHARTS:  # which is read as configuration too, and told there
            return Claims()
        return Claims(problems=(Unreadable(path, error.line, error.message),))
    if basename(path) not in _CHARTS:
        return Claims(values=(Values(path, _plain(page, root, "")),))
    listed = tuple(
        Dependency(
            each.get("name").text(),
            each.get("alias").text(),
            each.get("condition").text(),
            each.get("repository").text(),
            page.evidence(each.get("name").line or each.line),
        )
        for each in root.get("dependencies").each()
        if each.get("name").text()
    )
    name = root.get("name").text()
    return Claims(charts=(Chart(path, name, root.get("type").text() == "library", listed),))


def _plain(page: Page, node: Node, key: str) -> Any:
    """A value as Python has it, a secret left out."""
    if isinstance(node.value, dict):
        if node.value.keys() >= {"name", "value"} and node.get("name").text():
            pair = page.setting(node.get("name").text(), node.get("value").text(), node.get("value").line)
            return {**{name: _plain(page, part, name) for name, part in node.items()}, "value": pair.value}
        return {name: _plain(page, part, name) for name, part in node.items()}
    if isinstance(node.value, list):
        return [_plain(page, part, key) for part in node.value]
    return page.setting(key, node.text(), node.line).value
