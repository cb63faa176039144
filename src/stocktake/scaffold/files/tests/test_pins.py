"""Stocktake is named twice, for the site and for the hook; both must be the same."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_the_hook_installs_the_same_stocktake_as_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    [installed] = [spec for spec in project["dependency-groups"]["dev"] if re.match(r"stocktake\b", spec)]
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    [hook] = [hook for repo in config["repos"] for hook in repo["hooks"] if hook["id"] == "stocktake"]

    assert hook["additional_dependencies"] == [re.sub(r"\[[^]]*\]", "", installed, count=1)]
