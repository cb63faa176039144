"""The action at our root checks a registry in an environment of its own: its step runs here as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def step(wheel: Path, temp: Path, folder: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    """What the action runs, with Stocktake from a wheel in the place of its own checkout."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    [script] = [one["run"] for one in action["runs"]["steps"] if "run" in one]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "SOURCE": str(wheel), "FOLDER": str(folder), "ARGUMENTS": arguments}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        command, env={**env, "RUNNER_TEMP": str(temp)}, capture_output=True, text=True, check=False, cwd=temp
    )


def test_a_green_and_a_wrong_registry_are_told_apart_and_arguments_run_nothing(wheel: Path, tmp_path: Path) -> None:
    estate = tmp_path / "our estate"
    subprocess.run([sys.executable, "-m", "stocktake", "init", str(estate), "--defaults"], check=True)
    green = step(wheel, tmp_path, estate, "--output-format github")
    (estate / "registry/assets/wrong.yaml").write_text("name: Wrong\ntype: relational-dv\n")
    wrong = step(
        wheel, tmp_path, estate, "--output-format github registry/assets/wrong.yaml $(touch pwned) ;touch pwned"
    )

    assert green.returncode == 0, green.stdout + green.stderr
    assert wrong.returncode == 2
    assert "::error file=registry/assets/wrong.yaml,line=2" in wrong.stdout
    assert not list(tmp_path.rglob("pwned"))
