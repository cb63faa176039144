"""Modules of Terraform called from their roots: variables, locals and outputs are put in, resources come out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from posixpath import basename
from typing import Any

from stocktake.discover import places, registry_modules
from stocktake.discover.claims import Block, Blocks, Expression
from stocktake.discover.clusters import rank
from stocktake.discover.resources import Resource, Told
from stocktake.discover.terraform_functions import call, member

DEEPEST = 60
MOST_STEPS = 400_000
MOST_MODULES = 2_000
_ENVIRONMENT = re.compile(
    r"(^|[-_.])(dev|development|stage|staging|stg|prod|production|prd|live|qa|uat|test|sandbox|sbx|preprod|demo|nonprod|non-prod)"
    r"([-_.]|$)",
    re.IGNORECASE,
)


class Modules:
    """The folders of a tree that hold Terraform."""

    def __init__(self, files: Iterable[Blocks]) -> None:
        self.folders: dict[str, list[Block]] = {}
        self.variables: dict[str, list[tuple[str, Block]]] = {}
        for file in files:
            folder = places.folder(file.path)
            if file.path.endswith(".tfvars"):
                self.variables.setdefault(folder, []).extend((file.path, block) for block in file.blocks)
            else:
                self.folders.setdefault(folder, []).extend(file.blocks)
        self.called = {
            target
            for folder, blocks in self.folders.items()
            for block in blocks
            if block.type == "module" and (target := self.source(folder, block)) not in (None, folder)
        }
        self.steps = 0
        self.opened = 0

    def source(self, folder: str, block: Block) -> str | None:
        """The folder of a module that lies in the tree."""
        text = _literal(block, "source")
        target = places.resolve(folder, text.partition("?")[0]) if text.startswith(("./", "../")) else None
        return target if target in self.folders else None

    def resources(self) -> list[Resource]:
        """What all roots declare: production first, and once where several environments call the same."""
        found: dict[tuple[str, str], Resource] = {}
        for root in sorted(self.folders.keys() - self.called, key=lambda folder: (rank(folder), folder)):
            stack = "/".join("*" if _ENVIRONMENT.search(part) else part for part in root.split("/"))
            scope = _Scope(self, root, "", {}, stack)
            scope.given = self._given(root)
            for resource in scope.resources():
                found.setdefault((resource.stack, resource.address), resource)
        return list(found.values())

    def _given(self, root: str) -> dict[str, Any]:
        """The variables that a root gets from files, those of production where each environment has one."""
        files = [
            (path, block)
            for folder, listed in self.variables.items()
            for path, block in listed
            if folder == root or (places.is_below(folder, root) and folder not in self.folders)
        ]
        scope = _Scope(self, root, "", {}, "")
        given: dict[str, Any] = {}
        for _path, block in sorted(files, key=lambda file: (not _is_automatic(file[0]), rank(file[0]), file[0])):
            for name, expression in block.attributes:
                given.setdefault(name, scope.value(expression, 0))
        return given


def _is_automatic(path: str) -> bool:
    return basename(path) == "terraform.tfvars" or path.endswith(".auto.tfvars")


def _literal(block: Block, name: str) -> str:
    found = dict(block.attributes).get(name)
    return found.text if found and found.kind == "text" else ""


class _Scope:
    """One call of one module."""

    def __init__(self, modules: Modules, folder: str, prefix: str, given: dict[str, Any], stack: str) -> None:
        self.modules, self.folder, self.prefix, self.given, self.stack = modules, folder, prefix, given, stack
        self.above: tuple[str, ...] = ()
        blocks = modules.folders.get(folder, [])
        self.blocks = blocks
        self.defaults = {
            block.labels[0]: dict(block.attributes).get("default")
            for block in blocks
            if block.type == "variable" and block.labels
        }
        self.locals = {name: value for block in blocks if block.type == "locals" for name, value in block.attributes}
        self.outputs = {
            block.labels[0]: dict(block.attributes).get("value")
            for block in blocks
            if block.type == "output" and block.labels
        }
        self.calls = {block.labels[0]: block for block in blocks if block.type == "module" and block.labels}
        self.declared = {
            ".".join(block.labels) if block.type == "resource" else f"data.{'.'.join(block.labels)}"
            for block in blocks
            if block.type in ("data", "resource") and len(block.labels) == 2
        }
        self.children: dict[str, _Scope | None] = {}
        self.known: dict[str, Any] = {}
        self.each: Any = None

    def resources(self) -> list[Resource]:
        """The resources of this module and of all that it calls."""
        found: list[Resource] = []
        for block in self.blocks:
            if block.type in ("data", "resource") and len(block.labels) == 2:
                made = self._made(block)
                found += [made] if made else []
        for name, block in self.calls.items():
            if self._is_off(block):
                continue
            child = self.child(name)
            if child:
                found += child.resources()
            elif type_ := registry_modules.resource(_literal(block, "source")):
                self.each = self._first(block)
                address = f"{self.prefix}module.{name}"
                found.append(Resource(self.stack, address, type_, self._properties(block), block.evidence, (name,)))
                self.each = None
        return found

    def child(self, name: str) -> _Scope | None:
        """The module that a call opens, if it lies in the tree."""
        if name not in self.children:
            call = self.calls[name]
            folder = self.modules.source(self.folder, call)
            self.children[name] = None
            self.modules.opened += 1
            if folder not in (None, self.folder, *self.above) and self.modules.opened < MOST_MODULES:
                self.each = self._first(call)
                child = _Scope(self.modules, str(folder), f"{self.prefix}module.{name}.", {}, self.stack)
                self.children[name] = child  # before its arguments: two modules may take from each other
                child.above = (*self.above, self.folder)
                child.given = _Lazy(self, dict(call.attributes), self.each)
                self.each = None
        return self.children[name]

    def _is_off(self, block: Block) -> bool:
        count = dict(block.attributes).get("count")
        return count is not None and self.value(count, 0) == "0"

    def _first(self, block: Block) -> Any:
        each = dict(block.attributes).get("for_each")
        value = self.value(each, 0) if each else None
        if isinstance(value, dict) and value:
            return next(iter(value.items()))
        return (value[0], value[0]) if isinstance(value, list) and value else None

    def _made(self, block: Block) -> Resource | None:
        type_, label = block.labels
        is_data = block.type == "data"
        if self._is_off(block):
            return None
        self.each = self._first(block)
        address = f"{self.prefix}{'data.' if is_data else ''}{type_}.{label}"
        above = self.prefix.rstrip(".").rpartition("module.")[2]
        names = (label, above) if above else (label,)
        properties = self._properties(block)
        self.each = None
        return Resource(self.stack, address, type_, properties, block.evidence, names, not is_data)

    def _properties(self, block: Block) -> dict[str, Any]:
        properties = {name: self.value(value, 0) for name, value in block.attributes if name != "depends_on"}
        for inner in block.blocks:
            name, body = inner.type, inner
            if inner.type == "dynamic" and inner.labels:
                name = inner.labels[0]
                body = next((part for part in inner.blocks if part.type == "content"), inner)
            properties.setdefault(name, [])
            if isinstance(properties[name], list):
                properties[name].append(self._properties(body))
        return properties

    def value(self, expression: Expression, depth: int) -> Any:
        """An expression as data; what cannot be known is a text with `${...}`, or empty."""
        self.modules.steps += 1
        if depth > DEEPEST or self.modules.steps > MOST_STEPS:
            return ""
        parts, kind = expression.parts, expression.kind
        if kind == "text":
            return Told(expression.text, expression.evidence)
        if kind == "path":
            return self._path(expression, depth)
        if kind == "map":
            return {
                str(self.value(key, depth + 1)): self.value(value, depth + 1)
                for key, value in zip(parts[::2], parts[1::2], strict=False)
            }
        if kind == "if":
            condition = self.value(parts[0], depth + 1) if parts else ""
            chosen = parts[1:2] if condition == "true" else parts[2:3] if condition == "false" else parts[1:]
            return next((value for part in chosen if (value := self.value(part, depth + 1))), "")
        values = [self.value(part, depth + 1) for part in parts]
        if kind == "join":
            return Told("".join(value for value in values if isinstance(value, str)), expression.evidence)
        if kind == "get":
            return member(values[0], expression.text.split(".")) if values else ""
        return call(expression, values) if kind == "call" else values

    def _path(self, expression: Expression, depth: int) -> Any:
        head, *rest = expression.text.split(".")
        if head == "var" and rest:
            return member(self._variable(rest[0], expression, depth), rest[1:])
        if head == "local" and rest:
            if rest[0] not in self.known:
                self.known[rest[0]] = ""  # against circles
                value = self.locals.get(rest[0])
                self.known[rest[0]] = self.value(value, depth + 1) if value else ""
            return member(self.known[rest[0]], rest[1:])
        if head == "module" and rest and rest[0] in self.calls:
            return self._output(rest[0], rest[1:], expression, depth)
        if head == "each" and self.each is not None:
            return member(self.each[rest[0] == "value" if rest else 0], rest[1:])
        if head in ("path", "terraform", "each", "count", "self"):
            return Told("." if head == "path" else "", expression.evidence)
        name = ".".join((head, *rest[: 2 if head == "data" else 1]))
        if name in self.declared:
            return Told("${" + self.prefix + expression.text + "}", expression.evidence)
        if head in ("true", "false"):
            return Told(head, expression.evidence)
        return ""

    def _variable(self, name: str, expression: Expression, depth: int) -> Any:
        given = self.given.get(name)
        if given is not None:
            return given
        default = self.defaults.get(name)
        value = self.value(default, depth + 1) if default else ""
        return value if value or default else Told("${var." + name + "}", expression.evidence)

    def _output(self, name: str, rest: list[str], expression: Expression, depth: int) -> Any:
        child = self.child(name)
        if child is None:
            return Told("${" + self.prefix + "module." + ".".join((name, *rest)) + "}", expression.evidence)
        for number, word in enumerate(rest):  # keys of `for_each` may stand in front
            output = child.outputs.get(word)
            if output is not None:
                return member(child.value(output, depth + 1), rest[number + 1 :])
        return ""


class _Lazy(dict[str, Any]):
    """The arguments of a call, valued when they are asked for: modules may take from each other."""

    def __init__(self, scope: _Scope, arguments: Mapping[str, Expression], each: Any) -> None:
        super().__init__()
        self.scope, self.arguments, self.each = scope, arguments, each

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an argument."""
        if name not in self and name in self.arguments:
            self[name] = ""  # against circles
            kept, self.scope.each = self.scope.each, self.each
            self[name] = self.scope.value(self.arguments[name], 0)
            self.scope.each = kept
        return super().get(name, default)
