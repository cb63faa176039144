"""Schemas and rules judge as we mean them to: add a file to one of these folders.

- `cases/KIND/valid` and `cases/KIND/invalid`; what is refused needs a text file of the same name that holds the message,
  or a part of it.
- `cases/rules/RULE/KIND/passes` and `cases/rules/RULE/KIND/fails`.
"""

import json
import re
import shutil
from pathlib import Path

import pytest
from stocktake.cli.main import main

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"
FILES = sorted(path for path in CASES.rglob("*") if path.suffix in {".md", ".yaml"})
OF_RULES = [path for path in FILES if path.relative_to(CASES).parts[0] == "rules"]
OF_SCHEMAS = [path for path in FILES if path not in OF_RULES]


def named(paths):
    return {"argvalues": paths, "ids": [str(path.relative_to(CASES)) for path in paths]}


def placed(case, kind, folder):
    """The path of a case in a copy of this repository, where it is a record among the others."""
    schema = json.loads((ROOT / f"schemas/{kind}.schema.json").read_text("utf-8"))
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name not in {"build", "tests"}:
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, folder / path.name)
    record = folder / schema["x-registry"]["folder"] / case.name
    record.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(case, record)
    return str(record.relative_to(folder))


def check(folder, capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main(["check", "-C", str(folder), *arguments])
    return stop.value.code, capsys.readouterr().out


@pytest.mark.parametrize("case", **named(OF_SCHEMAS))
def test_a_schema_judges_a_case_as_its_folder_says(case, tmp_path, capsys):
    kind, verdict = case.relative_to(CASES).parts[:2]
    record = placed(case, kind, tmp_path)

    code, told = check(tmp_path, capsys, "--output-format", "concise", record)

    assert code == (0 if verdict == "valid" else 2), told
    if verdict == "invalid":
        assert case.with_suffix(".txt").read_text("utf-8").strip() in told


@pytest.mark.parametrize("case", **named(OF_RULES))
def test_a_rule_judges_a_case_as_its_folder_says(case, tmp_path, capsys):
    _, rule, kind, verdict = case.relative_to(CASES).parts[:4]
    placed(case, kind, tmp_path)

    _, told = check(tmp_path, capsys, "--output-format", "json", "--select", rule)

    failing = [one["identity"] for one in json.loads(told)["outcomes"] if one["state"] == "fail"]
    found = [name for name in failing if re.match(rf"{rule}@{kind}/{case.stem}(/|#|$)", name)]
    assert bool(found) == (verdict == "fails"), told
