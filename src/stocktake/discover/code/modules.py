"""What a file imports, from the nodes of its tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stocktake.discover.code import nodes
from stocktake.discover.code.literal import Import

if TYPE_CHECKING:
    import tree_sitter

ALL = "*"
_VERSION = re.compile(r"^v\d+$")
_GO = re.compile(r"^go-|-go$|^gopkg-|\.go$")
_LOADERS = frozenset(("import", "require"))


def of_statement(node: tree_sitter.Node) -> list[Import]:
    """The modules of an import in any language; a name of `*` brings in everything."""
    line, text = nodes.line(node), nodes.source(node)
    if len(text) > 4_000:
        return []
    source = node.child_by_field_name("source") or node.child_by_field_name("path")
    if node.type == "import_statement" and source:
        return [Import(_unquoted(source), name, line) for name in _bound_names(node, source)]
    if node.type == "import_spec" and source:
        return [Import(_unquoted(source), name, line) for name in _go_names(node, _unquoted(source))]
    if node.type == "import_declaration" and any("import_spec" in child.type for child in node.named_children):
        specs = [
            part
            for child in node.named_children
            for part in (child.named_children if child.type == "import_spec_list" else [child])
        ]
        return [found for spec in specs if spec.type == "import_spec" for found in of_statement(spec)]
    return [*_dotted(node, text, line)]


def _dotted(node: tree_sitter.Node, text: str, line: int) -> Iterator[Import]:
    """`import a.b.C;`, `use a\\b\\C as D`, `using A.B;`, `use a::{B, c::D};`"""
    text = re.sub(r"^\s*(?:pub\s+)?(?:import|using|use)\s+(?:static\s+|global::)?|;|\s+", " ", text).strip()
    start, brace, rest = text.partition("{")
    for part in rest.rstrip("} ").split(",") if brace else [text]:
        module, _, alias = part.strip().partition(" as ")
        module = (
            (f"{start.strip()}{module.strip()}" if brace else module.strip())
            .replace("\\", ".")
            .replace("::", ".")
            .rstrip(".")
        )
        if "=" in module:
            alias, _, module = (word.strip() for word in module.partition("="))
        if not module:
            continue
        last = module.rpartition(".")[2]
        is_all = last == ALL or node.type == "using_directive"
        yield Import(module.removesuffix(".*"), ALL if is_all else alias.strip() or last, line)


def required(node: tree_sitter.Node, name: tuple[str, ...], arguments: list[tree_sitter.Node]) -> Import | None:
    """`require "redis"`, which gives no name."""
    if name not in (("require",), ("import",)) or len(arguments) != 1 or "string" not in arguments[0].type:
        return None
    return Import(_unquoted(arguments[0]), ALL, nodes.line(node))


def bound(left: tree_sitter.Node, right: tree_sitter.Node) -> list[Import]:
    """`const {Pool} = require("pg")`"""
    while right.type == "await_expression" and right.named_children:
        right = right.named_children[0]
    function = right.child_by_field_name("function")
    arguments = right.child_by_field_name("arguments")
    if not function or not arguments or nodes.source(function) not in _LOADERS or not arguments.named_children:
        return []
    module = _unquoted(arguments.named_children[0])
    return [Import(module, name, nodes.line(right)) for name in _identifiers(left)]


def _bound_names(node: tree_sitter.Node, source: tree_sitter.Node) -> list[str]:
    names = []
    for child in node.named_children:
        if child != source:
            names += _identifiers(child)
    return names or [ALL]


def _identifiers(node: tree_sitter.Node) -> list[str]:
    """The names that a pattern binds; of a renamed one the new name."""
    if alias := node.child_by_field_name("alias"):
        return _identifiers(alias)
    if node.type == "pair_pattern" and (value := node.child_by_field_name("value")):
        return _identifiers(value)
    if not node.named_children:
        return [nodes.source(node)] if "identifier" in node.type else []
    return [name for child in node.named_children for name in _identifiers(child)]


def _go_names(node: tree_sitter.Node, module: str) -> list[str]:
    """The name of a Go package: its alias, else what its path most likely calls it."""
    if alias := node.child_by_field_name("name"):
        return [nodes.source(alias)]
    parts = [part for part in module.split("/") if not _VERSION.match(part)]
    last = re.sub(r"\.v\d+$", "", parts[-1]) if parts else module
    return list(dict.fromkeys((last, _GO.sub("", last), last.replace("-", ""))))


def _unquoted(node: tree_sitter.Node) -> str:
    return nodes.source(node).strip("\"'`:")
