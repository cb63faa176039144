"""What a rule is: a question asked of sheets, with its documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from stocktake.model.graph import Graph, Index
from stocktake.model.outcome import SEVERITIES as SEVERITIES
from stocktake.model.settings import Tier
from stocktake.model.sheet import Sheet
from stocktake.model.weight import Weight, Weights

FAMILIES: Mapping[str, str] = {
    "ACC": "Access and protection",
    "BKP": "Backup and recovery",
    "CFG": "Configuration",
    "CHG": "Change and incident",
    "DEP": "Dependencies",
    "GOV": "Governance",
    "HLT": "Health",
    "INV": "Inventory",
    "PG": "PostgreSQL",
    "SL": "SQLite",
}
_SECTIONS = frozenset({"Why", "Fix", "False positives", "Privilege", "Example"})


class Hit(NamedTuple):
    """What a rule yields where it fails.

    `field` is a fact name (relative under `each`) and gives the line; `detail` tells two hits of one rule on one
    sheet apart. `subject` and `path` are for rules about the whole estate, which have no sheet of their own.
    """

    message: str
    field: str = ""
    detail: str = ""
    subject: str = ""
    environment: str | None = None
    path: str = ""
    line: int = 0


class Unknown(Hit):
    """What a rule yields where it cannot answer; the message is the reason, and it never counts as a failure."""

    __slots__ = ()


class Context(NamedTuple):
    """What a rule sees beside its sheet.

    `limits` are durations by name, `freshness` among them; `types` are asset types by group; `reconciliation` is that
    of `stocktake.model.audit`, and `evidence` all observations. `waived` holds the ids of waivers whose target
    failed, or is not known to have passed, for rules that run after all others. `looks` are those of
    `stocktake.model.looks`, and `looked` is the day of the last look by source.
    `tiers` are limits by criticality, and `regions` are those in which personal data may be kept, none where nobody
    said. `weights` are those of `stocktake.model.weight`, and `copies` are the paths of schemas that differ from ours.
    `asked` are the ids of all rules that are asked. `overlaps` are waivers of which another one accepts a finding for
    longer, by id, with the finding and the other, for rules that run after all others.
    """

    today: date
    index: Index  # type: ignore[assignment]  # it hides tuple.index, which nobody needs
    graph: Graph
    limits: Mapping[str, str]
    types: Mapping[str, frozenset[str]]
    reconciliation: Any = None
    waived: frozenset[str] = frozenset()
    evidence: Any = None
    looks: Any = ()
    looked: Mapping[str, date] = {}
    tiers: Mapping[str, Tier] = {}
    regions: frozenset[str] = frozenset()
    weights: Weights | None = None
    copies: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    overlaps: Mapping[str, tuple[str, str]] = {}

    def weigh(self, subject: str) -> Weight:
        """How much what a finding is about matters."""
        return self.weights.of(subject) if self.weights else Weight()


class Rule:
    """A question with an id that is never reused; its function's docstring is its page.

    `kind` "" is a rule about the whole estate: called once with the context alone. `after` rules run when all others
    have been judged. `since` is the version of Stocktake that first asked it.
    """

    __slots__ = (
        "after",
        "controls",
        "doc",
        "each",
        "function",
        "id",
        "kind",
        "needs",
        "per",
        "sees",
        "severity",
        "since",
        "timed",
        "when",
    )

    def __init__(
        self,
        id: str,  # noqa: A002
        function: Callable[..., Iterator[Hit]],
        severity: str,
        kind: str,
        when: Callable[[Sheet, Context], bool] | None,
        needs: tuple[str, ...],
        sees: tuple[str, ...],
        each: str,
        per: str,
        timed: bool,
        after: bool,
        controls: tuple[str, ...],
        since: str = "",
    ):
        self.id = id
        self.function = function
        self.severity = severity
        self.kind = kind
        self.when = when
        self.needs = needs
        self.sees = sees
        self.each = each
        self.per = per
        self.timed = timed
        self.after = after
        self.controls = controls
        self.since = since
        self.doc = function.__doc__ or ""

    @property
    def name(self) -> str:
        """What is wrong where it fails, in kebab case."""
        return str(getattr(self.function, "__name__", self.id)).replace("_", "-")

    @property
    def title(self) -> str:
        """The first line of its page, without the full stop."""
        return self.doc.strip().partition("\n")[0].rstrip(".")

    @property
    def family(self) -> str:
        """The letters of its id."""
        return self.id.rstrip("0123456789")

    def sections(self) -> dict[str, str]:
        """Its page by heading: `Why`, `Fix`, `False positives`, `Example`, and for live stores `Privilege`."""
        from inspect import cleandoc

        found: dict[str, list[str]] = {}
        current: list[str] = []
        for line in cleandoc(self.doc).splitlines()[1:]:
            head, colon, rest = line.partition(":")
            if colon and head in _SECTIONS:
                current = found.setdefault(head, [rest.strip()] if rest.strip() else [])
            else:
                current.append(line)
        return {head: "\n".join(lines).strip() for head, lines in found.items()}
