"""A team's own rules: run the files that stocktake.yaml names, and say with file and line what is wrong with them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import wraps
from inspect import isgeneratorfunction, unwrap
from types import ModuleType
from typing import Any

from stocktake.errors import InputError, Problem
from stocktake.load.files import Tree, schema_folder
from stocktake.model.rule import FAMILIES, Hit, Rule
from stocktake.values.text import closest, shown

_ID = re.compile(r"[A-Z]{2,3}[0-9]{3}")
_SECTIONS = ("Why", "Fix", "False positives", "Example")
_PREFIX = "stocktake_own_rules_"


def rules_of(tree: Tree) -> tuple[Rule, ...]:
    """The own rules of a repository whose estate nobody opened.

    Raises InputError where the settings or one of the files is wrong.
    """
    from stocktake.load.schemas import read_schemas
    from stocktake.load.settings import read_settings

    schemas = read_schemas(Tree(schema_folder()), tree)
    found, problems = read_rules(tree, read_settings(tree, schemas).modules, schemas.folders())
    if problems:
        raise InputError(problems)
    return found


def read_rules(tree: Tree, modules: Iterable[str], kinds: Collection[str]) -> tuple[tuple[Rule, ...], list[Problem]]:
    """All rules of these files by id, and all that is wrong with them. What stands in the files is run."""
    rules: dict[str, Rule] = {}
    homes: dict[str, str] = {}
    problems: list[Problem] = []
    for path in modules:
        found, wrong = _read(tree, path)
        problems += wrong
        for one in found:
            problems += _problems(one, path, kinds)
            if one.id in rules:
                again, hint = f"{one.id} exists already in {homes[one.id]}", "Give it an id of its own."
                problems.append(Problem(path, _line(one), 1, one.id, again, hint))
            one.function = _checked(one.function)
            rules.setdefault(one.id, one)
            homes.setdefault(one.id, path)
    return tuple(rules[name] for name in sorted(rules)), problems


def _read(tree: Tree, path: str) -> tuple[list[Rule], list[Problem]]:
    try:
        raw = tree.read(path)
    except InputError as error:
        hint = "Correct `rules.modules` in stocktake.yaml, or put the file there."
        return [], [one._replace(hint=one.hint or hint) for one in error.problems]
    try:
        tree_of_code = ast.parse(raw, path)
        code = compile(tree_of_code, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError) as error:
        line, column = (error.lineno or 1, error.offset or 1) if isinstance(error, SyntaxError) else (1, 1)
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        return [], [Problem(path, line, column, "", f"is not Python: {shown(said)}", "Correct the line.")]
    module = ModuleType(_PREFIX + re.sub(r"\W", "_", path))
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses and type hints look their module up
    try:
        exec(code, module.__dict__)  # noqa: S102 (stocktake.yaml names the file so that it is run)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (one plug: whatever it raises is told as its problem)
        said = f"cannot be imported: {type(error).__name__}: {shown(str(error))}"
        return [], [Problem(path, _line_of(error, path), 1, "", said, "Correct the line.")]
    found = {id(one): one for one in vars(module).values() if isinstance(one, Rule) and _is_of(one, module)}
    hidden = list(_hidden(tree_of_code, path))
    if not found and not hidden:
        hidden = [Problem(path, 1, 1, "", "holds no rule", "Write one with `@rule`, or leave the file out.")]
    return sorted(found.values(), key=_line), hidden


def _is_of(rule: Rule, module: ModuleType) -> bool:
    """Whether it was made here: a rule of ours that the file imports stays ours."""
    return getattr(rule.function, "__module__", "") == module.__name__


def _hidden(code: ast.Module, path: str) -> Iterator[Problem]:
    """A function that hides an earlier one of the same name: its rule would never be asked."""
    first: dict[str, int] = {}
    for node in code.body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            line = first.setdefault(node.name, node.lineno)
            if line != node.lineno:
                said = f"{node.name} hides the function of that name in line {line}"
                yield Problem(path, node.lineno, node.col_offset + 1, "", said, "Give it a name of its own.")


def _problems(rule: Rule, path: str, kinds: Collection[str]) -> Iterator[Problem]:
    """What keeps a rule from being asked, or its page from being read."""
    for message, hint in _wrong(rule, kinds):
        yield Problem(path, _line(rule), 1, shown(str(rule.id)), message, hint)


def _wrong(rule: Rule, kinds: Collection[str]) -> Iterator[tuple[str, str]]:
    if not (isinstance(rule.id, str) and _ID.fullmatch(rule.id)):
        yield "is not the id of a rule", "Take two or three capital letters and three digits, such as XSH001."
    elif rule.family in FAMILIES:
        said = f"{rule.family} is a family of Stocktake"
        yield said, "Take other letters; Stocktake never takes any that begin with X."
    if rule.kind not in ("", "*") and rule.kind not in kinds:
        guess = closest(str(rule.kind), kinds)
        yield f'there is no kind "{shown(str(rule.kind))}"', f"Did you mean {guess}?" if guess else ""
    for name in ("needs", "sees", "controls"):
        if not isinstance(getattr(rule, name), tuple):
            yield f"`{name}` is no tuple", f'Write {name}=("...",), with the comma also behind a single one.'
    if not isgeneratorfunction(rule.function):
        yield "its function yields nothing", "Write `yield Hit(...)` where it fails."
    if not rule.title:
        yield "has no docstring", "Its first line says what is wrong where the rule fails; the sections follow."
        return
    if not rule.doc.partition("\n")[0].rstrip().endswith("."):
        yield "the first line of its docstring is no sentence", "End it with a full stop."
    sections = rule.sections()
    for head in _SECTIONS:
        if not sections.get(head):
            yield f"its docstring has no section `{head}:`", f"Sections are {', '.join(_SECTIONS)}."


def _checked(function: Callable[..., Iterator[Hit]]) -> Callable[..., Iterator[Hit]]:
    """The same question; an answer of another form is told as a mistake of the rule at the input that showed it."""

    @wraps(function)
    def asked(*given: Any) -> Iterator[Hit]:
        for hit in function(*given):
            if not isinstance(hit, Hit) or not all(isinstance(hit[place], str) for place in (0, 1, 2, 3, 5)):
                raise TypeError(f"it yields {hit!r}, and not a Hit with texts")
            yield hit

    return asked


def _line(rule: Rule) -> int:
    code = getattr(unwrap(rule.function), "__code__", None)
    return int(code.co_firstlineno) if code else 1


def _line_of(error: BaseException, path: str) -> int:
    """The last line of the file that had a part in an exception."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
