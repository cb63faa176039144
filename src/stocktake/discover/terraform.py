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
MOST_INSTANCES = 50
_KEY = re.compile(r"[\w-]{1,80}")
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
        self.children: dict[tuple[str, str], _Scope | None] = {}
        self.called = ""
        self.known: dict[str, Any] = {}
        self.each: Any = None

    def resources(self) -> list[Resource]:
        """The resources of this module and of all that it calls."""
        found: list[Resource] = []
        for block in self.blocks:
            if block.type in ("data", "resource") and len(block.labels) == 2 and not self._is_off(block):
                found += [self._made(block, key, each) for key, each in self._instances(block)]
        for name, block in self.calls.items():
            for key, each in self._instances(block) if not self._is_off(block) else ():
                child = self.child(name, key, each)
                if child:
                    found += child.resources()
                elif type_ := registry_modules.resource(_literal(block, "source")):
                    found.append(self._known_module(name, type_, block, key, each))
        return found

    def _known_module(self, name: str, type_: str, block: Block, key: str, each: Any) -> Resource:
        self.each = each
        base = f"{self.prefix}module.{name}"
        properties = self._properties(block)
        self.each = None
        names = (key, name) if key else (name,)
        return Resource(
            self.stack, f"{base}.{key}" if key else base, type_, properties, block.evidence, names, True, base
        )

    def child(self, name: str, key: str, each: Any) -> _Scope | None:
        """The module that a call opens, if it lies in the tree; once for each key of `for_each`."""
        if (name, key) not in self.children:
            call = self.calls[name]
            folder = self.modules.source(self.folder, call)
            self.children[name, key] = None
            self.modules.opened += 1
            if folder not in (None, self.folder, *self.above) and self.modules.opened < MOST_MODULES:
                prefix = f"{self.prefix}module.{name}.{key}." if key else f"{self.prefix}module.{name}."
                child = _Scope(self.modules, str(folder), prefix, {}, self.stack)
                self.children[name, key] = child  # before its arguments: two modules may take from each other
                child.above = (*self.above, self.folder)
                child.called = key or name
                child.given = _Lazy(self, dict(call.attributes), each)
        return self.children[name, key]

    def _is_off(self, block: Block) -> bool:
        count = dict(block.attributes).get("count")
        return count is not None and self.value(count, 0) == "0"

    def _instances(self, block: Block) -> list[tuple[str, Any]]:
        """What `for_each` makes: one for each key that is written, else one that stands for all."""
        each = dict(block.attributes).get("for_each")
        value = self.value(each, 0) if each else None
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = {part: part for part in value}
        if not isinstance(value, dict) or not value:
            return [("", None)]
        if 1 < len(value) <= MOST_INSTANCES and all(_KEY.fullmatch(key) for key in value):
            return [(key, (key, part)) for key, part in value.items()]
        return [("", next(iter(value.items())))]

    def _made(self, block: Block, key: str, each: Any) -> Resource:
        type_, label = block.labels
        is_data = block.type == "data"
        self.each = each
        base = f"{self.prefix}{'data.' if is_data else ''}{type_}.{label}"
        names = tuple(dict.fromkeys(filter(None, (key, label, self.called))))
        properties = self._properties(block)
        self.each = None
        address = f"{base}.{key}" if key else base
        return Resource(self.stack, address, type_, properties, block.evidence, names, not is_data, base)

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
        head, *rest = self._keyed(expression, depth).split(".")
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
            return Told("${" + self.prefix + ".".join((head, *rest)) + "}", expression.evidence)
        if head in ("true", "false"):
            return Told(head, expression.evidence)
        return ""

    def _keyed(self, expression: Expression, depth: int) -> str:
        """A path with the keys in it that are known, such as that of the instance in `[each.key]`."""
        text = expression.text
        for number, part in enumerate(expression.parts):
            key = self.value(part, depth + 1)
            is_key = isinstance(key, str) and _KEY.fullmatch(key)
            text = text.replace(f".@{number}", f".{key}" if is_key else "", 1)
        return text

    def _variable(self, name: str, expression: Expression, depth: int) -> Any:
        given = self.given.get(name)
        if given is not None:
            return given
        default = self.defaults.get(name)
        value = self.value(default, depth + 1) if default else ""
        return value if value or default else Told("${var." + name + "}", expression.evidence)

    def _output(self, name: str, rest: list[str], expression: Expression, depth: int) -> Any:
        instances = dict(self._instances(self.calls[name]))
        key = next((word for word in rest[:1] if word in instances), next(iter(instances)))
        child = self.child(name, key, instances[key])
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
