"""Structurizr DSL of the whole estate: one workspace holds the model and every view of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stocktake.model.graph import Entry
from stocktake.render.diagram.deployment import deployment, environments
from stocktake.render.diagram.outline import ALONE, Outline
from stocktake.render.diagram.picture import Picture
from stocktake.render.escape.structurizr import quoted
from stocktake.render.view import View

_TAGS = {"stores": "Store", "components": "Component", "externals": "External"}


def workspace(view: View, title: str) -> str:
    """Systems with their assets as containers, external systems, dependencies, and where all of it runs."""
    outline = Outline(view)
    names = _names(outline)
    places = {environment: deployment(outline, environment) for environment in environments(outline)}
    parts = [f"workspace {quoted(title)} {{\n  !identifiers flat\n  model {{\n", *_model(outline, names)]
    for number, (environment, picture) in enumerate(places.items(), 1):
        parts += _deployment(environment, picture, names, number)
    parts += ["  }\n  views {\n    systemLandscape landscape {\n      include *\n      autolayout lr\n    }\n"]
    for address in [f"system/{system}" for system in outline.systems]:
        for view_type in ("systemContext", "container"):
            key = f"{view_type}-{names[address]}"
            parts.append(f"    {view_type} {names[address]} {key} {{\n      include *\n      autolayout lr\n    }}\n")
    for number, environment in enumerate(places, 1):
        parts.append(f"    deployment * {quoted(environment)} deployment-{number} {{\n      include *\n")
        parts.append("      autolayout lr\n    }\n")
    styles = '      element "Store" {\n        shape Cylinder\n      }\n      element "External" {\n'
    styles += "        background #8a8a8a\n      }\n"
    return f"{''.join(parts)}    styles {{\n{styles}    }}\n  }}\n}}\n"


def _names(outline: Outline) -> dict[str, str]:
    """An identifier for each element; the names that people chose stand in strings only."""
    found = [entry.address for entry in outline.entries]
    homes = {f"system/{system}" for system in outline.by_system}
    return {address: f"e{number}" for number, address in enumerate([*sorted(homes), *found], 1)}


def _model(outline: Outline, names: Mapping[str, str]) -> Iterator[str]:
    view = outline.view
    inside: dict[str, list[Entry]] = {}
    for entry in outline.entries:
        if outline.groups[entry.address] == "externals":
            yield f"    {names[entry.address]} = softwareSystem {_said(view, entry)}\n"
        else:
            inside.setdefault(f"system/{entry.system}", []).append(entry)
    for address in sorted(inside):
        name = "In no system" if address == ALONE else _distinct(view.name(address), address)
        yield f"    {names[address]} = softwareSystem {quoted(name)} {{\n"
        for entry in inside[address]:
            yield f"      {names[entry.address]} = container {_said(view, entry)}\n"
        yield "    }\n"
    seen: set[tuple[str, str, str]] = set()
    for edge in view.audit.graph.edges:
        key = edge.source, edge.target, edge.type
        if edge.source in names and edge.target in names and edge.source != edge.target and key not in seen:
            seen.add(key)
            yield f"    {names[edge.source]} -> {names[edge.target]} {quoted(edge.type)}\n"


def _said(view: View, entry: Entry) -> str:
    group = view.group(entry.address)
    name = quoted(_distinct(entry.name or entry.address, entry.address))
    if group == "externals":
        return f'{name} {quoted(entry.type)} "{_TAGS[group]}"'
    return f'{name} "" {quoted(entry.type)} "{_TAGS.get(group, "Component")}"'


def _distinct(name: str, address: str) -> str:
    """Two elements with one name are refused, so the address stands behind it."""
    return f"{name} ({address})"


def _deployment(environment: str, picture: Picture, names: Mapping[str, str], number: int) -> Iterator[str]:
    yield f"    deploymentEnvironment {quoted(environment)} {{\n"
    yield from _places(picture, names, "", f"d{number}", "      ")
    yield "    }\n"


def _places(picture: Picture, names: Mapping[str, str], frame: str, prefix: str, indent: str) -> Iterator[str]:
    for inner in picture.frames:
        if inner.inside == frame:
            yield f"{indent}deploymentNode {quoted(inner.title)} {{\n"
            yield from _places(picture, names, inner.identity, prefix, indent + "  ")
            yield f"{indent}}}\n"
    here = [box for box in picture.boxes if box.frame == frame and box.address in names]
    if here and not frame:
        yield f'{indent}deploymentNode "Place not said" {{\n'
    for box in here:
        what = "softwareSystemInstance" if box.tone == "externals" else "containerInstance"
        yield f"{indent}  {what} {names[box.address]}\n"
    if here and not frame:
        yield f"{indent}}}\n"
