"""Read `stocktake.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stocktake.errors import InputError, Problem
from stocktake.load import record, yaml
from stocktake.load.environments import FILE
from stocktake.load.files import Tree
from stocktake.load.schemas import Schemas
from stocktake.model.audience import INTERNAL, RESTRICTED
from stocktake.model.older import VERSION
from stocktake.model.settings import FULL, LIMITS, Include, Settings, Source, Tier


def read_settings(tree: Tree, schemas: Schemas) -> Settings:
    """The settings of a repository.

    Raises InputError where the file is missing or wrong.
    """
    return settings(read_data(tree, schemas))


def read_data(tree: Tree, schemas: Schemas) -> dict[str, Any]:
    """What the file holds, checked.

    Raises InputError where it is missing or wrong.
    """
    if not tree.has(FILE):
        raise InputError(
            [Problem(FILE, 0, 0, "", "there is no such file", "Run this inside a repository made by `stocktake init`.")]
        )
    raw = tree.read(FILE, yaml.SIZE_AT_MOST)
    data, problems = yaml.parse(raw, FILE)
    problems = problems or list(map(_with_way_out, record.check(data, raw, FILE, "settings", schemas)))
    problems += record.secrets(raw, "", FILE, "settings", schemas)
    if problems:
        raise InputError(problems)
    return dict(data)


def _with_way_out(problem: Problem) -> Problem:
    """A tree or a registry may lie elsewhere, as long as nobody writes down where; another version can be moved."""
    if problem.field == "schema" and (said := re.match(r"(-?[0-9]+) is not", problem.message)):
        is_older = int(said[1]) < VERSION
        return problem._replace(hint="Run `stocktake migrate`." if is_older else "Install a newer Stocktake.")
    named = re.fullmatch(r"(sources|include)\[([a-z0-9-]+)\]\.path", problem.field)
    if named is None or problem.hint:
        return problem
    if named[1] == "include":
        hint = f"For a registry that lies elsewhere leave it out, and set {Include(named[2]).variable} to its folder."
    else:
        hint = f"For a tree that lies elsewhere leave it out, and run `stocktake discover {named[2]}=PATH`."
    return problem._replace(hint=hint)


def settings(data: Mapping[str, Any]) -> Settings:
    """Settings from checked data, with the defaults where it is silent."""
    repository = data.get("repository", {})
    rules = data.get("rules", {})
    audience = data.get("audience", {})
    return Settings(
        name=data.get("name", "Data estate"),
        environments=tuple(data.get("environments", ())),
        sources=tuple(
            Source(name, source.get("path", ""), source.get("environment"), tuple(source.get("exclude", ())))
            for name, source in sorted(data.get("sources", {}).items())
        ),
        freshness=data.get("freshness", "P30D"),
        limits={**LIMITS, **data.get("limits", {})},
        fail_on=data.get("gates", {}).get("fail_on", "high"),
        approvers=data.get("gates", {}).get("approvers", {}),
        distinct=tuple(frozenset(group) for group in data.get("distinct", ())),
        repository=repository.get("url", "").rstrip("/"),
        branch=repository.get("branch", "main"),
        forge=repository.get("forge", ""),
        select=tuple(rules.get("select", ())),
        disable=tuple(rules.get("disable", ())),
        severities=rules.get("severity", {}),
        tiers={name: _tier(tier) for name, tier in data.get("tiers", {}).items()},
        regions=frozenset(data.get("personal_data", {}).get("regions", ())),
        modules=tuple(rules.get("modules", ())),
        revisions=data.get("trends", {}).get("revisions", 60),
        people=data.get("people", FULL),
        pages=audience.get("pages", INTERNAL),
        confidential=audience.get("confidential", RESTRICTED),
        unclassified=audience.get("unclassified", INTERNAL),
        includes=tuple(Include(name, one.get("path", "")) for name, one in sorted(data.get("include", {}).items())),
        described={
            name: (one.get("name", ""), one.get("description", ""))
            for name, one in data.get("environments", {}).items()
        },
    )


def _tier(data: Mapping[str, Any]) -> Tier:
    lengths = {name: data.get(name, "") for name in ("rpo", "review", "exercise")}
    return Tier(tuple(data.get("required", ())), **lengths)
