"""Whatever the bytes of a file are, loading and checking end soon and tell problems; nothing else ever happens."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from fuzz.corpus import Sample, samples
from fuzz.judge import Judge, WrongError
from fuzz.mutate import of_bytes
from fuzz.run import EACH, run, wrong
from fuzz.shrink import shrunk
from stocktake.load import yaml

CASES = Path(__file__).parent / "cases/fuzz"
SEED = "tests"
COUNT = 20_000
BY_NAME = {path.name: path for path in sorted(CASES.iterdir()) if path.suffix != ".txt"}


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return Judge(tmp_path_factory.mktemp("fuzz") / "repository")


@pytest.mark.parametrize("batch", range(COUNT // EACH))
def test_a_mutated_file_is_read_or_told_what_is_wrong(judge: Judge, batch: int) -> None:
    broken = [f"{found.sample.path}: {found.why}\n{found.raw[:2_000]!r}" for found in run(judge, SEED, batch, EACH)]

    assert broken == [], f"scripts/fuzz --seed {SEED} --first {batch * EACH} --count {EACH}"


@pytest.mark.parametrize("name", BY_NAME)
def test_what_once_broke_something_no_longer_does(judge: Judge, name: str) -> None:
    path, _, schema = BY_NAME[name].with_name(f"{name}.txt").read_text("utf-8").splitlines()[0].partition(" as ")

    assert wrong(judge, Sample(path, "", schema.replace("itself", "")), BY_NAME[name].read_bytes()) == ""


def test_the_same_seed_and_number_give_the_same_file() -> None:
    first, again = (of_bytes(samples(), random.Random("a/7")) for _ in range(2))

    assert first == again
    assert of_bytes(samples(), random.Random("a/8")) != first


def test_what_breaks_something_is_seen_and_made_small(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(sample: Sample, raw: bytes, dice: random.Random) -> None:
        if b"production" in raw:
            raise WrongError("does not like production")

    monkeypatch.setattr(judge, "judge", breaks)
    found = next(found for found in run(judge, SEED, 0, 100) if found.why)

    assert found.raw == b"production"
    assert shrunk(b"abcabc", lambda raw: raw.count(b"c") == 2) == b"cc"


def test_two_ways_that_read_a_file_differently_are_told(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "parse_strictly", lambda raw, path: ({"name": "B"}, []))

    assert "reads differently" in wrong(judge, Sample("registry/teams/x.yaml", "", "team"), b"name: A\n")
