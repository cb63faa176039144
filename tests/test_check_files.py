"""Files that cannot stand in a repository of cases: huge, unreadable, special, linked, hostile by name."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from registries import STORE, Run, runner, write
from stocktake.load.files import Tree
from stocktake.pipeline.check import check
from stocktake.pipeline.check_files import check_files

RECORD = "registry/assets/orders-db.yaml"
LINK = f"{RECORD}: is a link that leaves the repository. Put the file itself here."
KEY = "AKIA" + "QWERTZUIOPASDFGH"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def told(folder: Path) -> list[str]:
    """The problems of a registry; each file alone is told the same."""
    tree = Tree(str(folder))
    problems = check(tree, date(2026, 6, 30)).problems
    for path in {problem.path for problem in problems if tree.has(problem.path)}:
        assert check_files(tree, [path]) == ([one for one in problems if one.path == path], 1)
    return [problem.text() for problem in problems]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xef\xbb\xbfname: A\n", "1:1: the file begins with a byte order mark. Save it as UTF-8 without BOM."),
        (b"name: A\ntype: \xff\xfe\n", "2:7: the byte 0xff is not UTF-8. Save the file as UTF-8."),
        ("name: Ä\n".encode("utf-16"), "1:1: the byte 0xff is not UTF-8. Save the file as UTF-8."),
        (b"name: \xed\xa0\x80\n", "1:7: the byte 0xed is not UTF-8. Save the file as UTF-8."),
        (b"name: A\x00B\n", "1:8: the character U+0000 is not allowed. It hides or reorders text: delete it."),
        (b"name: A\rtype: cache\n", "1:8: the character U+000D is not allowed. It hides or reorders text: delete it."),
    ],
)
def test_bytes_that_are_not_clean_text_are_refused_with_their_place(
    tmp_path: Path, content: bytes, message: str
) -> None:
    write(tmp_path, {RECORD: content})

    assert told(tmp_path) == [f"{RECORD}:{message}"]


@pytest.mark.parametrize("path", [RECORD, "stocktake.yaml", "docs/runbooks/restore.md"])
def test_a_huge_file_is_refused(tmp_path: Path, path: str) -> None:
    write(tmp_path, {path: b"name: A # " + b"x" * 5_000_000})

    assert f"{path}: is larger than 1,000,000 bytes. Move long text into a page under docs/." in told(tmp_path)


def test_a_list_of_known_findings_may_be_long(tmp_path: Path) -> None:
    lines = "".join(f"2026-01-31 INV001@asset/a-database-with-a-name-{number}\n" for number in range(30_000))

    assert told(write(tmp_path, {".stocktake/known.txt": lines})) == []


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", ": ", "- ? : ", "[{", "- - x: ["])
def test_deep_nesting_is_refused_and_harms_nobody(tmp_path: Path, opening: str) -> None:
    write(tmp_path, {RECORD: f"name: A\ntype: cache\nlabels:\n  {opening * (900_000 // len(opening))}"})

    [message] = told(tmp_path)
    assert message.startswith(f"{RECORD}:4:")


@pytest.mark.parametrize("path", [RECORD, "docs/runbooks/restore.md"])
def test_a_link_to_a_file_outside_is_refused_and_not_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_text(f"name: {KEY}\n")
    root = write(tmp_path / "root", {path: ""})
    (root / path).unlink()
    (root / path).symlink_to(tmp_path / "outside")

    assert told(root) == [f"{path}: is a link that leaves the repository. Put the file itself here."]


@pytest.mark.parametrize("path", ["stocktake.yaml", ".stocktake/known.txt", "observed/shop.json"])
def test_what_machines_and_settings_say_is_not_read_through_a_link_to_the_outside(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_text("x")
    root = write(tmp_path / "root", {path: ""})
    (root / path).unlink()
    (root / path).symlink_to(tmp_path / "outside")

    assert told(root) == [f"{path}: is a link that leaves the repository. Put the file itself here."]


@pytest.mark.parametrize("folder", ["registry", "registry/assets", "registry/assets/eu", "adr", "observed"])
def test_a_folder_that_is_a_link_to_the_outside_is_refused_and_not_walked(tmp_path: Path, folder: str) -> None:
    write(tmp_path / "outside", {"orders.yaml": STORE, "orders.json": "{}", "orders.md": ""})
    root = write(tmp_path / "root", {f"{folder}/.gitkeep": ""})
    for path in (root / folder).rglob("*"):
        path.unlink()
    (root / folder).rmdir()
    (root / folder).symlink_to(tmp_path / "outside")

    assert told(root) == [f"{folder}: is a link that leaves the repository. Put the file itself here."]


def test_a_link_within_the_repository_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"shared/orders.yaml": "name: A\ntype: cach\n", "registry/assets/.gitkeep": ""})
    (tmp_path / RECORD).symlink_to(tmp_path / "shared/orders.yaml")

    [message] = told(tmp_path)
    assert message.startswith(f'{RECORD}:2:7: type: "cach"')


@pytest.mark.parametrize(
    ("target", "flaw"),
    [
        ("nowhere", "is a link to nothing"),
        (".", "is a link to a folder"),
        ("orders-db.yaml", "is a link that leads back to itself"),
    ],
)
def test_a_link_that_leads_to_no_file_is_told(tmp_path: Path, target: str, flaw: str) -> None:
    write(tmp_path, {"registry/assets/.gitkeep": ""})
    (tmp_path / RECORD).symlink_to(target)

    assert told(tmp_path) == [f"{RECORD}: {flaw}. Put the file itself here."]


@pytest.mark.parametrize("path", [RECORD, "observed/shop.json", "adr/0001-x.md"])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, path: str) -> None:
    write(tmp_path, {f"{path}.txt/.gitkeep": ""})
    os.mkfifo(tmp_path / path)

    assert told(tmp_path) == [f"{path}: is not a regular file. Put the file itself here."]


def test_a_device_behind_a_link_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"registry/assets/.gitkeep": ""})
    (tmp_path / RECORD).symlink_to("/dev/zero")

    assert told(tmp_path) == [LINK]


@pytest.mark.parametrize("form", ["text", "concise", "github", "json"])
@pytest.mark.parametrize("name", [b"a\nb.yaml", b"\xff.yaml", "a\u202eb.yaml".encode(), b"::stop-commands::x.yaml"])
def test_a_hostile_file_name_is_shown_and_never_printed_raw(tmp_path: Path, run: Run, name: bytes, form: str) -> None:
    write(tmp_path, {"registry/assets/.gitkeep": ""})
    (tmp_path / "registry/assets" / os.fsdecode(name)).write_text(STORE)

    for arguments in ([], [f"{tmp_path}/registry/assets"]):
        said = run("check", *arguments, "--output-format", form, "-C", str(tmp_path))
        assert said.exit_code == 2
        assert "\u202e" not in said.out
        assert said.err == ""
        if form == "json":
            assert len(json.loads(said.out)["problems"]) == 1
        else:
            assert not any(line.startswith(("b.yaml", "::stop")) for line in said.lines)


def test_a_secret_in_a_record_is_refused_and_never_shown(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: f"{STORE}description: see {KEY}\n", "adr/0001-x.md": f"---\n---\n\nUse {KEY}.\n"})

    said = run("check", "--output-format", "concise", "-C", str(tmp_path))

    assert said.exit_code == 2
    assert f"{RECORD}:3:18: description: looks like a secret (AWS access key id). A secret never enters" in said.out
    assert "adr/0001-x.md:4:5: looks like a secret (AWS access key id)." in said.out
    assert KEY not in said.out + said.err


def test_a_secret_is_told_with_the_fact_that_holds_it(tmp_path: Path) -> None:
    plans = f"backup: {{plans: {{nightly: {{method: {KEY}}}}}}}"
    tail = f"labels:\n  x: {KEY}\n  {KEY}: x\n# {KEY}\n"
    write(tmp_path, {RECORD: f"{STORE}{plans}\ntags: [a, {KEY}]\ndescription: |\n  one\n  two {KEY}\n{tail}"})

    found = [line.partition(": looks like")[0] for line in told(tmp_path) if "looks like" in line]
    assert found == [
        f"{RECORD}:3:36: backup.plans[nightly].method",
        f"{RECORD}:4:11: tags[1]",
        f"{RECORD}:7:7: description",
        f"{RECORD}:9:6: labels[x]",
        f"{RECORD}:10:3",
        f"{RECORD}:11:3",
    ]


def test_a_secret_that_breaks_the_schema_is_not_shown_either(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: f"name: Orders\ntype: {KEY}\nconnection: postgresql://ada:{KEY[4:]}@db/orders\n"})

    said = run("check", "--output-format", "concise", "-C", str(tmp_path))

    assert said.exit_code == 2
    assert KEY[4:] not in said.out + said.err


def test_what_is_excused_with_a_reason_is_no_secret(tmp_path: Path) -> None:
    write(tmp_path, {RECORD: f'{STORE}description: "see {KEY}"  # not-secret: the example of the documentation\n'})

    assert told(tmp_path) == []


def test_an_excuse_without_a_reason_excuses_nothing(tmp_path: Path) -> None:
    write(tmp_path, {RECORD: f'{STORE}description: "see {KEY}"  # not-secret:\n'})

    assert len(told(tmp_path)) == 1


def test_a_secret_in_the_settings_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"stocktake.yaml": f"schema: 1\nname: Estate {KEY}\n"})

    [message] = told(tmp_path)
    assert message.startswith("stocktake.yaml:2:14: name: looks like a secret (AWS access key id).")
