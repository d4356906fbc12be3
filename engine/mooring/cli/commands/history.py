"""`moor history`: which runs changed the state, and what each of them did."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] history [options] [RUN]

  List the runs that changed the state of the current workspace, the newest
  first: when, by whom, with which command, what was changed and how it ended.
  With the number of a run, show that run with each object it changed.

  The states that the last 50 runs left are kept with the history:
  "moor state list -at=SERIAL" and "moor state show -at=SERIAL" show what was
  recorded then, and "moor undo RUN" plans the way back to before a run.

  Values of variables are never part of the history.

Options:

  -json               As a JSON document.

  -state=statefile    The state whose history is shown. By default, that
                      of the selected workspace.
"""


def _run(call: Call) -> int:
    from mooring.cli.earlier import recorded_runs, run_numbered
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.core.codec import dumps
    from mooring.reporting.history_json import history_json, run_json
    from mooring.reporting.history_text import run_list, run_text

    session, terminal = Session(call), call.terminal
    runs, rest = recorded_runs(session, open_store(session).archive), call.arguments.rest
    chosen = run_numbered(runs, rest[0]) if rest else None
    style = terminal.layout.style
    if call.arguments.is_on("json"):
        document = history_json(runs) if chosen is None else run_json(chosen)
        terminal.write(dumps(document, indent=True).decode() + "\n")
    elif chosen is not None:
        terminal.write(run_text(chosen, style))
    elif runs:
        terminal.write(run_list(runs, style, heading=terminal.is_live))
    else:
        terminal.write("No run has changed this state since it has a history.\n")
    return 0


COMMAND: Final = Command(
    flags=(Flag("json"), Flag("state", Kind.TEXT), Flag("no-color")),
    help=_HELP,
    run=_run,
    most=1,
    too_many="Expected at most one positional argument: the number of a run.",
)
