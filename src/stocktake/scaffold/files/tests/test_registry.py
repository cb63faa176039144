"""The registry is in order: `stocktake check` has nothing to say that counts."""

from pathlib import Path

import pytest
from stocktake.cli.main import main

ROOT = Path(__file__).parents[1]


def test_the_registry_is_in_order(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    with pytest.raises(SystemExit) as stop:
        main(["check"])

    told = capsys.readouterr()
    assert stop.value.code == 0, f"{told.out}{told.err}"
