"""Gates on what judges: settings, own rules, own schemas, who must approve and who may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.analyse.gates.facts import below, is_longer, said
from stocktake.analyse.gates.schemas import loosened
from stocktake.model.settings import FULL, HIDE, INITIALS, LIMITS
from stocktake.model.weakening import Changed, Weakening
from stocktake.values.text import shown

_FILE = "stocktake.yaml"
_LATER = below("critical", "high", "medium", "low", "info")
_SEVERITY = below("info", "low", "medium", "high", "critical")
_NAMED = below(FULL, INITIALS, HIDE)
_READERS = below("public", "internal", "restricted")
_AUDIENCES = {"confidential": "restricted", "pages": "internal", "unclassified": "internal"}
_APPROVALS = ".stocktake/approvals/"


def approvers(changed: Changed) -> Iterator[Weakening]:
    """Who counts as an approver changes.

    A key may sign that could not, an address belongs to another person, a team that approves gets a member or another
    handle, or an approval that was kept is changed or removed. Whoever may approve can approve everything else.
    """
    before, after = changed.signers
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            if path.startswith(_APPROVALS):
                if path in before:
                    how = "changed" if path in after else "removed"
                    yield Weakening("approvers", shown(path), "", f"an approval that was kept is {how}")
            else:
                how = "removed" if path not in after else "changed" if path in before else "new"
                yield Weakening("approvers", shown(path), "", f"the file is {how}")
    for pair in changed.pairs:
        if pair.kind == "team":
            yield from _members(pair.address, pair.before or {}, pair.after or {})


def _members(address: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Weakening]:
    """What makes somebody a member, or a member somebody else; whoever leaves weakens nothing."""
    for name in sorted({*before, *after}):
        if not name.startswith("members["):
            continue
        was, now = before.get(name), after.get(name)
        end = name.rpartition("]")[2]
        if end == ".left":
            if was is not None and (now is None or str(now) > str(was)):
                yield Weakening("approvers", address, name, f"from {said(was)} to {said(now)}")
        elif end in ("", ".emails", ".handle") and now is not None and was != now:
            words = "is new" if not end else f"from {said(was)} to {said(now)}"
            yield Weakening("approvers", address, name, words)


def gates(changed: Changed) -> Iterator[Weakening]:
    """A gate is removed or opened wider.

    Another team approves, or nobody that is named.
    """
    before, after = (side.get("gates", {}).get("approvers", {}) for side in changed.settings)
    for name in sorted(before):
        if before[name] != after.get(name):
            words = f"from team/{said(before[name])} to {_team(after.get(name))}"
            yield Weakening("gates", _FILE, f"gates.approvers.{name}", words)
    for name in sorted({*after} - {*before}):
        words = f"from {_team(before.get('default'))} to team/{said(after[name])}"
        yield Weakening("gates", _FILE, f"gates.approvers.{name}", words)


def _team(name: Any) -> str:
    return f"team/{said(name)}" if name else "the owners"


def rules(changed: Changed) -> Iterator[Weakening]:
    """A rule of the team itself is changed or removed.

    What a program asks cannot be compared, so every change of a file in `rules.modules` counts, and of a file below
    their folders, which they may read. A new file that `rules.modules` names counts only where another changes too.
    """
    before, after = changed.rules
    asked, now = (frozenset(side.get("rules", {}).get("modules", ())) for side in changed.settings)
    found = {path: how for path in before if (how := _rule(before[path], after.get(path), path in asked - now))}
    for path in sorted({*after} - {*before}):
        if found or path not in now:
            found[path] = "the file is new, and a rule may read it"
    for path in sorted(found):
        yield Weakening("rules", shown(path), "", found[path])


def _rule(before: str, after: str | None, is_unnamed: bool) -> str:
    """What becomes of a file that is a rule, or that one may read; empty where nothing does."""
    if after is None:
        return "the file is removed"
    return "the file is no longer asked" if is_unnamed else "the file is changed" if before != after else ""


def schema(changed: Changed) -> Iterator[Weakening]:
    """A schema of the team itself asks for less.

    A constraint is removed or allows more: a pattern, a required field, a word less in an enumeration. What is new in a
    closed schema, such as `patternProperties` or a `$ref`, counts where it cannot be told to let in nothing; a field
    that is named anew does not.
    """
    before, after = changed.schemas
    for path in sorted(before):
        if path not in after:
            yield Weakening("schema", shown(path), "", "the schema is removed")
        elif before[path] is not None and after[path] is None:
            yield Weakening("schema", shown(path), "", "the schema can no longer be read")
        elif before[path] is not None:
            for place, words in loosened(before[path], after[path]):
                yield Weakening("schema", shown(path), shown(place), words)


def settings(changed: Changed) -> Iterator[Weakening]:
    """A setting in `stocktake.yaml` is loosened.

    Rules are switched off or less severe, limits and freshness are longer, a tier asks for less, a source is no longer
    looked at, another registry is no longer included or lies elsewhere, data about people may be kept in more regions,
    editions of the site show more, or fewer findings stop a pull request.
    """
    before, after = changed.settings
    for field, words in (
        *_fail_on(before, after),
        *_lengths(before, after),
        *_rules(before.get("rules", {}), after.get("rules", {})),
        *_sources(before.get("sources", {}), after.get("sources", {})),
        *_includes(before.get("include", {}), after.get("include", {})),
        *_tiers(before.get("tiers", {}), after.get("tiers", {})),
        *_regions(before, after),
        *_distinct(before, after),
        *_readers(before, after),
    ):
        yield Weakening("settings", _FILE, field, words)


Step = tuple[str, str]
Data = Mapping[str, Any]


def _change(before: Any, after: Any) -> str:
    return f"from {said(before)} to {said(after)}"


def _fail_on(before: Data, after: Data) -> Iterator[Step]:
    was, now = (side.get("gates", {}).get("fail_on", "high") for side in (before, after))
    if _LATER(was, now):
        yield "gates.fail_on", _change(was, now)


def _lengths(before: Data, after: Data) -> Iterator[Step]:
    was, now = before.get("freshness", "P30D"), after.get("freshness", "P30D")
    if is_longer(was, now):
        yield "freshness", _change(was, now)
    limits, others = ({**LIMITS, **side.get("limits", {})} for side in (before, after))
    for name in sorted(limits):
        if is_longer(limits[name], others.get(name, limits[name])):
            yield f"limits.{name}", _change(limits[name], others[name])


def _rules(before: Data, after: Data) -> Iterator[Step]:
    off, now_off = before.get("disable", ()), after.get("disable", ())
    if more := sorted(set(now_off).difference(off)):
        yield "rules.disable", f"{said(more)} no longer asked"
    chosen, now_chosen = before.get("select"), after.get("select")
    if now_chosen is not None and (chosen is None or set(chosen).difference(now_chosen)):
        left = "all" if chosen is None else said(sorted(chosen))
        yield "rules.select", f"from {left} to {said(sorted(now_chosen))}"
    levels, now_levels = before.get("severity", {}), after.get("severity", {})
    for name in sorted({*levels, *now_levels}):
        was, now = levels.get(name), now_levels.get(name)
        if was != now and (was is None or now is None or _SEVERITY(was, now)):  # ours may be higher or lower
            yield f"rules.severity.{name}", f"from {was or 'ours'} to {now or 'ours'}"


def _sources(before: Data, after: Data) -> Iterator[Step]:
    for name in sorted(before):
        if name not in after:
            yield f"sources[{name}]", "is no longer looked at"
            continue
        was, now = before[name], after[name]
        for field in ("environment", "path"):
            if was.get(field) is not None and was.get(field) != now.get(field):
                yield f"sources[{name}].{field}", _change(was.get(field), now.get(field))
        if more := sorted(set(now.get("exclude", ())).difference(was.get("exclude", ()))):
            yield f"sources[{name}].exclude", f"{said(more)} no longer looked at"


def _includes(before: Data, after: Data) -> Iterator[Step]:
    for name in sorted(before):
        if name not in after:
            yield f"include[{name}]", "is no longer part of the estate"
        elif before[name].get("path") != after[name].get("path"):
            yield f"include[{name}].path", _change(before[name].get("path"), after[name].get("path"))


def _tiers(before: Data, after: Data) -> Iterator[Step]:
    for name in sorted(before):
        was, now = before[name], after.get(name, {})
        for field in ("exercise", "review", "rpo"):
            if field in was and is_longer(was[field], now.get(field)):
                yield f"tiers.{name}.{field}", _change(was[field], now.get(field))
        if fewer := sorted(set(was.get("required", ())).difference(now.get("required", ()))):
            yield f"tiers.{name}.required", f"{said(fewer)} no longer asked for"


def _regions(before: Data, after: Data) -> Iterator[Step]:
    was, now = (side.get("personal_data", {}).get("regions") for side in (before, after))
    if was is not None and (now is None or set(now).difference(was)):
        yield "personal_data.regions", f"from {said(was)} to {said(now) if now is not None else 'everywhere'}"


def _readers(before: Data, after: Data) -> Iterator[Step]:
    for name, ours in _AUDIENCES.items():
        was, now = (side.get("audience", {}).get(name, ours) for side in (before, after))
        if _READERS(was, now):
            yield f"audience.{name}", _change(was, now)
    was, now = (side.get("people", FULL) for side in (before, after))
    if _NAMED(was, now):
        yield "people", _change(was, now)


def _distinct(before: Data, after: Data) -> Iterator[Step]:
    was, now = ({frozenset(group) for group in side.get("distinct", ())} for side in (before, after))
    for group in sorted(map(sorted, now - was)):
        yield "distinct", f"{said(group)} are no longer told to look alike"
