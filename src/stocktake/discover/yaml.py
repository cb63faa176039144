"""YAML and JSON of strangers as nodes with lines: anchors and merge keys work, bombs and deep nesting are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from stocktake.discover.reading import NotUnderstoodError

DEEPEST = 60
MOST_NODES = 200_000


class Node(NamedTuple):
    """A scalar (`str`, as written), a list or a mapping; `size` counts what expanding all aliases would hold.

    `under` is the line of the key that it stands under, where there is one.
    """

    value: Any
    line: int
    size: int = 1
    tag: str = ""
    under: int = 0

    def get(self, key: str) -> Node:
        """The member of a mapping; an empty node where there is none."""
        return self.value.get(key, NOTHING) if isinstance(self.value, dict) else NOTHING

    def text(self) -> str:
        """The scalar as it is written, empty for everything else."""
        return self.value if isinstance(self.value, str) else ""

    def items(self) -> list[tuple[str, Node]]:
        """The members of a mapping, none for everything else."""
        return list(self.value.items()) if isinstance(self.value, dict) else []

    def each(self) -> list[Node]:
        """The members of a list; a scalar is a list of one, as in Compose."""
        if isinstance(self.value, list):
            return self.value
        return [self] if self.text() else []


NOTHING = Node("", 0)


@lru_cache(maxsize=1)  # several scanners read one file after the other
def documents(text: str) -> list[Node]:
    """The documents of a text."""
    try:
        return list(_Builder().documents(yaml.parse(text, Loader=yaml.CSafeLoader)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        raise NotUnderstoodError(mark.line + 1 if mark else 0, str(problem)) from None


class _Builder:
    """Turns events into nodes without recursion; PyYAML's own composer recurses in C and can be made to crash."""

    def __init__(self) -> None:
        self.anchors: dict[str, Node] = {}
        self.total = 0

    def documents(self, events: Iterator[yaml.Event]) -> Iterator[Node]:
        open_nodes: list[tuple[yaml.Event, list[Node]]] = []
        for event in events:
            line = _line(event)
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                if len(open_nodes) >= DEEPEST:
                    raise NotUnderstoodError(line, f"nested deeper than {DEEPEST} levels")
                open_nodes.append((event, []))
                continue
            node = self._node(event, line, open_nodes)
            if node is None:
                continue
            if open_nodes:
                open_nodes[-1][1].append(node)
            else:
                self.anchors.clear()
                yield node

    def _node(self, event: yaml.Event, line: int, open_nodes: list[tuple[yaml.Event, list[Node]]]) -> Node | None:
        grown = 1
        if isinstance(event, yaml.ScalarEvent):
            empty = not event.style and event.value in ("~", "null", "Null", "NULL")
            node = Node("" if empty else event.value, line, 1, event.tag or "")
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise NotUnderstoodError(line, "an alias without its anchor")
            node = self.anchors[event.anchor]
            grown = node.size
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            event, children = open_nodes.pop()
            line = _line(event)
            size = 1 + sum(child.size for child in children)
            value: Any = _mapping(children) if isinstance(event, yaml.MappingStartEvent) else children
            node = Node(value, line, size, getattr(event, "tag", None) or "")
        else:
            return None
        self.total += grown
        if self.total > MOST_NODES:
            raise NotUnderstoodError(line, f"more than {MOST_NODES:,} values once its aliases are expanded")
        if anchor := getattr(event, "anchor", None) if not isinstance(event, yaml.AliasEvent) else None:
            self.anchors[anchor] = node
        return node


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _mapping(children: list[Node]) -> dict[str, Node]:
    """Pairs of keys and values; what `<<` brings stands behind what is written here."""
    own: dict[str, Node] = {}
    merged: dict[str, Node] = {}
    for key, value in zip(children[::2], children[1::2], strict=True):
        if key.text() == "<<":
            for source in value.value if isinstance(value.value, list) else [value]:
                merged = {**dict(source.items()), **merged}
        else:
            own[key.text()] = Node(value.value, value.line, value.size, value.tag, key.line)
    return {**merged, **own} if merged else own


def leaves(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Every scalar with the keys that lead to it; a pair of `name` and `value` is a setting of that name."""
    stack = [(path, node)]
    while stack:
        path, node = stack.pop()
        if isinstance(node.value, str):
            yield path, node
        elif isinstance(node.value, list):
            stack.extend((path, child) for child in reversed(node.value))
        elif _is_pair(node.value):
            yield (*path, node.value["name"].text()), node.value["value"]
        else:
            stack.extend(((*path, key), child) for key, child in reversed(node.value.items()))


def _is_pair(value: Mapping[str, Node]) -> bool:
    return value.keys() == {"name", "value"} and all(isinstance(child.value, str) for child in value.values())
