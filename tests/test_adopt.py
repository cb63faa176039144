"""`stocktake adopt` makes first records of what others wrote, loses nothing of it, and lets none of it do harm."""

import csv
import datetime as dt
import io
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registries import Run, runner, write
from stocktake.exchange.adopt import words
from stocktake.exchange.adopt.columns import FIELDS, fields, kind_of
from stocktake.exchange.adopt.table import UnreadableError, tables

CASES = Path(__file__).parent / "cases/adopt"
TEMPLATES = Path(__file__).parents[1] / "src/stocktake/scaffold/files/docs/templates"
SETTINGS = "schema: 1\nenvironments:\n  production: {}\n  staging: {}\n"
DAY = ("--today", "2026-11-25")


@pytest.fixture
def run(capfd) -> Run:
    return runner(capfd)


@pytest.fixture
def estate(tmp_path):
    return write(tmp_path / "estate", {"stocktake.yaml": SETTINGS})


def records(folder: Path) -> dict[str, dict]:
    """What the records say, by address."""
    paths = sorted((folder / "registry").rglob("*.yaml"))
    return {f"{path.parent.name}/{path.stem}": yaml.safe_load(path.read_text("utf-8")) for path in paths}


def table(folder: Path, text: str, name: str = "table.csv") -> str:
    (folder / name).write_bytes(text.encode())
    return str(folder / name)


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir() if path.is_dir()))
def test_a_folder_becomes_the_records_that_were_accepted(run, estate, case, accept):
    said = run("adopt", str(CASES / case), "-C", str(estate), "--by", "Ada", *DAY)
    expected = CASES / f"{case}.txt"
    if accept:
        expected.write_text(said.out)

    assert said.out == expected.read_text()
    assert (said.exit_code, said.err) == (0, "")
    assert [path.name for path in (estate / "registry").rglob("*")] == [".gitkeep"]


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir() if path.is_dir()))
def test_what_is_adopted_is_green_and_a_second_run_proposes_nothing(run, estate, case):
    run("adopt", str(CASES / case), "-C", str(estate), "--write", *DAY)
    checked = run("check", "-C", str(estate), *DAY)
    again = run("adopt", str(CASES / case), "-C", str(estate), "--write", *DAY)

    assert checked.exit_code == 0, checked.out
    assert "0 new, " in checked.out
    assert [line for line in again.lines if line.startswith("wrote")] == []
    assert again.lines[-1].startswith("0 records written, ")


def test_an_entity_that_was_adopted_is_the_one_that_is_discovered(run, tmp_path):
    entity = (
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: Checkout, namespace: Web, title: Till}\n"
    )
    sources = f"{SETTINGS}sources:\n  shop: {{path: shop}}\n"
    files = {"stocktake.yaml": sources, "shop/catalog-info.yaml": f"{entity}spec: {{type: service}}\n"}
    folder = write(tmp_path / "joined", files)
    run("adopt", str(folder / "shop"), "-C", str(folder), "--write", *DAY)
    said = run("discover", "-C", str(folder), *DAY)

    assert records(folder)["assets/checkout"]["identifiers"] == ["backstage:component/web/checkout"]
    assert "1 matched" in said.out, said.out


def test_only_what_the_new_records_bring_is_listed_as_known(run, estate, tmp_path):
    write(estate, {"stocktake.yaml": SETTINGS, "registry/assets/old.yaml": "name: Old\ntype: relational-db\n"})
    path = table(tmp_path, "name,type\nLedger,database\n")
    run("adopt", path, "-C", str(estate), "--write", *DAY)

    listed = (estate / ".stocktake/known.txt").read_text()
    assert "2026-11-25 BKP001@asset/ledger\n" in listed
    assert "asset/old" not in listed
    assert run("check", "-C", str(estate), *DAY).exit_code == 1


def test_every_record_says_where_it_came_from_and_its_source_what_came_of_it(run, estate, tmp_path):
    run("adopt", table(tmp_path, "name,type\nLedger,database\n"), "-C", str(estate), "--write", *DAY)

    made = records(estate)
    assert made["assets/ledger"]["labels"] == {"adopted-from": "table.csv:2"}
    assert made["sources/table-csv"]["about"] == ["asset/ledger"]
    assert made["sources/table-csv"]["where"] == "table.csv"
    assert re.fullmatch("[0-9a-f]{64}", made["sources/table-csv"]["labels"]["sha256"])


def test_a_document_is_linked_to_where_it_is_published(run, estate, tmp_path):
    (tmp_path / "wiki/ops").mkdir(parents=True)
    (tmp_path / "wiki/ops/backup.rst").write_text("Backups\n=======\n\nlast reviewed: 3.2.2026\n")
    options = ("--url", "https://wiki.example/", "-C", str(estate), "--write", *DAY)
    run("adopt", str(tmp_path / "wiki"), *options)

    source = records(estate)["sources/wiki-ops-backup-rst"]
    assert source["name"] == "Backups"
    assert source["dated"] == "2026-02-03"
    assert source["links"] == ["https://wiki.example/wiki/ops/backup.rst"]


def test_a_record_that_is_there_is_left_alone_and_asked_about(run, estate, tmp_path):
    text = "name: Orders\ntype: relational-db\nengine: postgresql\nformerly: [order-db]\n"
    write(estate, {"stocktake.yaml": SETTINGS, "registry/assets/orders.yaml": text})
    said = run(
        "adopt", table(tmp_path, "name,type,engine\norder-db,database,MySQL\n"), "-C", str(estate), "--write", *DAY
    )

    assert (estate / "registry/assets/orders.yaml").read_text() == text
    assert "engine is 'mysql', asset/orders says 'postgresql': the record stays as it is" in said.out
    [question] = records(estate)["sources/table-csv"]["questions"]
    assert question.startswith("Which is right? table.csv:2 says that engine is 'mysql'")


def test_a_table_that_grew_brings_only_what_is_new_and_another_source(run, estate, tmp_path):
    run("adopt", table(tmp_path, "name,type\nLedger,database\n"), "-C", str(estate), "--write", *DAY)
    said = run(
        "adopt", table(tmp_path, "name,type\nLedger,database\nTill,database\n"), "-C", str(estate), "--write", *DAY
    )

    assert [line for line in said.lines if line.startswith("wrote")] == [
        "wrote registry/assets/till.yaml",
        "wrote registry/sources/table-csv-2.yaml",
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("name;type\nLedger;database\n", "Ledger"),
        ("name\ttype\r\nLedger\tdatabase\r\n", "Ledger"),
        ("\ufeffname,type\nLedger,database\n", "Ledger"),
        ('name,type\n"Led\nger",database\n', "Led ger"),
        ('name|type\n"a|b"|database\n', "a|b"),
    ],
)
def test_a_table_is_read_as_other_programs_write_it(run, estate, tmp_path, text, read):
    run("adopt", table(tmp_path, text), "-C", str(estate), "--write", *DAY)

    assert [one["name"] for address, one in records(estate).items() if address.startswith("assets/")] == [read]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_survive_the_encodings_of_spreadsheets(encoding):
    [found] = tables("t.csv", "name,type\nBücher,database\n".encode(encoding))

    assert found.rows[0].cells == ("Bücher", "database")


def test_rows_of_one_name_are_one_asset_with_an_instance_for_each_environment(run, estate, tmp_path):
    text = (
        "name,type,environment,host,engine,cost\n"
        "Ledger,database,prod,a.internal,PostgreSQL 15,1\n"
        "Ledger,database,staging,b.internal,PostgreSQL 16,2\n"
        "Ledger,database,lab,c.internal,PostgreSQL 16,2\n"
        "Till,database,lab,d.internal,MySQL 8,3\n"
        "Till,database,staging,e.internal,MySQL 8,3\n"
    )
    run("adopt", table(tmp_path, text), "-C", str(estate), "--write", *DAY)

    made = records(estate)
    assert made["assets/ledger"]["engine"] == "postgresql"
    assert made["assets/ledger"]["instances"] == {
        "production": {"host": "a.internal", "version": "15"},
        "staging": {"host": "b.internal", "version": "16"},
    }
    assert made["assets/ledger"]["labels"] == {
        "adopted-from": "table.csv:2, 3, 4",
        "cost": "1",
        "cost-lab": "2",
        "cost-staging": "2",
        "environment-lab": "lab",
        "host-lab": "c.internal",
        "version-lab": "16",
    }
    assert made["assets/till"]["host"] == "d.internal"
    assert made["assets/till"]["instances"] == {"staging": {"host": "e.internal"}}
    assert made["assets/till"]["labels"]["environment"] == "lab"


def test_a_workbook_is_read_sheet_by_sheet_and_formulas_stay_text(run, estate, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Stores"
    for row in (["Stores of the shop"], [], ["name", "type", "reviewed", "cost", "sum"]):
        book.active.append(row)
    book.active.append(["Ledger", "database", dt.datetime(2026, 3, 1), 12.0, "=SUM(D1:D9)"])
    book.create_sheet("Uses").append(["from", "to", "type"])
    book["Uses"].append(["Ledger", "Nowhere", "reads"])
    book.save(tmp_path / "book.xlsx")
    said = run("adopt", str(tmp_path / "book.xlsx"), "-C", str(estate), "--write", *DAY)

    ledger = records(estate)["assets/ledger"]
    assert ledger["reviewed"] == "2026-03-01"
    assert ledger["labels"] == {"adopted-from": "book.xlsx#Stores:4", "cost": "12", "sum": "=SUM(D1:D9)"}
    assert "book.xlsx#Uses:2: 'Nowhere' is no asset (nearest:" not in said.out
    assert "'Nowhere' is no asset" in said.out


def test_a_workbook_that_unpacks_to_more_than_it_should_is_not_unpacked():
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w", force_zip64=True) as file:
        for _ in range(301):
            file.write(bytes(1_000_000))

    with pytest.raises(UnreadableError, match="larger than a workbook should be"):
        tables("t.xlsx", raw.getvalue())


@pytest.mark.parametrize("place", [400, 900, 1500])
def test_a_workbook_that_is_damaged_is_told(place):
    raw = io.BytesIO()
    openpyxl.Workbook().save(raw)
    damaged = bytearray(raw.getvalue())
    damaged[place : place + 20] = b"x" * 20

    with pytest.raises(UnreadableError, match="is not a workbook"):
        tables("t.xlsx", bytes(damaged))


def test_a_sheet_that_claims_to_be_wide_is_refused():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active["XFD2"] = "name", "type", "x"
    raw = io.BytesIO()
    book.save(raw)

    with pytest.raises(UnreadableError, match="has more than 1000 columns"):
        tables("t.xlsx", raw.getvalue())


def test_what_a_column_is_can_be_said(run, estate, tmp_path):
    path = table(tmp_path, "Ding,Wer,Art,Type\nLedger,Finance,database,x\n")
    columns = ("--column", "Ding=name", "--column", "Wer=owner", "--column", "Art=type", "--column", "Type=label")
    run("adopt", path, *columns, "-C", str(estate), "--write", *DAY)

    made = records(estate)
    assert made["assets/ledger"]["owner"] == "finance"
    assert made["assets/ledger"]["labels"]["type"] == "x"
    assert made["teams/finance"]["name"] == "Finance"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--column", "x"], "'x' does not say what a column is. Facts are about, "),
        (["--column", "x=nonsense"], "'x=nonsense' does not say what a column is"),
        (["--kind", "waiver"], "No table is read as 'waiver'. Kinds are asset, dependency, risk, system, team."),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(run, estate, tmp_path, options, told):
    said = run("adopt", table(tmp_path, "name,type\nx,database\n"), *options, "-C", str(estate))

    assert said.exit_code == 2
    assert told in said.err


@pytest.mark.parametrize("text", ["", "\n\n", "name,type\n", "one column\nonly\n"])
def test_what_is_no_table_is_told_and_gives_no_source(run, estate, tmp_path, text):
    said = run("adopt", table(tmp_path, text), "-C", str(estate), "--write", *DAY)

    assert said.lines == ["table.csv: holds no table", "0 records written"]
    assert records(estate) == {}


def test_a_folder_in_which_nothing_is_read_is_refused(run, estate, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/program.exe").write_bytes(b"MZ")

    said = run("adopt", str(tmp_path / "empty"), "-C", str(estate))
    assert said.exit_code == 2
    assert "There is nothing to adopt. These are read: .csv" in said.err


def test_a_registry_that_is_wrong_is_mended_first(run, estate, tmp_path):
    write(estate, {"stocktake.yaml": SETTINGS, "registry/assets/x.yaml": "name: X\ntype: nonsense\n"})

    said = run("adopt", table(tmp_path, "name,type\nLedger,database\n"), "-C", str(estate), "--write")
    assert said.exit_code == 2
    assert "registry/assets/x.yaml:2:7: type:" in said.err
    assert not (estate / "registry/sources").exists()


def test_a_link_that_leads_out_of_the_folder_is_not_followed(run, estate, tmp_path):
    (tmp_path / "secret.csv").write_text("name,type\nSecret,database\n")
    (tmp_path / "old").mkdir()
    (tmp_path / "old/inventory.csv").symlink_to(tmp_path / "secret.csv")
    (tmp_path / "old/notes.md").write_text("# Notes\n")

    said = run("adopt", str(tmp_path / "old"), "-C", str(estate), *DAY)
    assert "old/inventory.csv: is a link that leaves the repository" in said.out
    assert "Secret" not in said.out


def test_our_own_registry_is_not_adopted_into_itself(run, estate):
    write(estate, {"stocktake.yaml": SETTINGS, "notes.md": "# Notes\n", "registry/assets/README.md": "# Assets\n"})
    run("adopt", str(estate), "-C", str(estate), "--write", *DAY)

    assert list(records(estate)) == ["sources/notes-md"]


@pytest.mark.parametrize("name", ["inventory.csv", "risk-register.csv"])
def test_the_headings_of_our_templates_are_all_understood(name):
    headings = tuple((TEMPLATES / name).read_text().strip().split(","))
    kind = kind_of(headings)

    assert kind == ("risk" if name.startswith("risk") else "asset")
    assert [one for one, field in zip(headings, fields(headings, kind, {}), strict=True) if not field] == []


def test_our_templates_can_be_filled_in_and_adopted(run, estate, tmp_path):
    ledger = (
        "Ledger,Books,spreadsheet,Finance,Shop,production,high,confidential,Excel,,,weekly,Dumps,P1D,2 days,2026-01-02"
    )
    dumps = "Dumps,,backup,Finance,,production,,,,,,,,,,"
    risk = "Disk,It dies,Ledger,likely,severe,high,medium,mitigate,Copies,One disk,open,open,Finance,2027-01-01,T-1"
    for name, rows in {"inventory.csv": (ledger, dumps), "risk-register.csv": (risk,)}.items():
        (tmp_path / name).write_text((TEMPLATES / name).read_text() + "\n".join(rows))
    matrix = (TEMPLATES / "dependency-matrix.csv").read_text().split(",")[0]
    (tmp_path / "dependency-matrix.csv").write_text(f'{matrix},Ledger\nDumps,"reads, low"\n')
    paths = [str(tmp_path / name) for name in ("inventory.csv", "dependency-matrix.csv", "risk-register.csv")]
    run("adopt", *paths, "-C", str(estate), "--write", *DAY)

    made = records(estate)
    assert made["assets/ledger"]["backup"]["plans"]["main"] == {"schedule": "@weekly", "target": "dumps"}
    assert made["dependencies/ledger-reads-dumps"]["criticality"] == "low"
    assert made["risks/disk"]["vulnerabilities"] == {"one-disk": {"description": "One disk", "status": "open"}}
    assert made["risks/disk"]["about"] == ["asset/ledger"]
    assert run("check", "-C", str(estate), *DAY).exit_code == 0


def test_no_heading_means_two_facts():
    for kind, names in FIELDS.items():
        meant: dict[str, set[str]] = {}
        for name, others in names.items():
            for heading in (words.slug(name), *others):
                meant.setdefault(heading, set()).add(name)
        assert {heading: facts for heading, facts in meant.items() if len(facts) > 1} == {}, kind


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=4))
def test_no_cell_is_lost_and_none_breaks_a_record(run, estate, tmp_path, cells):
    shutil.rmtree(estate / "registry")
    (estate / "registry").mkdir()
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("name", "type", "Cost", "Vendor"), *(("Thing", "database", *two) for two in cells)])
    run("adopt", table(tmp_path, stream.getvalue()), "-C", str(estate), "--write", *DAY)
    written = " ".join(str(one) for one in records(estate).values())

    assert run("check", "-C", str(estate), *DAY).exit_code == 0
    for text in (cell for two in cells for cell in two):
        for word in re.findall("[A-Za-z0-9]+", text):
            assert word in written


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026/3/1", "2026-03-01"),
        ("1.3.2026", "2026-03-01"),
        ("31/12/2025", "2025-12-31"),
        ("12/31/2025", "2025-12-31"),
        ("03/04/2026", None),
        ("2026-13-01", None),
        ("soon", None),
    ],
)
def test_a_day_is_read_where_it_is_clear(text, read):
    assert words.day(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("PostgreSQL 15.4", ("postgresql", "15.4", "relational-db")),
        ("postgres", ("postgresql", "", "relational-db")),
        ("Microsoft SQL Server 2019", ("mssql", "2019", "relational-db")),
        ("Homegrown Store", ("homegrown-store", "", "")),
    ],
)
def test_an_engine_is_known_by_the_names_that_people_give_it(text, read):
    engines = {name: words.Engine("postgresql", "relational-db") for name in ("postgres", "postgresql")}

    assert words.engine(text, {**engines, **words.PRODUCTS}) == read
