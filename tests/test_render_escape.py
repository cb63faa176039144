"""Each output language has one place where text becomes that language."""

import csv as reader
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

import render_estate
from render_estate import HOSTILE
from stocktake.render import svg
from stocktake.render.dot import neighbourhood
from stocktake.render.escape import csv, dot, html, markdown, mermaid, workflow
from stocktake.render.escape import svg as svg_text
from stocktake.render.prose import prose, summary
from stocktake.render.view import View
from stocktake.values import identity


def test_plain_text_is_escaped_and_markup_is_not() -> None:
    found = html.el("p", "<b>", html.el("i", "a&b"), title='"')

    assert found == '<p title="&quot;">&lt;b&gt;<i>a&amp;b</i></p>'


@given(st.text())
def test_no_text_leaves_its_line_or_opens_a_tag(text: str) -> None:
    found = html.text(text)

    assert not set("\n\r<>") & set(found)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "\\\\evil.example",
        "",
        "https://a.example/\u202e",
        'x" onclick="y',
    ],
)
def test_a_url_that_could_run_or_hide_is_no_link(url: str) -> None:
    assert html.safe_url(url) is None
    assert "<a" not in html.anchor("label", url)


@pytest.mark.parametrize("url", ["https://a.example/x?y=1#z", "mailto:a@b.example", "../asset/x.html", "#top", "a/b"])
def test_http_mail_and_relative_links_stay(url: str) -> None:
    assert html.safe_url(url) == url


def test_an_unsafe_url_in_an_attribute_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="not a safe href"):
        html.el("a", "x", href="javascript:x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One *word*.", "<p>One <em>word</em>.</p>"),
        ("<b onclick=x>no</b>", "<p>&lt;b onclick=x&gt;no&lt;/b&gt;</p>"),
        ("[a](javascript:x)", "<p><span>a</span></p>"),
        ("[a](java&#115;cript:x)", "<p><span>a</span></p>"),
        ("[a][1]\n\n[1]: javascript:x", "<p><span>a</span></p>"),
        ("[a](gone.md)", "<p><span>a</span></p>"),
        ("[a](https://b.example)", '<p><a href="https://b.example" rel="noopener noreferrer">a</a></p>'),
        (
            "![a](https://b.example/i.png)",
            '<p><a href="https://b.example/i.png" rel="noopener noreferrer">a</a></p>',
        ),
        ("```\n<i>\n\n\tx\n```", "<pre><code>&lt;i&gt;&#10;&#10;    x&#10;</code></pre>"),
        ("# Title", "<h3>Title</h3>"),
        ("a\u202eb", "<p>a⟨U+202E⟩b</p>"),
    ],
)
def test_prose_is_markdown_without_html_and_without_traps(text: str, expected: str) -> None:
    assert prose(text) == expected


def test_headings_of_people_follow_the_one_above_and_leave_no_level_out() -> None:
    text = "## When\n\n#### Deep\n\n### Less\n\n## Steps\n\n# Top\n\n###### Deepest"

    assert prose(text, below=1) == ("<h2>When</h2><h3>Deep</h3><h3>Less</h3><h2>Steps</h2><h2>Top</h2><h3>Deepest</h3>")
    assert prose("# a\n## b\n### c\n#### d\n##### e", below=3).count("<h6>") == 3


@given(st.text(alphabet="ab<>&[]()!`*_#|:\n\t\"'\\\u202e-1. /"))
def test_prose_makes_only_harmless_elements(text: str) -> None:
    import re

    found = prose(text)

    allowed = "a|blockquote|br|code|em|h[3-6]|hr|li|ol|p|pre|span|strong|table|tbody|td|th|thead|tr|ul"
    assert re.sub(rf"</?(?:{allowed})(?: (?:href|rel|style|start|class)=\"[^\"<>]*\")*>", "", found).count("<") == 0
    assert "\n" not in found


@pytest.mark.parametrize("text", ["[" * 50_000, "> " * 5_000 + "x", "*a " * 15_000, "`" * 40_000, "- " * 20_000])
def test_prose_takes_no_longer_where_it_is_hostile(text: str) -> None:
    assert prose(text)


def test_a_summary_is_the_first_sentence() -> None:
    assert summary("Books, customers and orders. And more.\n\nElse.") == "Books, customers and orders."


@given(st.text())
def test_csv_comes_back_as_text_and_never_as_a_formula(text: str) -> None:
    line = csv.row(["a", text, 'b"c'])
    [row] = reader.reader([line], strict=True) if "\n" not in text and "\r" not in text else [["a", "", 'b"c']]

    assert row[0] == "a"
    assert row[2] == 'b"c'
    assert row[1].lstrip()[:1] not in ("=", "@") or not row[1]


def test_a_number_in_csv_stays_a_number() -> None:
    assert csv.row([-1.5, "=1+1", "-x", None]) == "-1.5,'=1+1,'-x,\r\n"


def test_a_workflow_command_cannot_start_another() -> None:
    found = workflow.command("error", "a\n::warning::b %0A", file="x:y,z", line=3, title="")

    assert found == "::error file=x%3Ay%2Cz,line=3::a%0A::warning::b %250A"


def test_markdown_text_shows_every_sign() -> None:
    found = markdown.escape("| <b> @team [x](y) `c`\n# h")

    assert not set("|<>@[]`#\n") & set(found.replace("&#", ""))


def test_a_code_span_ends_where_the_text_does() -> None:
    assert markdown.code("a `` b | c") == "```a `` b ¦ c```"


def test_mermaid_labels_hold_no_syntax() -> None:
    found = mermaid.quoted(HOSTILE)

    assert found.count('"') == 2
    assert not set("<>[]{}()\n") & set(found)


def test_xml_holds_no_character_that_xml_forbids() -> None:
    assert svg_text.text("a\x00\ufffe<") == "a⟨U+0000⟩⟨U+FFFE⟩&lt;"


def test_dot_draws_hostile_labels_as_they_are() -> None:
    label = dot.quoted('<b> &amp; N1 \\N \\n " ] ; x')
    source = f"digraph {{ a [label={label}] }}"
    drawn = subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, text=True, check=True).stdout

    assert "&lt;b&gt; &amp;amp; N1 \\N \\n &quot; ] ; x</text>" in drawn
    assert drawn.count('class="node"') == 1


def test_a_picture_of_hostile_records_holds_no_link_but_relative_ones() -> None:
    source = neighbourhood(render_estate.hostile(), "asset/a")
    drawn = subprocess.run(["dot", "-Tsvg"], input=source, capture_output=True, text=True, check=True).stdout
    found = svg.inline(drawn, "x", HOSTILE, HOSTILE)

    assert 'href="b.html"' in found
    assert "<script" not in found
    assert 'href="javascript' not in found


def test_a_curve_is_told_in_steps_and_its_sides_as_lines() -> None:
    box = "M20,-40C20,-40 10,-40 10,-40 4,-40 0.25,-34 0,-30 0,-30 0,-10 0,-10 0,-10 5,-5 5,-5"

    assert svg.shorter(box) == "M20-40h-10c-6 0-9.8 6-10 10v20l5 5"
    assert svg.shorter("M0,0L1,1") == "M0,0L1,1"


def test_an_svg_keeps_shapes_and_loses_everything_that_runs() -> None:
    drawn = (
        '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "x" "y"><svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" width="10pt" height="20pt" viewBox="0 0 10 20"><script>x()</script>'
        '<g id="n" class="node" onload="x()"><a xlink:href="javascript:x()"><text fill="red">t</text></a>'
        '<a xlink:href="https://evil.example"><path d="M0"/></a><image xlink:href="/home/me/i.png"/>'
        '<foreignObject><p>x</p></foreignObject><a xlink:href="b.html"><polygon points="1,2" style="x"/></a></g></svg>'
    )

    assert svg.inline(drawn, "p", "T", "D") == (
        '<svg xmlns="http://www.w3.org/2000/svg" role="group" aria-labelledby="p-t p-d" viewBox="0 0 10 20" width="13" '
        'height="27"><title id="p-t">T</title><desc id="p-d">D</desc><g id="p-n" class="node"><g><text>t</text></g>'
        '<g><path d="M0"></path></g><image></image><a href="b.html"><polygon points="1,2"></polygon></a></g></svg>'
    )


def test_icons_are_embedded_once_and_no_path_is_left() -> None:
    images = '<image xlink:href="/x/a.png" width="5px"/><image xlink:href="/x/a.png"/><image xlink:href="/x/b.png"/>'
    drawn = f'<svg width="1pt">{images}</svg>'
    found = svg.embed_icons(drawn, {"/x/a.png": b"PNG"})

    assert found.count("data:image/png;base64,UE5H") == 1
    assert found.count("<use ") == 2
    assert "/x/" not in found


def test_what_has_no_record_is_named_as_it_was_seen() -> None:
    view = View(render_estate.empty(), {})

    found = view.subject("index.md", identity.seen("shop", "deploy/<b>\u202e.yaml"))

    assert found == '<a href="reconciliation.html">shop/deploy/&lt;b&gt;⟨U+202E⟩.yaml</a>'
