"""What the tests of a team call: ask the rules of its own what their cases say.

```python
import pytest

from stocktake.testing import rule_cases, untested_rules


@pytest.mark.parametrize("case", rule_cases("."), ids=str)
def test_a_rule_answers_as_its_case_says(case):
    assert case.wrong() == []


def test_every_rule_has_cases():
    assert untested_rules(".") == []
```
"""

from __future__ import annotations

import os
from typing import NamedTuple

from stocktake.load.files import Tree, find, schema_folder
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.model.rule import Rule
from stocktake.pipeline import cases
from stocktake.pipeline.own_rules import rules_of


class RuleCase(NamedTuple):
    """One case of a rule, with all that is needed to ask it."""

    case: cases.Case
    schemas: Schemas
    rules: tuple[Rule, ...]

    def wrong(self) -> list[str]:
        """What is answered otherwise than the case says, each with its file and line; nothing where all is well."""
        place = f"{self.case.path}:{self.case.line}"
        return [f"{place}: {said}" for said in cases.wrong(self.case, self.schemas, self.rules)]

    def __str__(self) -> str:
        return str(self.case)


def rule_cases(folder: str | os.PathLike[str] = ".") -> list[RuleCase]:
    """All cases below `tests/cases/rules` of the repository around a folder.

    Raises InputError where a file of cases, the settings or a file of rules is wrong.
    """
    tree = find(os.fspath(folder))
    schemas, rules = read_schemas(Tree(schema_folder()), tree), rules_of(tree)
    return [RuleCase(case, schemas, rules) for case in cases.read_cases(tree)]


def untested_rules(folder: str | os.PathLike[str] = ".") -> list[str]:
    """What is missing in the cases: each own rule has one that passes, one that fails and, where it needs to know
    something, one that is unknown.
    """
    tree = find(os.fspath(folder))
    return cases.untested(rules_of(tree), cases.read_cases(tree))
