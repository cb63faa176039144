"""The schemas: ours, and those of a team's own kinds; each kind and its validator come from one file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.errors import InputError, Problem
from stocktake.load.files import Tree
from stocktake.model.kind import Kind, Reference, Shape

Schema = dict[str, Any]
_SUFFIX = ".schema.json"


class Schemas:
    """`documents` by file name without its ending; `kinds` by name; `groups` name sets of asset types."""

    __slots__ = ("_forms", "_kinds", "_shapes", "_validators", "documents", "groups", "own")

    def __init__(self, documents: Mapping[str, Schema], own: frozenset[str] = frozenset()):
        self.documents = documents
        self.own = own
        groups = documents.get("asset", {}).get("x-groups", {})
        self.groups: Mapping[str, frozenset[str]] = {name: frozenset(types) for name, types in groups.items()}
        self._forms: dict[str, str] = {}
        self._kinds: dict[str, Kind] = {}
        self._shapes: dict[str, Shape] = {}
        self._validators: dict[str, Any] = {}

    def folders(self) -> dict[str, str]:
        """The folder of each kind, by kind."""
        found = {
            name: document["x-registry"]["folder"]
            for name, document in self.documents.items()
            if "x-registry" in document
        }
        return dict(sorted(found.items()))

    def form(self, kind: str) -> str:
        """What its files are: `yaml` or `markdown`."""
        form = self._forms.get(kind)
        if form is None:
            form = self._forms[kind] = str(self.documents[kind]["x-registry"].get("format", "yaml"))
        return form

    def kind(self, name: str) -> Kind:
        """Everything that loading needs to know of a kind."""
        if name not in self._kinds:
            self._kinds[name] = self._read(name)
        return self._kinds[name]

    def kinds(self) -> dict[str, Kind]:
        """All kinds by name."""
        return {name: self.kind(name) for name in self.folders()}

    def _read(self, name: str) -> Kind:
        document = self.documents[name]
        registry = document.get("x-registry", {"folder": ""})  # stocktake.yaml is no kind, and names records too
        references = tuple(sorted(set(self._references(document, name, ""))))
        return Kind(
            name,
            registry["folder"],
            registry.get("format", "yaml"),
            registry.get("plural", name.capitalize() + "s"),
            tuple(registry.get("columns", ("name",))),
            self.shape(name),
            references,
            # What another field may stand for is asked for too where nobody wrote that.
            (*document.get("else", {}).get("required", ()), *document.get("required", ())),
            document.get("description", ""),
            tuple(sorted(set(self._environments(document, name, "")))),
            registry.get("numbered") is True,
            _sections(registry.get("sections")),
            registry.get("audience", {}),
            tuple(registry.get("people", ())),
        )

    def shape(self, name: str) -> Shape:
        """Which keys are fixed and which are chosen by users, for a whole document."""
        if name not in self._shapes:
            self._shapes[name] = self._shape(self.documents[name], name, {})
        return self._shapes[name]

    def _shape(self, schema: Schema, home: str, cache: dict[int, Shape]) -> Shape:
        if id(schema) in cache:
            return cache[id(schema)]
        shape = cache[id(schema)] = Shape()
        for part, where in self.parts(schema, home):
            shape.parts.append(part)
            if isinstance(items := part.get("items"), dict):
                shape.step = self._shape(items, where, cache)
            if properties := part.get("properties"):
                shape.fields = shape.fields or {}
                for key, value in properties.items():
                    shape.fields[key] = self._shape(value, where, cache)
            if isinstance(item := part.get("additionalProperties"), dict):
                shape.item, shape.keyed = self._shape(item, where, cache), True
        return shape

    def parts(self, schema: Any, home: str, depth: int = 0) -> Iterator[tuple[Schema, str]]:
        """A schema and all that it includes by `$ref` and `allOf`, each with the document it stands in."""
        if not isinstance(schema, dict) or depth > 20:
            return
        yield schema, home
        if reference := schema.get("$ref"):
            document, target = self.resolve(reference, home)
            yield from self.parts(target, document, depth + 1)
        for part in schema.get("allOf", ()):
            yield from self.parts(part, home, depth + 1)

    def resolve(self, reference: str, home: str) -> tuple[str, Schema]:
        """What a `$ref` names: the document and the schema in it.

        Raises InputError where it names something outside the schema folders; nothing is ever fetched.
        """
        uri, _, pointer = reference.partition("#")
        document = uri.rsplit("/", 1)[-1].removesuffix(_SUFFIX) if uri else home
        if document not in self.documents:
            raise InputError(
                [Problem(f"schemas/{home}{_SUFFIX}", 0, 0, "$ref", f"{reference} is not one of the schemas here")]
            )
        target: Any = self.documents[document]
        for part in filter(None, pointer.split("/")):
            key = part.replace("~1", "/").replace("~0", "~").replace("%24", "$")
            target = target[int(key)] if isinstance(target, list) else target.get(key, {})
        return document, target

    def _references(self, schema: Schema, home: str, prefix: str, depth: int = 0) -> Iterator[Reference]:
        if depth > 12:
            return
        for part, where in self.parts(schema, home):
            if (kinds := part.get("x-ref")) is not None:
                yield self._reference(prefix, kinds, schema, part)
            for key, value in part.get("properties", {}).items():
                yield from self._references(value, where, f"{prefix}.{key}" if prefix else key, depth + 1)
            if isinstance(value := part.get("additionalProperties"), dict):
                yield from self._references(value, where, f"{prefix}[]", depth + 1)
            if isinstance(items := part.get("items"), dict):
                for inner in self._references(items, where, "", depth + 1):
                    yield inner._replace(pattern=prefix, within=inner.pattern)

    def _environments(self, schema: Schema, home: str, prefix: str, depth: int = 0) -> Iterator[tuple[str, bool]]:
        """Where environments are named: (pattern, whether it is a key there)."""
        for part, where in self.parts(schema, home) if depth < 6 else ():
            if part.get("x-environment"):
                yield prefix, False
            for key, value in part.get("properties", {}).items():
                yield from self._environments(value, where, f"{prefix}.{key}" if prefix else key, depth + 1)
            if isinstance(items := part.get("items"), dict):
                yield from self._environments(items, where, prefix, depth + 1)
            if isinstance(value := part.get("additionalProperties"), dict):
                yield from self._environments(value, where, f"{prefix}[]", depth + 1)
                if any(name.get("x-environment") for name, _ in self.parts(part.get("propertyNames"), where)):
                    yield prefix, True

    def _reference(self, pattern: str, kinds: Any, *schemas: Schema) -> Reference:
        group = next((schema["x-ref-group"] for schema in schemas if "x-ref-group" in schema), "")
        names = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        return Reference(pattern, names, self.groups.get(group, frozenset()), group)

    def validator(self, name: str) -> Any:
        """The validator of one document: has `is_valid(data)`; compiled once."""
        if name not in self._validators:
            from stocktake.load.validate import compile_schema

            self._validators[name] = compile_schema(name, self.documents)
        return self._validators[name]


def read_schemas(builtin: Tree, repository: Tree | None = None) -> Schemas:
    """Our schemas, and a repository's own kinds; a copy of one of ours there is for the editor only and judges nothing.

    Raises InputError with all that is wrong with the schemas of a repository.
    """
    documents = {name: _document(builtin, name) for name in _names(builtin, "")}
    if repository is None:
        return Schemas(documents)
    own = [name for name in _names(repository, "schemas") if name not in documents]
    if own:
        from stocktake.load.own_schemas import read

        documents.update(read(repository, own, documents))
    return Schemas(documents, frozenset(own))


def _sections(given: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(title), str(prompt)) for title, prompt in given.items()) if isinstance(given, dict) else ()


def _names(tree: Tree, folder: str) -> list[str]:
    return [name.removesuffix(_SUFFIX) for name in tree.names(folder) if name.endswith(_SUFFIX)]


def _document(tree: Tree, name: str) -> Schema:
    path = f"{name}{_SUFFIX}"
    try:
        document = json.loads(tree.read(path))
    except ValueError:
        raise InputError([Problem(path, 1, 1, "", "is not JSON")]) from None
    return dict(document)
