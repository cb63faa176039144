"""The package as its users get it: a wheel made from the source distribution, in a clean environment."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

# What must not be loaded to check one file, since it takes longer than the check itself.
HEAVY = (
    "dataclasses",
    "diagrams",
    "git",
    "importlib.metadata",
    "jsonschema",
    "mkdocs",
    "networkx",
    "ruamel",
    "sqlalchemy",
    "stocktake.render",
    "stocktake.rules",
    "subprocess",
    "tempfile",
)


def test_the_wheel_holds_schemas_templates_and_theme(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    for part in (
        "schemas/asset.schema.json",
        "scaffold/files/.github/workflows/check.yml",
        "render/theme/stocktake.css",
    ):
        assert any(name.startswith(f"stocktake/{part}") for name in names), part
    assert [name for name in names if "__pycache__" in name or name.startswith(("tests/", "examples/"))] == []


def test_the_wheel_works_in_a_clean_environment(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    pip = [str(tmp_path / "venv/bin/python"), "-m", "pip", "--disable-pip-version-check", "-qq", "install"]
    subprocess.run([*pip, str(wheel)], check=True)
    estate = tmp_path / "estate"
    shutil.copytree(ROOT / "registry", estate / "registry")
    for part in ("adr", "docs", "observed", ".stocktake"):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, estate / part)
    shutil.copy(ROOT / "stocktake.yaml", estate)

    done = subprocess.run(
        [str(tmp_path / "venv/bin/stocktake"), "check"], cwd=estate, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def heavy_modules_of(*arguments: str) -> list[str]:
    """What of the heavy modules a command loads."""
    code = (
        "import sys; from stocktake.cli.main import main\n"
        f"try: main({list(arguments)!r})\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "print('LOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.split("LOADED")[1].split()
    assert "stocktake.cli.check" in loaded
    return sorted(heavy for heavy in HEAVY if heavy in loaded)


def test_checking_one_file_loads_nothing_heavy():
    assert heavy_modules_of("check", "registry/assets/orders-db.yaml") == []


def test_checking_everything_loads_more_so_that_the_test_above_shows_something():
    assert "stocktake.rules" in heavy_modules_of("check")
