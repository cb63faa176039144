"""How a verdict reads, as text and as Markdown, whatever stands in a record or in Git."""

from __future__ import annotations

from pathlib import Path

from stocktake.model.approval import CLAIMED, HOSTED, SIGNED, Approval, Author, Ballot, Counted, Verdict
from stocktake.model.weakening import HandEdit, Weakening
from stocktake.render.verdict import markdown_lines, text_lines, total
from stocktake.values.text import hostile, shown

GOLDEN = Path(__file__).parent / "cases/verdicts"
ODD = "a|b`c`<img src=x>\u202e[x](javascript:1)\n::error::@all"
LONGER = Weakening("recovery", "asset/orders-db", "backup.rpo", "from 15 minutes to 1 hour", "production")
NEW = Weakening("waiver", "waiver/later", "", "is new, and covers BKP001@asset/orders-db")
LOWER = Weakening("classification", "asset/cache", "classification", "from internal to public")


def ballot(odd: str = "") -> Ballot:
    """One thing refused, one approved, one that nobody can be asked about, and approvals of every kind."""
    dana = Approval(f"@dana{odd}", frozenset({"dana"}), HOSTED, "", "1f0c7a52c1d1")
    stale = Approval("emre", frozenset({"emre"}), SIGNED, "is of other content", "00ff/emre.sig")
    claimed = Approval(f"Grace{odd}", frozenset(), CLAIMED, "", "1f0c7a52c1d1")
    verdicts = (
        Verdict(NEW._replace(words=NEW.words + odd), "team/platform", (dana.by,)),
        Verdict(LONGER._replace(field=LONGER.field + odd), "team/platform", ()),
        Verdict(LOWER, "team/storefront", (), is_asked=False),
    )
    counted = (Counted(dana, ""), Counted(stale, stale.flaw), Counted(claimed, "is only claimed"))
    unknown = Author(f"Ada{odd}", "ada@home.example")
    return Ballot(verdicts, counted, (unknown,), (unknown,))


EDITS = (HandEdit("observed/shop.json", "is not what a machine wrote"),)


def test_a_verdict_reads_as_before(accept: bool) -> None:
    found = {
        "text.txt": "\n".join([*text_lines(ballot(), EDITS), total(ballot(), EDITS), ""]),
        "comment.md": "\n".join([*markdown_lines(ballot(), EDITS), ""]),
    }
    if accept:
        for name, text in found.items():
            (GOLDEN / name).write_text(text, "utf-8")

    assert found == {name: (GOLDEN / name).read_text("utf-8") for name in found}


def test_nobody_is_asked_to_name_the_address_of_the_site() -> None:
    found = ballot()._replace(unknown=(Author("Ada", "ada@home.example"), Author("GitHub", "noreply@github.com")))
    text, comment = ["\n".join(lines(found, ())).partition("GitHub")[2] for lines in (text_lines, markdown_lines)]

    assert "name this address" not in text + comment
    assert "commit it under an address of your own" in text
    assert "commit it under an address of your own" in comment


def test_nothing_in_a_verdict_is_taken_for_markdown() -> None:
    lines = [*markdown_lines(ballot(shown(ODD)), EDITS)]

    assert [line.count(" | ") for line in lines if "Grace" in line] == [2]
    assert not [line for line in lines if "<img" in line or "](" in line or "@all" in line.replace("&#64;", "")]
    assert hostile("\n".join(lines)) == []


def test_each_thing_of_a_verdict_is_one_line_of_text() -> None:
    lines = [*text_lines(ballot(shown(ODD)), EDITS)]

    assert not [line for line in lines if hostile(line) or "\n" in line or line.startswith("::")]


def test_nothing_is_told_in_one_sentence() -> None:
    assert [*text_lines(Ballot(), ()), *markdown_lines(Ballot(), ()), total(Ballot(), ())] == [
        "Nothing becomes weaker."
    ]
