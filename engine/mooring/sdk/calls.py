"""Calling into providers: somebody else's code, so whatever it raises becomes a diagnostic.

This is the one place beside the command line's boundary that catches `Exception`: a provider that crashes in
one call must not cost the record of what other calls have done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from mooring.core.diagnostics import Diagnostic, error

T = TypeVar("T")
PATIENCE: Final = 5.0
"""How long after its deadline a call may still come back before it is left behind, in seconds."""


def guarded(provider: str, call: Callable[[], T], failed: Callable[[Diagnostic], T]) -> T:
    """The result of a provider call, or `failed` of a diagnostic that says where it crashed."""
    try:
        return call()
    except (Exception, SystemExit) as problem:  # noqa: BLE001  (see the module)
        return failed(_crash(provider, problem))


def no_answer(provider: str, asked: str, seconds: float, advice: str) -> Diagnostic:
    """The error of a call that has not come back in time: `asked` is what was asked for."""
    detail = (
        f"Provider {provider} was asked to {asked}, and has neither answered within {seconds:g} seconds nor "
        f"given up by then, as it should have. The call was left behind. {advice}"
    )
    return error("Provider does not answer", detail)


def _crash(provider: str, problem: BaseException) -> Diagnostic:
    """Names the exception and where it was raised, not its text, which might hold a secret."""
    frame = problem.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    where = f" at {frame.tb_frame.f_code.co_name}, line {frame.tb_lineno}" if frame is not None else ""
    detail = f"It raised {type(problem).__name__}{where}. This is a bug in provider {provider}."
    return error("Provider crashed", detail)
