"""`moor state pull`: the state as a document, on standard output."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] state pull [options]

  Prints the state of the selected workspace, wherever the backend keeps it, in
  Terraform's format, version 4. What an interrupted run has recorded is in it,
  and so are sensitive values.
"""


def _run(call: Call) -> int:
    from mooring.cli.operations import read_state, require_files
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.cli.views import quiet_view_of
    from mooring.state.snapshot import write_snapshot

    session = Session(call)
    store = open_store(session)
    require_files(session)
    state = read_state(store, quiet_view_of(call)).state
    if state.lineage or not state.is_empty:
        call.terminal.write(write_snapshot(state).decode())
    return 0


COMMAND: Final = Command(
    flags=(Flag("no-color"), Flag("ignore-remote-version")), help=_HELP, run=_run, most=None
)
