"""Why a drill ends before its last step: the backup is bad, or nobody can tell whether it is."""

from stocktake.errors import StocktakeError


class StoppedError(StocktakeError):
    """A drill that cannot go on; `cause` is a failure cause of the drill record, `check` what was being checked."""

    result = "unknown"

    def __init__(self, check: str, cause: str, message: str) -> None:
        self.check = check
        self.cause = cause
        self.message = message
        super().__init__(message)


class BadBackupError(StoppedError):
    """The backup itself is to blame."""

    result = "fail"


class UndecidedError(StoppedError):
    """Something else is to blame, so that nothing is known of the backup."""
