"""Copying the states of all workspaces from a backend to another. The old one keeps them, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, cast

from mooring.cli.command import Stopped
from mooring.cli.places import asked, open_place
from mooring.cli.workspaces import select
from mooring.core.diagnostics import Diagnostic, error, has_errors
from mooring.core.records import record
from mooring.state.backends.model import DEFAULT, States
from mooring.state.host import this_host
from mooring.state.journalled import JournalledStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from mooring.cli.backends import Place
    from mooring.cli.session import Session
    from mooring.cli.views import View

T = TypeVar("T")
_ALL: Final = """\
Do you want to copy existing state to the new backend?
  The states of all workspaces are copied, with the same names. A state that is
  at the new place already is kept in a backup there. The history of what was
  done so far is copied too, where the new place has none.

  "yes" copies; "no" stops, and leaves everything as it is.

  Enter a value: """
_ONE: Final = """\
The backend "{type}" has room for one state only. Do you want to copy the one
of your current workspace?
  Only the state of the workspace "{workspace}" is copied, to the one state that
  the new backend has. The others stay where they are. A state that is at the
  new place already is kept in a backup there.

  "yes" copies; "no" stops, and leaves everything as it is.

  Enter a value: """

_NOBODY_ASKED: Final = error(
    "Error asking for state migration action: input is disabled",
    "There are states to be copied to the new backend, and nobody may be asked. Add -force-copy to copy "
    "them, or -reconfigure to leave them where they are. Nothing was changed.",
)


@record(kw_only=True, eq=False)
class _Copy:
    """A state to copy: the workspace it goes to, and both ends."""

    workspace: str
    source: JournalledStore
    target: JournalledStore


def migrate(session: Session, view: View, old: Place, new: Place, after: States) -> None:
    """Copies what there is at the old place, if that is agreed to. Raises `Stopped` if not.

    `after` is the new place, open.
    """
    before = open_or_stop(session, view, old)
    try:
        names = (DEFAULT, *_answer(view, before.workspaces, old.type))
        held = [name for name in names if _holds_something(_store(session, before, name), view)]
        pairs = {name: name for name in held}
        question = _ALL
        if not after.has_workspaces and held != [DEFAULT]:
            pairs = {session.workspace: DEFAULT} if session.workspace in held else {}
            question = _ONE.format(type=new.type, workspace=session.workspace)
        copies = [
            _Copy(workspace=to, source=_store(session, before, name), target=_store(session, after, to))
            for name, to in pairs.items()
        ]
        if old.type == new.type == "local":
            copies = [each for each in copies if each.source.medium.names != each.target.medium.names]
        _carry_out(copies, session, view, question, after)
        if not after.has_workspaces and session.workspace in pairs:
            session.workspace = DEFAULT
            select(session, DEFAULT)
    finally:
        before.close()


def open_or_stop(session: Session, view: View, place: Place) -> States:
    """An open backend that has answered once. Raises `Stopped` after telling why there is none."""
    states = open_place(session, place)
    if isinstance(states, tuple):
        stop(view, *states)
        raise Stopped
    _answer(view, states.workspaces, place.type)
    return states


def _answer(view: View, ask: Callable[[], T], place: str) -> T:
    found, diags = asked(ask, place)
    stop(view, *diags)
    return cast("T", found)


def _store(session: Session, states: States, workspace: str) -> JournalledStore:
    return JournalledStore(states.medium(workspace), this_host(), sealing=session.sealings.state())


def _holds_something(store: JournalledStore, view: View) -> bool:
    from mooring.cli.operations import read_state

    opened = read_state(store, view)
    if opened.open_intents:
        detail = (
            "A run was interrupted, and what became of its operations is not known yet. Run "
            '"moor apply" with the old backend configuration first.'
        )
        stop(view, error("State cannot be migrated", detail))
    return not opened.state.is_empty


def _carry_out(copies: list[_Copy], session: Session, view: View, question: str, after: States) -> None:
    if not copies:
        return
    if not session.call.arguments.is_on("force-copy") and not _is_approved(session, view, question):
        view.say("Nothing was copied; the backend is as it was.\n")
        raise Stopped
    for each in copies:
        if each.workspace != DEFAULT:
            _answer(view, lambda each=each: after.create(each.workspace), "new")  # type: ignore[misc]
        _copy(session, view, each)


def _is_approved(session: Session, view: View, question: str) -> bool:
    if not session.may_ask:
        stop(view, _NOBODY_ASKED)
    return session.terminal.ask(question) == "yes"


def _copy(session: Session, view: View, each: _Copy) -> None:
    from mooring.cli.operations import locked, read_state
    from mooring.cli.recording import run_of

    with (
        locked(session, view, each.source, "OperationTypeMigration"),
        locked(session, view, each.target, "OperationTypeMigration"),
    ):
        state, earlier = read_state(each.source, view).state, each.source.archive
        if state != read_state(each.target, view).state:
            stop(view, *each.target.overwrite(state, run_of(session), earlier=earlier))
        else:
            stop(view, *each.target.archive.adopt(earlier))


def stop(view: View, *diags: Diagnostic) -> None:
    """Tells problems. Raises `Stopped` if there is an error among them."""
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
