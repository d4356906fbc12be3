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

  -allow-missing      If specified, the command will succeed (exit code 0)
                      even if the resource is missing.

{editing.LOCKING_HELP}
{editing.LEGACY_HELP}"""
_HELP: Final = f"""\
Usage: moor [global options] taint [options] <address>

  Mark a resource instance as not fully functional. The next plan will
  propose to destroy the object and to make a new one in its place.

  This will not modify your infrastructure directly. "moor untaint" takes the
  mark away; "moor apply -replace=ADDRESS" does the same in one go.

{OPTIONS_HELP}"""
FLAGS: Final = (*editing.FLAGS, Flag("allow-missing"))
_NOTHING: Final = (
    "The state currently contains no resource instances whatsoever. This may occur if the configuration has "
    "never been applied or if it has recently been destroyed."
)


def run(call: Call) -> int:
    """Sets the mark, or takes it away, as the command is called."""
    from mooring.cli.operations import require_files
    from mooring.cli.session import Session
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

    store = session.store()
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
        detail = f"Resource instance {address} is not currently tainted, and so it cannot be untainted."
        return (error("Resource instance is not tainted", detail),)
    return ()


def _missing(call: Call, state: State, address: InstanceAddress) -> Diagnostic:
    from mooring.core.diagnostics import error, warning

    if call.arguments.is_on("allow-missing"):
        detail = (
            f"Resource instance {address} was not found, but this is not an error because -allow-missing was "
            "set."
        )
        return warning("No such resource instance", detail)
    detail = (
        f"There is no resource instance in the state with the address {address}. If the resource "
        'configuration has just been added, you must run "moor apply" once to create the corresponding '
        "instance(s) before they can be tainted."
    )
    return error("No such resource instance", detail if state.instances else _NOTHING)


COMMAND: Final = Command(flags=FLAGS, help=_HELP, run=run, most=None)
