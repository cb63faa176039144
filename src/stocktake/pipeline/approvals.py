"""Gather who wrote a change and who approved it: signatures in the repository, the host's own data, trailers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from stocktake.analyse.approvals import People, ballot
from stocktake.errors import InputError
from stocktake.exchange.codeowners import team_of
from stocktake.history.approvals import Approvals, Change
from stocktake.load.files import Tree
from stocktake.load.reviews import Reviews
from stocktake.load.signers import MAILMAP, REVOKED, SIGNERS, aliases, groups, signers
from stocktake.model.approval import CLAIMED, HOSTED, SIGNED, Approval, Author, Ballot, Member, named
from stocktake.model.estate import Estate
from stocktake.model.weakening import Weakening
from stocktake.pipeline.signatures import Allowed, statement, verified
from stocktake.values.text import shown

_STALE = "is of other content: the change has changed since"
_SHORT = 12


def judged(
    found: Sequence[Weakening],
    history: Approvals,
    change: Change,
    base: Tree,
    before: Estate,
    today: date,
    host: Reviews | None = None,
) -> Ballot:
    """Who must approve what becomes weaker, and who did; `base` and `before` are the side that judges."""
    allowed = allowed_by(base)
    host = host or Reviews()
    told = [*groups(allowed.signers), *(one.names for one in members(before, today, left=True))]
    people = People(members(before, today), told, aliases(_text(base, MAILMAP)))
    given = [*_signed(history, change, allowed, today), *_hosted(history, change, host), *_claimed(change)]
    return ballot(found, people, _authors(change, host), given, before.settings.approvers, _owner(before))


def members(estate: Estate, today: date, left: bool = False) -> Iterator[Member]:
    """Whoever is in a team on a day, or has left it, as far as something tells them from others."""
    for team in estate.of("team"):
        for key, one in (team.data.get("members") or {}).items():
            facts = one or {}
            names = named((str(facts.get("handle") or ""), *map(str, facts.get("emails") or ())))
            if names and left == ("left" in facts and str(facts["left"]) <= today.isoformat()):
                yield Member(team.address, str(key), names)


def allowed_by(base: Tree) -> Allowed:
    """Who may sign, as the side says that judges."""
    raw = _raw(base, SIGNERS)
    return Allowed(raw, signers(raw.decode("utf-8", "replace")), _raw(base, REVOKED))


def _raw(tree: Tree, path: str) -> bytes:
    try:
        return tree.read(path) if tree.has(path) else b""
    except InputError:
        return b""


def _text(tree: Tree, path: str) -> str:
    return _raw(tree, path).decode("utf-8", "replace")


def _owner(before: Estate) -> Callable[[Weakening], str]:
    def owner(one: Weakening) -> str:
        return team_of(before, one.subject) or team_of(before, one.about)

    return owner


def _authors(change: Change, host: Reviews) -> list[Author]:
    """Everybody who wrote part of it. Whom the host names behind a commit of fewer people than Git names may be any of
    these, so that no address is taken for theirs.
    """
    found: set[Author] = set()
    handles = set(host.authors)
    for commit in change.commits:
        known = host.commits.get(commit.id, ())
        if len(set(known)) >= len(commit.authors):
            found.update(author._replace(handles=known) for author in commit.authors)
        else:
            found.update(commit.authors)
            handles.update(known)
    return sorted(found | {Author(handle, "", (handle,)) for handle in handles})


def _signed(history: Approvals, change: Change, allowed: Allowed, today: date) -> Iterator[Approval]:
    for path, content in change.files.items():
        folder, _, name = path.partition("/")
        if not name.endswith(".sig"):
            continue
        raw = change.files.get(f"{folder}/statement", b"")
        by = shown(name.removesuffix(".sig"))
        place = shown(path)
        said = statement(raw)
        if said is None or said.folder() != folder:
            flaw = (
                "was given before, for a change that is in the base" if folder in change.used else "signs no statement"
            )
            yield Approval(by, frozenset(), SIGNED, flaw, place)
            continue
        who = verified(raw, content, allowed, today)
        flaw = who.flaw
        if not flaw and said.digest != change.digest:
            flaw = _STALE
        elif not flaw and not history.is_before(said.base, change.base):
            flaw = "is of a change that left from another revision"
        yield Approval(who.by or by, who.names, SIGNED, flaw, place)


def _hosted(history: Approvals, change: Change, host: Reviews) -> Iterator[Approval]:
    for one in host.reviews:
        flaw = "" if one.state == "approved" else f"says {one.state}"
        if not flaw and one.commit != change.head:
            if not history.has(one.commit):
                flaw = f"is of {one.commit[:_SHORT]}, which is not here"
            else:
                fork = history.fork(change.base, one.commit)
                flaw = "" if fork and history.digest(fork, one.commit) == change.digest else _STALE
        yield Approval(shown(one.reviewer), named((one.reviewer,)), HOSTED, flaw, one.commit[:_SHORT])


def _claimed(change: Change) -> Iterator[Approval]:
    found = {(who, commit.id) for commit in change.commits for who in commit.claimed}
    for who, commit in sorted(found):
        yield Approval(shown(who), frozenset(), CLAIMED, "", commit[:_SHORT])
