"""Files appear whole or not at all."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from stocktake.errors import InputError, UsageError
from stocktake.write import write, write_all

LEFTOVER = ".stocktake-999999999-0.tmp"

WRITER = textwrap.dedent(
    """
    import sys
    from stocktake.write import write_all

    print("ready", flush=True)
    for number in range(100_000):
        content = bytes([65 + number % 26]) * 3_000_000
        write_all(sys.argv[1], [("a/one.yaml", content), ("b/two.yaml", content)], durable=False)
    """
)


def test_a_file_and_its_folders_are_made(tmp_path):
    assert write(f"{tmp_path}/registry/teams/shop.yaml", b"name: Shop\n")

    assert (tmp_path / "registry/teams/shop.yaml").read_bytes() == b"name: Shop\n"


def test_what_stands_already_is_not_written_again(tmp_path):
    path = tmp_path / "a.txt"
    write(str(path), b"same")
    before = path.stat().st_ino

    assert not write(str(path), b"same")
    assert path.stat().st_ino == before


def test_a_script_becomes_executable_and_stays_so(tmp_path):
    assert write_all(str(tmp_path), [("run", b"#!/bin/sh\n", False)]) == ["run"]
    assert write_all(str(tmp_path), [("run", b"#!/bin/sh\n", True)]) == ["run"]

    assert os.access(tmp_path / "run", os.X_OK)
    assert write_all(str(tmp_path), [("run", b"#!/bin/sh\n", True)]) == []


def test_check_mode_says_what_differs_and_touches_nothing(tmp_path):
    write_all(str(tmp_path), [("same", b"1"), ("other", b"1")])

    changed = write_all(str(tmp_path), [("new/one", b"1"), ("same", b"1"), ("other", b"2")], check=True)

    assert changed == ["new/one", "other"]
    assert sorted(os.listdir(tmp_path)) == ["other", "same"]


def test_pruning_removes_what_was_not_named_and_the_folders_left_empty(tmp_path):
    write_all(str(tmp_path), [("keep/a", b"1"), ("old/deep/b", b"1")])

    assert write_all(str(tmp_path), [("keep/a", b"1")], prune=True, check=True) == ["old/deep/b"]
    assert write_all(str(tmp_path), [("keep/a", b"1")], prune=True) == ["old/deep/b"]
    assert os.listdir(tmp_path) == ["keep"]


@pytest.mark.parametrize("path", ["../out", "a/../../out", "/etc/out", "link/out"])
def test_nothing_is_written_outside_the_root(tmp_path, path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)

    with pytest.raises(UsageError, match="leaves the folder"):
        write_all(str(root), [(path, b"x")])
    assert not (tmp_path / "out").exists()


def test_a_symlink_at_the_place_is_replaced_and_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.write_bytes(b"untouched")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/file").symlink_to(outside)

    write_all(str(tmp_path / "root"), [("file", b"new")])

    assert outside.read_bytes() == b"untouched"
    assert (tmp_path / "root/file").read_bytes() == b"new"


def test_a_failure_while_writing_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/file").mkdir()

    with pytest.raises(InputError, match=f"^{tmp_path}/folder/file: cannot be written: Is a directory$"):
        write(f"{tmp_path}/folder/file", b"x")
    assert os.listdir(tmp_path / "folder") == ["file"]


def test_leftovers_of_a_run_that_lives_stay_and_of_a_dead_one_go(tmp_path):
    living = f".stocktake-{os.getppid()}-0.tmp"
    for name in (LEFTOVER, living):
        (tmp_path / name).write_bytes(b"half")

    write(f"{tmp_path}/a.txt", b"x")

    assert sorted(os.listdir(tmp_path)) == sorted([living, "a.txt"])


def test_a_run_killed_at_any_moment_leaves_no_half_written_file(tmp_path):
    leftovers = 0
    for attempt in range(12):
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert child.stdout
        child.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.02 + attempt * 0.013)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        for path in tmp_path.glob("*/*.yaml"):
            content = path.read_bytes()
            assert len(content) == 3_000_000
            assert len(set(content)) == 1
        leftovers += len(list(tmp_path.glob("*/.stocktake-*")))

    write_all(str(tmp_path), [("a/one.yaml", b"1"), ("b/two.yaml", b"1")])

    assert leftovers, "no child was killed in the middle of a file: the test shows nothing"
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.*")) == ["a/one.yaml", "b/two.yaml"]
