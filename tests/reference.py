"""The reference that is made of the code, and guards that yield what it leaves undescribed.

`pages` makes the pages below docs/reference; kinds and rules have theirs on every site.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import click
import yaml

from stocktake.cli.main import EXIT_CODES, cli
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.model.field import Field, fields
from stocktake.model.plan_lines import ASKED
from stocktake.model.rule import Rule
from stocktake.render.plan.lines import LINES
from stocktake.values import support

Commands = Mapping[str, click.Command]
PAGES = ("commands.md", "ends-of-life.md", "exit-codes.md", "plan.md", "settings.md")
_MADE = "<!-- Made by `pytest tests/test_documentation.py --accept`; do not edit. -->"
_BARE = re.compile(r"(?<![`\w-])(--[a-z][a-z-]*)(?![^`]*`[^`]*(?:`[^`]*`[^`]*)*$)")


def verbs() -> dict[str, click.Command]:
    """Every command by how it is called, those of groups too."""
    context = click.Context(cli, info_name="stocktake")
    found: dict[str, click.Command] = {}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": command.commands[inner] for inner in sorted(command.commands)}
    return found


def settings() -> list[Field]:
    """Every setting of stocktake.yaml."""
    return list(fields(read_schemas(Tree(schema_folder())).shape("settings")))


def pages() -> dict[str, str]:
    """The pages by their names below docs/reference."""
    return {
        "commands.md": _page("Commands", "What `stocktake` can do.", commands_of(verbs())),
        "ends-of-life.md": _page(
            "Ends of life", "Up to which day releases are corrected, as far as CFG007 and PG031 know.", _ends()
        ),
        "exit-codes.md": _page("Exit codes", "How a command ends says what it found.", _codes(EXIT_CODES)),
        "plan.md": _page("The plan and its rules", "Which rules ask after which line of the audit plan.", _plan()),
        "settings.md": _page("Settings", "What `stocktake.yaml` may say.", _settings(settings())),
    }


def silent_commands(commands: Commands) -> Iterator[str]:
    """Commands, options and arguments of which nothing is said."""
    for name, command in commands.items():
        said = command.help or ""
        if not said:
            yield f"{name} does not say what it does"
        for param in command.params:
            if isinstance(param, click.Option) and not param.help:
                yield f"{name} {param.opts[-1]} does not say what it does"
            if isinstance(param, click.Argument) and not isinstance(command, click.Group):
                yield from (f"{name} does not say what {word} is" for word in _words(param) if word not in said)


def unshown(commands: Commands, calls: Iterable[list[str]]) -> Iterator[str]:
    """Commands that no hand-written page shows."""
    shown = {" ".join(call[:length]) for call in calls for length in (1, 2)}
    for name, command in commands.items():
        if name not in shown and not isinstance(command, click.Group):
            yield f"no page shows {name}"


def silent_fields(owner: str, found: Iterable[Field]) -> Iterator[str]:
    """Fields without a meaning, and words of enumerations without one."""
    for field in found:
        if not (field.meaning or field.markdown):
            yield f"{owner}: {field.name} does not say what it means"
        yield from (f"{owner}: {field.name} does not say what {word} means" for word, told in field.words if not told)


def silent_rules(rules: Iterable[Rule]) -> Iterator[str]:
    """Rules whose page does not say what is wrong, why it matters, and what to do."""
    for rule in rules:
        sections = rule.sections()
        missing = [part for part in ("Why", "Fix", "False positives") if not sections.get(part)]
        yield from (f"{rule.id} has no {part}" for part in missing)
        if not rule.title:
            yield f"{rule.id} does not say what is wrong"


def silent_codes(used: Iterable[int], told: Collection[int]) -> Iterator[str]:
    """Exit codes that the table leaves out, and those in it that nothing ends with."""
    ends = set(used)
    yield from (f"no table says what exit code {code} means" for code in sorted(ends - set(told)))
    yield from (f"nothing ends with exit code {code}" for code in sorted(set(told) - ends))


def exit_codes(package: Path) -> set[int]:
    """Whatever the functions that end a command return, and what `exit_code` is set to or computed as."""
    found: set[int] = set()
    for path in (*(package / "cli").glob("*.py"), *(package / "pipeline").glob("*.py"), package / "errors.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (path.parent.name == "cli" or node.name == "exit_code"):
                if isinstance(node.returns, ast.Name) and node.returns.id == "int":
                    found |= {code for one in ast.walk(node) if isinstance(one, ast.Return) for code in _numbers(one)}
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("exit_code", "_UNREAD"):
                found |= set(_numbers(node))
    return found


def _numbers(node: ast.AST) -> Iterator[int]:
    """Whole numbers that a statement gives; those that it compares with are none of them."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.Constant) and type(part.value) is int:
            yield part.value
        elif isinstance(part, ast.IfExp):
            yield from (code for branch in (part.body, part.orelse) for code in _numbers(ast.Expr(branch)))


def _page(title: str, lead: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", _MADE, lead, *parts]) + "\n"


def commands_of(commands: Commands) -> Iterator[str]:
    """What the page on commands says of these."""
    for name, command in commands.items():
        context = click.Context(command, info_name=f"stocktake {name}")
        yield f"## stocktake {name}"
        yield f"```text\n{' '.join([context.command_path, *command.collect_usage_pieces(context)])}\n```"
        yield from (_marked(" ".join(part.split())) for part in inspect.cleandoc(command.help or "").split("\n\n"))
        options = [param for param in command.params if isinstance(param, click.Option)]
        if options:
            rows = ((_option(option, context), _meaning(option)) for option in options)
            yield _table(("Option", "Meaning"), rows)


def _marked(text: str) -> str:
    """The text with every option in it as code."""
    return _BARE.sub(r"`\1`", text)


def _option(option: click.Option, context: click.Context) -> str:
    value = "" if option.is_flag else f" {_value(option, context)}"
    return ", ".join(f"`{name}{value}`" for name in option.opts)


def _value(option: click.Option, context: click.Context) -> str:
    if isinstance(option.type, click.Choice) and not option.metavar:
        return "WORD"
    return option.make_metavar(context).partition(" ")[0]


def _meaning(option: click.Option) -> str:
    said = [_marked((option.help or "").rstrip())]
    if isinstance(option.type, click.Choice):
        said.append(f"One of {', '.join(f'`{word}`' for word in option.type.choices)}.")
    if option.show_default and option.default is not None:
        said.append(f"Default: `{option.default}`.")
    if option.multiple:
        said.append("May be given several times.")
    return " ".join(filter(None, said))


def _words(argument: click.Argument) -> list[str]:
    return [word.strip("[].") for word in argument.human_readable_name.replace("|", " ").split() if word.isupper()]


def _settings(found: Iterable[Field]) -> Iterator[str]:
    groups: dict[str, list[Field]] = {}
    for field in found:
        groups.setdefault(field.name.partition(".")[0].removesuffix("[]"), []).append(field)
    for name, members in groups.items():
        yield f"## {name}"
        rows: dict[str, list[str]] = {}
        for field in members:
            rows.setdefault(_setting(field), []).append(f"`{field.name}`")
        yield _table(("Setting", "Meaning"), (("<br>".join(names), meaning) for meaning, names in rows.items()))


def _setting(field: Field) -> str:
    meaning = field.meaning + "".join(f"<br>`{word}`: {told}" for word, told in field.words)
    form = field.form + (", required" if field.required else "")
    if field.default is not None:
        form += f"; default `{_short(field.default)}`"
    elif field.examples:
        form += f"; such as `{_short(field.examples[0])}`"
    return f"{meaning}<br>*{form[0].upper()}{form[1:]}.*"


def _short(value: object) -> str:
    """A value as YAML on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)
    return text.removesuffix("...\n").strip()


def _ends() -> Iterator[str]:
    rows = (
        (
            name,
            ", ".join(f"{'.'.join(map(str, release))} until {day}" for release, day in sorted(table.ends.items())),
            f"[{table.source.partition('//')[2]}]({table.source})",
            str(table.as_of),
        )
        for name, table in support.ENGINES.items()
    )
    yield _table(("Engine", "Releases", "Source", "As of"), rows)
    yield "A release that had not ended on the day of its source is unknown once that day is more than a year ago."
    yield "An engine that is not here is not asked, and a release that is not here is unknown."


def _plan() -> Iterator[str]:
    rows = ((line.id, line.text, ", ".join(ASKED[line.id])) for line in LINES if line.id in ASKED)
    yield _table(("Line", "The plan asks to", "Rules"), rows)
    others = ", ".join(line.id for line in LINES if line.id not in ASKED)
    yield f"No rule asks after the other lines, since a look, a page or a command answers them: {others}."


def _codes(told: Mapping[int, str]) -> Iterator[str]:
    yield _table(("Code", "Meaning"), ((str(code), said) for code, said in told.items()))
    yield "Where several hold, 3 comes before 2, 2 before 4, and 4 before 1."


def _table(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headers, tuple("---" for _ in headers), *rows]
    return "\n".join(f"| {' | '.join(' '.join(cell.split()) for cell in line)} |" for line in lines)
