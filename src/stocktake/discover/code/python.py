"""Python, by its own parser."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable

from stocktake.discover.code.literal import DEFAULT, VARIABLE, Given, Import, Literal, Read, Source
from stocktake.discover.reading import NotUnderstoodError

DEPTH = 60
_READERS = frozenset(("config", "env", "environ.get", "get_env", "getenv", "os.environ.get", "os.getenv"))
_TYPED = frozenset(
    ("bool", "int", "json", "list", "str", "url", "db", "cache")
)  # env.str("KEY"), as django-environ has it
_ENVIRONMENTS = frozenset(("environ", "os.environ"))
_Names = tuple[str, ...]


def parse(text: str) -> Source:
    """What the module says. Raises NotUnderstoodError where it is no Python of today."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the code is warned of is nothing to us
            module = ast.parse(text)
    except SyntaxError as error:
        raise NotUnderstoodError(error.lineno or 0, error.msg) from error
    except (MemoryError, RecursionError, ValueError) as error:
        raise NotUnderstoodError(0, "nested too deep") from error
    reader = _Reader()
    for statement in module.body:
        reader.statement(statement)
    return Source(tuple(reader.literals), tuple(reader.reads), tuple(reader.imports))


class _Reader:
    """Walks statements and expressions; `known` are names that stand for one text."""

    def __init__(self) -> None:
        self.literals: list[Literal] = []
        self.reads: list[Read] = []
        self.imports: list[Import] = []
        self.known: dict[str, str] = {}
        self._depth = 0

    def statement(self, node: ast.stmt) -> None:
        """One statement and all in it."""
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value:
            self._assign(node.target, node.value)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._function(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring
        else:
            self._children(node)

    def _children(self, node: ast.AST, given: Given | None = None) -> None:
        given = given or Given()
        if self._depth >= DEPTH:
            return
        self._depth += 1
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self.statement(child)
            elif isinstance(child, ast.expr):
                self.expression(child, given)
            else:
                self._children(child, given)
        self._depth -= 1

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        module = "" if isinstance(node, ast.Import) else f"{'.' * node.level}{node.module or ''}"
        for alias in node.names:
            if module:
                self.imports.append(Import(module, alias.asname or alias.name, node.lineno))
            else:
                self.imports.append(Import(alias.name, alias.asname or alias.name.partition(".")[0], node.lineno))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args]
        defaults: Iterable[tuple[ast.arg, ast.expr | None]] = (
            *zip(named[len(named) - len(arguments.defaults) :], arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        )
        for argument, default in defaults:
            if default:
                self.expression(default, Given((node.name, argument.arg)))
        for decorator in node.decorator_list:
            self.expression(decorator, Given())
        for statement in node.body:
            self.statement(statement)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        names = _dotted(target)
        if isinstance(target, ast.Subscript):
            names = (*_dotted(target.value), *([found] if (found := _plain(target.slice)) else []))
        if names and (text := self._text(value)) is not None:
            self.known[names[-1]] = text
        self.expression(value, Given(names[-1:] if isinstance(target, ast.Attribute) else names))

    def expression(self, node: ast.expr, given: Given) -> None:
        """One expression and all in it."""
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)) and not isinstance(node.value, bool):
            is_number = isinstance(node.value, int)
            self.literals.append(Literal(str(node.value), node.lineno, *given, is_number))
        elif isinstance(node, (ast.JoinedStr, ast.BinOp)) and (text := self._text(node)) is not None:
            self.literals.append(Literal(text, node.lineno, *given))
        elif isinstance(node, ast.Dict):
            for word, value in zip(node.keys, node.values, strict=True):
                name = _plain(word) if word else ""
                self.expression(value, given._replace(names=(*given.names, name) if name else given.names, place=-1))
        elif isinstance(node, ast.Call):
            self._call(node, given)
        elif isinstance(node, ast.Subscript) and ".".join(_dotted(node.value)) in _ENVIRONMENTS:
            if key := _plain(node.slice):
                self.reads.append(Read(key, node.lineno))
        elif isinstance(node, ast.Lambda):
            self.expression(node.body, Given())
        else:
            self._children(node, given)

    def _call(self, node: ast.Call, given: Given) -> None:
        name = _dotted(node.func)
        if read := self._read(node, name):
            self.reads.append(read)
            return
        if not name:
            self._children(node.func)
        for place, argument in enumerate(node.args):
            self.expression(argument, Given(given.names, name, place))
        for keyword in node.keywords:
            names = (*given.names, keyword.arg) if keyword.arg else given.names
            self.expression(keyword.value, Given(names, name))

    def _read(self, node: ast.Call, name: _Names) -> Read | None:
        """The setting that a call reads from the environment."""
        dotted = ".".join(name)
        is_typed = len(name) == 2 and name[0] == "env" and name[1] in _TYPED
        if not (dotted in _READERS or is_typed) or not node.args or not (key := _plain(node.args[0])):
            return None
        others = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "default")]
        found = self._text(others[0]) if others else None
        return Read(key, node.lineno, found or "")

    def _text(self, node: ast.expr) -> str | None:
        """The text of an expression, with `${name}` for what is not known; None for what is no text."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.JoinedStr):
            return "".join(self._part(part) for part in node.values)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and self._depth < DEPTH:
            self._depth += 1
            left, right = self._text(node.left), self._text(node.right)
            self._depth -= 1
            if left is None and right is None:
                return None
            return (left if left is not None else self._part(node.left)) + (
                right if right is not None else self._part(node.right)
            )
        if isinstance(node, ast.Call) and (read := self._read(node, _dotted(node.func))):
            return DEFAULT % (read.key, read.default) if read.default else VARIABLE % read.key
        if isinstance(node, ast.Subscript) and ".".join(_dotted(node.value)) in _ENVIRONMENTS:
            key = _plain(node.slice)
            return VARIABLE % key if key else None
        return None

    def _part(self, node: ast.expr) -> str:
        """A part of a text that is put together."""
        if isinstance(node, ast.FormattedValue):
            node = node.value
        if (text := self._text(node)) is not None:
            return text
        names = _dotted(node)
        return self.known.get(names[-1], VARIABLE % names[-1]) if names else VARIABLE % "unknown"


def _dotted(node: ast.expr) -> _Names:
    """`a.b.c` as its words; nothing for what is no plain name."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return (*((node.id, *reversed(words)) if isinstance(node, ast.Name) else ()),)


def _plain(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
