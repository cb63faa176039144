"""How problems and errors read."""

from stocktake.errors import InputError, MissingProgramError, Problem, StocktakeError, UsageError

RPO = Problem(
    "registry/assets/orders-db.yaml",
    14,
    10,
    "backup.rpo",
    '"15min" is not an ISO 8601 duration',
    "Did you mean PT15M?",
)


def test_a_problem_says_where_what_and_what_to_do():
    assert RPO.text() == (
        'registry/assets/orders-db.yaml:14:10: backup.rpo: "15min" is not an ISO 8601 duration. Did you mean PT15M?'
    )


def test_a_problem_without_a_place_or_field_leaves_them_out():
    assert (
        Problem("stocktake.yaml", 0, 0, "", "this file is not there").text() == "stocktake.yaml: this file is not there"
    )


def test_all_problems_are_told_at_once_and_sorted():
    later = RPO._replace(line=30, message="later", hint="")

    error = InputError(iter([later, RPO]))

    assert error.problems == [RPO, later]
    assert str(error).splitlines() == [RPO.text(), later.text()]


def test_everything_a_user_can_cause_ends_with_exit_code_2():
    for error in (InputError([]), UsageError("no such verb", "Try --help."), MissingProgramError("dot", "Install it.")):
        assert isinstance(error, StocktakeError)
        assert error.exit_code == 2


def test_a_usage_error_tells_its_hint():
    assert str(UsageError("no such verb", "Try --help.")) == "no such verb. Try --help."


def test_a_missing_program_says_what_to_install():
    error = MissingProgramError("dot", "Install the package graphviz.")

    assert str(error) == "dot is not installed. Install the package graphviz."
