"""Hold a restore drill: what the registry says of a plan goes in, a record and its evidence come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from stocktake.analyse.sheets import sheets
from stocktake.errors import UsageError
from stocktake.load.files import Tree
from stocktake.load.flatten import flatten
from stocktake.model.estate import Estate
from stocktake.model.sheet import Sheet
from stocktake.pipeline.drill_record import Files, written
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.include import refuse_included
from stocktake.restore.choice import Choice
from stocktake.restore.contents import manifest_text
from stocktake.restore.drill import Drilled, chosen, drill
from stocktake.restore.engines.engine import Engine
from stocktake.restore.engines.table import BY_NAME
from stocktake.restore.job import Job
from stocktake.restore.log import Log
from stocktake.restore.sandbox import parent, sweep
from stocktake.rules.applies import PERSONAL
from stocktake.run import run
from stocktake.values.text import closest, shown


class Held(NamedTuple):
    """A drill that was held; `files` are the evidence and the record, `swept` the sandboxes of killed drills."""

    drilled: Drilled
    promised: Mapping[str, str]
    files: Files
    swept: tuple[str, ...]


class Plan(NamedTuple):
    """What a drill would do: the backups it would choose from, the bytes it needs and where."""

    choice: Choice
    room: int
    folder: str


class Ask(NamedTuple):
    """What the user wants drilled; `known` are the environment variables."""

    asset: str
    plan: str | None
    environment: str | None
    known: Mapping[str, str]


def plan(tree: Tree, ask: Ask, clock: Callable[[], datetime]) -> Plan:
    """What would be restored and where, without doing it."""
    job, engine, _ = _job(open_estate(tree).sound(), tree, ask, clock)
    choice = chosen(job, engine)
    return Plan(choice, engine.room(job, choice.backup), parent())


def manifest(tree: Tree, ask: Ask, clock: Callable[[], datetime]) -> bytes:
    """What the source holds now, to be kept beside a backup that is taken at the same moment."""
    job, engine, _ = _job(open_estate(tree).sound(), tree, ask, clock)
    return manifest_text(engine.reference(job, None))


def hold(tree: Tree, ask: Ask, today: date, clock: Callable[[], datetime], on_event: Callable[[str], None]) -> Held:
    """Restore the newest backup of a plan, or one made for the purpose, and say whether it is good."""
    estate = open_estate(tree).sound()
    job, engine, sheet = _job(estate, tree, ask, clock)
    swept = sweep()
    drilled = drill(job, engine, Log(on_event))
    promised = {of: str(sheet[f"backup.{of}"]) for of in ("rto", "rpo") if f"backup.{of}" in sheet}
    return Held(drilled, promised, written(tree, estate, job, drilled, today), tuple(swept))


def _job(estate: Estate, tree: Tree, ask: Ask, clock: Callable[[], datetime]) -> tuple[Job, Engine, Sheet]:
    asset, known = ask.asset, ask.known
    sheet = _sheet(estate, asset, ask.environment)
    key = _plan(sheet, asset, ask.plan)
    inner = sheet.within("backup.plans[]", key)
    engine = BY_NAME.get(str(sheet.get("engine", "")))
    if engine is None:
        names = ", ".join(sorted(BY_NAME))
        said = f"asset/{asset} is of the engine {shown(str(sheet.get('engine', 'unknown')))}"
        hint = f"Drills know {names}. Restore by hand, and write the record with `stocktake new drill`."
        raise UsageError(said, hint)
    replay = inner.get("erasure_replay")
    datasets = (each.get("personal_data") for each in sheet.parts("datasets[]"))
    job = Job(
        asset,
        sheet.environment,
        key,
        engine.name,
        str(inner.get("method") or inner.get("kind") or ""),
        known.get(str(sheet.get("connection", "")), ""),
        _location(inner, known),
        tree.read(replay).decode("utf-8", "replace") if isinstance(replay, str) else None,
        any(personal in PERSONAL for personal in datasets),
        clock,
        run,
    )
    return job, engine, sheet


def _location(inner: Sheet, known: Mapping[str, str]) -> str:
    variable = inner.get("location")
    if variable is None:
        return ""
    if not (folder := known.get(str(variable), "")):
        raise UsageError(f"{variable} is not set", "Set it to the folder that holds the backups of this plan.")
    return folder


def _sheet(estate: Estate, asset: str, environment: str | None) -> Sheet:
    record = estate.by_address.get(f"asset/{asset}")
    if record is None:
        guess = closest(asset, [each.id for each in estate.of("asset")])
        hint = f"Did you mean {guess}?" if guess else "Name an asset of the registry by its id."
        raise UsageError(f"There is no asset/{shown(asset)}", hint)
    refuse_included(record)
    found = sheets(record.address, flatten(record.data, estate.kinds["asset"].shape), {})
    by_name = {sheet.environment: sheet for sheet in (found[1:] or found)}
    if environment is None and len(by_name) > 1:
        names = ", ".join(sorted(filter(None, by_name)))
        raise UsageError(f"{record.address} has several environments", f"Choose one with --environment: {names}.")
    chosen_one = environment if environment is not None else next(iter(by_name))
    if chosen_one not in by_name:
        names = ", ".join(sorted(filter(None, by_name))) or "none"
        raise UsageError(f"{record.address} is not in {shown(str(environment))}", f"It has {names}.")
    return by_name[chosen_one]


def _plan(sheet: Sheet, asset: str, name: str | None) -> str:
    keys = sheet.keys("backup.plans[]")
    if name in keys:
        return str(name)
    if name is not None:
        hint = f"It has {', '.join(map(shown, keys))}." if keys else "It has none."
        raise UsageError(f"asset/{asset} has no backup plan {shown(name)}", hint)
    if len(keys) == 1:
        return keys[0]
    if not keys:
        raise UsageError(f"asset/{asset} has no backup plan", "Describe one under `backup.plans`.")
    raise UsageError(
        f"asset/{asset} has several backup plans", f"Choose one with --plan: {', '.join(map(shown, keys))}."
    )
