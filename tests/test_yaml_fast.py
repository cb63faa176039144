"""What people write in good faith is parsed the fast way, and nothing that is refused slips through with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.load import yaml

INNOCENT = [
    'schedule: "0 */4 * * *"\n',
    "schedule: '30 2 * * 1-5'\n",
    'plans: {nightly: {schedule: "*/15 * * * *"}}\n',
    "name: Research & Development\n",
    "description: |\n  * one\n  * two\n",
    "purpose: 5 * 3 and a*b\n",
    'members: {ada: {handle: "@ada", role: lead}, ben: {teams: [a, b]}}\n',
    "identifiers: [compose:bookshop/api, https://wiki.example/a]\n",
    "environments:\n  production: {name: Production, description: The one host.}\n",
]
GUILTY = [
    '{"a":&x 1, "b":*x}\n',
    '{"a":!!str 1}\n',
    'a: ["b"*/4 * * * *"c"]\n',
    'x: &/4 1\na: ["b"*/4 1 1 1 1"c"]\n',
    'x: &/4 1\na: "0 */4 * * *"\n',
    'x: &/4 1\na: [0, */4 ]\ns: "0 */4 * * *"\n',
    "a: &\n",
    "a: * b\n",
    "a: [&, *]\n",
    "a: {*}\n",
    "a: ! b\n",
    "a:\n  [?]\n",
    "{a: ?}\n",
    "a:\n  {b: ?}\n",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_an_innocent_text_does_not_need_the_slow_parser(text):
    assert yaml._is_plain(text.encode())


@pytest.mark.parametrize("text", INNOCENT)
def test_both_parsers_read_an_innocent_text_alike(text):
    assert yaml.parse(text.encode(), "a.yaml") == yaml.parse_strictly(text.encode(), "a.yaml")


@pytest.mark.parametrize("text", ["a: |\n", "a: >\n\n", "a: |+\n", "a: >-\n  \n", "a: | # b\n# c\n"])
def test_a_block_without_lines_is_an_empty_text(text):
    assert yaml.parse(text.encode(), "a.yaml") == ({"a": ""}, [])


@pytest.mark.parametrize("text", GUILTY)
def test_a_guilty_text_is_refused(text):
    _, problems = yaml.parse(text.encode(), "a.yaml")

    assert problems != []
    assert problems == yaml.parse_strictly(text.encode(), "a.yaml")[1]


WORDS = (
    st.text("ab:#&*!%@`'\"[]{},?|>-<= 01.\n/_", max_size=8)
    | st.sampled_from(
        ["a", "b c", "a://b", '"x"', "'y'", "1", "true", "null", "~", "a.b", "- a", "./x", "a -b", "1_0", "1e3"]
    )
    | st.sampled_from(
        ["a:b", "1:30", "a::b", "a:", "a :b", "{a: b,}", "[a,]", "{a: b,\n c: d}", "{\na: b}", "-1", ".inf"]
    )
)
KEYS = st.sampled_from(["a", "b", "true", "null", "n.x", "1", "_", "a-b", "no", "x:y"])
FLOWS = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(st.tuples(KEYS, inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=6,
)
GAPS = st.sampled_from([" ", " ", "  ", "\n ", "\n  "])
ENDS = st.sampled_from(["\n", "\n", " \n", "  # c\n", "\r\n"])
LINES = st.tuples(st.sampled_from("abcd"), GAPS, FLOWS, ENDS).map(lambda line: f"{line[0]}:{''.join(line[1:])}")


@settings(max_examples=700, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=3).map("".join) | FLOWS)
def test_both_parsers_agree_about_flow_style(text):
    fast, slow = yaml.parse(text.encode(), "a.yaml"), yaml.parse_strictly(text.encode(), "a.yaml")

    assert repr(fast) == repr(slow) or yaml.encoding_problems(text.encode(), "a.yaml")
