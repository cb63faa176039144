"""What every page needs of an audit: where things have their page, and links to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from stocktake.model.audience import RESTRICTED, of_field, sees
from stocktake.model.audit import Audit
from stocktake.model.chronicle import Chronicle
from stocktake.model.coverage import Coverage
from stocktake.model.graph import Edge, Entry
from stocktake.model.kind import Reference
from stocktake.model.observation import Observation
from stocktake.model.outcome import FAIL, Outcome
from stocktake.model.reach import blast_radius
from stocktake.model.record import Record
from stocktake.model.rule import Rule
from stocktake.model.sheet import Sheet
from stocktake.model.trend import Trend
from stocktake.render import forge
from stocktake.render.compared import Compared, compared
from stocktake.render.escape.html import Markup, anchor, safe_url, text
from stocktake.render.freshness import PART, WHOLE, look
from stocktake.render.parts import code
from stocktake.render.prose import Resolve, prose
from stocktake.values.text import percent_decoded

if TYPE_CHECKING:
    from stocktake.render.diagram.picture import Picture
    from stocktake.render.diagram.sequence import Sequence
    from stocktake.render.table import Filed


def page_of(address: str) -> str:
    """The page of a record: its address. No id starts with an underscore, so `_index` is free for the id `index`."""
    kind, _, name = address.partition("/")
    return f"{kind}/{'_index' if name == 'index' else name}.md"


def href(here: str, there: str, fragment: str = "") -> str:
    """The relative link from one page to another, both as paths of Markdown files."""
    target = _relative(here.rpartition("/")[0], there)
    return f"{target}#{fragment}" if fragment else target


@lru_cache(1 << 16)
def _relative(folder: str, there: str) -> str:
    return re.sub(r"\.md$", ".html", posixpath.relpath(there, folder or "."))


class View:
    """An audit with its pictures (by name, as cleaned SVG), the hand-written files beside it (texts of pages, by
    their paths below docs), and its coverage where somebody counted. `site_url` is where the site will be, as far as
    is known; `trend` is what older revisions showed, and `past` who changed what. `diagrams` and `sequences` are what
    the architecture diagrams show, once somebody drew them up; `tables` are the long ones of the pages that are being
    made.
    `read` gives the text of a record's file, where pages may show it.
    """

    def __init__(
        self,
        audit: Audit,
        pictures: Mapping[str, str],
        documents: Mapping[str, str] = MappingProxyType({}),
        coverage: Coverage | None = None,
    ):
        self.audit = audit
        self.estate = audit.estate
        self.pictures = pictures
        self.documents = documents
        self.coverage = coverage
        self.site_url = ""
        self.read: Callable[[str], str] | None = None
        self.trend = Trend()
        self.past = Chronicle()
        self._assets: dict[str, list[Entry]] = {}
        self._links: dict[tuple[str, str], Markup] = {}
        self.tables: dict[str, Filed] = {}
        self._owners: dict[str, str] = {}
        self.diagrams: Mapping[str, Picture] = {}
        self.sequences: Mapping[str, Sequence] = {}

    @property
    def audience(self) -> str:
        """Who the site is made for."""
        return self.audit.audience

    @property
    def is_full(self) -> bool:
        """Whether nothing is left out: below that nobody may conclude anything from what is not there."""
        return self.audit.audience == RESTRICTED

    def shows(self, kind: str, field: str) -> bool:
        """Whether a field is in this edition, so that a missing one is really missing."""
        known = self.estate.kinds.get(kind)
        return self.is_full or (known is not None and sees(self.audience, of_field(known.audience, field)))

    @cached_property
    def outcomes(self) -> Mapping[str, list[Outcome]]:
        """All outcomes by what they are about, worst first."""
        found: dict[str, list[Outcome]] = {}
        for outcome in self.audit.outcomes:
            found.setdefault(outcome.subject, []).append(outcome)
        return found

    @cached_property
    def answers(self) -> Mapping[str, list[Outcome]]:
        """All outcomes by each rule whose answer they are."""
        found: dict[str, list[Outcome]] = {}
        for outcome in self.audit.outcomes:
            for name in dict.fromkeys(outcome.asked):
                found.setdefault(name, []).append(outcome)
        return found

    @cached_property
    def failures(self) -> int:
        """How many outcomes are failures, known ones too."""
        return sum(outcome.state == FAIL for outcome in self.audit.outcomes)

    @cached_property
    def edges(self) -> Mapping[str, Edge]:
        """Dependencies by address."""
        return {edge.address: edge for edge in self.audit.graph.edges}

    @cached_property
    def advice(self) -> Mapping[str, Markup]:
        """What each rule says to do where it fails, by the id of every rule that has a page."""
        return {rule.id: prose(rule.sections().get("Fix", "")) for rule in self.audit.rules}

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """All rules by id."""
        return {rule.id: rule for rule in self.audit.rules}

    @cached_property
    def unasked(self) -> frozenset[str]:
        """Ids of the rules that are switched off here."""
        return frozenset(rule.id for rule in self.audit.unasked)

    @cached_property
    def radius(self) -> Mapping[str, int]:
        """How many assets stop with each, itself left out."""
        return blast_radius(self.audit.graph)

    @cached_property
    def tracked(self) -> Mapping[str, Record]:
        """Findings that people work on, by the identity under which a rule found them."""
        found = ((str(record.data.get("identity", "")), record) for record in self.estate.of("finding"))
        return {identity: record for identity, record in found if identity}

    @cached_property
    def drifted(self) -> frozenset[tuple[str, str | None, str]]:
        """(address, environment, name) of every fact that was seen otherwise than declared."""
        return frozenset((drift.address, drift.environment, drift.name) for drift in self.audit.drift)

    @cached_property
    def looks(self) -> Mapping[str, str]:
        """What the observation of each source is worth today, in the words of `freshness`."""
        return {seen.source: look(self.audit, seen) for seen in self.estate.observations}

    @cached_property
    def observed(self) -> Mapping[str, Observation]:
        """Observations by the name of their source."""
        return {seen.source: seen for seen in self.estate.observations}

    def is_fresh(self, source: str) -> bool:
        """Whether what was seen in a source is still known to be there."""
        return self.looks.get(source) in (WHOLE, PART)

    @cached_property
    def seen_assets(self) -> frozenset[str]:
        """Addresses of all records that a machine saw lately."""
        found = self.audit.reconciliation.matched
        return frozenset(match.address for match in found if self.is_fresh(match.source))

    @cached_property
    def owned(self) -> Mapping[str, list[Entry]]:
        """Entries of our records by the id of the team that answers for them."""
        found: dict[str, list[Entry]] = {}
        for record in self.estate.records:
            if owner := self.owner(record.address):
                found.setdefault(owner, []).append(self.entry(record.address))
        return found

    def owner(self, address: str) -> str:
        """The id of the team that answers for a record: its own, else that of what it is about or where it begins."""
        kind, _, identity = address.partition("/")
        own = identity if kind == "team" else self.entry(address).owner
        if own or kind in ("asset", "system") or address not in self.estate.by_address:
            return own
        if address not in self._owners:
            self._owners[address] = self.entry(self._about(address)).owner
        return self._owners[address]

    def _about(self, address: str) -> str:
        """The first record that one is about: the beginning of a dependency, the asset of a baseline or a drill."""
        if edge := self.edges.get(address):
            return edge.source
        data = self.estate.by_address[address].data
        about = data.get("about")
        first = about[0] if isinstance(about, list) and about else about
        asset = data.get("from") or data.get("asset")
        return f"asset/{asset}" if asset else str(first or "")

    @cached_property
    def baselines(self) -> list[Compared]:
        """All baselines beside what was seen."""
        return compared(self.audit)

    @cached_property
    def baselines_of(self) -> Mapping[str, list[Compared]]:
        """The same by the address of their asset."""
        found: dict[str, list[Compared]] = {}
        for one in self.baselines:
            found.setdefault(one.asset, []).append(one)
        return found

    @cached_property
    def _by_path(self) -> Mapping[str, Record]:
        return {record.path: record for record in self.estate.every}

    def sheets(self, record: Record) -> tuple[Sheet, ...]:
        """All that is known of a record, its own sheet first; of one of another registry what it declares."""
        return (self.audit.included if record.origin else self.audit.sheets).get(record.address, ())

    @cached_property
    def references(self) -> Mapping[str, Mapping[str, Reference]]:
        """References of each kind by pattern."""
        return {name: {ref.pattern: ref for ref in kind.references} for name, kind in self.estate.kinds.items()}

    def entry(self, address: str) -> Entry:
        """What may be known of a record; empty for what has none."""
        return self.audit.index.get(address) or Entry(address)

    def group(self, address: str) -> str:
        """`stores`, `components`, `externals`, or "" for what is no asset."""
        type_ = self.entry(address).type
        return next((name for name, types in sorted(self.estate.groups.items()) if type_ in types), "")

    def assets(self, group: str) -> list[Entry]:
        """Entries of all assets of one group, sorted by address, retired ones left out."""
        if group not in self._assets:
            types = self.estate.groups.get(group, frozenset())
            found = (self.entry(record.address) for record in self.estate.of("asset"))
            self._assets[group] = [entry for entry in found if entry.type in types and entry.lifecycle != "retired"]
        return [*self._assets[group]]

    def name(self, address: str) -> str:
        """What people call a record, cut where that is very long; the address where there is none."""
        record = self.estate.by_address.get(address)
        return record.title if record else address

    def link(self, here: str, address: str, label: object = None) -> Markup:
        """A link to a record's page, or its address as code where it has no page."""
        if address not in self.estate.by_address:
            return code(address) if label is None else text(label)
        if label is not None:
            return anchor(label, href(here, page_of(address)))
        key = (here.rpartition("/")[0], address)
        if key not in self._links:
            self._links[key] = anchor(self.name(address), href(here, page_of(address)))
        return self._links[key]

    def subject(self, here: str, subject: str) -> Markup:
        """A link to what an outcome is about: a record, something seen without one, or the registry."""
        if subject.startswith("seen/"):
            return anchor(percent_decoded(subject.removeprefix("seen/")), href(here, "reconciliation.md"))
        return text("the registry") if subject == "registry" else self.link(here, subject)

    def rule(self, here: str, rule_id: str) -> Markup:
        """A link to the page of a rule."""
        known = rule_id in self.advice or rule_id in self.unasked
        return anchor(rule_id, href(here, f"rule/{rule_id}.md"), class_="st-rule") if known else code(rule_id)

    def file(self, path: str, line: int = 0) -> Markup:
        """A place in the repository: a link where its address is known, else its name."""
        label = Markup(text(f"{path}:{line}" if line else path).replace("/", "/<wbr>"))
        url = self.repository_url(forge.SHOWN, path)
        return anchor(code(label), f"{url}#L{line}" if line else url) if url else code(label)

    def repository_url(self, what: str, path: str) -> str:
        """Where a file is, by the words of `forge`; "" if nobody said."""
        settings = self.estate.settings
        if (record := self._by_path.get(path)) and record.origin:
            return ""  # it is kept in another repository
        url = forge.address(settings.repository, settings.forge, settings.branch, what, path)
        return url if safe_url(url) else ""

    def resolver(self, here: str, written_in: str) -> Resolve:
        """Where relative links written in a file of the repository lead on the site."""

        def resolve(url: str) -> str | None:
            path, _, fragment = url.partition("#")
            if not path:
                return url
            target = posixpath.normpath(posixpath.join(posixpath.dirname(written_in), path))
            if record := self._by_path.get(target):
                return href(here, page_of(record.address), fragment)
            if target.startswith("docs/") and target.removeprefix("docs/") in self.documents:
                return href(here, target.removeprefix("docs/"), fragment)
            return None if target.startswith("..") else self.repository_url(forge.SHOWN, target) or None

        return resolve
