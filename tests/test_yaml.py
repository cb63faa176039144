"""The two ways to parse a record give the same value and refuse the same things."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stocktake.load import yaml

CASES = "tests/cases/yaml/refused.txt"


def refused() -> list[tuple[bytes, str]]:
    """Pairs of a text (as a Python bytes literal's inside) and the message it gets, from the case file."""
    with open(CASES, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    return [
        (
            text.removeprefix("text: ").encode().decode("unicode_escape").encode("latin-1"),
            message.removeprefix("says: "),
        )
        for text, message in zip(lines[::2], lines[1::2], strict=True)
    ]


@pytest.mark.parametrize(("raw", "message"), refused(), ids=[message[:60] for _, message in refused()])
def test_what_a_record_may_not_hold_is_refused_with_its_place(raw, message):
    _, problems = yaml.parse(raw, "a.yaml")

    assert " / ".join(problem.text() for problem in problems) == message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("012", 12),
        ("0o12", 10),
        ("0x1f", 31),
        ("1e3", 1000.0),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("_1", "_1"),
        ("0b11", "0b11"),
        ("~", None),
        ("", None),
        ("TRUE", True),
        (".5", 0.5),
        ("1.", 1.0),
        ("-0", 0),
        ("R&D *b* !", "R&D *b* !"),
        ("a # b", "a"),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text, value):
    data, problems = yaml.parse(f"a: {text}\n".encode(), "a.yaml")
    slow, _ = yaml.parse_strictly(f"a: {text}\n".encode(), "a.yaml")

    assert problems == []
    assert (data, type(data["a"])) == ({"a": value}, type(value))
    assert data == slow


SCALARS = st.text("0123456789+-._eExXoObBinfaNtruelsy~ ", max_size=8).map(str.strip) | st.text(
    "ab:#&*!%@`'\"[]{},?|>-<= ", max_size=8
)
BLOCKS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "".join(f"\n- {item}".replace("\n", "\n  ") for item in items)
        )
        | st.dictionaries(st.text("abc_1.", min_size=1, max_size=3), inner, min_size=1, max_size=3).map(
            lambda pairs: "".join(f"\n{key}: {value}".replace("\n", "\n  ") for key, value in pairs.items())
        )
    ),
    max_leaves=6,
)


@given(BLOCKS)
@settings(max_examples=1500, deadline=None)
def test_fast_and_slow_parser_agree(text):
    raw = f"a: {text}\nb: 1\n".encode()

    fast, slow = yaml.parse(raw, "a.yaml"), yaml.parse_strictly(raw, "a.yaml")

    assert fast == slow
