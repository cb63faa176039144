"""The command as a program: how it is started, and how it ends where the system refuses something."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from shlex import quote

import pytest

from registries import STORE, write

RECORD = "registry/assets/orders-db.yaml"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}


def stocktake(*arguments: str, module: str = "stocktake", **more: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=ENVIRONMENT, text=True, check=False, **given)  # type: ignore[call-overload]


def cut_off_at(size: int) -> None:
    """No file of this process may become larger."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("module", ["stocktake", "stocktake.cli.start", "stocktake.cli.main"])
def test_it_can_be_started_as_a_module(module: str) -> None:
    assert stocktake("--version", module=module).stdout.startswith("stocktake, version ")
    assert stocktake("chek", module=module).returncode == 2


@pytest.mark.parametrize(
    "arguments", [["check"], ["check", RECORD], ["check", "--output-format", "json"], ["--help"], ["explain"], ["chek"]]
)
def test_a_closed_pipe_ends_it_as_it_ends_others(tmp_path: Path, arguments: list[str]) -> None:
    write(tmp_path, {RECORD: STORE})
    reader, writer = os.pipe()
    os.close(reader)

    said = stocktake(*arguments, cwd=tmp_path, stdout=writer, stderr=writer)

    os.close(writer)
    assert said.returncode == 141


@pytest.mark.parametrize("arguments", [["check"], ["explain", "BKP001"]])
def test_a_result_that_finds_no_room_is_told_in_one_line(tmp_path: Path, arguments: list[str]) -> None:
    write(tmp_path, {RECORD: STORE})
    with Path("/dev/full").open("w") as full:
        said = stocktake(*arguments, cwd=tmp_path, stdout=full)
        silent = stocktake("chek", stdout=full, stderr=full)

    assert (said.returncode, said.stderr) == (2, "error: No space left on device\n")
    assert silent.returncode == 2


def test_a_check_with_nowhere_to_say_its_result_still_ends_with_it(tmp_path: Path) -> None:
    write(tmp_path, {RECORD: STORE})
    command = f"exec {quote(sys.executable)} -m stocktake check >&-"

    said = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False)

    assert (said.returncode, said.stderr) == (1, b"")


def test_a_file_that_finds_no_room_is_told_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"registry/assets/.gitkeep": ""})
    fact = f"description={'x' * 2000}"

    said = stocktake(
        *("new", "asset", "passwd", "--set", "type=cache", "--set", fact),
        cwd=tmp_path,
        preexec_fn=lambda: cut_off_at(1000),
    )

    place = f"{tmp_path}/registry/assets/passwd.yaml"
    assert (said.returncode, said.stderr) == (2, f"error: {place}: cannot be written: File too large\n")
    assert [path.name for path in (tmp_path / "registry/assets").iterdir()] == [".gitkeep"]


def test_a_site_that_cannot_be_built_is_told_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "stocktake.yaml").write_text("schema: 1\n")

    said = stocktake("build", "-C", str(tmp_path))

    assert said.returncode == 2
    assert "mkdocs.yml: there is no such file" in said.stderr
    assert not (tmp_path / "build").exists()


def test_a_folder_that_cannot_be_made_is_told_in_one_line() -> None:
    said = stocktake("init", "/proc/estate")

    assert said.returncode == 2
    assert said.stderr == "error: /proc/estate/.stocktake: cannot be written: No such file or directory\n"
