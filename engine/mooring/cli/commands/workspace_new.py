"""`moor workspace new`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.state.model import State

_HELP: Final = f"""\
Usage: moor [global options] workspace new [OPTIONS] NAME

  Makes a workspace, a state of its own for the same configuration, and selects
  it.

Options:

  -state=path         Begin with a copy of this state file. The copy gets a
                      lineage of its own.

{editing.LOCKING_HELP}"""
_OVERRIDDEN: Final = """
TF_WORKSPACE in the environment says which workspace is used, and it names
another one. Unset it, or set it to the name of the new workspace, and run this
again.

"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.cli.workspaces import checked_name, create, is_overridden, one_name, workspaces

    session = Session(call)
    name = checked_name(session, one_name(session))
    if is_overridden(session) and session.workspace != name:
        raise editing.complain(call, _OVERRIDDEN)
    if name in workspaces(session):
        raise editing.complain(call, f'Workspace "{name}" already exists\n')
    source = call.arguments.text("state")
    copied = None if source is None else _read(session, source)
    create(session, name)
    if copied is not None:
        _copy(session, name, copied)
    return 0


def _read(session: Session, path: str) -> State:
    """The state to start with. Raises `Stopped` after telling why it cannot be read."""
    from mooring.cli.operations import read_state
    from mooring.cli.stores import open_file
    from mooring.cli.views import quiet_view_of

    call = session.call
    if not Path(path).is_file():
        raise editing.complain(call, f"open {path}: no such file or directory\n")
    return read_state(open_file(session, Path(path)), quiet_view_of(call)).state


def _copy(session: Session, name: str, source: State) -> None:
    """The copy is a state of its own: it has a new lineage."""
    from mooring.cli.stores import open_workspace
    from mooring.core.records import replace

    store = open_workspace(session, name)
    copied = replace(source, lineage="", serial=0)
    editing.edit(session, store, lambda _nothing: copied, must_exist=False)


COMMAND: Final = Command(flags=(*editing.LOCKING, Flag("state", Kind.TEXT)), help=_HELP, run=_run, most=None)
