"""App hosts of .NET Aspire: what `builder.AddRedis("cache")` and its like start, and who refers to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from stocktake.discover import places
from stocktake.discover.claims import Claims, Composition, Service, Setting
from stocktake.discover.code.languages import is_installed
from stocktake.discover.code.nodes import line, source
from stocktake.discover.page import Page

if TYPE_CHECKING:
    import tree_sitter

_HOST = "DistributedApplication.CreateBuilder"
_GRAMMAR = "tree_sitter_c_sharp"
DEPTH = 200
# The image of what a method starts, in small letters and without `Add`; of clouds, what stands for it on a desk.
_IMAGES: Mapping[str, str] = {
    "azureblobstorage": "mcr.microsoft.com/azure-storage/azurite",
    "azurecosmosdb": "mcr.microsoft.com/cosmosdb/emulator",
    "azurepostgresflexibleserver": "postgres",
    "azureredis": "redis",
    "azuresqlserver": "mcr.microsoft.com/mssql/server",
    "azurestorage": "mcr.microsoft.com/azure-storage/azurite",
    "clickhouse": "clickhouse/clickhouse-server",
    "elasticsearch": "elasticsearch",
    "garnet": "ghcr.io/microsoft/garnet",
    "kafka": "apache/kafka",
    "keycloak": "quay.io/keycloak/keycloak",
    "meilisearch": "getmeili/meilisearch",
    "milvus": "milvusdb/milvus",
    "mongodb": "mongo",
    "mysql": "mysql",
    "nats": "nats",
    "oracle": "gvenzl/oracle-free",
    "postgres": "postgres",
    "qdrant": "qdrant/qdrant",
    "rabbitmq": "rabbitmq",
    "redis": "redis",
    "seq": "datalust/seq",
    "sqlserver": "mcr.microsoft.com/mssql/server",
    "valkey": "valkey/valkey",
}
_PROGRAMS_LISTED = (
    "bunapp dockerfile executable golangapp javaapp javascriptapp nodeapp npmapp project pythonapp springapp "
    "uvicornapp uvapp viteapp"
)
_PROGRAMS = frozenset(_PROGRAMS_LISTED.split())
_REFERS = frozenset(("WaitFor", "WaitForCompletion", "WithReference"))


class _Step(NamedTuple):
    """One call of a chain: its name, the types between `<` and `>`, and what it is given."""

    name: str
    types: str
    arguments: list[tree_sitter.Node]
    line: int


def wants(path: str) -> bool:
    """Any file of C#; an app host may have any name."""
    return path.endswith(".cs")


def scan(path: str, text: str) -> Claims:
    """One service for each resource that runs."""
    if _HOST not in text or not is_installed(_GRAMMAR):
        return Claims()
    from stocktake.discover.code.trees import root_of

    page = Page(path, text)
    host = _Host(page, places.folder(path))
    for statement in _statements(root_of(_GRAMMAR, "language", text)):
        host.statement(statement)
    services = tuple(host.services[name] for name in sorted(host.services))
    if not services:
        return Claims(secrets=page.secrets)
    return Claims(compositions=(Composition(path, "", services),), secrets=page.secrets)


class _Host:
    """One app host while it is read; `variables` are the names of resources by that of what holds them."""

    def __init__(self, page: Page, folder: str) -> None:
        self.page = page
        self.folder = folder
        self.services: dict[str, Service] = {}
        self.variables: dict[str, str] = {}

    def statement(self, node: tree_sitter.Node) -> None:
        """A declaration or a call."""
        variable, value = _declared(node)
        steps = list(_chain(value)) if value else []
        if not steps:
            return
        name = self._resource(steps[0])
        if not name and steps[0].name == "" and steps[1:]:  # goes on with what a variable holds
            name = self.variables.get(steps[0].types, "")
        if not name:
            return
        if variable:
            self.variables[variable] = name
        for step in steps[1:]:
            self._more(name, step)

    def _resource(self, step: _Step) -> str:
        kind = step.name.removeprefix("Add").removesuffix("Async").lower()
        texts = [found for argument in step.arguments if (found := _text(argument))]
        if not step.name.startswith("Add") or not texts:
            return ""
        if kind == "container" and len(texts) > 1:
            image, context = texts[1], ""
        elif kind in _IMAGES:
            image, context = _IMAGES[kind], ""
        elif kind in _PROGRAMS:
            image, context = "", self._context(texts[1]) if len(texts) > 1 else ""
        else:
            return ""
        evidence = self.page.evidence(step.line)
        self.services.setdefault(texts[0], Service(texts[0], evidence, image=image, context=context))
        return texts[0]

    def _context(self, path: str) -> str:
        return places.resolve(self.folder, path.replace("\\", "/")) or ""

    def _more(self, name: str, step: _Step) -> None:
        service = self.services[name]
        if step.name in _REFERS and step.arguments:
            target = self.variables.get(source(step.arguments[0]).partition(".")[0], "")
            if target and target != name and target not in dict(service.depends):
                depends = (*service.depends, (target, self.page.evidence(step.line)))
                self.services[name] = service._replace(depends=depends)
        elif step.name == "WithEnvironment" and len(step.arguments) == 2:
            key, value = _text(step.arguments[0]), _text(step.arguments[1])
            if key and value:
                setting: Setting = self.page.setting(key, value, step.line, (name,))
                self.services[name] = service._replace(settings=(*service.settings, setting))
        elif step.name in ("WithHttpEndpoint", "WithHttpsEndpoint", "WithExternalHttpEndpoints"):
            self.services[name] = service._replace(ports=service.ports or ("80:80",))


def _statements(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in ("local_declaration_statement", "expression_statement"):
            yield node
        else:
            waiting += reversed(node.named_children)


def _declared(node: tree_sitter.Node) -> tuple[str, tree_sitter.Node | None]:
    """The variable and what it holds; no variable for a call alone."""
    if node.type == "expression_statement":
        found = node.named_children[0] if node.named_children else None
        return ("", found) if found and found.type != "assignment_expression" else ("", None)
    for child in node.named_children:
        for part in child.named_children if child.type == "variable_declaration" else ():
            if part.type == "variable_declarator" and len(part.named_children) > 1:
                return source(part.named_children[0]), part.named_children[-1]
    return "", None


def _chain(node: tree_sitter.Node) -> Iterator[_Step]:
    """The calls of a chain in their order, without the builder; a variable that it begins with is a step of no name."""
    steps: list[_Step] = []
    while node.type == "invocation_expression" and len(steps) < DEPTH:
        function = node.child_by_field_name("function")
        inner = function.child_by_field_name("expression") if function else None
        name = function.child_by_field_name("name") if function else None
        if not inner or not name:
            return
        called, _, types = source(name).partition("<")
        given = node.child_by_field_name("arguments")
        arguments = [part.named_children[-1] for part in given.named_children if part.named_children] if given else []
        steps.append(_Step(called, types.rstrip(">"), arguments, line(name)))
        node = inner
    if steps and steps[-1].name.startswith("Add") and node.type == "identifier":
        yield from reversed(steps)
    elif steps and node.type == "identifier":
        yield _Step("", source(node), [], line(node))
        yield from reversed(steps)


def _text(node: tree_sitter.Node) -> str:
    return re.sub(r'^[@$]?"|"$', "", source(node)) if "string_literal" in node.type else ""
