"""What may be shown of a problem: our own words always, a secret never."""

import pytest

from stocktake.errors import Problem
from stocktake.values.showable import quoted, showable

KEY = "AKIA" + "QWERTZUIOPASDFGH"


@pytest.mark.parametrize("path", ["../etc/passwd", "registry/assets/api-key.yaml", "token", "docs/secret"])
@pytest.mark.parametrize("field", ["", "labels.password", "token"])
def test_a_path_and_a_field_do_not_take_our_words_for_a_secret(path, field):
    problem = Problem(path, 0, 0, field, "is outside this repository", "Name a file in it.")

    assert showable(problem) == problem


def test_a_secret_in_any_part_is_taken_out():
    url = "postgresql://app:" + "Zm9vYmFy" + "@db/orders"
    problem = Problem(f"a/{KEY}.yaml", 1, 2, f"labels[{KEY}]", f'there is no team "{url}"', f"Did you mean {KEY}?")

    assert showable(problem).text() == (
        'a/•••.yaml:1:2: labels[•••]: there is no team "postgresql://•••@db/orders". Did you mean •••?'
    )


def test_what_hides_is_made_visible():
    assert showable(Problem("a\u202eb", 0, 0, "", "x\u200by")).text() == "a⟨U+202E⟩b: x⟨U+200B⟩y"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("owner", "shop", '"shop"'),
        ("password", "Tr0ub4dor&3", '"•••"'),
        ("password", "${PASSWORD}", '"${PASSWORD}"'),
        ("owner", KEY, '"•••"'),
        ("owner", "x" * 61, f'"{"x" * 57}..."'),
    ],
)
def test_a_value_is_quoted_and_a_secret_is_not(name, value, told):
    assert quoted(name, value) == told
