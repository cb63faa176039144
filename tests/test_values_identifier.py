"""Identifiers and endpoints have one form."""

import pytest

from stocktake.values import identifier

FORMS = [
    ("HOST:Orders.Internal.:05432/Orders/", "host:orders.internal:5432/Orders"),
    ("host:[FE80::1]:6", "host:[fe80::1]:6"),
    ("compose:Shop/db", "compose:shop/db"),
    ("file:./a/../b//c.sqlite", "file:b/c.sqlite"),
    ("arn:aws:s3:::Bucket", "arn:aws:s3:::Bucket"),
]
GARBAGE = [
    "",
    "orders",
    "host:",
    "host:a@b",
    "host:a b",
    "host:a:70000",
    "file:../x",
    "file:/x",
    "compose:db",
    "x:a\x00",
]
ENDPOINTS = [
    ("orders.internal:5432/orders", "host:orders.internal:5432/orders"),
    ("https://me:made-up@API.example.com/v1/?key=x", "host:api.example.com/v1"),
    ("db", "host:db"),
    ("${HOST}:5432", None),
    ("localhost:5432", None),
    ("127.0.0.1:5432/orders", None),
    ("two words", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "form"), FORMS)
def test_an_identifier_has_one_form(text, form):
    assert identifier.canonical(text) == form
    assert identifier.canonical(form) == form


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_refused(text):
    with pytest.raises(ValueError, match=r"is not|is followed by|leads out"):
        identifier.parse(text)


@pytest.mark.parametrize(("endpoint", "expected"), ENDPOINTS)
def test_an_endpoint_gives_an_identifier_if_it_names_one_place(endpoint, expected):
    assert identifier.from_endpoint(endpoint) == expected
