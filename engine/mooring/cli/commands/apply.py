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

  Makes what exists agree with the configuration. The plan is shown first, and
  carried out once you answer "yes".

  With PLAN, a file that "moor plan -out=path" wrote, it carries out that plan
  and no other, without asking. It refuses if the state has changed since.

  Each step is written down before it is taken, so an interrupted run can be
  run again: it goes on from what really happened.

      moor plan -out=lab.plan
      moor apply lab.plan

Options:

  -auto-approve       Carry the plan out without asking.

  -explain            Tell why each change is there before asking.

{options.OTHER_HELP}
  Without PLAN, the options for planning can be given as well. They are
  listed by:

      moor plan -help
"""
FLAGS: Final = (
    *options.OUTPUT,
    *options.VARIABLES,
    *options.LOCKING,
    *options.PLANNING,
    Flag("auto-approve"),
    Flag("explain"),
)


def run(call: Call) -> int:
    """Plans, asks and applies; or applies the saved plan that was named."""
    from contextlib import closing

    from mooring.cli.command import Stopped
    from mooring.cli.session import Session
    from mooring.cli.views import view_of

    _check_json(call)
    view = view_of(call)
    view.begin()
    try:
        saved, session = _named(call, view) if call.arguments.rest else (None, Session(call))
        with closing(session.providers(read_only=False)) as providers:
            return _apply(session, view, providers, saved)
    except Stopped:
        return 1
    finally:
        view.end()


def _named(call: Call, view: View) -> tuple[Plan, Session]:
    """The saved plan that the call names, and a session with its files. Raises `Stopped` as is told there."""
    from mooring.cli.saved_plans import plan_to_apply, source_files
    from mooring.cli.session import Session

    saved = plan_to_apply(Session(call), view)
    return saved, Session(call, source_files(saved))


def _check_json(call: Call) -> None:
    arguments = call.arguments
    is_agreed = arguments.is_on("auto-approve") or arguments.rest or call.name == "refresh"
    if arguments.is_on("json") and not is_agreed:
        raise UsageError(
            "Plan file or auto-approve required",
            "With -json nobody can be asked. Add -auto-approve, or apply a plan that was saved with -out.",
        )


def _apply(session: Session, view: View, providers: Providers, saved: Plan | None) -> int:
    from mooring.cli.apply_operation import apply_operation
    from mooring.cli.operations import locked, require_backend
    from mooring.cli.recording import run_of
    from mooring.cli.stores import open_store

    require_backend(session, view)
    store = open_store(session)
    with locked(session, view, store, "OperationTypeApply") as lock:
        if saved is None:
            planned = _fresh(session, view, providers, store)
        else:
            from mooring.cli.saved_plans import saved_plan
            from mooring.reporting.report import build_report

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
    from mooring.cli.operations import (
        plan_operation,
        prepare,
        read_state,
        report_on,
        schema_lookup,
        unmatched_guards_of,
    )
    from mooring.core.diagnostics import has_errors

    call = session.call
    wanted = options.plan_options(call)
    configuration = prepare(session, view, providers)
    opened = read_state(store, view)
    planned, diags = plan_operation(configuration, opened, providers, wanted, view)
    view.plan(report_on(planned.plan, configuration, session), schema_lookup(providers))
    view.tell((*diags, *unmatched_guards_of(session, planned)))
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
