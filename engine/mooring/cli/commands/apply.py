"""`moor apply`, and what `destroy` and `refresh` share with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import options
from mooring.cli.arguments import Flag, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.operations import Planned
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.planning.model import Plan
    from mooring.planning.providers import Providers
    from mooring.state.store import StateStore

_HELP: Final = f"""\
Usage: moor [global options] apply [options] [PLAN]

  Creates or updates infrastructure according to the configuration files in
  the current directory.

  By default, Mooring will generate a new plan and present it for your
  approval before taking any action. You can optionally provide a plan
  file created by a previous call to "moor plan", in which case Mooring
  will take the actions described in that plan without any confirmation
  prompt.

Options:

  -auto-approve       Skip interactive approval of plan before applying.

{options.OTHER_HELP}
  If you don't provide a saved plan file then this command will also accept
  all of the plan-customization options accepted by the plan command.
  For more information on those options, run:
      moor plan -help
"""
FLAGS: Final = (
    *options.OUTPUT,
    *options.VARIABLES,
    *options.LOCKING,
    *options.PLANNING,
    Flag("auto-approve"),
)


def run(call: Call) -> int:
    """Plans, asks and applies; or applies the saved plan that was named."""
    from contextlib import closing

    from mooring.cli.command import Stopped
    from mooring.cli.saved_plans import plan_to_apply, source_files
    from mooring.cli.session import Session
    from mooring.cli.views import view_of

    _check_json(call)
    view = view_of(call)
    view.begin()
    try:
        saved = plan_to_apply(Session(call), view)
        session = Session(call, source_files(saved) if saved is not None else None)
        with closing(session.providers(read_only=False)) as providers:
            return _apply(session, view, providers, saved)
    except Stopped:
        return 1
    finally:
        view.end()


def _check_json(call: Call) -> None:
    arguments = call.arguments
    is_agreed = arguments.is_on("auto-approve") or arguments.rest or call.name == "refresh"
    if arguments.is_on("json") and not is_agreed:
        raise UsageError(
            "Plan file or auto-approve required",
            "Mooring cannot ask for interactive approval when -json is set. You can either apply a saved "
            "plan file, or enable the -auto-approve option.",
        )


def _apply(session: Session, view: View, providers: Providers, saved: Plan | None) -> int:
    from mooring.cli.apply_operation import apply_operation
    from mooring.cli.operations import locked, require_backend
    from mooring.cli.recording import run_of
    from mooring.cli.saved_plans import saved_plan
    from mooring.reporting.report import build_report

    require_backend(session, view)
    store = session.store()
    with locked(session, view, store, "OperationTypeApply") as lock:
        if saved is None:
            planned = _fresh(session, view, providers, store)
        else:
            planned = saved_plan(saved, session, view, store)
            _obey_guards(session, view, saved)
            view.saved_plan(build_report(saved))
        if planned is None:
            return 1
        limit = options.parallelism(session.call)
        state, counts = apply_operation(
            planned, store, providers, view, limit, run=run_of(session), lock=lock
        )
    view.applied(counts, state.outputs)
    return 0


def _fresh(session: Session, view: View, providers: Providers, store: StateStore) -> Planned | None:
    """A plan made now and approved; None if it was not."""
    from mooring.cli.approval import approve
    from mooring.cli.command import Stopped
    from mooring.cli.operations import plan_operation, prepare, read_state, report_on, schema_lookup
    from mooring.core.diagnostics import has_errors

    call = session.call
    wanted = options.plan_options(call)
    configuration = prepare(session, view, providers)
    opened = read_state(store, view)
    planned, diags = plan_operation(configuration, opened, providers, wanted, view)
    view.plan(report_on(planned.plan, configuration, session), schema_lookup(providers))
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
    _obey_guards(session, view, planned.plan)
    skips = call.arguments.is_on("auto-approve") or call.name == "refresh" or not planned.plan.has_changes
    return planned if skips or approve(session, view, planned.plan.mode) else None


def _obey_guards(session: Session, view: View, plan: Plan) -> None:
    """Raises `Stopped` after telling which changes are forbidden."""
    from mooring.cli.command import Stopped
    from mooring.cli.operations import guarded_against

    forbidden = guarded_against(session, plan)
    if forbidden:
        view.tell(forbidden)
        raise Stopped


COMMAND: Final = Command(
    flags=FLAGS,
    help=_HELP,
    run=run,
    most=1,
    too_many="Expected at most one positional argument: the path of a saved plan.",
)
