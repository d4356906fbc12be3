"""What the commands share that edit a state by hand: addresses, the lock, one write.

A state is read and written under one lock; an interrupted run's open operations stay open. Must not know what
is edited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Stopped
from mooring.core.diagnostics import error, has_errors

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.core.addresses import InstanceAddress
    from mooring.core.diagnostics import Diagnostics
    from mooring.state.edits import Selection
    from mooring.state.model import State
    from mooring.state.store import StateStore

LOCKING: Final = (Flag("lock"), Flag("lock-timeout", Kind.DURATION), Flag("no-color"))
FLAGS: Final = (
    *LOCKING,
    Flag("state", Kind.TEXT),
    Flag("state-out", Kind.TEXT),
    Flag("backup", Kind.TEXT),
    Flag("ignore-remote-version"),
)
LOCKING_HELP: Final = """\
  -lock=false         Work without locking the state. Two commands at a time
                      can then overwrite what the other recorded.

  -lock-timeout=0s    How long to wait for a lock that somebody else holds, as
                      "30s" or "5m". Not at all by default.
"""
LEGACY_HELP: Final = """\
  -state, -state-out and -backup name other files than those of the selected
  workspace.
"""
_NO_STATE: Final = """\
No state file was found!

There is nothing recorded here that could be edited. Go to the folder whose
state you mean, or name the file with -state=FILE.
"""
Change = Callable[["State"], "State | Diagnostics"]


def edit(session: Session, store: StateStore, change: Change, *, must_exist: bool = True) -> bool:
    """Writes what `change` makes of the state; whether that differs.

    `change` gives the new state, or what stands against it. Raises `Stopped` after telling why nothing was
    changed.
    """
    from mooring.cli.operations import locked, read_state
    from mooring.cli.views import quiet_view_of

    call = session.call
    view = quiet_view_of(call)
    with locked(session, view, store, f"OperationType{call.name.title().replace(' ', '')}"):
        before = read_state(store, view).state
        if must_exist and not before.lineage and before.is_empty:
            raise complain(call, _NO_STATE)
        after = change(before)
        if isinstance(after, tuple):
            refuse(call, after)
            return False
        if after is not before:
            save(call, store, after)
        return after is not before


def save(call: Call, store: StateStore, state: State) -> None:
    """Writes a state whose lock is held. Raises `Stopped` after telling why it could not be written."""
    from mooring.cli.recording import run_of
    from mooring.cli.session import Session

    journal = store.begin(run_of(Session(call)))
    if isinstance(journal, tuple):
        refuse(call, journal)
    refuse(call, store.commit(state)[1])


def refuse(call: Call, diags: Diagnostics) -> None:
    """Tells problems. Raises `Stopped` if there is an error among them."""
    call.terminal.tell(diags)
    if has_errors(diags):
        raise Stopped


def complain(call: Call, text: str) -> Stopped:
    """Says in plain words why the command stops; to be raised."""
    call.terminal.complain(text)
    return Stopped()


def parse_instance(call: Call, text: str) -> InstanceAddress:
    """A resource instance. Raises `Stopped` after telling that it is none."""
    from mooring.core.addresses import InstanceAddress
    from mooring.core.diagnostics import error

    found = parse_selection(call, text)
    if not isinstance(found, InstanceAddress):
        detail = "Give one resource instance, as TYPE.NAME or module.NAME.TYPE.NAME[0]."
        refuse(call, (error("Invalid address", detail),))
    assert isinstance(found, InstanceAddress)
    return found


def parse_selection(call: Call, text: str) -> Selection:
    """A module instance, resource or resource instance. Raises `Stopped` after telling what is wrong."""
    from mooring.core.addresses import parse_instance, parse_module

    found = (parse_module(text) or parse_instance(text)) if text else None
    if found is None:
        detail = f'"{text}" is the address of neither a resource nor a module, as TYPE.NAME or module.NAME.'
        refuse(call, (error("Invalid address", detail),))
        raise Stopped
    return found
