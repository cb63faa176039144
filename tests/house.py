"""The guards of the house: each takes a source tree and yields what breaks a rule of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

Door = tuple[tuple[str, ...], tuple[str, ...]]

# What touches the world, by dotted name or its beginning, and the modules that may. A trailing dot opens a package.
DOORS: dict[str, Door] = {
    "asks the date": (
        (
            "datetime.date.today",
            "datetime.datetime.now",
            "datetime.datetime.today",
            "datetime.datetime.utcnow",
            "time.gmtime",
            "time.localtime",
            "time.strftime",
            "time.time",
        ),
        ("cli.today",),
    ),
    "connects": (
        (
            "asyncio",
            "ftplib",
            "http",
            "psycopg",
            "smtplib",
            "socket",
            "socketserver",
            "sqlalchemy",
            "sqlite3",
            "ssl",
            "urllib.request",
        ),
        ("observe.connect", "restore.connect", "serve"),
    ),
    "prints": (
        ("click.echo", "click.secho", "input", "logging", "print", "rich", "sys.stderr", "sys.stdout", "warnings.warn"),
        ("cli.console",),
    ),
    "reads files": (
        (
            "fileinput",
            "glob",
            "importlib.metadata",
            "importlib.resources",
            "io.open",
            "open",
            "os.access",
            "os.fwalk",
            "os.getcwd",
            "os.listdir",
            "os.lstat",
            "os.open",
            "os.path.exists",
            "os.path.getmtime",
            "os.path.getsize",
            "os.path.isdir",
            "os.path.isfile",
            "os.path.islink",
            "os.path.lexists",
            "os.path.realpath",
            "os.read",
            "os.readlink",
            "os.scandir",
            "os.stat",
            "os.walk",
            "pathlib.Path",
        ),
        # Files of a repository, of a scanned tree, of a live store, of `.git`, of backups, and of this package.
        (
            "discover.walk",
            "load.files",
            "history.",
            "observe.connect",
            "render.theme",
            "restore.files",
            "restore.sandbox",
            "scaffold.origin",
            "scaffold.templates",
            "write",
        ),
    ),
    "reads Git": (("git",), ("history.",)),
    "runs a program": (
        (
            "multiprocessing",
            "os.exec",
            "os.fork",
            "os.popen",
            "os.posix_spawn",
            "os.spawn",
            "os.system",
            "shutil.which",
            "subprocess",
        ),
        ("pipeline.spread", "run"),
    ),
    "writes": (
        (
            "os.chmod",
            "os.fchmod",
            "os.fsync",
            "os.link",
            "os.makedirs",
            "os.mkdir",
            "os.remove",
            "os.rename",
            "os.replace",
            "os.rmdir",
            "os.symlink",
            "os.truncate",
            "os.unlink",
            "os.utime",
            "shutil.copy",
            "shutil.copy2",
            "shutil.copyfile",
            "shutil.copytree",
            "shutil.move",
            "shutil.rmtree",
            "tempfile",
        ),
        ("restore.sandbox", "write"),
    ),
}

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|pytest\.(mark\.)?(skip|xfail)|importorskip")
MODULE_LINES = 300
FUNCTION_LINES = 50


def open_doors(root: Path) -> Iterator[str]:
    """Modules that touch the world and are not the door for it."""
    for path, tree in modules(root):
        module = name_of(root, path)
        for line, used in uses(tree):
            for what, (things, allowed) in DOORS.items():
                if is_among(used, things) and not is_among(module, allowed):
                    yield f"{module}:{line} {what} with {used}; the door for that is {' or '.join(allowed)}"


def uses(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name of another module or builtin that is used, by its dotted path."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                known[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield node.lineno, f"{node.module}.{alias.name}"
    known.update((node.arg, "") for node in ast.walk(tree) if isinstance(node, ast.arg))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (path := dotted(node)):
            first, _, rest = path.partition(".")
            if first in known:
                yield node.lineno, f"{known[first]}.{rest}"
        elif isinstance(node, ast.Name) and node.id in {"input", "open", "print"} and node.id not in known:
            yield node.lineno, node.id


def dotted(node: ast.expr) -> str:
    """`a.b.c` for such an expression, nothing for any other."""
    if isinstance(node, ast.Attribute):
        return f"{front}.{node.attr}" if (front := dotted(node.value)) else ""
    return node.id if isinstance(node, ast.Name) else ""


def is_among(name: str, things: tuple[str, ...]) -> bool:
    """Whether the name is one of the things or lies in one."""
    return any(name == thing.rstrip(".") or name.startswith(thing.rstrip(".") + ".") for thing in things)


def disorderly_tables(root: Path) -> Iterator[str]:
    """Tables of plugs that are not in alphabetical order."""
    for place, table, names in tables(root):
        if names != sorted(names):
            yield f"{place} {table} is not in alphabetical order"


def tables(root: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Every table of plugs: a constant that lists more than one thing imported from the package."""
    for path, tree in modules(root):
        siblings = {
            alias.asname or alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("stocktake.")
            for alias in node.names
        }
        for node in tree.body:
            target, value = assignment(node)
            listed = [pair for pair in entries(value) if pair[1].split(".")[0] in siblings]
            if target.isupper() and len({name for _, name in listed}) > 1:
                yield f"{name_of(root, path)}:{node.lineno}", target, [key for key, _ in listed]


def assignment(node: ast.stmt) -> tuple[str, ast.expr | None]:
    """The name and the value of a simple assignment."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    return "", None


def entries(value: ast.expr | None) -> Iterator[tuple[str, str]]:
    """What stands in a tuple, list or mapping of names, calls of them or attributes of them, each behind that by which
    it is in order: the key of a mapping where that is a text, else itself.
    """
    if isinstance(value, ast.Dict):
        pairs = [*zip(value.keys, value.values, strict=True)]
    elif isinstance(value, ast.Tuple | ast.List):
        pairs = [(None, element) for element in value.elts]
    else:
        return
    for key, element in pairs:
        inner = element.value if isinstance(element, ast.Starred) else element
        name = dotted(inner.func if isinstance(inner, ast.Call) else inner)
        yield str(key.value) if isinstance(key, ast.Constant) else name, name


def oversized(root: Path) -> Iterator[str]:
    """Modules and functions that are too long, their docstrings not counted."""
    for path, tree in modules(root):
        lines = len(path.read_text("utf-8").splitlines()) - sum(docstring_lines(node) for node in ast.walk(tree))
        if lines > MODULE_LINES:
            yield f"{name_of(root, path)} has {lines} lines, more than {MODULE_LINES}"
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                place, lines = f"{name_of(root, path)}:{node.lineno}", node_lines(node)
                if lines > FUNCTION_LINES:
                    yield f"{place} {node.name} has {lines} lines, more than {FUNCTION_LINES}"


def node_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How long a function is, its docstring and decorators left out."""
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)


def docstring_lines(node: ast.AST) -> int:
    """How many lines the docstring of a module, class or function takes."""
    if not isinstance(
        node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    ) or not ast.get_docstring(node):
        return 0
    return (node.body[0].end_lineno or 0) - node.body[0].lineno + 1


def undescribed(root: Path) -> Iterator[str]:
    """Modules that do not open with a sentence on what they are for."""
    for path, tree in modules(root):
        if path.stat().st_size and not ast.get_docstring(tree):
            yield f"{name_of(root, path)} does not say what it is for"


def unfinished(root: Path) -> Iterator[str]:
    """Lines that put work off, and tests that do not run."""
    for path in sorted(root.rglob("*.py")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if path.name not in {"house.py", "test_house.py"} and (match := UNFINISHED.search(line)):
                yield f"{path.relative_to(root)}:{number} {match[0]}"


def modules(root: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file of the package below `root`, the templates of the scaffold left out."""
    for path in sorted(root.rglob("*.py")):
        if "scaffold/files/" not in path.as_posix():
            yield path, ast.parse(path.read_text("utf-8"), str(path))


def name_of(root: Path, path: Path) -> str:
    """`load.files` for `load/files.py`, `load` for `load/__init__.py`."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
