"""The site with a memory of the last build is byte for byte the site that MkDocs makes alone."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from material.plugins.search.plugin import Parser

import render_estate
import render_site
from stocktake.pipeline.builder.index import sections
from stocktake.pipeline.builder.tokens import elements, tokens

Change = Callable[[Path], None]
DOCS = render_site.ROOT / "docs"
DAY = {"SOURCE_DATE_EPOCH": "1790000000"}


def plain(folder: Path) -> Path:
    """The site of MkDocs alone, beside the other."""
    return _run(folder, ["mkdocs", "build", "--strict", "--site-dir", "plain"], folder / "plain")


def remembered(folder: Path) -> Path:
    """The site with a memory, put where `stocktake build` puts it."""
    fresh, site = folder / "build" / "site.new", folder / "build" / "site"
    _run(folder, ["stocktake.pipeline.builder", str(fresh), "build/site"], fresh)
    shutil.rmtree(site, ignore_errors=True)
    fresh.rename(site)
    return site


def _run(folder: Path, arguments: list[str], place: Path) -> Path:
    command = [sys.executable, "-P", "-m", *arguments]
    environment = {**render_site.ENVIRONMENT, **DAY}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return place


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def page(folder: Path, path: str) -> Path:
    return folder / "build" / "docs" / path


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _edit(folder: Path) -> None:
    replaced(page(folder, "asset/api.md"), "</h1>", " &amp; more</h1>")


def _delete(folder: Path) -> None:
    page(folder, "drill/index.md").write_text('---\ntitle: "Gone"\n---\n\n<p>Nothing.</p>\n', encoding="utf-8")
    page(folder, "extra.md").unlink()


def _rename(folder: Path) -> None:
    page(folder, "renamed.md").rename(page(folder, "renamed-again.md"))


def _title(folder: Path) -> None:
    replaced(folder / "mkdocs.yml", "  - Home: index.md", "  - Start here: index.md")


def _theme(folder: Path) -> None:
    replaced(folder / "build" / "overrides" / "main.html", "{% block extrahead %}", "{% block extrahead %}<!-- new -->")


def _damage(folder: Path) -> None:
    """Somebody wrote into the last site, and the memory of one page is not what it was."""
    (folder / "build" / "site" / "asset" / "pay.html").write_text("<script>canary</script>", encoding="utf-8")
    memory = folder / "build" / "pages.json"
    kept = json.loads(memory.read_text(encoding="utf-8"))
    kept["findings.html"][2] = "0" * 32
    memory.write_text(json.dumps(kept), encoding="utf-8")


def _forget(folder: Path) -> None:
    (folder / "build" / "pages.json").write_text("{[", encoding="utf-8")


# Those of one page each, together, since they cannot hide each other; then those of all pages.
CHANGES: tuple[tuple[Change, ...], ...] = ((_edit, _delete, _rename, _damage), (_title,), (_theme,), (_forget,))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a hostile estate among those of a usual one, and hand-written ones with links."""
    found = tmp_path_factory.mktemp("memory")
    render_site.write(found, render_estate.hostile(), drawn=False)
    render_site.write(found, render_estate.shop())
    for unneeded in [*DOCS.rglob("*.md")]:
        page(found, str(unneeded.relative_to(DOCS))).unlink(missing_ok=True)
    for unneeded in [*page(found, "rule").glob("*0*.md"), *page(found, "schema").glob("[!i]*.md")]:
        unneeded.unlink()
    for name in ("extra", "renamed"):
        text = '---\ntitle: "One & two"\n---\n\n<div class="a"><p>x</p></div>\n\n## More\n\n<p>y</p><p>&#x27;z</p>\n'
        page(found, f"{name}.md").write_text(text, encoding="utf-8")
    page(found, "odd.md").write_text('---\ntitle: "Odd"\n---\n\n<div>\n\n<p>in</p>\n\n</div>\n\n*em* <b>x</b>\n')
    remembered(found)
    return found


def test_the_first_site_is_that_of_mkdocs(folder: Path) -> None:
    assert files(folder / "build" / "site") == files(plain(folder))


@pytest.mark.parametrize("changes", CHANGES)
def test_a_later_site_is_that_of_mkdocs_whatever_changed(folder: Path, changes: tuple[Change, ...]) -> None:
    for change in changes:
        change(folder)

    assert files(remembered(folder)) == files(plain(folder))


def test_a_page_that_did_not_change_is_not_made_again(folder: Path) -> None:
    remembered(folder)
    before = json.loads((folder / "build" / "pages.json").read_text(encoding="utf-8"))
    forged = (folder / "build" / "site" / "asset" / "pay.html").read_bytes() + b"<!-- as it was -->"
    (folder / "build" / "site" / "asset" / "pay.html").write_bytes(forged)
    before["asset/pay.html"][2] = _digest(forged)
    (folder / "build" / "pages.json").write_text(json.dumps(before), encoding="utf-8")

    assert len(before) > 50
    assert (remembered(folder) / "asset" / "pay.html").read_bytes() == forged


def test_a_link_to_a_page_that_is_gone_still_ends_the_build(folder: Path) -> None:
    page(folder, "linking.md").write_text('---\ntitle: "Linking"\n---\n\n[there](linked.md)\n', encoding="utf-8")
    page(folder, "linked.md").write_text('---\ntitle: "Linked"\n---\n\n<p>x</p>\n', encoding="utf-8")
    remembered(folder)
    page(folder, "linked.md").unlink()
    with pytest.raises(AssertionError, match=r"linked\.md"):
        remembered(folder)
    page(folder, "linking.md").unlink()


def test_a_link_to_a_place_in_one_of_our_pages_is_checked(folder: Path) -> None:
    page(folder, "linked.md").write_text(
        '---\ntitle: "Linked"\n---\n\n<p id="here">x</p>\n\n## Below\n', encoding="utf-8"
    )
    linking = page(folder, "linking.md")
    linking.write_text("[a](linked.md#here) [b](linked.md#below)\n", encoding="utf-8")
    remembered(folder)
    linking.write_text("[a](linked.md#nowhere)\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="nowhere"):
        remembered(folder)
    linking.unlink()


def test_a_site_with_a_plugin_that_we_do_not_know_is_left_to_mkdocs(tmp_path: Path) -> None:
    render_site.write(tmp_path, render_estate.empty(), drawn=False)
    replaced(tmp_path / "mkdocs.yml", "plugins:\n", "plugins:\n  - tags\n")

    assert files(remembered(tmp_path)) == files(plain(tmp_path))
    assert not os.path.exists(tmp_path / "build" / "pages.json")


WORDS = st.sampled_from(["a", " ", "\n", "&amp;", "&lt;b", "&#x27;", "ü", "x y"])
TAGS = st.sampled_from(["p", "div", "h1", "h2", "h3", "a", "ul", "li", "table", "code", "pre", "svg", "br"])
MARKS = st.sampled_from(["", ' id="i"', " data-search-exclude", ' class="headerlink"', ' class="linenodiv"'])
HTML = st.recursive(
    WORDS,
    lambda inner: st.builds(
        lambda tag, marks, parts: f"<{tag}{marks}>" + ("" if tag == "br" else f"{''.join(parts)}</{tag}>"),
        TAGS,
        MARKS,
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


def told(found: list[object]) -> list[tuple[object, ...]]:
    return [(one.el.tag, one.id, one.title, one.text, one.is_excluded()) for one in found]  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=300)
@given(st.lists(HTML, max_size=4).map("".join))
def test_search_entries_are_those_of_the_theme(html: str) -> None:
    theirs = Parser()
    try:
        theirs.feed(html)
        theirs.close()
    except ValueError:  # it does not find the beginning of what it left out
        return
    ours = sections(html)

    assert ours is None or told(ours) == told(theirs.data)
    assert ours is not None or "&" in html.rpartition(">")[2]


@pytest.mark.parametrize(
    "html", ["<p", "a < b", "<p>&nbsp</p>", "<script>1</script>", "<P>x</P>", "<a b=c>x</a>", "<br/>"]
)
def test_html_that_is_not_ours_is_left_to_others(html: str) -> None:
    assert tokens(html) is None


def test_elements_stand_beside_each_other_or_are_none() -> None:
    assert elements("<p>a<br>b</p><div><p>c</p></div>") == [("p", "<p>a<br>b</p>"), ("div", "<div><p>c</p></div>")]
    for odd in ("<p>a</div>", "a<p>b</p>", "<p>a</p>b", "<p>a", "</p>", "<br>"):
        assert not elements(odd)


@given(st.lists(HTML, max_size=4).map("".join))
def test_no_token_is_lost(html: str) -> None:
    class Counter(HTMLParser):
        seen = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.seen += 1

        def handle_endtag(self, tag: str) -> None:
            self.seen += 1

    counter = Counter()
    counter.feed(html)

    assert sum(bool(tag) for _, tag, _, _ in tokens(html) or ()) == counter.seen


def _digest(raw: bytes) -> str:
    from stocktake.pipeline.builder.kept import digest

    return digest(raw.decode())
