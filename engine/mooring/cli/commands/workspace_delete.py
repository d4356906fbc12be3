"""`moor workspace delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.state.model import State

_HELP: Final = f"""\
Usage: moor [global options] workspace delete [OPTIONS] NAME

  Deletes a workspace and its state. It must not be the selected one, and its
  state must be empty.

Options:

  -force              Delete it even if its state records objects. They go on
                      existing, and nobody manages them.

{editing.LOCKING_HELP}"""


def _run(call: Call) -> int:
    from mooring.cli.operations import locked, read_state
    from mooring.cli.session import Session
    from mooring.cli.stores import open_workspace
    from mooring.cli.views import quiet_view_of
    from mooring.cli.working_folder import DEFAULT_WORKSPACE
    from mooring.cli.workspaces import missing, one_name, told, workspaces

    session, view = Session(call), quiet_view_of(call)
    name = one_name(session)
    if name not in workspaces(session):
        raise missing(session, name)
    if name == session.workspace:
        raise editing.complain(call, _ACTIVE.format(name=name))
    if name == DEFAULT_WORKSPACE:
        raise editing.complain(call, 'The workspace "default" is always there and cannot be deleted.\n')
    store = open_workspace(session, name)
    with locked(session, view, store, "OperationTypeWorkspaceDelete"):
        state = read_state(store, view).state
        _check_empty(call, name, state)
        told(session, lambda: session.states.delete(name))
    _tell(session, name, state)
    return 0


_ACTIVE: Final = """\
Workspace "{name}" is your active workspace.

It cannot be deleted while it is in use. Run "moor workspace select" with the
name of another one first.
"""


def _check_empty(call: Call, name: str, state: State) -> None:
    """Raises `Stopped` after telling what the workspace still keeps track of."""
    from mooring.core.addresses import instance_order
    from mooring.core.diagnostics import error

    if not state.instances or call.arguments.is_on("force"):
        return
    rows = "\n".join(f"  - {address}" for address in sorted(state.instances, key=instance_order))
    detail = (
        f'The state of the workspace "{name}" still records these resource instances:\n{rows}\n\n'
        "Without it nobody would know of them, and they would go on existing. Select the workspace and run "
        '"moor destroy" first, or delete it with -force and leave them to themselves.'
    )
    editing.refuse(call, (error("Workspace is not empty", detail),))


def _tell(session: Session, name: str, state: State) -> None:
    style = session.terminal.layout.style
    session.terminal.write(style.green(f'Deleted workspace "{name}"!\n'))
    if state.instances:
        session.terminal.write(
            f'WARNING: "{name}" was non-empty.\n'
            "What its state recorded goes on existing, and nobody manages it any more.\n"
        )


COMMAND: Final = Command(flags=(*editing.LOCKING, Flag("force")), help=_HELP, run=_run, most=None)
