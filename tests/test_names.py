"""Names that hide, mislead or collide are told with the letters that do it, by their code points."""

from __future__ import annotations

import os
import socket
import unicodedata
from pathlib import Path

import pytest

from registries import STORE, Run, runner, write
from stocktake.values.letters import foreign, latin, look_alikes

ASSETS = "registry/assets"
NO_ID = "Rename the file: small letters, digits and hyphens, beginning with a letter or digit."
NO_FILE = "is not a regular file. Put the file itself here."
TWINS = "only in capital letters or accents. Rename one: macOS and Windows take both for the same."


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def told(run: Run, folder: Path, *files: str) -> list[str]:
    """What a check says; each file alone is told the same as the whole."""
    said = run("check", "--output-format", "concise", "--today", "2026-06-30", "-C", str(folder), *files)
    assert "Traceback" not in said.out + said.err
    return said.lines


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("or\u0434ers.yaml", '"or\u0434ers" is not an id (\u0434 is U+0434 CYRILLIC SMALL LETTER DE).'),
        ("cafe\u0301.yaml", '"cafe\u0301" is not an id (\u0301 is U+0301 COMBINING ACUTE ACCENT).'),
        ("\uff41.yaml", '"\uff41" is not an id (\uff41 is U+FF41 FULLWIDTH LATIN SMALL LETTER A).'),
        ("a\u200bb.yaml", '"a⟨U+200B⟩b" is not an id (⟨U+200B⟩ is U+200B ZERO WIDTH SPACE).'),
        ("a\u202eb.yaml", '"a⟨U+202E⟩b" is not an id (⟨U+202E⟩ is U+202E RIGHT-TO-LEFT OVERRIDE).'),
        ("A.yaml", '"A" is not an id.'),
        ("a b.yaml", '"a b" is not an id.'),
        ("new\nline.yaml", '"new⟨U+000A⟩line" is not an id.'),
        (os.fsdecode(b"a\xff.yaml"), '"a⟨U+DCFF⟩" is not an id (⟨U+DCFF⟩ is U+DCFF).'),
    ],
)
def test_a_file_whose_name_is_no_id_is_told_which_letters(run: Run, tmp_path: Path, name: str, message: str) -> None:
    write(tmp_path, {f"{ASSETS}/{name}": STORE})

    whole = told(run, tmp_path)
    assert len(whole) == 1
    assert whole[0].partition(".yaml: ")[2] == f"{message} {NO_ID}"
    assert told(run, tmp_path, str(tmp_path / ASSETS / name)) == whole


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: \u041erders\n", 'name: "\u041erders" mixes alphabets: \u041e is U+041E CYRILLIC CAPITAL LETTER O.'),
        ("name: \u0391bc\n", 'name: "\u0391bc" mixes alphabets: \u0391 is U+0391 GREEK CAPITAL LETTER ALPHA.'),
        (
            "name: A\naliases: [\uff21x]\n",
            (
                'aliases[0]: "\uff21x" holds letters that read like others: '
                "\uff21 is U+FF21 FULLWIDTH LATIN CAPITAL LETTER A."
            ),
        ),
        (
            "name: Cafe\u0301\n",
            'name: "Cafe\u0301" holds accents apart from their letters: \u0301 is U+0301 COMBINING ACUTE ACCENT.',
        ),
    ],
)
def test_a_name_that_looks_like_another_is_refused(run: Run, tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, {f"{ASSETS}/a.yaml": f"{text}type: cache\n"})

    [line] = told(run, tmp_path)
    assert line.split(" ", 1)[1] == f"{message} Type it again, so that whoever looks for it finds it."
    assert told(run, tmp_path, str(tmp_path / ASSETS / "a.yaml")) == [line]


@pytest.mark.parametrize(
    "name",
    ["Café Größe", "5 µm", "ΔT", "Заказы", "测试数据库", "Ω-Server", "x²", "नमस्ते", "한국어", "Łódź", "Ελλάδα", "№ 5"],
)
def test_names_in_any_language_are_fine(name: str) -> None:
    assert look_alikes(unicodedata.normalize("NFC", name)) == ""


def test_values_of_the_wrong_letters_are_told_which_and_what_was_meant(run: Run, tmp_path: Path) -> None:
    text = "name: A\ntype: cach\u0435\nowner: sh\u043ep\nlabels: {k\u0435: v}\n"
    write(tmp_path, {f"{ASSETS}/a.yaml": text, "registry/teams/shop.yaml": "name: Shop\n"})

    lines = told(run, tmp_path)

    assert [line.rpartition("Did you mean ")[2] for line in lines[:2]] == ["cache?", "shop?"]
    assert all("(\u0435 is U+0435 CYRILLIC SMALL LETTER IE)" in lines[at] for at in (0, 2))
    assert "(\u043e is U+043E CYRILLIC SMALL LETTER O)" in lines[1]


def test_folders_and_pages_that_differ_in_capitals_or_accents_only_are_told(run: Run, tmp_path: Path) -> None:
    page = "# Page\n"
    files: dict[str, str | bytes] = {
        f"{ASSETS}/Pay/a.yaml": STORE,
        f"{ASSETS}/pay/b.yaml": STORE,
        f"{ASSETS}/pay/deep/c.yaml": STORE,
        "docs/Guide.md": page,
        "docs/guide.md": page,
        "docs/caf\u00e9.md": page,
        "docs/cafe\u0301.md": page,
    }
    write(tmp_path, files)

    whole = told(run, tmp_path)

    assert whole == [
        f"docs/caf\u00e9.md: has a name that differs from docs/cafe\u0301.md {TWINS}",
        f"docs/guide.md: has a name that differs from docs/Guide.md {TWINS}",
        f"{ASSETS}/pay/b.yaml: lies in {ASSETS}/pay, which differs from {ASSETS}/Pay {TWINS}",
        f"{ASSETS}/pay/deep/c.yaml: lies in {ASSETS}/pay/deep, which differs from {ASSETS}/Pay/deep {TWINS}",
    ]
    assert [line for path in sorted(files) for line in told(run, tmp_path, str(tmp_path / path))] == whole


def test_what_is_no_file_is_refused_and_nothing_waits_for_it(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {f"{ASSETS}/a.yaml": STORE, "observed/.keep": "", "docs/.keep": "", "adr/.keep": ""})
    pipes = (f"{ASSETS}/pipe.yaml", "observed/x.json", "docs/x.md", "adr/0001-x.md", "stray", f"{ASSETS}/p")
    for path in pipes:
        os.mkfifo(tmp_path / path)
    links = {"zero": "/dev/zero", "in": "/dev/stdin", "out": "/etc/passwd", "gone": "nowhere", "loop": "loop.yaml"}
    for name, target in links.items():
        (tmp_path / ASSETS / f"{name}.yaml").symlink_to(target)
    (tmp_path / ASSETS / "up").symlink_to("..")
    here = Path.cwd()
    os.chdir(tmp_path / ASSETS)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.yaml")
    os.chdir(here)

    assert told(run, tmp_path) == [
        f"adr/0001-x.md: {NO_FILE}",
        f"docs/x.md: {NO_FILE}",
        f"observed/x.json: {NO_FILE}",
        f"{ASSETS}/gone.yaml: is a link to nothing. Put the file itself here.",
        f"{ASSETS}/in.yaml: is a link that leaves the repository. Put the file itself here.",
        f"{ASSETS}/loop.yaml: is a link that leads back to itself. Put the file itself here.",
        f"{ASSETS}/out.yaml: is a link that leaves the repository. Put the file itself here.",
        f"{ASSETS}/p: {NO_FILE}",
        f"{ASSETS}/pipe.yaml: {NO_FILE}",
        f"{ASSETS}/s.yaml: {NO_FILE}",
        f"{ASSETS}/up: is a link to a folder. Put the file itself here.",
        f"{ASSETS}/zero.yaml: is a link that leaves the repository. Put the file itself here.",
    ]
    for path in (*pipes[:4], f"{ASSETS}/zero.yaml", f"{ASSETS}/s.yaml"):
        assert told(run, tmp_path, str(tmp_path / path)) == [line for line in told(run, tmp_path) if path in line]


@pytest.mark.parametrize("path", ["stocktake.yaml", ".stocktake/known.txt", "schemas/x.schema.json"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_a_pipe_or_folder_in_the_place_of_a_file_is_told(run: Run, tmp_path: Path, path: str, make: object) -> None:
    write(tmp_path, {f"{ASSETS}/a.yaml": STORE, "schemas/.keep": "", ".stocktake/.keep": ""})
    (tmp_path / path).unlink(missing_ok=True)
    make(tmp_path / path)  # type: ignore[operator]

    assert told(run, tmp_path) == [f"{path}: {NO_FILE}"]


def test_letters_are_named_and_turned_into_those_that_were_meant() -> None:
    assert foreign("abc") == look_alikes("abc") == ""
    assert foreign("\u0434\u0434\u0435\u0436\u0437").count("U+") == 3
    assert latin("sh\u043ep\uff11") == "shop1"
