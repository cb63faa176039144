"""Versions as tags, servers and manifests write them."""

import pytest

from stocktake.values import version

NUMBERS = [
    ("16.4", (16, 4)),
    ("15-alpine", (15,)),
    ("v1.2", (1, 2)),
    ("8.0.36-0ubuntu0.22.04.1", (8, 0, 36)),
    ("PostgreSQL 16.4 (Debian)", (16, 4)),
    ("10.6.12-MariaDB-1:10.6", (10, 6, 12)),
    ("RELEASE.2024-01-02T00-00-00Z", (2024, 1, 2)),
    ("alpine3.19", ()),
    ("latest", ()),
    ("sha256:9f86d0", ()),
    ("^8.0", ()),
]
AGREEMENTS = [
    ("16", "16.4", True),
    ("15-alpine", "15", True),
    ("16.3", "16.4", False),
    ("1", "16", False),
    ("latest", "16.4", None),
    ("16", "alpine", None),
]
ORDERS = [("9.6", "10", -1), ("16", "16.0", 0), ("17", "17beta1", 1), ("latest", "16", None)]


@pytest.mark.parametrize(("text", "numbers"), NUMBERS)
def test_the_numbers_of_a_version_are_read(text, numbers):
    assert version.parse(text) == numbers


@pytest.mark.parametrize(("declared", "observed", "expected"), AGREEMENTS)
def test_versions_agree_as_far_as_both_are_told(declared, observed, expected):
    assert version.agrees(declared, observed) is expected


@pytest.mark.parametrize(("one", "other", "order"), ORDERS)
def test_versions_are_ordered_by_number(one, other, order):
    assert version.compare(one, other) == order


def test_the_major_version_is_the_first_number():
    assert (version.major("16.4-alpine"), version.major("latest")) == (16, None)
