"""Opening the place where states are kept, with the settings of the environment; failures as diagnostics."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from mooring.core.diagnostics import Diagnostics, error, has_errors
from mooring.state.backends.model import Around, States, complete
from mooring.state.host import this_host

if TYPE_CHECKING:
    from mooring.cli.backends import Place
    from mooring.cli.working_folder import WorkingFolder

T = TypeVar("T")


def open_place(folder: WorkingFolder, place: Place) -> States | Diagnostics:
    """The states of a place, or what is missing to get at them. Servers are not asked for states yet."""
    settings, diags = complete(place.backend, place.settings, folder.environment)
    if has_errors(diags):
        return diags
    around = Around(host=this_host(), environment=folder.environment, data_folder=folder.data_folder)
    return place.backend.open(settings, around)


def asked(ask: Callable[[], T], place: str) -> tuple[T | None, Diagnostics]:
    """What a place answers; None beside the error that it gives instead."""
    try:
        return ask(), ()
    except OSError as problem:
        detail = f'The backend "{place}" could not be used: {_reason(problem)}.'
        return None, (error("Backend cannot be used", detail),)


def _reason(problem: OSError) -> str:
    return (problem.strerror or str(problem)).rstrip(".")
