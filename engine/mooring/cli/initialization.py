"""The part of `init` that settles where the state is: the backend block, `-backend-config`, migration.

States are copied when the place changes, never removed from the old one. Must not know modules or providers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.backends import (
    ARGUMENTS,
    Place,
    current_place,
    read_block,
    read_record,
    unsupported,
    write_record,
)
from mooring.cli.command import Stopped
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.records import replace
from mooring.reporting.product import PRODUCT

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.config.model import Backend
    from mooring.state.local import LocalStore

_CHANGED: Final = (
    "A change in the backend configuration has been detected, which may require migrating existing state.\n\n"
    'If you wish to attempt automatic migration of the state, use "moor init -migrate-state".\n'
    "If you wish to store the current configuration with no changes to the state, use "
    '"moor init -reconfigure".'
)
_CONFIGURED: Final = f"""\

Successfully configured the backend "local"! {PRODUCT} will automatically
use this backend unless the backend configuration changes.
"""
_UNSET: Final = f"""\

Successfully unset the backend "local". {PRODUCT} will now operate locally.
"""
_QUESTION: Final = """\
Do you want to copy existing state to the new backend?
  The states of all workspaces are copied, with the same names. A state that is
  at the new place already is kept in a backup there.

  Enter "yes" to copy and "no" to stop.

  Enter a value: """


def initialize_backend(session: Session, view: View) -> None:
    """Makes the place that the files ask for the one in use. Raises `Stopped` after telling why not."""
    arguments = session.call.arguments
    if not arguments.is_on("backend", default=True) or not arguments.is_on("cloud", default=True):
        return
    backend, recorded = session.backend, read_record(session.data_folder)
    if backend is None and recorded is None:
        return
    view.say("Initializing the backend...\n")
    block, place = _wanted(session, view, backend)
    before = Place() if recorded is None else recorded.place
    is_same = (recorded is None) == (backend is None) and before == place
    overridden = arguments.has("backend-config")
    if (
        recorded is not None
        and not is_same
        and not overridden
        and not has_errors(current_place(backend, recorded)[1])
    ):
        return
    if not is_same and recorded is not None and not _may_change(session):
        _stop(view, error("Backend configuration changed", _CHANGED))
    if not is_same and not arguments.is_on("reconfigure"):
        _migrate(session, view, before, place)
    write_record(session.data_folder, block, place)
    if not is_same:
        view.say(_UNSET if block is None else _CONFIGURED)


def _wanted(session: Session, view: View, backend: Backend | None) -> tuple[Place | None, Place]:
    """What the block says, and that with `-backend-config` on top."""
    if backend is None:
        return None, Place()
    problem = unsupported(backend, "Unsupported backend type")
    if problem is not None:
        _stop(view, problem)
    block, diags = read_block(backend)
    given, problems = _given(session)
    _stop(view, *diags, *problems)
    return block, replace(block, **given)


def _given(session: Session) -> tuple[dict[str, str], Diagnostics]:
    """The arguments of `-backend-config`, `name=value` or files."""
    found: dict[str, str] = {}
    diags: list[Diagnostic] = []
    for text in session.call.arguments.texts("backend-config"):
        name, has_value, value = text.partition("=")
        if has_value:
            found[name] = value
        elif text:
            more, problems = _read_file(session, text)
            found |= more
            diags += problems
    for name in found.keys() - set(ARGUMENTS):
        detail = (
            f'The backend configuration argument "{name}" given on the command line is not expected for the '
            "selected backend type."
        )
        diags.append(error("Invalid backend configuration argument", detail))
    return found, tuple(diags)


def _read_file(session: Session, path: str) -> tuple[dict[str, str], Diagnostics]:
    from mooring.config.declarations.constants import constant_value
    from mooring.syntax import parse_file

    content = session.files.read(path)
    if content is None:
        return {}, (error("Failed to read file", f'The file "{path}" could not be read.'),)
    body, diags = parse_file(path, content)
    attributes, problems = body.just_attributes()
    found: dict[str, str] = {}
    diags = (*diags, *problems)
    for name, attribute in attributes.items():
        value, problems = constant_value(attribute.expression)
        diags = (*diags, *problems)
        if value is not None and value.is_known and isinstance(value.raw, str):
            found[name] = value.raw
    return found, diags


def _may_change(session: Session) -> bool:
    return any(session.call.arguments.is_on(name) for name in ("reconfigure", "migrate-state", "force-copy"))


# -- migration -----------------------------------------------------------------------------------


def _migrate(session: Session, view: View, before: Place, after: Place) -> None:
    """Copies the states of all workspaces that there are at the old place, if that is agreed to."""
    copies = [(old, new) for old, new in _pairs(before, after) if _holds_something(old, view)]
    if not copies:
        return
    if not session.call.arguments.is_on("force-copy") and not _is_approved(session, view):
        view.say("Nothing was copied; the backend is as it was.\n")
        raise Stopped
    for old, new in copies:
        _copy(session, view, old, new)


def _pairs(before: Place, after: Place) -> list[tuple[LocalStore, LocalStore]]:
    from mooring.state.local import LocalStore

    try:
        names = sorted(each.name for each in before.workspaces.iterdir() if each.is_dir())
    except OSError:
        names = []
    paths = ((before.state(name), after.state(name)) for name in ("default", *names))
    return [(LocalStore(old), LocalStore(new)) for old, new in paths if old != new]


def _holds_something(store: LocalStore, view: View) -> bool:
    from mooring.cli.operations import read_state

    opened = read_state(store, view)
    if opened.open_intents:
        detail = (
            "A run was interrupted, and what became of its operations is not known yet. Run "
            '"moor apply" with the old backend configuration first.'
        )
        _stop(view, error("State cannot be migrated", detail))
    return not opened.state.is_empty


def _is_approved(session: Session, view: View) -> bool:
    if not session.may_ask:
        _stop(view, error("Error asking for state migration action: input is disabled"))
    return session.terminal.ask(_QUESTION) == "yes"


def _copy(session: Session, view: View, old: LocalStore, new: LocalStore) -> None:
    from mooring.cli.operations import locked, read_state

    with (
        locked(session, view, old, "OperationTypeMigration"),
        locked(session, view, new, "OperationTypeMigration"),
    ):
        state = read_state(old, view).state
        if state != read_state(new, view).state:
            _stop(view, *new.overwrite(state))


def _stop(view: View, *diags: Diagnostic) -> None:
    """Tells problems. Raises `Stopped` if there is an error among them."""
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
