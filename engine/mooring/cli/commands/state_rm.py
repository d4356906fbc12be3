"""`moor state rm`: forgets objects without destroying them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.core.addresses import InstanceAddress
    from mooring.core.diagnostics import Diagnostics
    from mooring.state.model import State

_HELP: Final = f"""\
Usage: moor [global options] state rm [options] ADDRESS...

  Takes resources out of the state. They go on existing, and nobody manages
  them; "moor import" takes them back. If the configuration still declares
  them, the next plan wants to create them.

  The address of a module stands for all that is in it, the address of a
  resource with "count" or "for_each" for all its instances. The state of
  before is kept in a backup file of its own.

Options:

  -dry-run            Only print what would be removed.

  -backup=PATH        Where to keep the state of before.

{editing.LOCKING_HELP}
  -state=PATH         The state file to edit. By default, the state of the
                      selected workspace.
"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.cli.stores import open_edited
    from mooring.state.edits import select, without

    if not call.arguments.rest:
        raise UsageError("At least one address is required.", "Name what to remove from the state.")
    wanted = [editing.parse_selection(call, text) for text in call.arguments.rest]
    is_dry = call.arguments.is_on("dry-run")

    def change(state: State) -> State | Diagnostics:
        found = list(dict.fromkeys(address for each in wanted for address in select(state, each)))
        if not found:
            return _nothing_found()
        _tell(call, found, is_dry=is_dry)
        return state if is_dry else without(state, found)

    session = Session(call)
    editing.edit(session, open_edited(session), change)
    return 0


def _tell(call: Call, found: list[InstanceAddress], *, is_dry: bool) -> None:
    verb = "Would remove" if is_dry else "Removed"
    call.terminal.write("".join(f"{verb} {address}\n" for address in found))
    if not is_dry:
        call.terminal.write(f"Successfully removed {len(found)} resource instance(s).\n")


def _nothing_found() -> Diagnostics:
    from mooring.core.diagnostics import error

    detail = (
        "Nothing in the state has one of these addresses, so nothing was removed. "
        '"moor state list" shows those there are.'
    )
    return (error("Invalid target address", detail),)


COMMAND: Final = Command(flags=(*editing.FLAGS, Flag("dry-run")), help=_HELP, run=_run, most=None)
