"""Who wrote a change, who approved it, and what that is worth."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.weakening import Weakening
from stocktake.values.text import person, shown

SIGNED, HOSTED, CLAIMED = "signature", "host", "trailer"
SITES = ("noreply@github.com",)  # commits for the author where somebody edits on the site; who is one writes it
_HOSTS = ("users.noreply.github.com", "users.noreply.gitlab.com")


class Author(NamedTuple):
    """Somebody who wrote part of a change, as Git names them; `handles` are what the host knows them as."""

    name: str
    email: str
    handles: tuple[str, ...] = ()

    def text(self) -> str:
        """As Git shows it."""
        return shown(f"{self.name} <{self.email}>" if self.email else self.name or "an author without a name")

    def names(self) -> frozenset[str]:
        """All by which this person may be known."""
        return named((self.email, *self.handles))


class Member(NamedTuple):
    """A member of a team (its address), known by `names`: the handle and the e-mail addresses."""

    team: str
    key: str
    names: frozenset[str]


class Approval(NamedTuple):
    """Somebody's yes. `how` is a signature, the host's own data or a trailer; `flaw` says why it does not count
    whoever gave it, empty where it does; `place` is where it stands.
    """

    by: str
    names: frozenset[str]
    how: str
    flaw: str = ""
    place: str = ""


class Counted(NamedTuple):
    """An approval, and why it does not count for anything; empty where it does."""

    approval: Approval
    why: str


class Verdict(NamedTuple):
    """A weakening and who agreed. `team` is the address of the one that must, empty where any will do; `by` are those
    whose approval counts. `is_asked` is whether somebody must: where nobody else is known, there is nobody to ask.
    """

    weakening: Weakening
    team: str
    by: tuple[str, ...]
    is_asked: bool = True

    @property
    def is_refused(self) -> bool:
        """Whether the change may not go in like this."""
        return self.is_asked and not self.by

    def wanted(self) -> str:
        """Who must approve, in words."""
        return f"somebody of {self.team} other than the author" if self.team else "somebody other than the author"


class Ballot(NamedTuple):
    """Everything that was decided about a change. `unknown` are authors of whom nobody knows who they are."""

    verdicts: tuple[Verdict, ...] = ()
    approvals: tuple[Counted, ...] = ()
    authors: tuple[Author, ...] = ()
    unknown: tuple[Author, ...] = ()

    @property
    def refused(self) -> tuple[Verdict, ...]:
        """What nobody approved who could."""
        return tuple(one for one in self.verdicts if one.is_refused)


def named(names: tuple[str, ...]) -> frozenset[str]:
    """Names as they are compared; an address that a host made up for somebody is also the handle in it."""
    found = {person(name) for name in names}
    for name in tuple(found):
        user, _, host = name.partition("@")
        if host in _HOSTS:
            found.add(user.partition("+")[2] if "+" in user else user.partition("-")[2] or user)
    return frozenset(found - {""})
