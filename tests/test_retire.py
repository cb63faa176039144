"""`retire` answers the check-list from what is declared and seen, and edits nothing but what it was told."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from registries import SETTINGS, Run, Said, runner, write
from stocktake.load.files import Tree
from stocktake.pipeline.retire import retire as of_a_record

ROOT = Path(__file__).parents[1]
TODAY = "2026-11-25"
RECORD = "registry/assets/orders-db.yaml"
HEAD = "name: Orders\ntype: relational-db\n"
WEB = {"registry/assets/web.yaml": "name: Web\ntype: website\n"}
READS = {"registry/dependencies/web-reads.yaml": "from: web\nto: orders-db\ntype: reads\n"}
ALERT = "monitoring: {alerts: {down: {runbook: down}}}\n"
RUNBOOK = "---\nname: Down\nstatus: active\nabout: [asset/orders-db]\n---\n\nLook.\n"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def copied(place: Path) -> Path:
    """Our own registry in another place."""
    for name in ("registry", "adr", "docs", "observed", ".stocktake", "examples"):
        shutil.copytree(ROOT / name, place / name)
    shutil.copy(ROOT / "stocktake.yaml", place)
    return place


@pytest.fixture(scope="module")
def bookshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("bookshop"))


@pytest.fixture(scope="module")
def of_orders(bookshop: Path) -> dict[str, tuple[str, str]]:
    """The check-list of its database."""
    told = of_a_record(Tree(str(bookshop)), "asset/orders-db", {}, date.fromisoformat(TODAY))
    return {step.name: (step.answer, step.reason) for step in told.steps}


def retire(run: Run, folder: Path, address: str, *more: str) -> Said:
    return run("retire", address, "--today", TODAY, "-C", str(folder), *more)


def steps(said: Said) -> dict[str, tuple[str, str]]:
    """Answer and reason by the name of the step."""
    return {one["name"]: (one["answer"], one["reason"]) for one in json.loads(said.out)["steps"]}


def asked(run: Run, folder: Path, address: str, *more: str) -> dict[str, tuple[str, str]]:
    return steps(retire(run, folder, address, "--check", "--output-format", "json", *more))


@pytest.mark.parametrize(
    ("step", "answer", "reason"),
    [
        ("consumers", "not done", "asset/report reads it (dependency/report-reads-orders)"),
        ("stopped", "not done", "seen in bookshop on 2026-11-25"),
        ("last_backup", "unknown", "nobody said which it is; its plans are nightly (to asset/objects)"),
        ("schedules", "not done", "nightly has a schedule"),
        ("access_revoked", "unknown", "nobody said"),
        ("secrets_withdrawn", "unknown", "file:.env.local#ORDERS_DB_PASSWORD"),
        ("monitoring_removed", "unknown", "its alerts are job-failed, orders-waiting and service-down"),
        ("runbooks", "not done", "runbook/restore-orders"),
        ("open", "not done", "baseline/orders-db-production"),
        ("decision", "unknown", "is it adr/0007-orders-in-postgresql?"),
    ],
)
def test_each_step_is_answered_from_records_and_observations(
    of_orders: dict[str, tuple[str, str]], step: str, answer: str, reason: str
) -> None:
    found, why = of_orders[step]

    assert found == answer
    assert reason in why


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("asset/cache", "consumers stopped schedules access_revoked secrets_withdrawn data_erased names_released"),
        ("asset/payments", "consumers access_revoked secrets_withdrawn data_erased"),
        ("asset/web", "consumers stopped access_revoked secrets_withdrawn names_released"),
        ("dependency/web-calls-api", "consumers stopped access_revoked secrets_withdrawn"),
        ("system/bookshop", "consumers"),
        ("team/finance", "consumers access_revoked"),
    ],
)
def test_steps_that_make_no_sense_are_not_asked(bookshop: Path, run: Run, address: str, wanted: str) -> None:
    rest = {"monitoring_removed", "runbooks", "open", "decision"}

    assert set(asked(run, bookshop, address)) - rest == set(wanted.split())


@pytest.mark.parametrize(
    ("address", "needed"),
    [
        ("asset/orders-db", "asset/api, asset/backup, asset/report and asset/worker"),
        ("asset/objects", "asset/backup, asset/deliveries, asset/orders-db, asset/report and asset/worker"),
        ("team/finance", "asset/objects and asset/payments"),
        ("dependency/report-reads-orders", "flow/nightly-report"),
        ("runbook/job-failed", "asset/backup, asset/orders-db and asset/report"),
    ],
)
def test_what_others_depend_on_is_refused_and_nothing_is_written(
    bookshop: Path, run: Run, address: str, needed: str
) -> None:
    before = {path: path.read_bytes() for path in bookshop.rglob("*.*") if path.is_file()}

    said = retire(run, bookshop, address)

    assert said.exit_code == 2
    assert f"{address} is still needed by {needed}. Retire or move them first" in said.err
    assert {path: path.read_bytes() for path in bookshop.rglob("*.*") if path.is_file()} == before


def test_what_was_seen_to_depend_on_it_counts_although_no_record_declares_it(tmp_path: Path, run: Run) -> None:
    copied(tmp_path)
    with (tmp_path / "registry/dependencies/report-reads-orders.yaml").open("a") as record:
        record.write("lifecycle: retired\n")

    _, reason = asked(run, tmp_path, "asset/orders-db")["consumers"]

    assert "asset/report reads it (seen in bookshop on 2026-11-25)" in reason


@pytest.mark.parametrize(
    ("files", "answer"),
    [
        ({}, "unknown"),
        ({**WEB, **READS}, "not done"),
        ({"registry/assets/web.yaml": "name: Web\ntype: website\nlifecycle: retired\n", **READS}, "unknown"),
        ({**WEB, **{path: f"{text}lifecycle: retired\n" for path, text in READS.items()}}, "unknown"),
        ({**WEB, **{path: text.replace("reads", "monitors") for path, text in READS.items()}}, "unknown"),
    ],
)
def test_what_is_retired_itself_and_what_only_watches_needs_nothing(
    tmp_path: Path, run: Run, files: dict[str, str | bytes], answer: str
) -> None:
    write(tmp_path, {RECORD: HEAD, **files})

    assert asked(run, tmp_path, "asset/orders-db")["consumers"][0] == answer


@pytest.mark.parametrize(
    ("retirement", "step", "answer", "reason"),
    [
        ('data_erased: "2026-11-20"', "data_erased", "done", "on 2026-11-20"),
        ('data_erased: "2026-12-20"', "data_erased", "not done", "is planned for 2026-12-20"),
        ("not_needed: {data_erased: It was empty.}", "data_erased", "not needed", "It was empty."),
        ('last_backup: {set: a.dump, kept_until: "2036-11-25"}', "last_backup", "done", "a.dump is kept until"),
        ("last_backup: {set: a.dump}", "last_backup", "unknown", "nobody said until when it is kept"),
        (
            'last_backup: {set: a.dump, kept_until: "2030-01-01"}',
            "last_backup",
            "not done",
            "a.dump is kept until 2030-01-01, but datasets[orders].retention asks for 2036-11-20",
        ),
        ("decided_by: Ada", "decision", "done", "by Ada; nobody said why"),
    ],
)
def test_what_was_said_is_judged(
    tmp_path: Path, run: Run, retirement: str, step: str, answer: str, reason: str
) -> None:
    record = f'{HEAD}datasets: {{orders: {{retention: P10Y}}}}\nlifecycle: retired\nretirement:\n  date: "2026-11-20"\n'
    write(tmp_path, {RECORD: f"{record}  {retirement}\n"})

    found, why = asked(run, tmp_path, "asset/orders-db")[step]

    assert found == answer
    assert reason in why


FLOW = "{name: Orders, type: relational-db}\n"
NOTED = 'retirement:\n  # who knows\n  date: "2026-11-01"  # or so\n'
TOLD = 'retirement:\n  date: "2026-11-25"\n  decided_by: Ada\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, f"{HEAD}lifecycle: retired\n{TOLD}"),
        (HEAD.rstrip("\n"), f"{HEAD}lifecycle: retired\n{TOLD}".rstrip("\n")),
        (
            f"# kept\nlifecycle: 'production'   # soon\n{HEAD}\n# end\n",
            f"# kept\nlifecycle: 'retired'   # soon\n{HEAD}\n# end\n{TOLD}",
        ),
        (HEAD.replace("\n", "\r\n"), f"{HEAD}lifecycle: retired\n{TOLD}".replace("\n", "\r\n")),
        (
            FLOW,
            "{" + 'retirement: {date: "2026-11-25", decided_by: "Ada"}, lifecycle: retired, ' + FLOW[1:],
        ),
        (f"{HEAD}description: |\n  A text.", f"lifecycle: retired\n{HEAD}description: |\n  A text."),
        (
            f"{HEAD}lifecycle: deprecated\n{NOTED}tags: [a]\n",
            f"{HEAD}lifecycle: retired\n{NOTED}  decided_by: Ada\ntags: [a]\n",
        ),
        (
            f"{HEAD}lifecycle: retired\nretirement: {{decided_by: Bela, date: '2026-11-01'}}\n",
            f"{HEAD}lifecycle: retired\nretirement: {{decided_by: \"Ada\", date: '2026-11-01'}}\n",
        ),
    ],
)
def test_only_what_is_said_changes_in_the_file(tmp_path: Path, run: Run, before: str, after: str) -> None:
    write(tmp_path, {RECORD: before.encode()})

    said = retire(run, tmp_path, "asset/orders-db", "--decided-by", "Ada")

    text = (tmp_path / RECORD).read_bytes().decode()
    if "A text." in before:
        text = text.replace(TOLD, "")
    assert (said.exit_code, said.err) == (0, "")
    assert text == after
    assert run("check", RECORD, "-C", str(tmp_path)).exit_code == 0


def test_running_it_again_adds_what_is_new_and_then_nothing(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: HEAD})

    for more in ("evidence=OPS-1", "evidence=OPS-2,OPS-1", "last_backup.set=a b.dump", "reason=It is old.\nVery."):
        assert retire(run, tmp_path, "asset/orders-db", "--set", more).exit_code == 0
    again = retire(run, tmp_path, "asset/orders-db", "--set", "evidence=OPS-2")

    assert again.lines[-1] == "asset/orders-db is retired already"
    assert (tmp_path / RECORD).read_text() == (
        f'{HEAD}lifecycle: retired\nretirement:\n  date: "2026-11-25"\n  evidence:\n    - OPS-1\n    - "OPS-2"\n'
        "  last_backup:\n    set: a b.dump\n  reason: |-\n    It is old.\n    Very.\n"
    )


def test_a_day_to_come_plans_it_although_it_is_still_needed(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: HEAD, **WEB, **READS})

    said = retire(run, tmp_path, "asset/orders-db", "--date", "2027-03-31")

    assert said.lines[-1] == f"asset/orders-db is to be retired on 2027-03-31; wrote {RECORD}"
    assert (tmp_path / RECORD).read_text() == f'{HEAD}lifecycle: deprecated\nretirement:\n  date: "2027-03-31"\n'


def test_force_retires_it_all_the_same_and_keeps_why(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: HEAD, **WEB, **READS})

    said = retire(run, tmp_path, "asset/orders-db", "--force", "The website goes in May.")

    assert said.exit_code == 0
    assert "despite: The website goes in May.\n" in (tmp_path / RECORD).read_text()


def test_a_runbook_is_retired_by_its_status_and_keeps_its_text(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: HEAD, "docs/runbooks/down.md": RUNBOOK})

    said = retire(run, tmp_path, "runbook/down")

    assert said.exit_code == 0
    assert (tmp_path / "docs/runbooks/down.md").read_text() == RUNBOOK.replace("active", "retired")


@pytest.mark.parametrize("option", ["--check", "--dry-run"])
def test_nothing_is_written_where_nothing_shall_be(tmp_path: Path, run: Run, option: str) -> None:
    write(tmp_path, {RECORD: HEAD})

    said = retire(run, tmp_path, "asset/orders-db", option)

    assert said.exit_code == 0
    assert (tmp_path / RECORD).read_text() == HEAD
    assert ("+lifecycle: retired" in said.lines) == (option == "--dry-run")


@pytest.mark.parametrize(
    ("address", "more", "told"),
    [
        ("asset/order-db", (), 'There is no record "asset/order-db". Did you mean asset/orders-db?'),
        ("flow/a", (), "flow/a cannot be retired. Delete it; Git keeps it."),
        ("adr/0001-a", (), "adr/0001-a cannot be retired. Write one that takes its place"),
        ("asset/orders-db", ("--set", "data_erased=soon"), 'data_erased: "soon" is not a date written as YYYY-MM-DD'),
        ("asset/orders-db", ("--set", "date.x=1"), "stands where text is expected"),
        ("asset/orders-db", ("--set", "nope=1"), "retirement.nope: this key is not allowed here"),
        ("asset/orders-db", ("--date", "2026-02-30"), '"2026-02-30" is not a day of the calendar'),
        ("asset/orders-db", ("--replaced-by", "asset/order-db"), "Did you mean asset/orders-db?"),
        ("asset/orders-db", ("--force", " "), "--force needs the reason"),
        ("runbook/down", ("--reason", "x"), "A runbook says nothing about its retirement"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, run: Run, address: str, more: tuple[str, ...], told: str) -> None:
    decision = '---\nname: A\nstatus: accepted\ndate: "2026-01-05"\n---\n\nText.\n'
    flow = {"registry/flows/a.yaml": "steps: [{dependency: web-reads}]\n", **WEB, **READS}
    write(tmp_path, {RECORD: HEAD, "adr/0001-a.md": decision, "docs/runbooks/down.md": RUNBOOK, **flow})

    said = retire(run, tmp_path, address, *more)

    assert said.exit_code == 2
    assert told in said.err
    assert (tmp_path / RECORD).read_text() == HEAD


def test_a_registry_in_which_something_is_wrong_stays_as_it_is(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: HEAD, "registry/assets/web.yaml": "name: Web\n"})

    said = retire(run, tmp_path, "asset/orders-db")

    assert said.exit_code == 2
    assert "registry/assets/web.yaml:1:1: type: is missing" in said.err


def test_a_kind_of_a_team_that_has_a_life_can_be_retired(tmp_path: Path, run: Run) -> None:
    schema = {
        "$id": "https://stocktake.dev/schemas/licence.schema.json",
        "x-registry": {"folder": "registry/licences", "title": "name", "columns": ["name"]},
        "type": "object",
        "$ref": "common.schema.json#/$defs/base",
        "properties": {"lifecycle": {"$ref": "common.schema.json#/$defs/lifecycle"}},
        "unevaluatedProperties": False,
    }
    write(tmp_path, {"schemas/licence.schema.json": json.dumps(schema), "registry/licences/a.yaml": "name: A\n"})

    assert retire(run, tmp_path, "licence/a").exit_code == 0
    assert (tmp_path / "registry/licences/a.yaml").read_text() == "name: A\nlifecycle: retired\n"


def test_settings_are_left_alone(tmp_path: Path, run: Run) -> None:
    write(
        tmp_path, {RECORD: HEAD, "stocktake.yaml": f"{SETTINGS}# kept\n", "registry/assets/web.yaml": f"{HEAD}{ALERT}"}
    )
    write(tmp_path, {"docs/runbooks/down.md": RUNBOOK})

    retire(run, tmp_path, "asset/orders-db")

    assert (tmp_path / "stocktake.yaml").read_text() == SETTINGS
