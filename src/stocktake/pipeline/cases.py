"""Ask a rule about the small registries that its cases describe, through the whole of loading and judging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from stocktake.errors import InputError, Problem
from stocktake.load.files import Tree
from stocktake.load.observations import from_data
from stocktake.load.schemas import Schemas
from stocktake.load.settings import settings
from stocktake.load.strict import parse
from stocktake.load.yaml import SIZE_AT_MOST
from stocktake.model.audit import Audit
from stocktake.model.digest import signed
from stocktake.model.estate import Estate
from stocktake.model.observation import Observation
from stocktake.model.outcome import FAIL, NOT_APPLICABLE, PASS, STATES, UNKNOWN
from stocktake.model.record import Record
from stocktake.model.rule import Rule
from stocktake.pipeline.audit import audit

FOLDER = "tests/cases/rules"
TODAY = date(2026, 11, 24)
FIELDS = frozenset(
    (
        *("copies", "evidence", "expect", "identity", "looked", "message", "name", "observed", "records", "settings"),
        *("timed", "today"),
    )
)
_BLANK: Mapping[str, Any] = {
    "schema": 1,
    "source": "tree",
    "collector": "files",
    "version": "1",
    "status": "seen",
    "things": {},
    "edges": [],
}


class Case(NamedTuple):
    """A small registry, and what the rule is to answer; `line` is where it begins in `path`."""

    rule: str
    data: Mapping[str, Any]
    path: str = ""
    line: int = 0

    @property
    def name(self) -> str:
        """What it is about."""
        return str(self.data.get("name", f"line {self.line}"))

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"


def read_cases(tree: Tree, folder: str = FOLDER) -> list[Case]:
    """All cases in the files of a folder, which are called after their rules.

    Raises InputError where a file is no list of mappings.
    """
    cases, problems = [], []
    for path in (f"{folder}/{name}" for name in tree.names(folder) if name.endswith(".yaml")):
        document = parse(tree.read(path, SIZE_AT_MOST).decode())
        problems += [Problem(path, flaw.line, flaw.column, "", flaw.message, flaw.hint) for flaw in document.flaws]
        listed = document.data if isinstance(document.data, list) else [document.data]
        rule = path.rpartition("/")[2].removesuffix(".yaml")
        for number, one in enumerate(listed):
            line = document.place((number,))[0]
            if isinstance(one, dict):
                cases.append(Case(rule, one, path, line))
            elif not document.flaws:
                problems.append(Problem(path, line, 1, "", "is not a case", "Write a list of mappings with `expect`."))
    if problems:
        raise InputError(problems)
    return cases


def wrong(case: Case, schemas: Schemas, own: tuple[Rule, ...] = ()) -> list[str]:
    """What is answered otherwise than the case says; nothing where all is as it says."""
    if unknown := sorted(set(case.data) - FIELDS):
        return [f"a case has no {unknown[0]}; it has {', '.join(sorted(FIELDS))}"]
    if case.data.get("expect") not in STATES:
        return [f"expect is none of {', '.join(STATES)}"]
    if invalid := list(_invalid(case, schemas)):
        return invalid
    found, bugs = audit(estate_of(case, schemas, own), _day(case.data.get("today", TODAY)))
    return list(bugs) or list(_differences(case, found))


def estate_of(case: Case, schemas: Schemas, own: tuple[Rule, ...] = ()) -> Estate:
    """The small registry."""
    records = [_record(where, data) for where, data in case.data.get("records", {}).items()]
    observed = tuple(_observation(data) for data in case.data.get("observed", ()))
    said = settings({"schema": 1, **case.data.get("settings", {})})
    days = case.data.get("looked")
    looked = None if days is None else {source: _day(day) for source, day in days.items()}
    shown = case.data.get("evidence")
    copies = tuple(case.data.get("copies", ()))
    return Estate(
        records,
        schemas.kinds(),
        schemas.groups,
        said,
        observed,
        evidence=shown,
        looked=looked,
        rules=own,
        copies=copies,
    )


def untested(rules: Iterable[Rule], cases: Iterable[Case]) -> list[str]:
    """Rules without a case that passes, one that fails and, where they need to know something, one that is unknown;
    and cases of rules that are not there.
    """
    expected: dict[str, set[str]] = {}
    for case in cases:
        expected.setdefault(case.rule, set()).add(str(case.data.get("expect")))
    told = []
    ids = set()
    for rule in rules:
        ids.add(rule.id)
        wanted = (PASS, FAIL, UNKNOWN) if rule.needs or rule.sees else (PASS, FAIL)
        told += [
            f"{rule.id} has no case with expect: {state}" for state in wanted if state not in expected.get(rule.id, ())
        ]
    return told + [f"there is no rule {name} for the cases in {name}.yaml" for name in sorted(expected.keys() - ids)]


def _differences(case: Case, found: Audit) -> Iterator[str]:
    expect = case.data["expect"]
    if case.rule not in found.tallies:
        yield f"there is no rule {case.rule}"
        return
    answers = {
        name: outcome for outcome in found.outcomes for name in outcome.identities if name.startswith(f"{case.rule}@")
    }
    told = ", ".join(f"{outcome.state} ({name}: {outcome.message})" for name, outcome in answers.items())
    told = told or (PASS if found.tallies[case.rule].passed else NOT_APPLICABLE)
    if expect in (PASS, NOT_APPLICABLE):
        if told != expect:
            yield f"expected {expect}, was {told}"
        return
    name = case.data.get("identity")
    answer = answers.get(name) if name else next(iter(answers.values()), None)
    if answer is None:
        yield f"expected {expect}{f' of {name}' if name else ''}, was {told}"
        return
    for field, was in (("expect", answer.state), ("message", answer.message), ("timed", answer.timed)):
        if (said := case.data.get(field, was)) != was:
            yield f"expected {field} {said!r}, was {was!r}"


def _invalid(case: Case, schemas: Schemas) -> Iterator[str]:
    for where, data in case.data.get("records", {}).items():
        kind = where.partition("/")[0]
        if kind not in schemas.folders():
            yield f"records: {where} is not the address of a record"
            continue
        for fault in schemas.validator(kind).faults(data):
            yield f"{where} is not valid: {fault.keyword} of {'.'.join(map(str, fault.path)) or 'the record'}"
    for data in case.data.get("observed", ()):
        for fault in schemas.validator("observation").faults(_whole(data)):
            yield f"an observation is not valid: {fault.keyword} of {'.'.join(map(str, fault.path))}"


def _record(where: str, data: Mapping[str, Any]) -> Record:
    kind, _, identity = where.partition("/")
    return Record(kind, identity, f"{kind}/{identity}.yaml", data)


def _whole(data: Mapping[str, Any]) -> dict[str, Any]:
    """An observation of which a case says only what matters."""
    whole = {name: value for name, value in {**_BLANK, **data}.items() if value is not None and name != "looked"}
    whole["things"] = {key: {"kind": "asset", "confidence": 1, **thing} for key, thing in whole["things"].items()}
    whole["edges"] = [{"confidence": 1, **edge} for edge in whole["edges"]]
    return whole


def _observation(data: Mapping[str, Any]) -> Observation:
    seen = from_data(_whole(data))._replace(looked=_day(data.get("looked", TODAY)))
    return seen if "digest" in data else signed(seen)


def _day(said: object) -> date:
    return said if isinstance(said, date) else date.fromisoformat(str(said))
