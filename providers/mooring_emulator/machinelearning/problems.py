"""Problems of a body as the resource provider reports them: all of them in one 400."""

from collections.abc import Sequence

from mooring_emulator.arm.errors import bad_request, error_object
from mooring_emulator.arm.shapes import Problem


def require_no_problems(problems: Sequence[Problem]) -> None:
    """Raise ArmError with every problem as a detail; the message is the first one's."""
    if problems:
        details = [
            error_object("ValidationError", problem.message, target=problem.path) for problem in problems
        ]
        raise bad_request(problems[0].message, target=problems[0].path, details=details)
