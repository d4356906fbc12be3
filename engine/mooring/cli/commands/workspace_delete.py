"""`moor workspace delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command
from mooring.reporting.product import PRODUCT

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.state.model import State

_HELP: Final = f"""\
Usage: moor [global options] workspace delete [OPTIONS] NAME

  Delete a workspace. It must not be the selected one, and its state must be
  empty.

Options:

  -force              Remove a workspace even if it is managing resources.
                      Mooring can no longer track or manage the workspace's
                      infrastructure.

{editing.LOCKING_HELP}"""


def _run(call: Call) -> int:
    from mooring.cli.operations import locked, read_state
    from mooring.cli.session import DEFAULT_WORKSPACE, Session
    from mooring.cli.stores import open_workspace
    from mooring.cli.views import quiet_view_of
    from mooring.cli.workspaces import missing, one_name, told, workspaces

    session, view = Session(call), quiet_view_of(call)
    name = one_name(session)
    if name not in workspaces(session):
        raise missing(session, name)
    if name == session.workspace:
        raise editing.complain(call, _ACTIVE.format(name=name))
    if name == DEFAULT_WORKSPACE:
        raise editing.complain(call, "can't delete default state\n")
    store = open_workspace(session, name)
    with locked(session, view, store, "OperationTypeWorkspaceDelete"):
        state = read_state(store, view).state
        _check_empty(call, name, state)
        told(session, lambda: session.states.delete(name))
    _tell(session, name, state)
    return 0


_ACTIVE: Final = """\
Workspace "{name}" is your active workspace.

You cannot delete the currently active workspace. Please switch
to another workspace and try again.
"""


def _check_empty(call: Call, name: str, state: State) -> None:
    """Raises `Stopped` after telling what the workspace still keeps track of."""
    from mooring.core.addresses import instance_order
    from mooring.core.diagnostics import error

    if not state.instances or call.arguments.is_on("force"):
        return
    rows = "\n".join(f"  - {address}" for address in sorted(state.instances, key=instance_order))
    detail = (
        f'Workspace "{name}" is currently tracking the following resource instances:\n{rows}\n\n'
        f"Deleting this workspace would cause {PRODUCT} to lose track of any associated remote objects, "
        f"which would then require you to delete them manually outside of {PRODUCT}. You should destroy "
        f"these objects with {PRODUCT} before deleting the workspace.\n\n"
        f"If you want to delete this workspace anyway, and have {PRODUCT} forget about these managed "
        "objects, use the -force option to disable this safety check."
    )
    editing.refuse(call, (error("Workspace is not empty", detail),))


def _tell(session: Session, name: str, state: State) -> None:
    style = session.terminal.layout.style
    session.terminal.write(style.green(f'Deleted workspace "{name}"!\n'))
    if state.instances:
        session.terminal.write(
            f'WARNING: "{name}" was non-empty.\n'
            "The resources managed by the deleted workspace may still exist,\n"
            f"but are no longer manageable by {PRODUCT} since the state has\nbeen deleted.\n"
        )


COMMAND: Final = Command(flags=(*editing.LOCKING, Flag("force")), help=_HELP, run=_run, most=None)
