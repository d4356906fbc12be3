"""`moor taint`, and what `untaint` shares with it: marks an object to be replaced, or takes the mark away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.core.addresses import InstanceAddress
    from mooring.core.diagnostics import Diagnostic, Diagnostics
    from mooring.state.model import State

OPTIONS_HELP: Final = f"""\
Options:

  -allow-missing      Warn and exit with 0 if there is no such instance.

{editing.LOCKING_HELP}
{editing.LEGACY_HELP}"""
_HELP: Final = f"""\
Usage: moor [global options] taint [options] <address>

  Marks an object as not to be relied on: the next plan proposes to destroy it
  and to make a new one in its place. Only the mark is written, into the state.

  "moor untaint" takes the mark away; "moor apply -replace=ADDRESS" does the
  same in one go, and shows the plan first.

{OPTIONS_HELP}"""
FLAGS: Final = (*editing.FLAGS, Flag("allow-missing"))
_NOTHING: Final = (
    "The state is empty: nothing has been applied yet, or everything was destroyed. Is this the right folder "
    "and workspace?"
)


def run(call: Call) -> int:
    """Sets the mark, or takes it away, as the command is called."""
    from mooring.cli.operations import require_files
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.state.edits import with_status
    from mooring.state.model import Status

    if len(call.arguments.rest) != 1:
        raise UsageError(f"The {call.name} command expects exactly one argument.", "Give one address.")
    address = _address(call, call.arguments.rest[0])
    taints = call.name == "taint"
    session = Session(call)

    def change(state: State) -> State | Diagnostics:
        problem = _why_not(call, state, address, taints=taints)
        status = Status.TAINTED if taints else Status.READY
        return problem or with_status(state, address, status)

    store = open_store(session)
    if taints:
        require_files(session)
    if editing.edit(session, store, change, must_exist=False):
        done = "marked as tainted" if taints else "successfully untainted"
        call.terminal.write(f"Resource instance {address} has been {done}.\n")
    return 0


def _address(call: Call, text: str) -> InstanceAddress:
    """The address of a managed resource. Raises `Stopped` after telling that it is none."""
    found = editing.parse_instance(call, text)
    if found.resource.mode != "managed":
        raise editing.complain(call, f"Resource instance {found} cannot be tainted\n")
    return found


def _why_not(call: Call, state: State, address: InstanceAddress, *, taints: bool) -> Diagnostics:
    from mooring.core.diagnostics import error
    from mooring.state.model import Status

    instance = state.instances.get(address)
    if instance is None:
        return (_missing(call, state, address),)
    if instance.current is None:
        detail = f"Resource instance {address} has only objects that wait to be destroyed; none to mark."
        return (error("No current object", detail),)
    if not taints and instance.current.status is not Status.TAINTED:
        detail = f"{address} has no mark to take away: it counts as whole already."
        return (error("Resource instance is not tainted", detail),)
    return ()


def _missing(call: Call, state: State, address: InstanceAddress) -> Diagnostic:
    from mooring.core.diagnostics import error, warning

    if call.arguments.is_on("allow-missing"):
        detail = f"The state has no {address}, and -allow-missing lets that pass."
        return warning("No such resource instance", detail)
    detail = (
        f"The state has no {address}. Only what has been applied can be marked; "
        '"moor state list" shows what that is.'
    )
    return error("No such resource instance", detail if state.instances else _NOTHING)


COMMAND: Final = Command(flags=FLAGS, help=_HELP, run=run, most=None)
