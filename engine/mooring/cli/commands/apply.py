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
    from mooring.cli.command import Stopped
    from mooring.cli.session import Session
    from mooring.cli.views import view_of

    _check_json(call)
    view = view_of(call)
    view.begin()
    session = Session(call)
    providers = session.providers(read_only=False)
    try:
        return _apply(call, session, view, providers)
    except Stopped:
        return 1
    finally:
        providers.close()
        view.end()


def _check_json(call: Call) -> None:
    arguments = call.arguments
    if arguments.is_on("json") and not arguments.is_on("auto-approve") and not arguments.rest:
        raise UsageError(
            "Plan file or auto-approve required",
            "Mooring cannot ask for interactive approval when -json is set. You can either apply a saved "
            "plan file, or enable the -auto-approve option.",
        )


def _apply(call: Call, session: Session, view: View, providers: Providers) -> int:
    from mooring.cli.apply_operation import apply_operation
    from mooring.cli.operations import locked, require_backend

    require_backend(session, view)
    store = session.store()
    with locked(session, view, store, "OperationTypeApply"):
        planned = _chosen(call, session, view, providers, store)
        if planned is None:
            return 1
        limit = options.parallelism(call)
        state, counts = apply_operation(planned, store, providers, view, limit)
    view.applied(counts, state.outputs)
    return 0


def _chosen(
    call: Call, session: Session, view: View, providers: Providers, store: StateStore
) -> Planned | None:
    """The saved plan that was named, or a plan made now; None if that was not approved."""
    from mooring.cli.saved_plans import saved_plan

    if call.arguments.rest:
        return saved_plan(call.arguments.rest[0], session, view, store)
    return _fresh(call, session, view, providers, store)


def _fresh(
    call: Call, session: Session, view: View, providers: Providers, store: StateStore
) -> Planned | None:
    """A plan made now and approved; None if it was not."""
    from mooring.cli.approval import approve
    from mooring.cli.command import Stopped
    from mooring.cli.operations import plan_operation, prepare, read_state, schema_lookup
    from mooring.core.diagnostics import has_errors
    from mooring.reporting.report import build_report

    wanted = options.plan_options(call)
    configuration = prepare(session, view, providers)
    opened = read_state(store, view)
    planned, diags = plan_operation(configuration, opened, providers, wanted, view)
    view.plan(build_report(planned.plan), schema_lookup(providers))
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
    skips = call.arguments.is_on("auto-approve") or call.name == "refresh" or not planned.plan.has_changes
    return planned if skips or approve(session, view, planned.plan.mode) else None


COMMAND: Final = Command(
    flags=FLAGS,
    help=_HELP,
    run=run,
    most=1,
    too_many="Expected at most one positional argument: the path of a saved plan.",
)
