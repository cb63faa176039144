"""Answers to an issue form: what the host writes into the issue, read back as facts; everything else is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from stocktake.errors import Problem
from stocktake.values.text import closest, shown

LONGEST = 65_536  # characters, the most that an issue holds
_ANSWER_AT_MOST = 2_000
_HEADING = "### "
_NOTHING = frozenset({"", "_No response_", "not known"})


class Question(NamedTuple):
    """One field of a form; `options` are the answers among which one must be, where there are any."""

    id: str
    label: str
    is_required: bool
    options: tuple[str, ...]


class Answer(NamedTuple):
    """What was answered, and the line of the issue where that stands."""

    text: str
    line: int


def questions(form: object) -> tuple[Question, ...]:
    """The fields of an issue form of GitHub, in its order; none where it is no form."""
    body = form.get("body") if isinstance(form, Mapping) else None
    return tuple(filter(None, map(_question, body if isinstance(body, list) else ())))


def _question(field: Any) -> Question | None:
    about = field.get("attributes") if isinstance(field, Mapping) else None
    if (
        not isinstance(about, Mapping)
        or not isinstance(field.get("id"), str)
        or not isinstance(about.get("label"), str)
    ):
        return None
    options, rules = about.get("options"), field.get("validations")
    return Question(
        field["id"],
        " ".join(about["label"].split()),
        isinstance(rules, Mapping) and rules.get("required") is True,
        tuple(map(str, options)) if isinstance(options, list) else (),
    )


def answers(asked: Sequence[Question], text: str, path: str) -> tuple[dict[str, Answer], list[Problem]]:
    """The answers by the id of their question, and what is wrong with the issue.

    A heading counts where it is that of the form; each must be there once, in the order of the form, so that no answer
    can pass for another.
    """
    if len(text) > LONGEST:
        return {}, [Problem(path, 1, 1, "", f"is longer than {LONGEST:,} characters, and so no issue")]
    lines = text.replace("\r\n", "\n").split("\n")
    labels = {question.label: number for number, question in enumerate(asked)}
    places = [(labels[name], at) for at, line in enumerate(lines) if (name := _heading(line)) in labels]
    if not places:
        hint = "Open the issue with the form, and leave its headings as they are."
        return {}, [Problem(path, 1, 1, "", "has none of the headings of the form", hint)]
    problems = [*_strangers(lines, places, path), *_disorder(asked, places, path)]
    if problems:
        return {}, problems
    found: dict[str, Answer] = {}
    ends = [at for _, at in places[1:]] + [len(lines)]
    for (number, at), end in zip(places, ends, strict=True):
        given = _given(lines, at + 1, end)
        problems += _wrong(asked[number], given, path)
        if given.text not in _NOTHING:
            found[asked[number].id] = given
    return found, problems


def _heading(line: str) -> str:
    return " ".join(line.removeprefix(_HEADING).split()) if line.startswith(_HEADING) else ""


def _strangers(lines: Sequence[str], places: Sequence[tuple[int, int]], path: str) -> Iterator[Problem]:
    """What stands before the first answer belongs to none."""
    at = next((at for at, line in enumerate(lines[: places[0][1]]) if line.strip()), None)
    if at is not None:
        hint = "Open the issue with the form, and leave its headings as they are."
        yield Problem(
            path, at + 1, 1, "", f'"{shown(lines[at][:60])}" stands before the first answer of the form', hint
        )


def _disorder(asked: Sequence[Question], places: Sequence[tuple[int, int]], path: str) -> Iterator[Problem]:
    """Headings that are missing, doubled or in another order."""
    seen: dict[int, int] = {}
    latest = -1
    for number, at in places:
        label = asked[number].label
        if number in seen:
            yield Problem(path, at + 1, 1, label, f"is answered in line {seen[number] + 1} already")
        elif number < latest:
            yield Problem(path, at + 1, 1, label, f'stands behind "{asked[latest].label}", which the form asks later')
        seen.setdefault(number, at)
        latest = max(latest, number)
    for number, question in enumerate(asked):
        if number not in seen:
            yield Problem(path, 1, 1, question.label, "is not in the issue", "Leave the headings of the form in it.")


def _given(lines: Sequence[str], start: int, end: int) -> Answer:
    """The lines of an answer without the empty ones around it."""
    while start < end and not lines[start].strip():
        start += 1
    return Answer("\n".join(lines[start:end]).strip(), start + 1)


def _wrong(question: Question, given: Answer, path: str) -> Iterator[Problem]:
    if question.is_required and given.text in _NOTHING - set(question.options):
        yield Problem(path, given.line, 1, question.label, "is not answered")
    elif len(given.text) > _ANSWER_AT_MOST and question.options == ():
        yield Problem(path, given.line, 1, question.label, f"is longer than {_ANSWER_AT_MOST:,} characters")
    elif question.options and given.text not in {*question.options, *_NOTHING}:
        guess = closest(given.text, question.options)
        hint = f"Did you mean {guess}?" if guess else f"It is one of: {', '.join(question.options)}."
        yield Problem(path, given.line, 1, question.label, f'"{shown(given.text[:60])}" is no choice of the form', hint)
