"""Who sees what: every word that was planted above an audience is nowhere in all the bytes of its site."""

from __future__ import annotations

import gzip
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

import audiences
import registries
import render_estate
import render_site
from audiences import Planted, Word
from render_site import site
from stocktake.analyse.audience import narrowed
from stocktake.errors import InputError
from stocktake.load.files import find
from stocktake.model.audience import INTERNAL, PUBLIC, RESTRICTED, of_field, of_records, sees
from stocktake.model.estate import Change
from stocktake.model.record import Record
from stocktake.model.settings import HIDE, INITIALS, Settings
from stocktake.pipeline.audit import Revision
from stocktake.pipeline.build import build
from stocktake.pipeline.coverage import coverage
from stocktake.pipeline.edition import edition
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.export import downloads
from stocktake.pipeline.pictures import pictures
from stocktake.render import paged
from stocktake.render.dot import MOST_NODES
from stocktake.render.edition import is_for

CANARY = re.compile(rb"canary\d{5}x")


@pytest.fixture(scope="module")
def planted() -> Planted:
    return audiences.planted()


def may_see(audience: str, word: Word, planted: Planted) -> bool:
    """What the table of the kinds says; nothing outside of records is for everybody."""
    kind = planted.audit.estate.kinds.get(word.kind)
    if kind is None:
        return sees(audience, RESTRICTED)
    least = [of_records(kind.audience), of_field(kind.audience, word.pattern)]
    if word.kind == "asset":
        least.append(audiences.CLASSES[word.of_class])
    return all(sees(audience, one) for one in least)


def words(content: bytes) -> set[str]:
    return {found.decode() for found in CANARY.findall(content)}


def told(planted: Planted, audience: str) -> dict[str, bytes]:
    """All files of a site, before the site builder sees them: pages, pictures, feeds, data, sources and tables."""
    shown = edition(planted.audit, audience)
    tables = [(path, raw) for path, raw in downloads(shown) if audience == RESTRICTED or is_for(shown, path)]
    made = site(shown, pictures(shown)[0], {}, coverage(shown), "https://site.example/", trend=render_site.TREND)
    return {**dict(made), **dict(tables)}


def every_byte(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.mark.parametrize("audience", [PUBLIC, INTERNAL])
def test_no_byte_of_a_site_holds_what_is_above_its_audience(audience: str, planted: Planted, tmp_path: Path) -> None:
    root = render_site.write(tmp_path, edition(planted.audit, audience))
    for path, raw in told(planted, audience).items():
        if not path.endswith(".md"):
            (root / "build" / path).write_bytes(raw)
    folder = render_site.built(root)
    found = {word: path.name for path, raw in every_byte(folder) for word in words(raw)}

    assert found
    assert {
        (found[one], planted.words[one]) for one in found if not allowed(audience, planted.words[one], planted)
    } == set()


def allowed(audience: str, word: Word, planted: Planted) -> bool:
    """What `internal` sees beside records: who changed a file and when, the environments, the repository."""
    told_of_git = word.kind in ("git", "settings") and word.pattern in (
        "author",
        "commit",
        "head",
        "environment",
        "repository",
    )
    return may_see(audience, word, planted) or (audience == INTERNAL and told_of_git)


@pytest.mark.parametrize("audience", [PUBLIC, INTERNAL])
def test_every_kind_of_output_is_searched_for_what_is_above_its_audience(
    audience: str, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paged, "PAGE_ROWS", 2)  # so that tables have files of rows
    found = told(planted, audience)
    endings = {path.rpartition(".")[2] for path, raw in found.items() if words(raw)}

    assert {"md", "csv", "xml", "dot", "mmd", "puml", "dsl", "js"} <= endings
    assert any(b"<svg" in raw and words(raw) for path, raw in found.items() if path.startswith("docs/asset/"))
    assert {
        (path, planted.words[word])
        for path, raw in found.items()
        for word in words(raw)
        if not allowed(audience, planted.words[word], planted)
    } == set()


def test_the_words_are_there_for_who_may_see_them(planted: Planted) -> None:
    full = {word for raw in told(planted, RESTRICTED).values() for word in words(raw)}
    missing = {
        word for word in planted.words if word not in full and planted.words[word].kind in planted.audit.estate.kinds
    }

    assert {planted.words[word][:2] for word in missing} == set()


@pytest.mark.parametrize("audience", [PUBLIC, INTERNAL])
def test_an_edition_shows_what_is_for_its_audience(audience: str, planted: Planted) -> None:
    found = {planted.words[word] for raw in told(planted, audience).values() for word in words(raw)}
    patterns = {word.pattern for word in found if word.kind == "asset" and word.of_class == "public"}

    assert {"name", "description", "tags[]"} <= patterns
    assert ("engine" in patterns) is (audience == INTERNAL)
    assert patterns.isdisjoint(audiences.NEVER_BELOW_RESTRICTED)
    assert {word.pattern for word in found}.isdisjoint(audiences.NEVER_BELOW_RESTRICTED)
    if audience == PUBLIC:
        assert {word.pattern for word in found}.isdisjoint(audiences.NEVER_PUBLIC)


@pytest.mark.parametrize(
    ("confidential", "unclassified", "audience", "shown"),
    [
        (RESTRICTED, INTERNAL, PUBLIC, {"open"}),
        (RESTRICTED, INTERNAL, INTERNAL, {"open", "ours", "unsaid"}),
        (INTERNAL, INTERNAL, PUBLIC, {"open"}),
        (INTERNAL, INTERNAL, INTERNAL, {"open", "ours", "unsaid", "staff"}),
        (RESTRICTED, RESTRICTED, INTERNAL, {"open", "ours"}),
    ],
)
def test_the_settings_say_whom_confidential_and_unclassified_assets_are_for(
    confidential: str, unclassified: str, audience: str, shown: set[str]
) -> None:
    known = {"open": "public", "ours": "internal", "staff": "confidential", "few": "restricted", "odd": "sideways"}
    settings = Settings(confidential=confidential, unclassified=unclassified)
    records = [asset(name, classification=word, host="db-7.example") for name, word in known.items()]
    audit = render_estate.judged([*records, asset("unsaid")], settings=settings)
    found = edition(audit, audience).estate

    assert {record.id for record in found.records} == shown
    assert not any("host" in record.data for record in found.records)


@pytest.mark.parametrize("audience", [PUBLIC, INTERNAL])
def test_nothing_leads_to_the_map_where_there_is_none(audience: str) -> None:
    many = [asset(f"a{number}", classification="public") for number in range(MOST_NODES + 9)]
    edges = [
        render_estate.record(f"dependency/{one.id}", render_estate.dependency("hub", one.id, "reads")) for one in many
    ]
    shown = edition(render_estate.judged([asset("hub", classification="public"), *many, *edges]), audience)
    page = dict(site(shown, pictures(shown)[0]))["docs/asset/hub.md"].decode()

    assert "+10 more" in page
    assert "dependencies.html" not in page


def test_the_internal_edition_of_our_own_registry_shows_every_asset() -> None:
    estate = open_estate(find(str(render_estate.ROOT))).sound()
    found = narrowed(estate, INTERNAL).estate

    assert len(found.of("asset")) == len(estate.of("asset"))
    assert len(found.of("dependency")) == len(estate.of("dependency"))
    assert not any("host" in record.data or "access" in record.data for record in found.of("asset"))


def test_a_record_is_not_named_in_the_prose_of_another_audience() -> None:
    said = "Copies of `payroll-db` at db-7.internal:5432, see [it](../assets/payroll-db.yaml) and Payroll of staff."
    shown = edition(
        render_estate.judged(
            [
                asset("shop-db", classification="internal", description=said),
                asset(
                    "payroll-db", name="Payroll of staff", classification="restricted", endpoint="db-7.internal:5432/x"
                ),
                render_estate.record("dependency/copy", render_estate.dependency("shop-db", "payroll-db", "reads")),
            ]
        ),
        INTERNAL,
    )

    assert [record.address for record in shown.estate.records] == ["asset/shop-db"]
    assert not shown.graph.edges
    assert shown.withheld == 2
    left = shown.estate.by_address["asset/shop-db"].data["description"]
    assert not re.search("payroll|db-7|Payroll", left)


def test_a_store_that_nobody_classified_is_not_for_everybody() -> None:
    judged = render_estate.judged(
        [asset("a"), asset("b", classification="public"), asset("c", classification="secret")]
    )

    assert [one.id for one in edition(judged, PUBLIC).estate.records] == ["b"]
    assert [one.id for one in edition(judged, INTERNAL).estate.records] == ["a", "b"]


def test_a_dataset_is_left_out_where_it_is_classified_higher_than_its_store() -> None:
    sets = {"public.menu": {"classification": "public"}, "public.salaries": {"classification": "restricted"}}
    judged = render_estate.judged(
        [asset("a", classification="internal", datasets=sets, description="Has public.salaries.")]
    )
    [shown] = edition(judged, INTERNAL).estate.records

    assert [*shown.data["datasets"]] == ["public.menu"]
    assert shown.data["description"] == "Has (left out)."


def test_a_way_with_a_gap_is_left_out_as_a_whole() -> None:
    steps = [{"dependency": "one"}, {"dependency": "two"}]
    judged = render_estate.judged(
        [
            *(asset(name, classification="internal") for name in ("a", "b")),
            asset("c", classification="confidential"),
            render_estate.record("dependency/one", render_estate.dependency("a", "b", "calls")),
            render_estate.record("dependency/two", render_estate.dependency("b", "c", "calls")),
            render_estate.record("flow/whole", {"name": "Whole", "steps": steps[:1]}),
            render_estate.record("flow/broken", {"name": "Broken", "steps": steps}),
        ]
    )
    shown = {record.address for record in edition(judged, INTERNAL).estate.records}

    assert {"flow/whole", "dependency/one"} <= shown
    assert shown.isdisjoint({"flow/broken", "dependency/two", "asset/c"})


def test_a_field_of_which_no_schema_says_anything_is_internal() -> None:
    assert of_field({}, "anything.at[].all") == INTERNAL
    assert of_records({}) == INTERNAL
    assert of_field({"access": RESTRICTED, "access.mfa": PUBLIC}, "instances[].access.method") == RESTRICTED
    assert of_field({"access": RESTRICTED, "access.mfa": PUBLIC}, "access.mfa") == PUBLIC


def test_an_edition_never_says_that_all_is_well(planted: Planted) -> None:
    for audience in (PUBLIC, INTERNAL):
        files = told(planted, audience)
        page = files["docs/asset/public-asset.md"].decode()

        assert f"This is the {audience} edition" in files["docs/index.md"].decode()
        assert "Not in this edition" in files["docs/findings.md"].decode()
        assert not re.search("No failure|No machine|never seen|not in Git|Findings", page)


@pytest.mark.parametrize(("how", "shown"), [(INITIALS, "A. L."), (HIDE, "(not shown)")])
def test_people_are_shown_as_the_settings_say(how: str, shown: str) -> None:
    ada = {"Ada Lovelace": {"handle": "@ada-l", "role": "lead"}, "bela": {"handle": "@bela"}}
    change = {
        "about": ["asset/a"],
        "type": "schema",
        "approver": "Ada Lovelace",
        "description": "Asked @ada-l, told bela.",
    }
    judged = render_estate.judged(
        [
            asset("a", owner="data"),
            render_estate.record("team/data", {"name": "Data", "contact": "ada@shop.example", "members": ada}),
            render_estate.record("change/c", change),
        ],
        settings=Settings(people=how),
        revision=Revision({"registry/assets/a.yaml": Change("Ada Lovelace", 1, "abc", "By Ada Lovelace")}),
    )
    named = edition(judged, RESTRICTED)
    files = b"\n".join(
        raw for path, raw in site(named, {}) if path.startswith(("docs/team", "docs/change", "docs/asset"))
    )
    tables = b"\n".join(raw for _, raw in downloads(named))

    assert named.estate.by_address["change/c"].data["approver"] == shown
    assert named.history["registry/assets/a.yaml"].author == shown
    for raw in (files, tables):
        assert not re.search(rb"Lovelace|ada-l|ada@shop|@bela", raw)
    assert named.outcomes
    assert edition(judged._replace(estate=judged.estate), RESTRICTED).tallies == judged.tallies


def test_two_people_with_the_same_initials_stay_two() -> None:
    members = {"Ada Lovelace": {"role": "lead"}, "Anna Lind": {"role": "on call"}}
    judged = render_estate.judged(
        [render_estate.record("team/data", {"name": "Data", "members": members})], settings=Settings(people=INITIALS)
    )

    assert [*edition(judged, RESTRICTED).estate.records[0].data["members"]] == ["A. L.", "A. L. 2"]


def test_the_full_site_of_named_people_is_the_audit_itself(planted: Planted) -> None:
    assert edition(planted.audit, RESTRICTED) is planted.audit


def asset(id_: str, **more: object) -> Record:
    return render_estate.record(f"asset/{id_}", {"name": id_, "type": "relational-db", **more})


FILES = {
    "stocktake.yaml": "schema: 1\nname: Shop\nenvironments: {production: {name: Production}}\n",
    "mkdocs.yml": "site_name: Shop\nnav:\n  - Home: index.md\n  - Plans: plans.md\n",
    "registry/teams/data.yaml": "name: Data\ncontact: word-of-the-contact@shop.example\n",
    "registry/assets/menu.yaml": (
        "name: Menu\ntype: relational-db\nclassification: public\nowner: data\n"
        "endpoint: word-of-the-endpoint.shop.example:5432/menu\ndescription: Runs beside payroll-db.\n"
    ),
    "registry/assets/payroll-db.yaml": "name: Payroll\ntype: relational-db\nclassification: restricted\nowner: data\n",
    "docs/plans.md": "# Plans\n\nword-of-the-internal-page\n",
    "docs/hello.md": "---\naudience: public\n---\n# Hello\n\nSee [more](more.md) and ![it](menu.png).\n",
    "docs/more.md": "---\naudience: restricted\n---\n# More\n\nword-of-the-restricted-page\n",
    "docs/word-of-the-path.md": "# Nobody links here\n",
    "docs/menu.png": "word-of-the-picture",
    "docs/secret.png": "word-of-another-picture",
}


def built(folder: Path, audience: str, **changed: str) -> bytes:
    """All bytes and names of the pages that `build` writes."""
    for path, text in {**FILES, **changed}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    build(find(str(folder)), render_estate.TODAY, render_estate.TODAY, True, False, lambda said: None, audience)
    files = [path for path in (folder / "build").rglob("*") if path.is_file() and path.parent.name != "build"]
    return b"\n".join(path.name.encode() + path.read_bytes() for path in files)


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (PUBLIC, {"picture"}),
        (INTERNAL, {"picture", "contact", "internal-page", "path"}),
        (RESTRICTED, {"picture", "contact", "internal-page", "path", "endpoint", "restricted-page", "another-picture"}),
    ],
)
def test_a_build_writes_only_what_is_for_its_audience(audience: str, words: set[str], tmp_path: Path) -> None:
    found = built(tmp_path, audience)

    assert {word.decode() for word in re.findall(rb"word-of-(?:the-)?([a-z-]*[a-z])", found)} == words
    assert (b"payroll" in found) is (audience == RESTRICTED)


def test_a_build_for_fewer_people_removes_what_an_earlier_one_wrote(tmp_path: Path) -> None:
    built(tmp_path, RESTRICTED)

    assert b"payroll" not in built(tmp_path, PUBLIC)


def test_a_build_says_how_much_of_an_edition_nobody_classified(tmp_path: Path) -> None:
    built(tmp_path, RESTRICTED, **{"registry/assets/odd.yaml": "name: Odd\ntype: api\n"})
    said = {
        audience: build(find(str(tmp_path)), None, render_estate.TODAY, True, False, lambda said: None, audience).notes
        for audience in (PUBLIC, INTERNAL, RESTRICTED)
    }

    assert [note for note in said[INTERNAL] if "1 of 2 assets in this edition were classified by nobody" in note]
    assert not [note for audience in (PUBLIC, RESTRICTED) for note in said[audience] if "classified" in note]


def test_the_settings_say_whom_pages_are_for_that_do_not(tmp_path: Path) -> None:
    settings = f"{FILES['stocktake.yaml']}audience: {{pages: public}}\n"

    assert b"word-of-the-internal-page" in built(tmp_path, PUBLIC, **{"stocktake.yaml": settings})


def test_a_page_for_an_audience_that_there_is_none_of_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        built(tmp_path, PUBLIC, **{"docs/hello.md": "---\ntitle: Hello\naudience: everyone\n---\n# Hello\n"})

    [problem] = refused.value.problems
    assert problem[:4] == ("docs/hello.md", 3, 1, "audience")
    assert problem.message == '"everyone" is not an audience'


def test_what_is_served_is_for_its_audience(tmp_path: Path) -> None:
    mkdocs = (render_estate.ROOT / "mkdocs.yml").read_text()
    for path, text in {**FILES, "mkdocs.yml": mkdocs}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    command = [sys.executable, "-m", "stocktake", "serve", "--audience", PUBLIC, "-C", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as serving:
        try:
            assert serving.stdout
            address = next(found[0] for line in serving.stdout if (found := re.search(r"http://127\S+/", line)))
            with urlopen(f"{address}asset/menu.html") as page:
                menu = page.read()
            with pytest.raises(HTTPError, match="404"):
                urlopen(f"{address}asset/payroll-db.html")
        finally:
            serving.send_signal(signal.SIGINT)

    assert b"Menu" in menu
    assert b"word-of-the-endpoint" not in menu


def test_a_site_that_was_built_for_others_is_not_served_as_if_it_were_for_an_audience(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    registries.write(tmp_path, {})
    said = registries.runner(capfd)("serve", "--no-build", "--audience", PUBLIC, "-C", str(tmp_path))

    assert said.exit_code == 2
    assert "--no-build serves what was built last" in said.err
