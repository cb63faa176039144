"""The languages that are read, by the endings of their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec

from stocktake.discover.code.literal import Source

Parse = Callable[[str], Source]

# The module of the grammar, its function, and what people call the language; Python needs no grammar.
LANGUAGES: Mapping[str, tuple[str, str, str]] = {
    ".cjs": ("tree_sitter_javascript", "language", "JavaScript"),
    ".cs": ("tree_sitter_c_sharp", "language", "C#"),
    ".go": ("tree_sitter_go", "language", "Go"),
    ".java": ("tree_sitter_java", "language", "Java"),
    ".js": ("tree_sitter_javascript", "language", "JavaScript"),
    ".jsx": ("tree_sitter_javascript", "language", "JavaScript"),
    ".kt": ("tree_sitter_kotlin", "language", "Kotlin"),
    ".kts": ("tree_sitter_kotlin", "language", "Kotlin"),
    ".mjs": ("tree_sitter_javascript", "language", "JavaScript"),
    ".php": ("tree_sitter_php", "language_php", "PHP"),
    ".py": ("", "", "Python"),
    ".rb": ("tree_sitter_ruby", "language", "Ruby"),
    ".rs": ("tree_sitter_rust", "language", "Rust"),
    ".ts": ("tree_sitter_typescript", "language_typescript", "TypeScript"),
    ".tsx": ("tree_sitter_typescript", "language_tsx", "TypeScript"),
}


@cache
def parser(ending: str) -> Parse | None:
    """The parser of a language; None where its grammar is not installed."""
    grammar, function, _ = LANGUAGES[ending]
    if not grammar:
        from stocktake.discover.code import python

        return python.parse
    if not is_installed(grammar):
        return None
    from stocktake.discover.code.trees import reader

    return reader(grammar, function)


@cache
def is_installed(grammar: str) -> bool:
    """Whether a grammar and what reads it are there."""
    return bool(find_spec(grammar) and find_spec("tree_sitter"))
