"""`rename` gives a record another id everywhere, and nothing else in any file changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from registries import SETTINGS, Run, runner, write
from stocktake.load.files import Tree
from stocktake.pipeline.rename import rename
from stocktake.pipeline.unfinished import FILE, noted

ROOT = Path(__file__).parents[1]
TODAY = ("--today", "2026-11-25")
HEAD = "name: Orders\ntype: relational-db\n"
RECORD = "registry/assets/orders-db.yaml"
MOVED = "registry/assets/orders.yaml"
DECISION = 'name: A\nstatus: accepted\ndate: "2026-01-05"\n'


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in folder.rglob("*") if path.is_file()
    }


def renamed(folder: Path, run: Run, files: dict[str, str | bytes], new: str = "orders") -> dict[str, str]:
    """What the files hold after `asset/orders-db` got another id, without those that `write` adds."""
    write(folder, files)
    said = run("rename", "asset/orders-db", new, "-C", str(folder))

    assert (said.exit_code, said.err) == (0, "")
    return contents(folder)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, f"{HEAD}formerly: [orders-db]\n"),
        (HEAD.rstrip("\n"), f"{HEAD}formerly: [orders-db]"),
        (HEAD.replace("\n", "\r\n"), f"{HEAD}formerly: [orders-db]\n".replace("\n", "\r\n")),
        ("{name: Orders, type: relational-db}\n", "{formerly: [orders-db], name: Orders, type: relational-db}\n"),
        (f"{HEAD}formerly: [odb]  # said\n", f"{HEAD}formerly: [orders-db, odb]  # said\n"),
        (f"{HEAD}formerly: []\n", f"{HEAD}formerly: [orders-db]\n"),
        (f"{HEAD}formerly:\n  # since 2020\n  - odb\n", f"{HEAD}formerly:\n  # since 2020\n  - orders-db\n  - odb\n"),
        (f"{HEAD}formerly: [a, 'orders']\n", f"{HEAD}formerly: [a, 'orders-db']\n"),
        (
            f"# kept\n{HEAD}description: |\n  A text.",
            f"# kept\nformerly: [orders-db]\n{HEAD}description: |\n  A text.",
        ),
    ],
)
def test_the_record_remembers_its_former_id(tmp_path: Path, run: Run, before: str, after: str) -> None:
    files = renamed(tmp_path, run, {RECORD: before.encode()})

    assert files[MOVED] == after
    assert RECORD not in files


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "registry/assets/copy.yaml",
            f'{HEAD}backup:\n  plans:\n    a: {{kind: full,   target: "orders-db"}} # to orders-db\n',
            f'{HEAD}backup:\n  plans:\n    a: {{kind: full,   target: "orders"}} # to orders-db\n',
        ),
        (
            "registry/dependencies/web-reads.yaml",
            "# of orders-db\nfrom: web\nto:   'orders-db'   # orders-db\ntype: reads\n",
            "# of orders-db\nfrom: web\nto:   'orders'   # orders-db\ntype: reads\n",
        ),
        (
            "registry/findings/a.yaml",
            "name: A\nidentity: BKP001@asset/orders-db/x#y\nabout: asset/orders-db\nseverity: low\nstatus: open\n",
            "name: A\nidentity: BKP001@asset/orders/x#y\nabout: asset/orders\nseverity: low\nstatus: open\n",
        ),
        (
            "registry/baselines/b.yaml",
            "{asset: orders-db, environment: production}\n",
            "{asset: orders, environment: production}\n",
        ),
        (
            "adr/0001-a.md",
            f"---\n{DECISION}about:\n  - asset/orders-db  # it\n---\n\n[It](../asset/orders-db.md), asset/orders-db.\n",
            f"---\n{DECISION}about:\n  - asset/orders  # it\n---\n\n[It](../asset/orders.md), asset/orders-db.\n",
        ),
        (
            "docs/page.md",
            "[it](asset/orders-db.md#x), [other](asset/web.md), (asset/orders-db.md)\n",
            "[it](asset/orders.md#x), [other](asset/web.md), (asset/orders-db.md)\n",
        ),
        (
            "docs/deep/page.md",
            "[a](../asset/orders-db.md 'It'), ![b](../asset/orders-db.svg), [c](<../asset/orders-db.html>)\n",
            "[a](../asset/orders.md 'It'), ![b](../asset/orders.svg), [c](<../asset/orders.html>)\n",
        ),
        (
            "docs/deep/page.md",
            "[d]: ../asset/orders-db.md#x\n[e]: ../../registry/assets/orders-db.yaml\n",
            "[d]: ../asset/orders.md#x\n[e]: ../../registry/assets/orders.yaml\n",
        ),
        (
            "README.md",
            "[a](registry/assets/orders-db.yaml) [b](https://example.org/registry/assets/orders-db.yaml)\n",
            "[a](registry/assets/orders.yaml) [b](https://example.org/registry/assets/orders-db.yaml)\n",
        ),
        (
            ".github/CODEOWNERS",
            "registry/assets/orders-db.yaml @a\n/registry/assets/orders-db.yaml.bak @b\n",
            "registry/assets/orders.yaml @a\n/registry/assets/orders-db.yaml.bak @b\n",
        ),
        (
            "registry/dependencies/web-reads.yaml",
            '"from" : web\r\n? to\r\n: orders-db\r\ntype: reads\r\n',
            '"from" : web\r\n? to\r\n: orders\r\ntype: reads\r\n',
        ),
        (
            "stocktake.yaml",
            f"{SETTINGS}distinct:\n  - [asset/orders-db, asset/web]  # really\n",
            f"{SETTINGS}distinct:\n  - [asset/orders, asset/web]  # really\n",
        ),
    ],
)
def test_every_reference_is_rewritten_and_all_else_is_left_alone(
    tmp_path: Path, run: Run, path: str, before: str, after: str
) -> None:
    web = "name: Web, asset/orders-db\ntype: website\ndescription: Shows orders-db.\n"

    files = renamed(tmp_path, run, {RECORD: HEAD, "registry/assets/web.yaml": web, path: before})

    assert files[path] == after
    assert files["registry/assets/web.yaml"] == web


def test_what_is_known_of_a_record_stays_known(tmp_path: Path, run: Run) -> None:
    known = "2026-01-02 BKP001@asset/orders-db/production\n2026-01-03 BKP001@asset/orders-db-2\n"

    files = renamed(tmp_path, run, {RECORD: HEAD, ".stocktake/known.txt": known})

    assert [line for line in files[".stocktake/known.txt"].splitlines() if line[0] != "#"] == [
        "2026-01-03 BKP001@asset/orders-db-2",
        "2026-01-02 BKP001@asset/orders/production",
    ]


def test_an_id_that_reads_as_a_number_is_quoted(tmp_path: Path, run: Run) -> None:
    files = renamed(
        tmp_path,
        run,
        {RECORD: HEAD, "registry/baselines/b.yaml": "asset: orders-db\nenvironment: production\n"},
        "2024",
    )

    assert files["registry/baselines/b.yaml"] == 'asset: "2024"\nenvironment: production\n'


def test_a_decision_keeps_its_text_and_remembers_in_its_front_matter(tmp_path: Path, run: Run) -> None:
    head = f"---\n{DECISION}"
    write(
        tmp_path,
        {"adr/0001-a.md": f"{head}---\n\nText.  \n", "adr/0002-b.md": f"{head}supersedes: 0001-a\n---\n\nText.\n"},
    )

    run("rename", "adr/0001-a", "adr/0001-c", "-C", str(tmp_path))

    assert (tmp_path / "adr/0001-c.md").read_text() == f"{head}formerly: [0001-a]\n---\n\nText.  \n"
    assert (tmp_path / "adr/0002-b.md").read_text() == f"{head}supersedes: 0001-c\n---\n\nText.\n"


def test_links_between_decisions_and_to_runbooks_follow(tmp_path: Path, run: Run) -> None:
    page = "[a](0001-a.md) [b](./0001-a.md#x) [c](../docs/runbooks/down.md) [d](../runbook/down.md) [e](10001-a.md)\n"
    write(
        tmp_path,
        {
            "adr/0001-a.md": f"---\n{DECISION}---\n\nText.\n",
            "adr/0002-b.md": f"---\n{DECISION}---\n\n{page}",
            "docs/runbooks/down.md": "---\nname: Down\nstatus: draft\n---\n\nText.\n",
            "docs/runbooks/up.md": "---\nname: Up\nstatus: draft\n---\n\n[x](down.md)\n",
        },
    )

    run("rename", "adr/0001-a", "0001-c", "-C", str(tmp_path))
    run("rename", "runbook/down", "fallen", "-C", str(tmp_path))

    assert (tmp_path / "adr/0002-b.md").read_text() == (
        f"---\n{DECISION}---\n\n[a](0001-c.md) [b](./0001-c.md#x) [c](../docs/runbooks/fallen.md) "
        "[d](../runbook/fallen.md) [e](10001-a.md)\n"
    )
    assert (tmp_path / "docs/runbooks/up.md").read_text().endswith("[x](fallen.md)\n")


FILES: dict[str, str | bytes] = {
    "registry/assets/pay/eu/orders-db.yaml": HEAD,
    "registry/assets/web.yaml": "name: Web\ntype: website\n",
    "registry/baselines/b.yaml": "asset: orders-db\nenvironment: production\n",
    "registry/dependencies/web-reads.yaml": "from: web\nto: orders-db\ntype: reads\n",
    "docs/page.md": "[it](asset/orders-db.md)\n",
}


def interrupted(folder: Path, written: int) -> None:
    """What a rename leaves that is killed when it has written so many files."""
    write(folder, FILES)
    changed = rename(Tree(str(folder)), "asset/orders-db", "orders")
    write(folder, {FILE: noted(changed), **{one.to: one.after for one in changed[:written]}})
    if written > len(changed):
        (folder / changed[0].path).unlink()


@pytest.mark.parametrize("written", range(6))
def test_a_rename_that_was_killed_is_finished_by_the_next_one(tmp_path: Path, run: Run, written: int) -> None:
    interrupted(tmp_path / "killed", written)
    write(tmp_path / "whole", FILES)
    run("rename", "asset/orders-db", "orders", "-C", str(tmp_path / "whole"))

    said = run("rename", "asset/orders-db", "orders", "-C", str(tmp_path / "killed"))

    assert (said.exit_code, said.err) == (0, "")
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


def test_another_rename_finishes_it_first(tmp_path: Path, run: Run) -> None:
    interrupted(tmp_path, 2)

    said = run("rename", "asset/web", "site", "-C", str(tmp_path))

    assert said.exit_code == 0
    assert (tmp_path / "registry/dependencies/web-reads.yaml").read_text() == "from: site\nto: orders\ntype: reads\n"


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("registry/baselines/b.yaml", "asset: web\n", "and registry/baselines/b.yaml was changed since"),
        (".stocktake/rename.json", "{", "is not what an interrupted rename leaves"),
        (
            ".stocktake/rename.json",
            '{"files": [{"path": "../x", "to": "y", "before": "", "after": ""}]}',
            "is not what an interrupted rename leaves",
        ),
    ],
)
def test_what_was_changed_since_it_was_killed_is_not_written_over(
    tmp_path: Path, run: Run, path: str, text: str, told: str
) -> None:
    interrupted(tmp_path, 1)
    (tmp_path / path).write_text(text)
    before = contents(tmp_path)

    said = run("rename", "asset/orders-db", "orders", "-C", str(tmp_path))

    assert said.exit_code == 2
    assert told in said.err
    assert contents(tmp_path) == before


def test_a_dry_run_shows_the_difference_and_writes_nothing(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: HEAD, "registry/baselines/b.yaml": "asset: orders-db\nenvironment: production\n"})
    before = contents(tmp_path)

    said = run("rename", "asset/orders-db", "orders", "--dry-run", "-C", str(tmp_path))

    assert said.lines[0] == f"{RECORD} becomes {MOVED}"
    assert {"+formerly: [orders-db]", "-asset: orders-db", "+asset: orders"} <= set(said.lines)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("asset/order-db", "orders", 'There is no record "asset/order-db". Did you mean asset/orders-db?'),
        ("orders-db", "orders", 'There is no record "orders-db". Did you mean asset/orders-db?'),
        ("asset/orders-db", "web", "asset/web exists already, in registry/assets/web.yaml"),
        ("asset/orders-db", "orders-db", "asset/orders-db exists already"),
        ("asset/orders-db", "site", "asset/site is what asset/web was called"),
        ("asset/orders-db", "team/orders", "asset/orders-db stays of its kind"),
        ("asset/orders-db", "Orders", '"Orders" is not an id'),
        ("asset/orders-db", "../x", "stays of its kind"),
        ("asset/orders-db", "x" * 101, "is not an id"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    tmp_path: Path, run: Run, old: str, new: str, told: str
) -> None:
    write(tmp_path, {RECORD: HEAD, "registry/assets/web.yaml": "name: Web\ntype: website\nformerly: [site]\n"})
    before = contents(tmp_path)

    said = run("rename", old, new, "-C", str(tmp_path))

    assert said.exit_code == 2
    assert told in said.err
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("asset: >-\n  orders-db\nenvironment: production\n", "b.yaml:1:8: cannot be rewritten as it is written"),
        ("asset: gone\nenvironment: production\n", "there is no asset"),
    ],
)
def test_a_registry_that_cannot_be_rewritten_whole_stays_as_it_is(
    tmp_path: Path, run: Run, text: str, told: str
) -> None:
    write(tmp_path, {RECORD: HEAD, "registry/baselines/b.yaml": text})
    before = contents(tmp_path)

    said = run("rename", "asset/orders-db", "orders", "-C", str(tmp_path))

    assert said.exit_code == 2
    assert told in said.err
    assert contents(tmp_path) == before


def test_there_and_back_again_leaves_our_own_registry_as_it_was_but_for_the_memory(tmp_path: Path, run: Run) -> None:
    for name in ("registry", "adr", "docs", "observed", ".stocktake", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "stocktake.yaml", tmp_path)
    before = contents(tmp_path)
    verdict = run("check", *TODAY, "-C", str(tmp_path)).lines[-1]

    names = (
        ("asset/orders-db", "main-db"),
        ("team/platform", "base"),
        ("dependency/api-stores-orders", "api-to-db"),
    )
    for address, there in names:
        assert run("rename", address, there, "-C", str(tmp_path)).exit_code == 0
    assert run("check", *TODAY, "-C", str(tmp_path)).lines[-1] == verdict
    for address, there in names:
        kind, _, back = address.partition("/")
        assert run("rename", f"{kind}/{there}", back, "-C", str(tmp_path)).exit_code == 0

    after = contents(tmp_path)
    assert after.keys() == before.keys()
    changed = [path for path in before if before[path] != after[path]]
    assert sorted(changed) == [
        "registry/assets/orders-db.yaml",
        "registry/dependencies/api-stores-orders.yaml",
        "registry/teams/platform.yaml",
    ]
    assert all(after[path].startswith(before[path]) for path in changed)
