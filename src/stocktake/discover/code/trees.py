"""Any language that has a grammar for tree-sitter: one walk over the tree, which knows what nodes are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import tree_sitter

from stocktake.discover.code import grammars, modules, nodes
from stocktake.discover.code.literal import DEFAULT, VARIABLE, Given, Import, Literal, Read, Source
from stocktake.discover.reading import NotUnderstoodError

DEPTH = 150
LONGEST = 2_000
_SHORT = re.compile(r"\$(?=[A-Za-z_])(\w+)")
_BLANK = re.compile(r"%[-+#0-9.]*[sdvq]|\{\w*(?::[^{}]*)?\}")
_SPRING = re.compile(r"\$\{([^${}:]{1,200})(?::([^${}]*))?\}")
_KEY = re.compile(r"[A-Za-z_][\w.-]{0,100}")
_Names = tuple[str, ...]


class TreeParser:
    """The parser of one language."""

    def __init__(self, grammar: str, function: str) -> None:
        self._parser = tree_sitter.Parser(_language(grammar, function))

    def __call__(self, text: str) -> Source:
        """What the text says. Raises NotUnderstoodError where most of it is not of the language."""
        root = self._parser.parse(text.encode()).root_node
        if root.type == "ERROR" or (root.has_error and root.named_child_count and _is_broken(root)):
            raise NotUnderstoodError(_line_of_error(root), "is not understood")
        walk = _Walk()
        walk.node(root, Given(), 0)
        return Source(tuple(walk.literals), tuple(walk.reads), tuple(walk.imports))


class _Walk:
    """One walk over one tree; `known` are names that stand for one text."""

    def __init__(self) -> None:
        self.literals: list[Literal] = []
        self.reads: list[Read] = []
        self.imports: list[Import] = []
        self.known: dict[str, str] = {}

    def node(self, node: tree_sitter.Node, given: Given, depth: int) -> None:
        """A node and all below it."""
        kind = node.type
        if depth > DEPTH or kind in grammars.COMMENTS or not node.is_named:
            return
        if kind in grammars.IMPORTS and node.child_count:
            self.imports += modules.of_statement(node)
        elif read := self._read(node):
            self.reads.append(read)
        elif kind in grammars.STRINGS:
            self._literal(self._text(node), node, given)
        elif kind in grammars.NUMBERS:
            value = nodes.source(node).replace("_", "")
            self.literals.append(Literal(value, nodes.line(node), *given, True))
        elif kind in grammars.CHOICES:
            self._choice(node, given, depth)
        elif kind in grammars.CALLS:
            self._call(node, given, depth)
        elif kind in grammars.PAIRS:
            self._pair(node, given, depth)
        elif kind in grammars.ASSIGNED:
            self._assign(node, given, depth)
        else:
            for child in node.named_children:
                self.node(child, given, depth + 1)

    def _literal(self, text: str, node: tree_sitter.Node, given: Given) -> None:
        if len(text) <= LONGEST:
            self.literals.append(Literal(text, nodes.line(node), *given))

    def _choice(self, node: tree_sitter.Node, given: Given, depth: int) -> None:
        """`read || "default"`, and texts that are put together."""
        left, right = nodes.sides(node)
        if left and right and (read := self._read(left)):
            self.reads.append(read._replace(default=self._default(right) or read.default))
            if right.type not in grammars.STRINGS:
                self.node(right, given, depth + 1)
        elif left and right and any(child.type == "+" for child in node.children) and (text := self._sum(node, depth)):
            self._literal(text, node, given)
        else:
            for child in node.named_children:
                self.node(child, given, depth + 1)

    def _default(self, node: tree_sitter.Node) -> str:
        """What is taken where nobody sets a setting; empty where only a running program knows."""
        value = self._value(node)
        return "" if value.startswith("${") else value

    def _sum(self, node: tree_sitter.Node, depth: int) -> str:
        """The text of a sum; empty where no part of it is one."""
        left, right = nodes.sides(node)
        if not left or not right or depth > DEPTH:
            return ""
        texts = [
            self._sum(side, depth + 1) if side.type in grammars.CHOICES else self._value(side) for side in (left, right)
        ]
        is_text = any(side.type in grammars.STRINGS for side in (left, right)) or (
            left.type in grammars.CHOICES and texts[0]
        )
        return "".join(texts) if is_text else ""

    def _call(self, node: tree_sitter.Node, given: Given, depth: int) -> None:
        name, arguments = nodes.callee(node), nodes.arguments(node)
        if found := modules.required(node, name, arguments):
            self.imports.append(found)
            return
        for child in node.named_children:
            if child not in arguments and child.type not in grammars.GIVEN:
                is_text = bool(child.named_children) and child.named_children[0].type in grammars.STRINGS
                self.node(child, given if is_text else Given(), depth + 1)  # "db".to_string() is the text itself
        if name and name[-1].lower() in grammars.FORMATS and arguments and arguments[0].type in grammars.STRINGS:
            self._literal(self._filled(arguments), node, given)
            return
        if node.type == "annotation" and name[-1:] == ("Value",):
            self._injected(arguments)
            return
        key = self._key(name, arguments)
        for place, argument in enumerate(arguments):
            label, value = nodes.labelled(argument)
            names = (*given.names, label) if label else (key,) if key and place == 1 else given.names
            if key and place == 0:
                continue
            self.node(value, Given(names, name, -1 if label or key else place), depth + 1)

    def _key(self, name: _Names, arguments: list[tree_sitter.Node]) -> str:
        """The first of two arguments where it is the key of the other: `put("bootstrap.servers", "kafka:9092")`."""
        if len(arguments) != 2 or name[-1:] == () or name[-1].lower() not in grammars.SETTERS:
            return ""
        text = self._text(arguments[0]) if arguments[0].type in grammars.STRINGS else ""
        return text if _KEY.fullmatch(text) else ""

    def _injected(self, arguments: list[tree_sitter.Node]) -> None:
        """`@Value("${orders.url:http://orders}")`, as Spring has it."""
        for argument in arguments:
            if found := _SPRING.search(self._text(argument)):
                self.reads.append(Read(found[1], nodes.line(argument), found[2] or ""))

    def _filled(self, arguments: list[tree_sitter.Node]) -> str:
        parts = iter([self._value(argument) for argument in arguments[1:]])
        return _BLANK.sub(lambda blank: next(parts, VARIABLE % "unknown"), self._text(arguments[0]))

    def _pair(self, node: tree_sitter.Node, given: Given, depth: int) -> None:
        left, right = nodes.sides(node)
        if right is None or left is None:
            for child in node.named_children:
                self.node(child, given, depth + 1)
            return
        name = self._name(left)
        self.node(right, given._replace(names=(*given.names, name) if name else given.names, place=-1), depth + 1)

    def _assign(self, node: tree_sitter.Node, given: Given, depth: int) -> None:
        left, right = nodes.sides(node)
        if left is None or right is None:
            for child in node.named_children:
                self.node(child, given, depth + 1)
            return
        while right.type == "expression_list" and len(right.named_children) == 1:
            right = right.named_children[0]
        name = self._name(left)
        if name and right.type in grammars.STRINGS:
            self.known[name] = self._text(right)
        elif name and (read := self._read(right)):
            self.known[name] = VARIABLE % read.key
        if found := modules.bound(left, right):
            self.imports += found
            return
        names = (*given.names, name) if given.call and name else (name,) if name else ()
        call = given.call if given.call else ()
        self.node(right, Given(names, call), depth + 1)

    def _name(self, node: tree_sitter.Node) -> str:
        """The name or the key on the left of a value."""
        if node.type in grammars.STRINGS:
            return self._text(node)
        if node.type in ("expression_list", "literal_element", "variable_declaration") and node.named_children:
            return self._name(node.named_children[0])
        if node.type in ("subscript_expression", "element_reference") and node.named_children:
            return self._name(node.named_children[-1])
        text = nodes.source(node).strip(":$@ ")
        return nodes.SIGNS.split(text)[-1] if nodes.PATH.fullmatch(text) else ""

    def _read(self, node: tree_sitter.Node) -> Read | None:
        """The setting that a node reads from the environment."""
        while node.type in (
            "as_expression",
            "await_expression",
            "non_null_expression",
            "parenthesized_expression",
            "try_expression",
        ):
            if not node.named_children:
                return None
            node = node.named_children[0]
        if node.type in grammars.CALLS:
            return self._read_by_call(node)
        if node.type not in grammars.LOOKUPS:
            return None
        parts = node.named_children
        if len(parts) < 2 or nodes.source(parts[0]).lower() not in grammars.ENVIRONMENTS:
            return None
        while parts[1].type in (*grammars.GIVEN, "argument", "bracketed_argument_list") and parts[1].named_children:
            parts = [parts[0], parts[1].named_children[0]]
        key = self._text(parts[1]) if parts[1].type in grammars.STRINGS else nodes.source(parts[1])
        is_key = parts[1].type in grammars.STRINGS or node.type == "member_expression"
        return Read(key, nodes.line(node)) if is_key and _KEY.fullmatch(key) else None

    def _read_by_call(self, node: tree_sitter.Node) -> Read | None:
        if ".".join(nodes.callee(node)).lower() not in grammars.READERS:
            return None
        arguments = [nodes.labelled(argument)[1] for argument in nodes.arguments(node)]
        if not arguments or arguments[0].type not in grammars.STRINGS:
            return None
        key = self._text(arguments[0])
        default = self._text(arguments[1]) if len(arguments) > 1 and arguments[1].type in grammars.STRINGS else ""
        return Read(key, nodes.line(node), default) if _KEY.fullmatch(key) else None

    def _text(self, node: tree_sitter.Node) -> str:
        """The content of a text, with `${name}` for what is filled in."""
        if not node.named_children:
            return _SHORT.sub(r"${\1}", nodes.source(node).strip("\"'`"))
        parts = []
        for child in node.children:
            if child.type in grammars.PIECES:
                parts.append(nodes.source(child))
            elif child.is_named and child.type not in ("interpolation_start", "interpolation_quote"):
                inner = [part for part in child.named_children if part.type != "interpolation_brace"]
                parts.append(self._value(inner[0] if inner else child))
        return _SHORT.sub(r"${\1}", "".join(parts))

    def _value(self, node: tree_sitter.Node) -> str:
        """The text that an expression stands for, as far as that is known."""
        if node.type in grammars.STRINGS:
            return self._text(node)
        if node.type in grammars.NUMBERS:
            return nodes.source(node)
        left, right = nodes.sides(node) if node.type in grammars.CHOICES else (node, None)
        if left and (read := self._read(left)):
            default = (self._default(right) if right else "") or read.default
            return DEFAULT % (read.key, default) if default else VARIABLE % read.key
        name = self._name(node)
        return self.known.get(name, VARIABLE % name) if name else VARIABLE % "unknown"


def reader(grammar: str, function: str) -> TreeParser:
    """The parser of a language."""
    return TreeParser(grammar, function)


def _errors(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    for child in node.children:
        if child.type == "ERROR":
            yield child


def _is_broken(root: tree_sitter.Node) -> bool:
    """Whether more than a half of the text could not be read."""
    return 2 * sum(node.end_byte - node.start_byte for node in _errors(root)) > root.end_byte


def _line_of_error(root: tree_sitter.Node) -> int:
    return nodes.line(next(_errors(root), root))


def root_of(grammar: str, function: str, text: str) -> tree_sitter.Node:
    """The tree of a text, for those who know the language themselves."""
    return tree_sitter.Parser(_language(grammar, function)).parse(text.encode()).root_node


@cache
def _language(grammar: str, function: str) -> tree_sitter.Language:
    return tree_sitter.Language(getattr(import_module(grammar), function)())
