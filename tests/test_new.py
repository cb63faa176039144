"""`new` writes a record that `check` accepts as it is, or says what must be written first."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from registries import Run, runner, write
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas

SCHEMAS = read_schemas(Tree(schema_folder()))
KINDS = sorted(SCHEMAS.kinds())
FULL: dict[str, str | bytes] = {
    "registry/assets/api.yaml": "name: API\ntype: api\n",
    "registry/assets/orders-db.yaml": "name: Orders\ntype: relational-db\n",
    "registry/teams/shop.yaml": "name: Shop\n",
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def new(run: Run, folder: Path, *arguments: str) -> str:
    """The text of a record that was made; `check` asks for nothing but what the text says is still to say."""
    said = run("new", *arguments, "--today", "2026-06-30", "-C", str(folder))
    assert (said.exit_code, said.err) == (0, "")
    path = said.out.strip()
    text = (folder / path).read_text("utf-8")
    checked = run("check", f"{folder}/{path}", "--output-format", "json", "-C", str(folder))
    problems = json.loads(checked.out)["problems"]
    assert {problem["message"] for problem in problems} <= {"is missing"}
    assert sorted(problem["field"] for problem in problems) == sorted(asked(text))
    return text


def asked(text: str) -> list[str]:
    """What a new record says is still to say."""
    return re.findall(r"^# (\w+):", text.partition("# Still to say:\n")[2], re.MULTILINE)


def front(text: str) -> dict[str, object]:
    """The data of a record."""
    data = yaml.safe_load(text.removeprefix("---\n").partition("---\n")[0])
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize(
    ("kind", "facts", "questions"),
    [
        ("adr", {"name", "status", "date"}, []),
        ("asset", {"name"}, ["type"]),
        ("baseline", {"name"}, ["asset", "environment"]),
        ("change", {"name"}, ["about", "type"]),
        ("dependency", {"name"}, ["from", "to", "type"]),
        ("finding", {"name", "status"}, ["about", "severity"]),
        ("flow", {"name"}, ["steps"]),
        ("incident", {"name", "status"}, ["about", "severity"]),
        ("review", {"name", "state"}, ["type", "scope"]),
        ("risk", {"name", "status"}, ["statement"]),
        ("runbook", {"name", "status"}, []),
        ("source", {"name"}, ["method", "where", "when"]),
        ("system", {"name"}, []),
        ("team", {"name"}, []),
        ("waiver", {"name"}, ["target", "reason", "owner", "approver", "expires"]),
    ],
)
def test_a_new_record_says_nothing_that_nobody_said(
    tmp_path: Path, run: Run, kind: str, facts: set[str], questions: list[str]
) -> None:
    text = new(run, write(tmp_path, FULL), kind, "something-new")

    assert asked(text) == questions
    assert set(front(text)) == facts
    assert front(text)["name"] == "Something new"
    assert front(text).get("status") in (None, "draft", "new", "open", "proposed")
    assert front(text).get("state") in (None, "planned")


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_of_every_kind_can_be_the_first_one(tmp_path: Path, run: Run, kind: str) -> None:
    text = new(run, write(tmp_path, {}), kind, "first")

    required = SCHEMAS.kind(kind).required
    assert sorted({*required, "name"}) == sorted({*front(text), *asked(text)})


def test_a_question_says_what_belongs_there_and_which_words_are_known(tmp_path: Path, run: Run) -> None:
    text = new(run, write(tmp_path, FULL), "dependency", "api-reads-orders")

    assert text == (
        "# yaml-language-server: $schema=../../schemas/dependency.schema.json\n"
        "name: Api reads orders\n"
        "# Still to say:\n"
        "# from: The asset that depends on the other. For example orders-api.\n"
        "# to: The asset that is depended on. For example orders-db.\n"
        "# type: What `from` does with `to`. It says which way data flows and who stops when the other does. One of\n"
        "#   reads, writes, reads-writes, replicates-to, publishes-to, subscribes-to, calls, authenticates-with,\n"
        "#   monitors, builds-from.\n"
    )


def test_a_question_shows_the_form_of_what_is_more_than_one_word(tmp_path: Path, run: Run) -> None:
    text = new(run, write(tmp_path, FULL), "flow", "placing-an-order")

    example = re.sub(r"\n#  +", " ", text).partition("For example ")[2].strip().removesuffix(".")
    assert yaml.safe_load(example) == SCHEMAS.documents["flow"]["properties"]["steps"]["examples"][0]


def test_a_record_that_is_told_everything_is_whole(tmp_path: Path, run: Run) -> None:
    facts = ("--set", "from=api", "--set", "to=orders-db", "--set", "type=reads")

    text = new(run, write(tmp_path, FULL), "dependency", "api-reads-orders", *facts)

    assert text.endswith("name: Api reads orders\nfrom: api\nto: orders-db\ntype: reads\n")


def test_a_decision_gets_the_next_number_and_the_sections_of_a_decision(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {"adr/0007-keep-it.md": "---\nname: A\nstatus: accepted\ndate: 2026-01-01\n---\n"})

    text = new(run, tmp_path, "adr", "my-adr")
    last = new(run, tmp_path, "adr", "0012-chosen")

    assert (tmp_path / "adr/0008-my-adr.md").read_text() == text
    assert re.findall("^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "What we gave up", "Consequences"]
    assert front(text)["name"] == "My adr"
    assert (tmp_path / "adr/0012-chosen.md").read_text() == last
    assert front(last)["name"] == "Chosen"


def test_the_same_decision_is_not_numbered_twice(tmp_path: Path, run: Run) -> None:
    new(run, write(tmp_path, {}), "adr", "my-adr")

    said = run("new", "adr", "my-adr", "-C", str(tmp_path))

    assert (said.exit_code, said.out) == (2, "")
    assert "adr/0001-my-adr.md exists already" in said.err


def test_a_runbook_has_the_sections_of_a_runbook(tmp_path: Path, run: Run) -> None:
    text = new(run, write(tmp_path, {}), "runbook", "restore-orders")

    assert re.findall("^## (.*)$", text, re.MULTILINE) == ["When", "Before", "Steps", "Afterwards"]


def test_given_facts_are_written_with_the_type_that_the_schema_wants(tmp_path: Path, run: Run) -> None:
    facts = ["type=cache", "version=7.10", "tags=a, b", "backup.plans[nightly.eu].schedule=0 2 * * *", "owner=shop"]
    options = [part for fact in facts for part in ("--set", fact)]

    text = new(run, write(tmp_path, FULL), "asset", "sessions", "--within", "eu/shop", *options)

    assert text == (
        "# yaml-language-server: $schema=../../../../schemas/asset.schema.json\n"
        "name: Sessions\ntype: cache\nversion: '7.10'\ntags:\n  - a\n  - b\n"
        "backup:\n  plans:\n    nightly.eu:\n      schedule: 0 2 * * *\nowner: shop\n"
    )


def test_hostile_facts_are_written_as_text_or_refused(tmp_path: Path, run: Run) -> None:
    hostile = "{{ x }}: [*a, &b] # not a comment | `x` <script>"

    assert json.dumps(hostile)[1:-1] in new(run, write(tmp_path, FULL), "asset", "a", "--set", f"name={hostile}")
    said = run("new", "asset", "b", "--set", "name=a\u202eb", "-C", str(tmp_path))
    assert said.exit_code == 2
    assert "the character U+202E is not allowed" in said.err
    assert not (tmp_path / "registry/assets/b.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["assets", "a"], 'There is no kind "assets". Did you mean asset?'),
        (["thing", "a"], 'There is no kind "thing". Kinds are adr, asset, baseline'),
        (["asset", "Orders"], '"Orders" is not an id. Use small letters'),
        (["asset", "../a"], '"../a" is not an id'),
        (["asset", "a", "--within", "../.."], '"../.." is not a sub-folder of registry/assets'),
        (["asset", "orders-db"], "registry/assets/orders-db.yaml exists already"),
        (["asset", "orders-db", "--within", "eu"], "registry/assets/orders-db.yaml exists already"),
        (["asset", "a", "--set", "type"], '--set "type" is not NAME=VALUE'),
        (["asset", "a", "--set", "=x"], '--set "=x" is not NAME=VALUE'),
        (["asset", "a", "--set", "a[b=x"], '--set "a[b=x" is not NAME=VALUE'),
        (["asset", "a", "--set", "backup=x", "--set", "backup.rpo=PT1H"], 'gives "backup" both a value and parts'),
        (["asset", "a", "--set", "backup.rpo=PT1H", "--set", "backup=x"], 'gives "backup" both a value and parts'),
        (["asset", "a", "--set", "type=cach"], 'registry/assets/a.yaml:3:7: type: "cach" is not one of'),
        (["asset", "a", "--set", "owner=shopp"], 'owner: there is no team "shopp". Did you mean shop?'),
        (["asset", "a", "--set", "backup.rpo=15min"], "Did you mean PT15M?"),
        (["asset", "a", "--today", "2026-02-30"], '--today "2026-02-30" is not a day'),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    tmp_path: Path, run: Run, arguments: list[str], message: str
) -> None:
    before = files(write(tmp_path, FULL))

    said = run("new", *arguments, "-C", str(tmp_path))

    assert (said.exit_code, said.out) == (2, "")
    assert message in said.err
    assert files(tmp_path) == before


def test_a_dry_run_prints_the_record_and_writes_nothing(tmp_path: Path, run: Run) -> None:
    before = files(write(tmp_path, FULL))

    said = run("new", "team", "ops", "--dry-run", "-C", str(tmp_path))

    assert said.out == "# yaml-language-server: $schema=../../schemas/team.schema.json\nname: Ops\n"
    assert files(tmp_path) == before


def test_nothing_is_written_through_a_folder_that_leads_out(tmp_path: Path, run: Run) -> None:
    (tmp_path / "outside").mkdir()
    root = write(tmp_path / "root", {})
    (root / "registry/teams").symlink_to(tmp_path / "outside")

    assert run("new", "team", "ops", "-C", str(root)).exit_code == 2
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_kind_of_a_team_is_made_from_its_schema(tmp_path: Path, run: Run) -> None:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://stocktake.dev/schemas/printer.schema.json",
        "title": "Printer",
        "x-registry": {"folder": "registry/printers"},
        "type": "object",
        "properties": {
            "name": {"$ref": "common.schema.json#/$defs/base/properties/name"},
            "pages": {"type": "integer"},
            "owner": {"$ref": "common.schema.json#/$defs/id", "x-ref": "team"},
        },
        "required": ["name", "owner"],
        "unevaluatedProperties": False,
    }
    write(tmp_path, {**FULL, "schemas/printer.schema.json": json.dumps(schema)})

    text = new(run, tmp_path, "printer", "hall", "--set", "pages=5")

    assert "name: Hall\npages: 5\n# Still to say:\n# owner:" in text


def files(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))
