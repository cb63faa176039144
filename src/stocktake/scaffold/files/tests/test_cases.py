"""The schemas accept and refuse what we mean them to: add a file to `cases/KIND/valid` or `cases/KIND/invalid`.

What is refused needs a text file of the same name that holds the message, or a part of it.
"""

import json
import shutil
from pathlib import Path

import pytest
from stocktake.cli.main import main

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"
FILES = sorted(path for path in CASES.rglob("*") if path.suffix in {".md", ".yaml"})


@pytest.mark.parametrize("case", FILES, ids=[str(path.relative_to(CASES)) for path in FILES])
def test_a_case_is_judged_as_its_folder_says(case, tmp_path, capsys):
    kind, verdict = case.relative_to(CASES).parts[:2]
    schema = json.loads((ROOT / f"schemas/{kind}.schema.json").read_text("utf-8"))
    for name in ("adr", "docs", "registry", "schemas", "stocktake.yaml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    record = tmp_path / schema["x-registry"]["folder"] / case.name
    record.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(case, record)

    with pytest.raises(SystemExit) as stop:
        main(["check", "--output-format", "concise", "-C", str(tmp_path), str(record.relative_to(tmp_path))])

    told = capsys.readouterr().out
    assert stop.value.code == (0 if verdict == "valid" else 2), told
    if verdict == "invalid":
        assert case.with_suffix(".txt").read_text("utf-8").strip() in told
