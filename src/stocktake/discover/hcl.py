"""Text of Terraform and OpenTofu as blocks and expressions, by the grammar of tree-sitter; nothing is evaluated."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from functools import lru_cache

import tree_sitter
import tree_sitter_hcl

from stocktake.discover.claims import Block, Expression
from stocktake.discover.code.nodes import line as line_of
from stocktake.discover.code.nodes import source
from stocktake.discover.page import Page
from stocktake.discover.reading import NotUnderstoodError

DEEPEST = 100
_LEAVES = frozenset(("bool_lit", "null_lit", "numeric_lit", "string_lit"))
_KINDS = {"conditional": "if", "function_call": "call", "tuple": "list"}
_PASSED = frozenset(("collection_value", "expression", "literal_value", "operation", "template_expr"))


@lru_cache(maxsize=1)
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def read(page: Page, text: str) -> tuple[Block, ...]:
    """The blocks of a file; attributes outside of any, as in files of variables, are in a block without a type."""
    root = _parser().parse(text.encode()).root_node
    if root.has_error:
        raise NotUnderstoodError(_line_of_error(root), "cannot be parsed as Terraform")
    body = next((child for child in root.children if child.type == "body"), None)
    if body is None:
        return ()
    whole = _block(page, "", (), body, 1, 0)
    return (*whole.blocks, *([whole._replace(blocks=())] if whole.attributes else []))


def _line_of_error(root: tree_sitter.Node) -> int:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            return line_of(node)
        stack.extend(child for child in reversed(node.children) if child.has_error or child.is_missing)
    return 1


def _block(
    page: Page, type_: str, labels: tuple[str, ...], body: tree_sitter.Node, line: int, depth: int, above: str = ""
) -> Block:
    if depth > DEEPEST:
        raise NotUnderstoodError(line, f"nested deeper than {DEEPEST} levels")
    attributes, blocks = list[tuple[str, Expression]](), list[Block]()
    place = ".".join(filter(None, (above, type_, *labels)))
    for child in body.children:
        if child.type == "attribute":
            name = source(child.children[0])
            attributes.append((name, _Reader(page, place).expression(name, child.children[-1], depth + 1)))
        elif child.type == "block":
            words = [part for part in child.children if part.type in ("identifier", "string_lit")]
            inner = next((part for part in child.children if part.type == "body"), None)
            names = tuple(source(word).strip('"') for word in words)
            start = line_of(child)
            if inner is None:
                blocks.append(Block(names[0], names[1:], page.evidence(start)))
            else:
                blocks.append(_block(page, names[0], names[1:], inner, start, depth + 1, place))
    return Block(type_, labels, page.evidence(line), tuple(attributes), tuple(blocks))


class _Reader:
    """Reads what stands behind one attribute, under the keys `above` it."""

    def __init__(self, page: Page, above: str) -> None:
        self.page = page
        self.above = above

    def told(self, key: str, text: str, line: int) -> Expression:
        """A text without its secret."""
        setting = self.page.setting(key, text, line, (self.above,))
        return Expression("text", setting.value, (), setting.evidence)

    def expression(self, key: str, node: tree_sitter.Node, depth: int) -> Expression:
        """An expression with all that is in it."""
        line = line_of(node)
        if depth > DEEPEST:
            raise NotUnderstoodError(line, f"nested deeper than {DEEPEST} levels")
        kind, named = node.type, node.named_children
        if kind in _LEAVES:
            return self.told(key, "" if kind == "null_lit" else source(node).strip('"'), line)
        if kind == "variable_expr" or (kind == "expression" and named and named[0].type == "variable_expr"):
            return self.path(key, [node] if kind == "variable_expr" else named, depth)
        if kind == "expression" and len(named) > 1 and named[0].type == "function_call":
            return self.path(key, named, depth)
        if kind in _PASSED and len(named) == 1:
            return self.expression(key, named[0], depth + 1)
        if kind in ("heredoc_template", "quoted_template"):
            return self.template(key, node, depth)
        return self.made(key, node, depth)

    def template(self, key: str, node: tree_sitter.Node, depth: int) -> Expression:
        """A text with what is filled in."""
        line = line_of(node)
        parts = [part for part in node.named_children if part.type in ("template_interpolation", "template_literal")]
        if all(part.type == "template_literal" for part in parts):
            whole = "".join(source(part) for part in parts)
            return self.told(key, textwrap.dedent(whole) if node.type == "heredoc_template" else whole, line)
        pieces = []
        for part in parts:
            if part.type == "template_literal":
                pieces.append(self.told(key, source(part), line_of(part)))
            elif len(part.named_children) > 2:
                pieces.append(self.expression(key, part.named_children[1], depth + 1))
        return Expression("join", "", tuple(pieces), self.page.evidence(line))

    def made(self, key: str, node: tree_sitter.Node, depth: int) -> Expression:
        """What is made of other expressions."""
        kind, named, place = node.type, node.named_children, self.page.evidence(line_of(node))
        if kind == "object":
            return Expression("map", "", tuple(self.pairs(node, depth)), place)
        text, kind = ("", _KINDS.get(kind, "any"))
        if kind == "call":
            text = source(named[0])
            arguments = next((part for part in named if part.type == "function_arguments"), None)
            named = arguments.named_children if arguments else []
        parts = [part for part in named if part.named_children or part.type in _LEAVES]
        return Expression(kind, text, tuple(self.expression(key, part, depth + 1) for part in parts), place)

    def pairs(self, node: tree_sitter.Node, depth: int) -> Iterator[Expression]:
        """Keys and values in turn; a bare word is a key and no variable."""
        for element in node.named_children:
            if element.type == "object_elem" and len(element.named_children) > 1:
                first, second = element.named_children[0], element.named_children[-1]
                name = source(first).strip('"()')
                is_plain = "${" not in name and not name.startswith(("var.", "local."))
                place = self.page.evidence(line_of(first))
                yield Expression("text", name, (), place) if is_plain else self.expression("", first, depth + 1)
                yield self.expression(name, second, depth + 1)

    def path(self, key: str, nodes: list[tree_sitter.Node], depth: int) -> Expression:
        """A variable or the result of a function, and which attribute of it; places in lists are left out."""
        place = self.page.evidence(line_of(nodes[0]))
        words: list[str] = []
        keys: list[Expression] = []
        for node in nodes[1:]:
            if node.type == "get_attr":
                words.append(source(node).lstrip(". \n"))
            elif node.type == "index":
                text = source(node).strip("[]. ")
                inner = [
                    part for child in node.named_children for part in child.named_children if part.type == "expression"
                ]
                if text.startswith('"') and "${" not in text:
                    words.append(text.strip('"'))
                elif inner and not text.isdigit():
                    words.append(f"@{len(keys)}")
                    keys.append(self.expression(key, inner[0], depth + 1))
            elif node.type == "splat":
                words += [
                    source(part).lstrip(". ")
                    for part in node.named_children[0].named_children
                    if part.type == "get_attr"
                ]
        if nodes[0].type == "function_call":
            return Expression("get", ".".join(words), (self.expression(key, nodes[0], depth + 1),), place)
        return Expression("path", ".".join((source(nodes[0]), *words)), tuple(keys), place)
