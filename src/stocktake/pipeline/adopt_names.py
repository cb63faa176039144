"""Give the names in drafts the ids of what they mean: a record that is there, or another draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from stocktake.exchange.adopt.draft import Draft, label, shortened
from stocktake.model.estate import Estate
from stocktake.values.text import closest, slug

_ONE = {"owner": "team", "system": "system", "backup.plans.main.target": "asset"}
_COMPARED = ("classification", "criticality", "engine", "lifecycle", "type", "version")
_MADE = ("team", "system")  # what a name alone is enough for
_ANY = ("asset", "system", "team", "dependency", "flow")


class Resolved(NamedTuple):
    """Drafts that name ids, how many things are `there` already, the addresses that each file speaks of, what to
    tell, and what nobody can say yet by file.
    """

    drafts: tuple[Draft, ...]
    there: int
    about: Mapping[str, tuple[str, ...]]
    told: tuple[str, ...]
    questions: Mapping[str, tuple[str, ...]]


class Names:
    """Ids by what things are called, by kind."""

    __slots__ = ("_ids", "there")

    def __init__(self, estate: Estate) -> None:
        self._ids: dict[tuple[str, str], str] = {}
        self.there = set(estate.by_address)
        for record in estate.records:
            data = record.data
            names = (record.id, *data.get("formerly", ()), data.get("name", ""), *data.get("aliases", ()))
            self.add(record.kind, record.id, names)

    def add(self, kind: str, identity: str, names: Iterable[str]) -> None:
        """Take in what one thing is called; what came first keeps a name."""
        for name in (identity, *names):
            if name:
                self._ids.setdefault((kind, slug(str(name))), identity)

    def find(self, kind: str, name: str) -> str:
        """The id of what is called so, also by its address; empty where nothing is."""
        there = name.removeprefix(f"{kind}/")
        return self._ids.get((kind, slug(there)), "")

    def guess(self, kind: str, name: str) -> str | None:
        """What may have been meant."""
        return closest(slug(name), [one for of, one in self._ids if of == kind])


def resolved(found: Iterable[tuple[str, tuple[Draft, ...]]], estate: Estate) -> Resolved:
    """The drafts of all files, by file, with ids in the place of names."""
    names, work = Names(estate), _Work(estate)
    every = [(file, draft) for file, drafts in found for draft in drafts]
    fresh = [(file, draft) for file, draft in every if draft.kind == "dependency" or work.is_new(file, draft, names)]
    for _, draft in fresh:
        names.add(draft.kind, draft.id, (draft.facts.get("name", ""), *draft.facts.get("aliases", ())))
        if draft.kind == "asset":
            work.types[draft.id] = str(draft.facts.get("type", ""))
    for file, draft in fresh:
        work.take(file, draft, names)
    about = {file: tuple(dict.fromkeys(addresses)) for file, addresses in work.about.items()}
    questions = {file: tuple(dict.fromkeys(texts)) for file, texts in work.questions.items()}
    return Resolved(tuple(work.drafts), work.there, about, tuple(work.told), questions)


class _Work:
    """What comes of the drafts while they are taken one after the other."""

    __slots__ = ("about", "drafts", "edges", "questions", "records", "taken", "there", "told", "types", "ways")

    def __init__(self, estate: Estate) -> None:
        self.drafts: list[Draft] = []
        self.told: list[str] = []
        self.about: dict[str, list[str]] = {}
        self.questions: dict[str, list[str]] = {}
        self.types = {record.id: str(record.data.get("type", "")) for record in estate.of("asset")}
        edges = estate.of("dependency")
        self.records = estate.by_address
        self.edges: dict[tuple[Any, Any], str] = {(one.data.get("from"), one.data.get("to")): one.id for one in edges}
        self.ways = {one.id: str(one.data.get("type", "")) for one in edges}
        self.taken = set(estate.by_address)
        self.there = 0

    def is_new(self, file: str, draft: Draft, names: Names) -> bool:
        """Whether nothing is there that is called so; what is there is left alone, and its source speaks of it."""
        there = names.find(draft.kind, draft.id) or names.find(draft.kind, str(draft.facts.get("name", "")))
        address = f"{draft.kind}/{there}"
        if not there or address not in names.there:
            return True
        self.there += 1
        self.about.setdefault(file, []).append(address)
        self._compare(file, draft, address)
        return False

    def _compare(self, file: str, draft: Draft, address: str) -> None:
        """Ask which is right where a record that is there says something else."""
        said = self.records[address].data
        for name in _COMPARED:
            if name in said and name in draft.facts and said[name] != draft.facts[name]:
                question = f"{draft.place} says that {name} is {draft.facts[name]!r}, {address} says {said[name]!r}"
                self.told.append(f"{question}: the record stays as it is")
                self._ask(file, shortened(f"Which is right? {question}"))

    def take(self, file: str, draft: Draft, names: Names) -> None:
        facts, labels = dict(draft.facts), dict(draft.labels)
        for field, kind in _ONE.items():
            if field in facts:
                self._one(file, draft, (field, kind), names, facts, labels)
        if "about" in facts and draft.kind != "source":
            self._about(facts, labels, names)
        if draft.kind == "dependency" and not self._edge(file, draft, facts, names):
            return
        draft = draft._replace(facts=facts, labels=labels)
        if draft.kind == "dependency":
            pair, way = (facts["from"], facts["to"]), str(facts["type"])
            draft = draft._replace(
                id=self._free(slug(f"{facts['from']}-{facts['type']}-{facts['to']}")[:90].strip("-"))
            )
            self.edges[pair], self.ways[draft.id] = draft.id, way
        self._add(file, draft)

    def _add(self, file: str, draft: Draft) -> None:
        address = f"{draft.kind}/{draft.id}"
        if address not in self.taken:
            self.taken.add(address)
            self.drafts.append(draft)
        self.about.setdefault(file, []).append(address)

    def _free(self, identity: str) -> str:
        wanted, number = identity, 2
        while f"dependency/{wanted}" in self.taken:
            wanted, number = f"{identity}-{number}", number + 1
        return wanted

    def _one(
        self,
        file: str,
        draft: Draft,
        home: tuple[str, str],
        names: Names,
        facts: dict[str, Any],
        labels: dict[str, str],
    ) -> None:
        """A name in a field of one kind: an id, a new team or system, or a label."""
        field, kind = home
        name = str(facts[field])
        identity = names.find(kind, name)
        if identity:
            facts[field] = identity
        elif kind in _MADE:
            facts[field] = identity = slug(name)
            names.add(kind, identity, (name,))
            self._add(file, Draft(kind, identity, {"name": name}, draft.place))
        else:
            del facts[field]
            labels[label(field.replace(".plans.main", "").replace(".", "-"))] = name
            self.told.append(f"{draft.place}: {field}: {name!r} is kept as a label: no {kind} is called so")

    def _about(self, facts: dict[str, Any], labels: dict[str, str], names: Names) -> None:
        """Names of any kind; those that nothing is called are kept as a label."""
        found: list[str] = []
        lost: list[str] = []
        for name in facts.pop("about"):
            address = next((f"{kind}/{one}" for kind in _ANY if (one := names.find(kind, str(name)))), "")
            (found if address else lost).append(address or str(name))
        if found:
            facts["about"] = list(dict.fromkeys(found))
        if lost:
            labels["about"] = shortened(", ".join(lost))

    def _edge(self, file: str, draft: Draft, facts: dict[str, Any], names: Names) -> bool:
        """Whether both ends are known and nothing is there between them yet; what is not is asked for."""
        for end in ("from", "to"):
            name = str(facts[end])
            if not (identity := names.find("asset", name)):
                guess = names.guess("asset", name)
                hint = f" (nearest: asset/{guess})" if guess else ""
                self.told.append(f"{draft.place}: {name!r} is no asset{hint}, so the dependency is kept as a question")
                ends = f"{draft.facts['from']} uses {draft.facts['to']}"
                self._ask(file, shortened(f"What is {name!r}? {draft.place} says that {ends}"))
                return False
            facts[end] = identity
        pair = (facts["from"], facts["to"])
        if pair[0] == pair[1]:
            self.told.append(f"{draft.place}: {pair[0]} is said to depend on itself; that is left out")
            return False
        if pair in self.edges:
            self._again(file, draft, self.edges[pair])
            return False
        if "type" not in facts:
            facts["type"] = _guessed(self.types.get(pair[1], ""))
            self.told.append(
                f"{draft.place}: {pair[0]} -> {pair[1]}: taken for {facts['type']}: the file does not say how"
            )
        return True

    def _again(self, file: str, draft: Draft, identity: str) -> None:
        """A dependency that is there, or was said before: another way of using is a question."""
        self.there += 1
        self.about.setdefault(file, []).append(f"dependency/{identity}")
        said, way = draft.facts.get("type"), self.ways[identity]
        if said and said != way:
            question = f"{draft.place} says {said!r}, dependency/{identity} says {way!r}"
            self.told.append(f"{question}: the record stays as it is")
            self._ask(file, shortened(f"Which is right? {question}"))

    def _ask(self, file: str, question: str) -> None:
        self.questions.setdefault(file, []).append(question)


def _guessed(target: str) -> str:
    """How something is used of which only that is known: what asks most, so that nothing is left out."""
    if target == "library":
        return "builds-from"
    if target in ("identity-provider", "identity-store"):
        return "authenticates-with"
    components = (
        "api",
        "batch-job",
        "external-api",
        "external-saas",
        "frontend",
        "gateway",
        "service",
        "website",
        "worker",
    )
    return "calls" if target in components else "reads-writes"


def mentioned(text: str, addresses: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """The addresses whose names stand in a text as words; names of three letters and less say too little."""
    plain = f" {' '.join(''.join(c if c.isalnum() else ' ' for c in text.lower()).split())} "
    for address, names in addresses:
        told = {" ".join("".join(c if c.isalnum() else " " for c in name.lower()).split()) for name in names}
        if any(len(name) > 3 and f" {name} " in plain for name in told):
            yield address
