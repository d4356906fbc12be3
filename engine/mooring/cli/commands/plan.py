"""`moor plan`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import options
from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.planning.providers import Providers

_HELP: Final = f"""\
Usage: moor [global options] plan [options]

  Shows what "moor apply" would create, update, replace and destroy, and
  changes nothing: providers are asked for reads only, and the state is not
  written.

  With -out the plan is kept, files included, for "moor apply FILE" to carry
  out exactly that.

{options.PLANNING_HELP}
Other options:

{options.OTHER_HELP}
  -detailed-exitcode  Tell by the exit code whether there is something to do:
                      0 - Nothing
                      1 - Errored
                      2 - There are changes

  -explain            Tell why each change is there: what changed in which
                      file, and what that comes from.

  -generate-config-out=path
                      Write the declarations of objects that import blocks
                      take over, and that are not declared yet, to a new file.

  -out=path           Save the plan in this file. What is sensitive is in it
                      as well.
"""
CHANGES: Final = 2


def _run(call: Call) -> int:
    from mooring.cli.command import Stopped
    from mooring.cli.session import Session
    from mooring.cli.views import view_of

    view = view_of(call)
    view.begin()
    session = Session(call)
    providers = session.providers(read_only=True)
    try:
        return _plan(call, session, view, providers)
    except Stopped:
        return 1
    finally:
        providers.close()
        view.end()


def _plan(call: Call, session: Session, view: View, providers: Providers) -> int:
    from mooring.cli.operations import (
        guarded_against,
        locked,
        plan_operation,
        prepare,
        read_state,
        report_on,
        schema_lookup,
        unmatched_guards_of,
    )
    from mooring.cli.stores import open_store
    from mooring.core.diagnostics import has_errors
    from mooring.core.records import replace
    from mooring.reporting.plan_text import saved_plan_advice

    wanted = options.plan_options(call)
    target = options.generated_file(call)
    configuration = prepare(session, view, providers)
    store = open_store(session)
    with locked(session, view, store, "OperationTypePlan"):
        opened = read_state(store, view)
        if target is not None:
            from mooring.cli.generation import with_generated

            configuration = with_generated(
                session, view, providers, configuration, opened=opened, options=wanted, target=target
            )
        planned, diags = plan_operation(configuration, opened, providers, wanted, view)
    plan = planned.plan
    view.plan(report_on(plan, configuration, session), schema_lookup(providers))
    forbidden = guarded_against(session, plan)
    diags = (*diags, *unmatched_guards_of(session, planned), *forbidden)
    view.tell(diags)
    path = call.arguments.text("out")
    if path is not None and not forbidden and not plan.is_blank:
        from mooring.cli.saved_plans import save_sealed

        made = call.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        save_sealed(replace(plan, created_at=made), path, session, view)
    if has_errors(diags):
        return 1
    if plan.has_changes and not call.arguments.is_on("json") and not call.environment.get("TF_IN_AUTOMATION"):
        view.say(saved_plan_advice(path, call.terminal.layout))
    return CHANGES if plan.has_changes and call.arguments.is_on("detailed-exitcode") else 0


COMMAND: Final = Command(
    flags=(
        *options.OUTPUT,
        *options.VARIABLES,
        *options.LOCKING,
        *options.PLANNING,
        Flag("detailed-exitcode"),
        Flag("explain"),
        Flag("out", Kind.TEXT),
        Flag("generate-config-out", Kind.TEXT),
    ),
    help=_HELP,
    run=_run,
    too_many="The plan command takes no folder; go there with moor -chdir=DIR plan.",
)
