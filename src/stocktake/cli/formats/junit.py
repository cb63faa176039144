"""A JUnit report, which most CI servers show: what is wrong is an error, and what counts a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from stocktake.cli.formats.told import WRONG, Result, Told

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in every XML document


def lines(result: Result) -> Iterator[str]:
    """One suite: a case for each thing that did not pass, and for each rule that everything passed."""
    tags = [_tag(one) for one in result.told]
    tests = max(1, len(result.told) + len(result.passed))
    figures = f'tests="{tests}" errors="{tags.count("error")}" failures="{tags.count("failure")}"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="stocktake" {figures}>'
    yield f'  <testsuite name="stocktake check" {figures} skipped="{tags.count("skipped")}">'
    for one in result.told:
        yield from _case(one)
    for rule in result.passed:
        yield f"    <testcase classname={_quoted(rule)} name={_quoted(result.rules[rule].title)}/>"
    if not result.told and not result.passed:
        yield '    <testcase classname="INPUT" name="files can be read"/>'
    yield "  </testsuite>"
    yield "</testsuites>"


def _tag(one: Told) -> str:
    """What does not fail the check must not fail the run either, and is no success: it counts as skipped."""
    return "error" if one.state == WRONG else "failure" if one.counts else "skipped"


def _case(one: Told) -> Iterator[str]:
    name = one.identity.partition("@")[2] if one.rule else ": ".join(filter(None, (one.path, one.field)))
    place = f" file={_quoted(one.path)} line={_quoted(str(one.line))}" if one.line else ""
    yield f"    <testcase classname={_quoted(one.rule or 'INPUT')} name={_quoted(name or 'registry')}{place}>"
    if (tag := _tag(one)) != "skipped":
        text = "\n".join(filter(None, (one.headline(), one.hint)))
        yield f"      <{tag} message={_quoted(one.message)} type={_quoted(one.severity)}>{_escaped(text)}</{tag}>"
    else:
        yield f"      <skipped message={_quoted(f'{one.state}: {one.message}')}/>"
    yield "    </testcase>"


def _quoted(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("?", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _escaped(text: str) -> str:
    return escape(_FORBIDDEN.sub("?", text))
