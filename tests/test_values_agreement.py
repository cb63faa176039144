"""When a declared and an observed value say the same."""

import pytest

from stocktake.values.agreement import agree


@pytest.mark.parametrize(
    ("name", "declared", "observed", "same"),
    [
        ("engine", "postgresql", "postgresql", True),
        ("engine", "postgresql", "PostgreSQL", False),
        ("version", "16", "16.4", True),
        ("version", "16.3", "16.4", False),
        ("version", "16", "latest", None),
        ("version", "latest", "latest", True),
        ("instances[a].version", "16", "16.4", True),
        ("settings[max_connections].value", 200, "200", True),
        ("settings[max_connections].value", 200, 100, False),
        ("settings[ssl].value", True, "true", True),
        ("monitoring.layers", ["api", "network"], ["network", "api"], True),
        ("monitoring.layers", ["api"], ["network", "api"], False),
        ("monitoring.layers", ["api"], "api", False),
    ],
)
def test_values_agree_as_far_as_they_are_told(name, declared, observed, same):
    assert agree(name, declared, observed) is same
