"""Everything a user can cause, and the one shape in which a problem in a file is told.

StocktakeError                 prints without a traceback and ends the run with its `exit_code`
├── InputError                 files are wrong: all their problems at once, sorted
├── UsageError                 the command or its options are wrong
├── LookError                  something that was named could not be looked at
├── MissingProgramError        a program of the system is needed and is not installed
└── FailedProgramError         a program of the system was run and did not succeed

Every other exception is a mistake of ours and keeps its traceback.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong in one file; line 0 means that the problem has no place in it."""

    path: str
    line: int
    column: int
    field: str
    message: str
    hint: str = ""

    def text(self) -> str:
        """`path:line:column: field: message. hint`, without the parts that are not known."""
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path
        sentence = ": ".join(part for part in (place, self.field, self.message) if part)
        return f"{sentence}{'' if sentence.endswith(('.', '?', '!')) else '.'} {self.hint}" if self.hint else sentence


class StocktakeError(Exception):
    """What a user can cause and can put right."""

    exit_code = 2


class InputError(StocktakeError):
    """Files that are wrong, with every problem found in them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))


class UsageError(StocktakeError):
    """A command that cannot be carried out as it was given."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message}. {hint}" if hint else message)


class LookError(StocktakeError):
    """Something that was named could not be looked at; the text says why and holds no secret."""

    exit_code = 4


class MissingProgramError(StocktakeError):
    """A program of the system that is needed and is not there."""

    def __init__(self, program: str, what_to_install: str) -> None:
        self.program = program
        self.what_to_install = what_to_install
        super().__init__(f"{program} is not installed. {what_to_install}")


class FailedProgramError(StocktakeError):
    """A program of the system that ran and did not succeed."""

    def __init__(self, program: str, what: str, said: str = "") -> None:
        self.program = program
        super().__init__(f"{program} {what}: {said}" if said else f"{program} {what}")
