"""`moor drift`: what was changed outside. Reads, and writes nothing: no state, no lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import options
from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.planning.providers import Providers

_HELP: Final = """\
Usage: moor [global options] drift [options]

  Compares what exists with what was last applied and with the configuration,
  and tells three things apart: what was changed outside, what is gone, and
  what the configuration asks for and is not applied yet (pending). For each
  attribute it names both values and the line of the argument that sets it.

  The command is read-only: it asks providers for nothing but reads, and it
  writes neither the state nor a lock.

Exit codes:

  0 - In sync
  1 - Errored
  2 - Drift: something was changed or deleted outside
  3 - No drift, but there are pending changes

Options:

  -input=false        Do not ask for input variables that are not set.

  -json               Produce the result as one JSON object.

  -no-color           Print plain text.

  -parallelism=n      How many calls to providers there are at a time: 10
                      unless given.

  -var 'name=value', -var-file=filename
                      Input variables, as for the plan command.
"""


def _run(call: Call) -> int:
    from mooring.cli.command import Stopped
    from mooring.cli.session import Session
    from mooring.cli.views import quiet_view_of

    view = quiet_view_of(call)
    session = Session(call)
    providers = session.providers(read_only=True)
    try:
        return _drift(call, session, view, providers)
    except Stopped:
        return 1
    finally:
        providers.close()
        view.end()


def _drift(call: Call, session: Session, view: View, providers: Providers) -> int:
    from mooring.cli.operations import plan_operation, prepare, read_state, schema_lookup
    from mooring.cli.stores import open_store
    from mooring.core.codec import dumps
    from mooring.core.diagnostics import has_errors
    from mooring.reporting.drift_report import DriftStatus, build_drift_report
    from mooring.reporting.drift_text import drift_json, drift_text

    wanted = options.plan_options(call)
    configuration = prepare(session, view, providers)
    opened = read_state(open_store(session), view)
    planned, diags = plan_operation(configuration, opened, providers, wanted, view)
    view.tell(diags)
    failed = has_errors(diags)
    report = build_drift_report(planned.plan, configuration.root, schema_lookup(providers))
    if failed and report.status is not DriftStatus.DRIFT:
        return 1
    layout = call.terminal.layout
    if call.arguments.is_on("json"):
        call.terminal.write(dumps(drift_json(report), indent=True).decode() + "\n")
    else:
        call.terminal.write(drift_text(report, layout.style, layout.width))
    return 1 if failed else int(report.status)


COMMAND: Final = Command(
    flags=(
        *options.OUTPUT,
        *options.VARIABLES,
        Flag("parallelism", Kind.NUMBER),
        Flag("state", Kind.TEXT),
        Flag("compact-warnings"),
    ),
    help=_HELP,
    run=_run,
    too_many="The drift command takes no folder; go there with moor -chdir=DIR drift.",
)
