"""Fact names keep every key that users choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.values import name

ANY_KEY = st.text(alphabet=st.characters(exclude_categories=()))
FIELD = st.from_regex(r"[a-z][a-z_]*", fullmatch=True)


@given(st.lists(st.tuples(ANY_KEY, st.just(True)) | st.tuples(FIELD, st.just(False)), min_size=1))
def test_any_key_comes_back_from_a_name(parts):
    whole = ""
    for key, keyed in parts:
        whole = name.join(whole, key, keyed)

    assert name.split(whole) == tuple(parts)


@given(ANY_KEY)
def test_a_pattern_leaves_out_any_key(key):
    assert name.pattern(name.join("plans", key, True) + ".schedule") == "plans[].schedule"


@given(st.lists(ANY_KEY))
def test_the_keys_below_a_pattern_are_decoded_sorted_and_each_once(keys):
    names = [f"{name.join('backup.plans', key, True)}.{fact}" for key in keys for fact in ("kind", "schedule")]

    assert name.keys([*names, "backup.rpo"], "backup.plans[]") == sorted(set(keys))


def test_the_last_brackets_of_a_pattern_name_the_keys():
    names = ["instances[live].backup.plans[nightly].kind", "instances[test].backup.plans[weekly].kind"]

    assert name.keys(names, "instances[].backup.plans[]") == ["nightly", "weekly"]


def test_only_what_would_divide_a_name_is_encoded():
    assert name.join("settings", "pg_stat.max [%]", True) == "settings[pg_stat.max %5B%25%5D]"


@pytest.mark.parametrize("text", ["a..b", "a[b", "a]b", "a[b]c"])
def test_what_is_no_fact_name_is_refused(text):
    with pytest.raises(ValueError, match="is not a fact name"):
        name.split(text)
