"""Charts of Helm as the objects that they would make, with the values of production where there are several files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename
from typing import Any

from stocktake.discover import engines, images, operators, places
from stocktake.discover.claims import Chart, Claims, Dependency, Object, Template
from stocktake.discover.clusters import rank
from stocktake.discover.gotemplate import NotRenderedError, Part, defines, parse
from stocktake.discover.manifests import objects
from stocktake.discover.page import Page
from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.render_chart import Renderer
from stocktake.discover.yaml import documents
from stocktake.model.observation import Unreadable

NOT_RENDERED = "a template that cannot be filled in"


class _Charts:
    """The charts of a tree, by folder."""

    def __init__(self, claims: Claims) -> None:
        self.charts: dict[str, Chart] = {}
        for chart in claims.charts:
            folder = places.folder(chart.path)
            old = self.charts.get(folder, chart)
            named = old if old.name else chart
            listed = dict.fromkeys((*old.dependencies, *chart.dependencies))
            self.charts[folder] = named._replace(dependencies=tuple(listed))
        self.values: dict[str, list[tuple[str, Any]]] = {}
        for each in sorted(claims.values, key=lambda each: (rank(each.path), each.path)):
            self.values.setdefault(places.folder(each.path), []).append((basename(each.path), each.data))
        self.templates: dict[str, list[Template]] = {}
        for template in claims.templates:
            home = places.folder(template.path.rpartition("templates/")[0] + "x")
            if home in self.charts:
                self.templates.setdefault(home, []).append(template)

    def values_of(self, folder: str) -> dict[str, Any]:
        """The values of a chart: its own, those of its first environment over them, and what the chart above sets."""
        files = self.values.get(folder, [])
        plain: Any = next((data for name, data in files if name in ("values.yaml", "values.yml")), {})
        others = [data for name, data in files if name not in ("values.yaml", "values.yml")]
        merged = _merged(plain, others[0] if others else {})
        above = self._above(folder)
        if above is not None:
            theirs = self.values_of(above)
            merged = _merged(merged, {"global": theirs.get("global", {})})
            merged = _merged(merged, theirs.get(self.charts[folder].name, {}))
        return merged

    def _above(self, folder: str) -> str | None:
        before, found, _ = folder.rpartition("/charts/")
        return before if found and before in self.charts else None


def rendered(claims: Claims) -> Claims:
    """The claims with the objects of all charts; the settings of their values count only where a pod gets them."""
    if not claims.charts:
        return claims
    charts = _Charts(claims)
    known = {name: body for templates in charts.templates.values() for name, body in _named(templates)}
    made, problems = list[Object](), list[Unreadable]()
    for folder in sorted(charts.charts):
        values, chart = charts.values_of(folder), charts.charts[folder]
        release = chart.name or basename(folder)
        data = {
            "Values": values,
            "Chart": {"Name": release, "Version": "0", "AppVersion": "latest"},
            "Release": {"Name": release, "Namespace": "", "Service": "Helm", "IsInstall": "true"},
        }
        made += _dependencies(chart, values, release, charts)
        own = {**known, **dict(_named(charts.templates.get(folder, [])))}
        for template in charts.templates.get(folder, []) if not chart.is_library else []:
            try:
                made += _made(template, Renderer(own, data))
            except (NotRenderedError, NotUnderstoodError, RecursionError):
                problems.append(Unreadable(template.path, 0, NOT_RENDERED))
    homes = tuple(f"{folder}/" if folder else "" for folder in charts.charts)
    inside = tuple(f"{home}{part}" for home in homes for part in ("templates/", "values", "Chart.", "requirements."))
    return claims._replace(
        objects=(*claims.objects, *made),
        configurations=tuple(each for each in claims.configurations if not each.path.startswith(inside)),
        problems=(*claims.problems, *problems),
    )


def _named(templates: Iterable[Template]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    for template in templates:
        try:
            yield from defines(parse(template.text))
        except (NotRenderedError, RecursionError):
            continue


def _made(template: Template, renderer: Renderer) -> Iterator[Object]:
    if template.path.endswith(".tpl") or basename(template.path).startswith("_") or "/tests/" in template.path:
        return
    text, lines = renderer.file(parse(template.text))
    yield from objects(Page(template.path, text, lines), documents(text))


def _dependencies(chart: Chart, values: Mapping[str, Any], release: str, charts: _Charts) -> Iterator[Object]:
    """What other people's charts install beside one's own."""
    for each in chart.dependencies:
        name = each.alias or each.name
        settings = values.get(name)
        is_own = each.repository.startswith("file:") or any(
            folder.endswith(f"charts/{each.name}") for folder in charts.charts
        )
        if not is_own and not _is_off(each, values):
            found = _installed(chart, each, name, release, settings if isinstance(settings, dict) else {})
            if found:
                yield found


def _is_off(each: Dependency, values: Mapping[str, Any]) -> bool:
    for condition in filter(None, each.condition.split(",")):
        value: Any = values
        for word in condition.strip().split("."):
            value = value.get(word) if isinstance(value, dict) else None
        if value is not None:
            return str(value).lower() == "false"
    return False


def _installed(chart: Chart, each: Dependency, name: str, release: str, settings: Mapping[str, Any]) -> Object | None:
    engine, known = operators.of_chart(each.name), images.known(each.name)
    if not engine and not known:
        return None
    type_ = engines.ENGINES[engine].type if engine else known.type if known else ""
    image = settings.get("image")
    tag = str(image.get("tag", "")) if isinstance(image, dict) else ""
    full = str(settings.get("fullnameOverride") or f"{release}-{name}")
    ends = ("", "-master", "-primary", "-headless", "-leader", "-coordinator", "-svc", "-http", "-hl", "-cluster")
    hosts = (name, *(f"{full}{end}" for end in ends))
    made = Object(chart.path, "Chart", name, each.evidence)
    return made._replace(type=type_, engine=engine, version=images.version(tag), hosts=hosts)


def _merged(one: Any, other: Any) -> dict[str, Any]:
    """A mapping with another one over it, level by level."""
    merged = dict(one) if isinstance(one, dict) else {}
    for key, value in (other if isinstance(other, dict) else {}).items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
