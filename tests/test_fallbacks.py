"""Where the fast parser or the fast validator has no wheel, the plain ones say the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from registries import CASES, Run, runner
from schema_validators import CASES as SCHEMA_CASES
from stocktake.errors import Problem
from stocktake.load import messages, validate, yaml
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.load.strict import parse

SCHEMAS = read_schemas(Tree(schema_folder()))
RECORDS = sorted(SCHEMA_CASES.glob("*/*valid/*.yaml"))


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command without the fast parser and the fast validator."""
    monkeypatch.setattr(validate, "jsonschema_rs", None)
    monkeypatch.setattr(yaml, "yaml_rs", None)
    return runner(capfd)


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_a_registry_is_told_the_same_without_the_fast_libraries(name: str, run: Run, tmp_path: Path) -> None:
    shutil.copytree(CASES / name, tmp_path / "copy")
    (tmp_path / "copy/expected.txt").unlink()

    said = run("check", "--output-format", "concise", "--today", "2026-06-30", "-C", str(tmp_path / "copy"))

    assert f"exit {said.exit_code}\n{said.out}{said.err}" == (CASES / name / "expected.txt").read_text("utf-8")


@pytest.mark.parametrize("kind", sorted({path.parts[-3] for path in RECORDS}))
def test_both_validators_tell_the_same_of_every_case_of_a_schema(kind: str) -> None:
    fast, plain = (validator(kind, SCHEMAS.documents) for validator in (validate.Fast, validate.Plain))
    paths = [path for path in RECORDS if path.parts[-3] == kind]

    assert {path.name: told(fast, path, kind) for path in paths} == {
        path.name: told(plain, path, kind) for path in paths
    }
    assert all(fast.is_valid(parse(path.read_text("utf-8")).data) == (path.parts[-2] == "valid") for path in paths)


@pytest.mark.parametrize("kind", sorted({path.parts[-3] for path in RECORDS}))
def test_both_parsers_read_the_same_from_every_case_of_a_schema(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raws = [path.read_bytes() for path in RECORDS if path.parts[-3] == kind]
    fast = [yaml.parse(raw, "a.yaml") for raw in raws]
    monkeypatch.setattr(yaml, "yaml_rs", None)

    assert fast == [yaml.parse(raw, "a.yaml") for raw in raws]


@pytest.mark.parametrize("key", ["5121", "007", "+5"])
def test_a_key_that_reads_like_a_number_is_told_where_it_stands(key: str, tmp_path: Path) -> None:
    path = tmp_path / "drill.yaml"
    path.write_text(
        (SCHEMA_CASES / "drill/valid/minimal.yaml").read_text().replace("checks: {}", f'checks: {{"{key}": 5}}')
    )
    fast, plain = (validator("drill", SCHEMAS.documents) for validator in (validate.Fast, validate.Plain))

    assert [problem.field for problem in told(fast, path, "drill")] == [f"checks[{key}]"]
    assert told(fast, path, "drill") == told(plain, path, "drill")


def told(validator: validate.Fast | validate.Plain, path: Path, kind: str) -> list[Problem]:
    document = parse(path.read_text("utf-8"))
    return messages.problems("a.yaml", validator.faults(document.data), document, SCHEMAS.shape(kind))
