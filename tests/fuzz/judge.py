"""What must hold for a file whatever is in it: no traceback, no hang, little memory, and the same told each way."""

from __future__ import annotations

import json
import random
import re
import time
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

from stocktake.cli.formats import told
from stocktake.cli.formats.table import FORMATS, lines
from stocktake.errors import InputError, Problem
from stocktake.load import front_matter, messages, strict, validate, yaml
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.pipeline.check import check
from stocktake.pipeline.check_files import Checker
from stocktake.pipeline.fix import content
from stocktake.values.text import hostile

from .corpus import OWN_RECORD, OWN_SCHEMA, SCHEMAS, Sample, repository

SECONDS_AT_MOST = 2.0  # of the processor, so that a busy machine is no failure
# Less than the 300 MB of a whole process, of which some 50 are there before a file is read. Only what one file adds
# counts: the same process may have run other tests before.
BYTES_AT_MOST = 250_000_000
TODAY = date(2026, 6, 30)
_SMALL = 20_000
_COLOURS = re.compile("\x1b\\[[0-9;]*m")  # ours; a file is given another sequence


class WrongError(AssertionError):
    """What did not hold."""


class Judge:
    """A repository into which one file after another is put and read."""

    def __init__(self, folder: Path):
        self.folder = repository(folder)
        self.tree = Tree(str(folder))
        self.checker = Checker(self.tree, read_schemas(Tree(schema_folder()), self.tree))
        self.original = {
            sample: path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
            for sample in [str(path.relative_to(folder))]
        }
        self.sound: dict[str, bytes] = {}
        self.plain: dict[str, validate.Plain] = {}

    def judge(self, sample: Sample, raw: bytes, dice: random.Random) -> list[Problem]:
        """The problems of a file.

        Raises WrongError where something does not hold that must.
        """
        before = reset_peak()
        begun = time.thread_time()
        problems = self._read(sample.path, raw)
        self._told(sample.path, raw, problems, dice)
        front = self._front(sample, raw)
        if front is not None and len(front) < _SMALL:
            self._both_ways(sample, front, dice)
            if dice.random() < 0.12:
                self._mended(sample, raw)
        if not problems and front is not None:
            self.sound[sample.path] = raw
        spent = time.thread_time() - begun
        if spent > SECONDS_AT_MOST:
            raise WrongError(f"took {spent:.1f} s")
        if (memory := peak() - before) > BYTES_AT_MOST:
            raise WrongError(f"took {memory / 1e6:.0f} MB")
        return problems

    def _read(self, path: str, raw: bytes) -> list[Problem]:
        full = self.folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(raw)
        try:
            if path == OWN_SCHEMA:
                return Checker(self.tree, read_schemas(Tree(schema_folder()), self.tree)).file(OWN_RECORD)
            self.checker._ids.clear()
            return self.checker.file(path)
        except InputError as error:
            return list(error.problems)
        finally:
            if path in self.original:
                full.write_bytes(self.original[path])
            else:
                full.unlink()

    def _told(self, path: str, raw: bytes, problems: list[Problem], dice: random.Random) -> None:
        rows = raw.decode("utf-8", "replace").split("\n")
        for problem in problems:
            if not problem.message or not 0 <= problem.line <= len(rows) + 1:
                raise WrongError(f"says {problem} of {len(rows)} lines")
            if (
                problem.path == path
                and problem.line
                and problem.column > len(rows[min(problem.line, len(rows)) - 1].encode()) + 2
            ):
                raise WrongError(f"says {problem}, beyond the end of the line")
        for form in dice.sample(FORMATS, 1):
            result = told.of_files(problems[:20], 1, lambda _: raw.decode("utf-8", "replace"))
            _well_formed(form, "\n".join(lines(form, result)), len(problems[:20]))

    def _front(self, sample: Sample, raw: bytes) -> bytes | None:
        """What is YAML in a file that a schema judges."""
        if not sample.schema or sample.path.endswith(".json") or yaml.encoding_problems(raw, "", tabs=True):
            return None
        if not sample.path.endswith(".md"):
            return None if b"\t" in raw else raw
        front, _, wrong = front_matter.split(raw, sample.path)
        return None if wrong or b"\t" in front else front

    def _both_ways(self, sample: Sample, raw: bytes, dice: random.Random) -> None:
        fast, slow = yaml.parse(raw, "a"), yaml.parse_strictly(raw, "a")
        if repr(fast) != repr(slow):
            raise WrongError(f"reads differently: {difference(fast, slow)}")
        if fast[0] is None or dice.random() > 0.04:
            return
        document, shape = strict.parse(raw.decode()), SCHEMAS.shape(sample.schema)
        plain = self.plain.setdefault(sample.schema, validate.Plain(sample.schema, SCHEMAS.documents))
        ways = [SCHEMAS.validator(sample.schema), plain]
        one, other = (messages.problems("a", way.faults(fast[0]), document, shape) for way in ways)
        if one != other or len({way.is_valid(fast[0]) for way in ways}) > 1:
            raise WrongError(f"judges differently: {difference(one, other)}")

    def _mended(self, sample: Sample, raw: bytes) -> None:
        after = content(raw, sample.path, sample.schema, SCHEMAS)
        if after == raw:
            return
        if content(after, sample.path, sample.schema, SCHEMAS) != after:
            raise WrongError("is mended differently the second time")
        if _comments(raw) != _comments(after):
            raise WrongError(f"loses a comment when it is mended: {after!r}")
        told = {problem.field for problem in self._read(sample.path, raw)}
        if any(problem.field not in told for problem in self._read(sample.path, after)):
            raise WrongError(f"is worse when it is mended: {after!r}")

    def whole(self) -> None:
        """All that was sound so far in one repository: every rule is asked, and every format says what they answered.

        Raises WrongError where a rule fails or a format is broken.
        """
        self.sound.pop("stocktake.yaml", None)  # other environments would make every other file wrong
        for path, raw in self.sound.items():
            (self.folder / path).write_bytes(raw)
        report = check(self.tree, TODAY)
        for _ in range(6):
            if not report.problems:
                break
            for problem in report.problems:
                self._restore(problem.path)
                self._restore(f"{problem.path.rpartition('/')[0]}/full.yaml")  # which claims what another claims
                for path in self.sound:
                    if path in problem.message:  # claims what belongs to this one
                        self._restore(path)
            report = check(self.tree, TODAY)
        for form in FORMATS:
            _well_formed(form, "\n".join(lines(form, told.of_report(report, lambda _: ""))), -1)
        for path in self.sound:
            self._restore(path)
        self.sound.clear()
        if report.bugs or not report.totals()["asked"]:
            raise WrongError(report.bugs[0] if report.bugs else f"nothing was asked: {report.problems[:3]}")

    def _restore(self, path: str) -> None:
        full = self.folder / path
        if path in self.original:
            full.write_bytes(self.original[path])
        elif full.exists():
            full.unlink()


def _comments(raw: bytes) -> list[bytes]:
    return sorted(line.strip() for line in raw.split(b"\n") if line.lstrip().startswith(b"#"))


def _well_formed(form: str, text: str, count: int) -> None:
    """What each reader asks of its format; a count below nothing is not compared."""
    if hidden := hostile(_COLOURS.sub("", text)):
        raise WrongError(f"{form} shows {hidden[:3]}")
    if form in ("gitlab", "json", "sarif"):
        json.loads(text)
        return
    if form == "junit":
        ET.fromstring(text)
    rows = text.split("\n")
    if form == "github" and not all(re.match(r"::(error|warning|notice)( [^\n]*?)?::|\Z", row) for row in rows):
        raise WrongError(f"a line is no workflow command: {text!r}")
    if form == "concise" and 0 <= count != len([row for row in rows if row]):
        raise WrongError(f"{count} problems are told on {len(rows)} lines: {text!r}")
    if form == "markdown" and any(len(re.findall(r"(?<!\\)\|", row)) != 7 for row in rows if row.startswith("|")):
        raise WrongError(f"a row of a table is broken: {text!r}")


def reset_peak() -> int:
    """Let the kernel forget the most memory that this process ever took; what it takes now, in bytes."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass
    return peak()


def peak() -> int:
    """The most memory since then, in bytes; nothing where the system does not say."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0


def difference(one: object, other: object) -> str:
    """Where two texts of values begin to differ."""
    left, right = repr(one), repr(other)
    at = next(
        (i for i, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), min(len(left), len(right))
    )
    return f"{left[max(0, at - 30) : at + 60]!r} and {right[max(0, at - 30) : at + 60]!r}"
