"""Decide whether what a change makes weaker was approved by somebody who may, and who did not write it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from stocktake.model.approval import CLAIMED, Approval, Author, Ballot, Counted, Member, Verdict
from stocktake.model.weakening import Weakening

_SECOND = 2  # people, without whom nobody can approve what the other wrote


class People:
    """Which names belong to one person: a member of a team, a line of those who may sign, or one of `.mailmap`."""

    def __init__(self, members: Iterable[Member], signers: Iterable[frozenset[str]], aliases: Iterable[frozenset[str]]):
        self.members = tuple(members)
        self._group: dict[str, str] = {}
        told = [*(member.names for member in self.members), *signers]
        self._names = frozenset(name for names in told for name in names)
        for names in (*told, *aliases):
            first, *rest = sorted(names) or [""]
            for name in rest:
                self._group[self._root(name)] = self._root(first)
        self._told = self.roots(self._names)

    def _root(self, name: str) -> str:
        while (above := self._group.get(name, name)) != name:
            name = above
        return name

    def roots(self, names: Iterable[str]) -> frozenset[str]:
        """One name for each person that these are."""
        return frozenset(map(self._root, names))

    def is_known(self, names: Iterable[str]) -> bool:
        """Whether a team or those who may sign name this person."""
        return not self._told.isdisjoint(self.roots(names))

    def has_handle(self, names: Iterable[str]) -> bool:
        """Whether it is known how the host calls this person."""
        roots = self.roots(names)
        return any("@" not in name and self._root(name) in roots for name in self._names)

    def teams(self, names: Iterable[str]) -> frozenset[str]:
        """The teams of a person."""
        roots = self.roots(names)
        return frozenset(one.team for one in self.members if not roots.isdisjoint(self.roots(one.names)))

    def size(self, team: str) -> int:
        """How many people of a team can be told apart; of all teams together where none is named."""
        names = [one.names for one in self.members if one.team == team or not team]
        return len({min(self.roots(found)) for found in names if found})


def ballot(
    found: Sequence[Weakening],
    people: People,
    authors: Sequence[Author],
    approvals: Sequence[Approval],
    approvers: Mapping[str, str],
    owner: Callable[[Weakening], str],
) -> Ballot:
    """Who must approve each weakening, and whose approval counts.

    `approvers` are ids of teams by gate or `default`; where none is named, `owner` gives the address of the team.
    """
    strangers = [one for one in authors if not people.is_known(one.names())]
    unknown = tuple(one for one in strangers if not one.handles)
    wrote = people.roots(name for one in authors for name in one.names())
    counted = []
    for one in approvals:
        # Whom only the host knows is somebody else only where the host knows the approver too.
        is_unclear = bool(unknown) or not authors or bool(strangers and not people.has_handle(one.names))
        counted.append(Counted(one, _flaw(one, people, wrote, is_unclear)))
    good = [(one.approval.by, people.teams(one.approval.names)) for one in counted if not one.why]
    verdicts = []
    for what in found:
        named = approvers.get(what.gate) or approvers.get("default")
        team = f"team/{named}" if named else owner(what)
        by = {who for who, teams in good if team in teams or not team}
        verdicts.append(Verdict(what, team, tuple(sorted(by)), bool(named) or people.size(team) >= _SECOND))
    return Ballot(tuple(verdicts), tuple(counted), tuple(authors), unknown)


def _flaw(approval: Approval, people: People, wrote: frozenset[str], is_unclear: bool) -> str:
    """Why an approval does not count; empty where it does."""
    if approval.how == CLAIMED:
        return "is only claimed: anybody can write a trailer"
    if approval.flaw:
        return approval.flaw
    if not wrote.isdisjoint(people.roots(approval.names)):
        return "is by somebody who wrote part of the change"
    if not people.teams(approval.names):
        return "is by somebody whom no team of the base names, by handle or e-mail address"
    return "does not count while nobody knows who wrote part of the change" if is_unclear else ""
