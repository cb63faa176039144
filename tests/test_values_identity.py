"""The identity of a finding is written in one way and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.values import identity
from stocktake.values.identity import Identity

ANY_TEXT = st.text(max_size=60)


def test_an_identity_reads_as_the_design_writes_it():
    finding = Identity("CFG003", "asset/orders-db", "production", "max_connections")

    assert identity.format(finding) == "CFG003@asset/orders-db/production#max_connections"


@pytest.mark.parametrize(
    "text",
    ["BKP001@asset/orders-db", "GOV002@registry", "INV003@seen/bookshop/db%2Fmain", "PG001@asset/a/production#x%20y"],
)
def test_an_identity_comes_back(text):
    assert identity.format(identity.parse(text)) == text


@given(st.sampled_from(["asset/a", "registry"]), st.none() | st.text(min_size=1, max_size=20), st.none() | ANY_TEXT)
def test_any_environment_and_detail_come_back(subject, environment, detail):
    text = identity.format(Identity("BKP001", subject, environment, detail))

    assert identity.format(identity.parse(text)) == text
    assert len(text.splitlines()) == 1


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_a_thing_without_a_record_is_a_subject(source, key):
    text = identity.format(Identity("INV003", identity.seen(source, key), "live"))

    assert identity.parse(text).environment == "live"


@pytest.mark.parametrize("text", ["", "BKP001", "BKP001@", "BKP001@asset", "bkp001@asset/a", "BKP001@asset/a/b/c"])
def test_what_is_no_identity_is_refused(text):
    with pytest.raises(ValueError, match="is not an identity"):
        identity.parse(text)


def test_an_identity_written_another_way_is_refused_with_the_right_one():
    with pytest.raises(ValueError, match="as Stocktake writes it: BKP001@asset/a#A"):
        identity.parse("BKP001@asset/a#%41")
