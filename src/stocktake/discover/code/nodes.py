"""How the nodes of one tree read, whatever the language: their text, their two sides, what is called with what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stocktake.discover.code import grammars

if TYPE_CHECKING:
    import tree_sitter

PATH = re.compile(r"&?[\w$@]+(?:(?:\?\.|->|::|!!?\.|[.\\])[\w$]+)*")
SIGNS = re.compile(r"\?\.|->|::|!+\.?|[.\\]")
_Names = tuple[str, ...]


def source(node: tree_sitter.Node) -> str:
    """The text of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def line(node: tree_sitter.Node) -> int:
    """The line on which a node begins."""
    return node.start_point[0] + 1


def sides(node: tree_sitter.Node) -> tuple[tree_sitter.Node | None, tree_sitter.Node | None]:
    """What stands left and right in a pair, an assignment or a choice."""
    for left, right in (
        ("left", "right"),
        ("key", "value"),
        ("field", "value"),
        ("name", "value"),
        ("pattern", "value"),
    ):
        if (one := node.child_by_field_name(left)) and (other := node.child_by_field_name(right)):
            return one, other
    if node.type == "conditional_expression":
        return node.child_by_field_name("condition"), node.child_by_field_name("alternative")
    children = [
        child for child in node.named_children if child.type not in ("attribute_list", "modifiers", "type_annotation")
    ]
    return (children[0], children[-1]) if len(children) >= 2 else (None, None)


def callee(node: tree_sitter.Node) -> _Names:
    """The words of what is called: `redis`, `Redis`."""
    target = next(
        (found for field in ("function", "constructor", "type", "macro") if (found := node.child_by_field_name(field))),
        None,
    )
    parts = [node.child_by_field_name(field) for field in ("object", "receiver", "scope", "name", "method")]
    if target is None and any(parts):
        words = [_words(part) for part in parts if part]
        return tuple(word for part in words for word in part) if all(words) else words[-1]
    if target is None and node.named_children:
        target = next((child for child in node.named_children if child.type not in grammars.GIVEN), None)
    return _words(target) if target else ()


def _words(node: tree_sitter.Node) -> _Names:
    if node.end_byte - node.start_byte > 200:
        return ()
    text = re.sub(r"<[^<>]*>$", "", source(node))
    return tuple(SIGNS.split(text.lstrip("&@$\\"))) if PATH.fullmatch(text.lstrip("\\")) else ()


def arguments(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    """What a call is given."""
    found: list[tree_sitter.Node] = []
    for child in node.named_children:
        if child.type in grammars.GIVEN:
            found += [part for part in child.named_children if part.type not in grammars.COMMENTS]
    return found


def labelled(node: tree_sitter.Node) -> tuple[str, tree_sitter.Node]:
    """The name and the value of an argument."""
    if node.type not in grammars.ARGUMENTS or not node.named_children:
        return "", node
    children = node.named_children
    label = node.child_by_field_name("name") or (children[0] if len(children) == 2 else None)
    return (source(label) if label and label.type in ("identifier", "name") else ""), children[-1]
