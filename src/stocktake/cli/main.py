"""The command `stocktake`: verbs are imported only when they are used."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from stocktake import __version__
from stocktake.errors import InputError, StocktakeError

# verb -> what it does, in one line
VERBS = {
    "adopt": "Turn spreadsheets, catalogues and documents into first records.",
    "approve": "Show what a change makes weaker, and approve it.",
    "baseline": "Compare what runs with its baseline, or accept it.",
    "build": "Write the site from the registry.",
    "check": "Check files, or judge the whole registry.",
    "codeowners": "Say in CODEOWNERS which team is asked about which record.",
    "diff": "Say what a change changes for the estate.",
    "discover": "Find what a source tree really contains, and compare.",
    "drill": "Restore a backup into a sandbox, and see whether it is good.",
    "explain": "Show what a rule asks, why, and how to fix it.",
    "export": "Write the registry as tables, for spreadsheets.",
    "impact": "Show what stops when one thing stops.",
    "init": "Make a new repository.",
    "migrate": "Move records of an older schema to the present one.",
    "new": "Write a starting record.",
    "observe": "Look at live stores, and keep what they show.",
    "rename": "Give a record another id, everywhere.",
    "retire": "Put a record out of use, step by step.",
    "serve": "Build the site and serve it here.",
    "upgrade": "Bring a repository up to the scaffold of this version.",
}
# exit code -> what it says; of several that hold, 3 comes before 2, 2 before 4, and 4 before 1
EXIT_CODES = {
    0: "Nothing is wrong, or nothing that counts.",
    1: "Findings count (`check`, `diff`), nobody approved what needs it (`diff`, `approve --check`), or `--check` "
    "found something to write (`build`, `codeowners`, `export`, `migrate`, `upgrade`).",
    2: "The input is wrong: the command, the settings, a record, an observation; or the system refused.",
    3: "A mistake in Stocktake. What could be done without it was done.",
    4: "Something that was named could not be looked at (`discover`, `observe`, `drill`).",
    130: "Somebody stopped it with Ctrl-C.",
    141: "Nobody reads what it prints any more, as after `| head`.",
}

_UNREAD = 141  # as of a program that the signal of a closed pipe ended
# What the system may refuse although we did nothing wrong.
_REFUSALS = frozenset(
    (
        *(errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EMFILE, errno.ENAMETOOLONG),
        *(errno.ENFILE, errno.ENOSPC, errno.EPERM, errno.EROFS),
    )
)


# What is over before there is garbage worth looking for.
_SHORT = ("check", "diff")


class Verbs(click.Group):
    """Knows the verbs by name, and imports the module of the one that is asked for."""

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        with _while_somebody_reads():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _while_somebody_reads():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        if cmd_name not in _SHORT:
            gc.enable()
        module = __import__(f"stocktake.cli.{cmd_name}", fromlist=["command"])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(VERBS.items()))
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), told.replace("`", "")) for code, told in EXIT_CODES.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from stocktake.values.text import closest

            guess = closest(args[0], VERBS)
            raise click.UsageError(
                f'There is no command "{args[0]}".' + (f" Did you mean {guess}?" if guess else ""), ctx
            )
        return super().resolve_command(ctx, args)


@contextmanager
def _while_somebody_reads() -> Iterator[None]:
    """A closed pipe ends the command as it ends others; click would end with 1, which says that there are findings."""
    try:
        yield
    except BrokenPipeError:
        raise click.exceptions.Exit(_UNREAD) from None


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="stocktake")
def cli() -> None:
    """Keep a living, verified audit of a data estate in Git."""


def main(arguments: list[str] | None = None) -> Any:
    """Run one command and exit with one of EXIT_CODES."""
    try:
        code = _run(arguments)
    except OSError as error:  # not even what went wrong could be said
        code = _UNREAD if isinstance(error, BrokenPipeError) else 2
    sys.exit(code)


def _run(arguments: list[str] | None) -> int:
    try:
        return int(cli.main(arguments, prog_name="stocktake", standalone_mode=False) or 0)
    except click.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except StocktakeError as error:
        _tell(error)
        return error.exit_code
    except Exception as error:  # noqa: BLE001  our bug: keep the traceback
        if isinstance(error, OSError) and error.errno in _REFUSALS:
            _tell_refusal(error)
            return 2
        import traceback

        from stocktake.cli import console

        console.trace(traceback.format_exc())
        console.trace("This is a mistake in Stocktake, not in your files. Please report it with the lines above.")
        return 3


def _tell(error: StocktakeError) -> None:
    from stocktake.cli import console

    if isinstance(error, InputError):
        from stocktake.values.showable import showable

        for problem in error.problems:
            console.complain(showable(problem).text())
        return
    from stocktake.values.secret import redact
    from stocktake.values.text import shown

    console.complain(redact(shown(str(error), multiline=True)))


def _tell_refusal(error: OSError) -> None:
    from stocktake.cli import console
    from stocktake.values.text import shown

    place = f"{shown(os.fsdecode(error.filename))}: " if error.filename else ""
    console.complain(f"{place}{error.strerror}")


if __name__ == "__main__":
    main()
