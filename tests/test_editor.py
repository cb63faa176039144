"""What an editor shows and refuses, asked of the language server that VS Code uses, without a window."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml_rs

from registries import Run, runner, write
from schema_validators import CASES, FAST, ROOT, SCHEMAS
from servers.editor import Editor
from stocktake.load.files import Tree, schema_folder
from stocktake.load.record import check
from stocktake.load.schemas import read_schemas
from stocktake.load.strict import parse
from stocktake.model.field import fields
from stocktake.model.kind import Shape

REPOSITORY = ROOT.parent
SETTINGS = json.loads((REPOSITORY / ".vscode/settings.json").read_text("utf-8"))
BINDINGS: Mapping[str, str] = {
    Path(schema).name.removesuffix(".schema.json"): pattern for schema, pattern in SETTINGS["yaml.schemas"].items()
}
RECORDS = sorted(name for name in BINDINGS if name != "settings")
OURS = read_schemas(Tree(schema_folder()))
OFFLINE = {"yaml.schemaStore.enable": False}
CHOICE = re.compile(r"\$\{([0-9]+)\|([^|]*)\|\}")
PLACEHOLDER = re.compile(r"\$\{[0-9]+:([^}]*)\}")
# Cases in which the editor and `check` differ by schema, with the reason.
DIFFERENT: Mapping[str, str] = {}


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    opened = Editor(REPOSITORY, {**SETTINGS, **OFFLINE})
    yield opened
    opened.close()


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def place(kind: str, name: str) -> str:
    """Where a file of a kind stands that the settings bind to its schema."""
    return f"{name}/{BINDINGS[kind]}" if kind == "settings" else BINDINGS[kind].replace("**/*", f"editor/{name}")


def test_every_kind_in_yaml_is_bound_to_its_schema_and_has_a_snippet() -> None:
    kinds = {
        name: schema["x-registry"]["folder"]
        for name, schema in SCHEMAS.items()
        if schema.get("x-registry", {}).get("format") == "yaml"
    }

    assert {name: BINDINGS[name] for name in RECORDS} == {name: f"{folder}/**/*.yaml" for name, folder in kinds.items()}
    assert {name for name, schema in SCHEMAS.items() if "defaultSnippets" in schema} == kinds.keys()
    assert "redhat.vscode-yaml" in (REPOSITORY / ".vscode/extensions.json").read_text("utf-8")


def test_the_editor_refuses_by_schema_what_check_refuses_by_schema(editor: Editor) -> None:
    cases = [path for path in sorted(CASES.glob("*/*/*.yaml")) if path.parts[-3] in BINDINGS]
    files = {place(path.parts[-3], f"{path.parts[-2]}-{path.stem}"): path for path in cases}
    faults = editor.read({name: path.read_text("utf-8") for name, path in files.items()})
    differing = {
        path.relative_to(CASES).as_posix(): [fault["message"] for fault in faults[name]]
        for name, path in files.items()
        if bool(faults[name]) is not bool(checked(path))
    }

    assert len(files) == len(cases) > 250
    assert differing.keys() == DIFFERENT.keys(), differing


@pytest.mark.parametrize("kind", RECORDS)
def test_an_empty_file_offers_a_whole_record_that_is_valid_as_it_stands(editor: Editor, kind: str) -> None:
    path = place(kind, "empty")
    editor.read({path: ""})
    [offered] = [item for item in editor.completion(path, 0, 0) if item["label"] == f"New {kind}"]
    snippet = offered["insertText"]
    stops = {int(number) for number in re.findall(r"\$\{([0-9]+)", snippet)}

    for record in map(loaded, filled(snippet)):
        assert [error.message for error in FAST[kind].iter_errors(record)] == []
        assert set(SCHEMAS[kind]["required"]) < record.keys()
    assert stops == set(range(1, 1 + len(stops)))


def test_hovering_over_a_field_shows_what_its_schema_says(editor: Editor) -> None:
    path = place("asset", "hovered")
    editor.read({path: "name: Orders\ntype: cache\nbackup:\n  rpo: PT1H\n"})

    assert "What kind of store, component or external system it is." in editor.hover(path, 1, 1)
    assert "Copies that may be lost." in editor.hover(path, 1, 1)
    assert "may be lost" in editor.hover(path, 3, 3)


@pytest.mark.parametrize("kind", sorted(BINDINGS))
def test_hovering_over_any_field_of_a_kind_shows_what_its_schema_says(editor: Editor, kind: str) -> None:
    path, text = place(kind, "full"), (CASES / kind / "valid/full.yaml").read_text("utf-8")
    editor.read({path: text})
    told = {
        field: (meaning, plain(editor.hover(path, line - 1, column)))  # on its second letter
        for field, (line, column) in parse(text).keys.items()
        if (meaning := meant(OURS.shape(kind), field))
    }

    assert len(told) >= len(SCHEMAS[kind]["properties"])
    assert {field: hover for field, (meaning, hover) in told.items() if meaning not in hover} == {}


@pytest.mark.parametrize("kind", sorted(BINDINGS))
def test_completion_offers_every_word_of_an_enumeration_with_its_meaning(editor: Editor, kind: str) -> None:
    for name, _, _, form, _, words, *_ in fields(OURS.shape(kind)):
        if not words or not name.isidentifier():  # what lies deeper is offered in the same way
            continue
        path, before = place(kind, f"words-of-{name.replace('_', '-')}"), "\n  - " if form.startswith("a list") else " "
        editor.read({path: f"{name}:{before}\n"})
        line, column = before.count("\n"), 4 if "\n" in before else len(name) + 2
        offered = {item["label"]: item.get("documentation", "") for item in editor.completion(path, line, column)}
        assert {word: offered.get(word) for word, _ in words} == dict(words), name


def test_hovering_over_a_notation_shows_how_it_is_written(editor: Editor) -> None:
    path, waiver = place("asset", "notations"), place("waiver", "notations")
    plans = "backup:\n  plans:\n    nightly:\n      schedule: 0 3 * * *\n"
    editor.read({path: f"name: A\ntype: cache\nidentifiers: [file:a]\n{plans}", waiver: "target: x\n"})

    assert "| `compose:bookshop/db` | a service of a Compose project |" in editor.hover(path, 2, 3)
    assert "| `30 1 * * 0` | every Sunday at 1:30 |" in editor.hover(path, 6, 8)
    assert "`BKP001@asset/cache/production`" in editor.hover(waiver, 0, 2)


def test_completion_offers_the_fields_that_are_not_there_yet_and_the_words_of_an_enumeration(editor: Editor) -> None:
    path = place("dependency", "completed")
    editor.read({path: "from: api\nto: orders-db\ntype: \ncritic\n"})
    types = [item["label"] for item in editor.completion(path, 2, 6)]
    fields = [item["label"] for item in editor.completion(path, 3, 6)]

    assert set(SCHEMAS["common"]["$defs"]["dependency_type"]["enum"]) <= set(types)
    assert "criticality" in fields
    assert "from" not in fields


def test_a_message_says_what_the_form_is_and_stands_where_the_fault_is(editor: Editor) -> None:
    path = place("asset", "faulty")
    faults = editor.read({path: "name: Orders\ntype: cache\nbackup:\n  rpo: 15min\nownr: shop\n"})[path]
    told = {fault["range"]["start"]["line"]: fault["message"] for fault in faults}

    assert told.keys() == {3, 4}
    assert told[3] == "is not an ISO 8601 duration"
    assert "ownr is not allowed" in told[4]


@pytest.mark.parametrize("kind", RECORDS)
def test_the_schema_comment_that_new_writes_leads_to_the_schema(kind: str, tmp_path: Path, run: Run) -> None:
    write(tmp_path, {})
    made = run("new", kind, "a-new-one", "--within", "deep/er", "-C", str(tmp_path))
    path = tmp_path / made.lines[-1]
    comment = path.read_text("utf-8").partition("\n")[0]

    assert path.is_relative_to(tmp_path / SCHEMAS[kind]["x-registry"]["folder"] / "deep/er")
    schema = path.parent / comment.removeprefix("# yaml-language-server: $schema=")
    assert os.path.normpath(schema) == str(tmp_path / f"schemas/{kind}.schema.json")


def test_the_schema_comment_that_new_writes_is_enough_where_no_settings_are() -> None:
    alone = Editor(REPOSITORY, OFFLINE)
    comment = "# yaml-language-server: $schema=../../schemas/team.schema.json\n"
    faults = alone.read({"registry/teams/a.yaml": f"{comment}name: A\nx: 1\n", "registry/teams/b.yaml": "x: 1\n"})
    alone.close()

    assert [fault["message"] for fault in faults["registry/teams/a.yaml"]] == ["Property x is not allowed."]
    assert faults["registry/teams/b.yaml"] == []


def checked(path: Path) -> list[Any]:
    """What `stocktake check` says by schema of a case."""
    raw = path.read_bytes()
    return check(loaded(raw.decode()), raw, path.name, path.parts[-3], OURS)


def meant(shape: Shape | None, path: tuple[str | int, ...]) -> str:
    """The first line of what a schema says of a field; empty for a key of the user, or one in a list."""
    for step in path[:-1]:
        if shape is None or isinstance(step, int):
            return ""
        shape = (shape.fields or {}).get(step, shape.item)
    at = (shape.fields or {}).get(str(path[-1])) if shape else None
    said = [part.get("markdownDescription") or part.get("description") for part in at.parts] if at else []
    return plain(next(filter(None, said), "").partition("\n")[0])


def plain(text: str) -> str:
    """Words as they are in a schema and in what is shown of it."""
    return re.sub(r"[`\\\\]|&nbsp;", "", text)


def loaded(text: str) -> Any:
    return yaml_rs.loads(text, parse_datetime=False)


def filled(snippet: str) -> Iterator[str]:
    """What stands there once the user has accepted every placeholder, once with each word of each choice."""
    first = {number: words.split(",")[0] for number, words in CHOICE.findall(snippet)}
    for number, words in CHOICE.findall(snippet) or [("", "")]:
        for word in words.split(","):
            chosen = {**first, number: word}
            text = CHOICE.sub(lambda found, chosen=chosen: chosen[found[1]], snippet)  # type: ignore[misc]
            yield PLACEHOLDER.sub(r"\1", text)
