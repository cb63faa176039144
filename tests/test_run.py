"""Programs of the system are run without a shell, within a time limit."""

import pytest

from stocktake.errors import FailedProgramError, MissingProgramError
from stocktake.run import run


def test_a_program_gets_its_input_and_gives_its_output():
    assert run(["cat"], input=b"digraph {}") == b"digraph {}"


def test_no_shell_looks_at_the_arguments():
    assert run(["echo", "$HOME; false"]) == b"$HOME; false\n"


def test_a_missing_program_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(MissingProgramError, match=r"dot is not installed\. Install Graphviz"):
        run(["dot", "-V"])


def test_a_failing_program_tells_its_last_line_without_control_characters():
    with pytest.raises(FailedProgramError, match=r"python3 ended with exit code 3: red .*alarm"):
        run(["python3", "-c", r"import sys; print('red \x1b[31malarm', file=sys.stderr); sys.exit(3)"])


def test_a_program_that_hangs_is_ended():
    with pytest.raises(FailedProgramError, match=r"sleep ran longer than 0\.2 seconds"):
        run(["sleep", "30"], timeout=0.2)
