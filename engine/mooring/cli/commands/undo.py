"""`moor undo`: plans the way back to the objects of before a run, and goes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import options
from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.operations import Planned
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.planning.providers import Providers
    from mooring.state.history import Run
    from mooring.state.journalled import JournalledStore

_HELP: Final = f"""\
Usage: moor [global options] undo [options] RUN

  Plan the way back to the objects that were recorded before a run, and go it
  after approval: what was created since then is destroyed, what was destroyed
  is created again, what was changed gets its old values. "moor history" lists
  the runs; to undo an older one is to undo those after it too.

  The configuration is not changed: the next normal plan would do again what
  was undone, unless you change the files as well.

  What no plan can bring back is said with it: what was inside of an object
  that is made anew, write-only arguments, ids that a service chooses.

Options:

  -auto-approve       Carry the plan out without asking.

  -out=path           Write the plan to a file for "moor apply" instead of
                      asking and applying it.

  -forbid=words       Fail if the plan has such a change; see "moor plan
                      -help".

{options.OTHER_HELP}"""


def _run(call: Call) -> int:
    from contextlib import closing

    from mooring.cli.command import Stopped
    from mooring.cli.session import Session
    from mooring.cli.views import view_of

    if len(call.arguments.rest) != 1:
        raise UsageError(
            "Exactly one argument expected", 'Give the number of a run; "moor history" lists them.'
        )
    is_quiet = call.arguments.is_on("auto-approve") or call.arguments.has("out")
    if call.arguments.is_on("json") and not is_quiet:
        raise UsageError(
            "Auto-approve required", "With -json nobody can be asked. Add -auto-approve or -out=path."
        )
    view = view_of(call)
    view.begin()
    session = Session(call)
    try:
        with closing(session.providers(read_only=call.arguments.has("out"))) as providers:
            return _undo(session, view, providers)
    except Stopped:
        return 1
    finally:
        view.end()


def _undo(session: Session, view: View, providers: Providers) -> int:
    from mooring.cli.apply_operation import apply_operation
    from mooring.cli.approval import approve
    from mooring.cli.earlier import recorded_runs, run_numbered
    from mooring.cli.operations import locked, require_backend
    from mooring.cli.recording import run_of
    from mooring.cli.stores import open_store

    require_backend(session, view)
    store = open_store(session)
    run = run_numbered(recorded_runs(session, store.archive), session.call.arguments.rest[0])
    with locked(session, view, store, "OperationTypeApply") as lock:
        planned = _plan(session, view, providers, store, run)
        if session.call.arguments.has("out"):
            return _save(session, view, planned)
        if not planned.plan.has_changes:
            return 0
        if not session.call.arguments.is_on("auto-approve") and not approve(session, view, planned.plan.mode):
            return 1
        state, counts = apply_operation(
            planned,
            store,
            providers,
            view,
            options.parallelism(session.call),
            run=run_of(session),
            lock=lock,
        )
    view.applied(counts, state.outputs)
    return 0


def _plan(session: Session, view: View, providers: Providers, store: JournalledStore, run: Run) -> Planned:
    """The plan, which has been shown. Raises `Stopped` after telling why there is none."""
    from mooring.cli.command import Stopped
    from mooring.cli.earlier import state_before
    from mooring.cli.operations import (
        guarded_against,
        plan_operation,
        prepare,
        read_state,
        report_on,
        schema_lookup,
    )
    from mooring.core.diagnostics import has_errors
    from mooring.planning.model import PlanMode
    from mooring.planning.run import PlanOptions
    from mooring.reporting.history_text import undone_text

    configuration = prepare(session, view, providers)
    opened = read_state(store, view)
    restore = state_before(session, store.archive, run)
    view.say(undone_text(run, store.archive.runs()))
    wanted = PlanOptions(mode=PlanMode.UNDO, restore=restore, parallelism=options.parallelism(session.call))
    planned, diags = plan_operation(configuration, opened, providers, wanted, view)
    view.plan(report_on(planned.plan, configuration, session), schema_lookup(providers))
    diags = (*diags, *guarded_against(session, planned.plan))
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
    if planned.plan.has_changes:
        view.say(_NOTE)
    return planned


_NOTE: Final = (
    "\nNote: The configuration stays as it is, so the next normal plan would do again what is undone here,\n"
    "unless you change the files too.\n"
)


def _save(session: Session, view: View, planned: Planned) -> int:
    from mooring.cli.saved_plans import save_sealed
    from mooring.core.records import replace
    from mooring.reporting.plan_text import saved_plan_advice

    call = session.call
    path = call.arguments.text("out") or ""
    made = call.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    save_sealed(replace(planned.plan, created_at=made), path, session, view)
    if planned.plan.has_changes and not call.arguments.is_on("json"):
        view.say(saved_plan_advice(path, call.terminal.layout))
    return 0


COMMAND: Final = Command(
    flags=(
        *options.OUTPUT,
        *options.VARIABLES,
        *options.LOCKING,
        Flag("auto-approve"),
        Flag("out", Kind.TEXT),
        Flag("parallelism", Kind.NUMBER),
        Flag("compact-warnings"),
        Flag("forbid", Kind.TEXT),
    ),
    help=_HELP,
    run=_run,
    most=None,
)
