"""`moor console`: evaluates expressions, typed or from standard input."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from mooring.cli import options
from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command, Stopped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.config.evaluation import Configuration
    from mooring.core.addresses import InstanceAddress, ProviderAddress
    from mooring.core.diagnostics import Diagnostic
    from mooring.core.values import Value
    from mooring.planning.providers import Providers
    from mooring.schema.model import ProviderSchema

    Schemas = Mapping[ProviderAddress, ProviderSchema]

_HELP: Final = """\
Usage: moor [global options] console [options]

  Evaluates expressions of the language as you type them, with the variables,
  locals and resources of this configuration, and prints their values. It
  changes nothing.

  Expressions on standard input are evaluated line by line, and the last value
  is printed:

      echo 'length(azureml_compute_cluster.gpu)' | moor console

Options:

  -state=path       The state file to use instead of the workspace's own.

  -plan             Make a plan first, and take resources as they will be after
                    it, not as they are recorded.

  -var 'name=value' Set an input variable. May be repeated.

  -var-file=path    Read values of input variables from this file, after
                    terraform.tfvars and *.auto.tfvars. May be repeated.
"""


def _run(call: Call) -> int:
    from mooring.cli.console import Console
    from mooring.cli.session import Session
    from mooring.cli.views import quiet_view_of
    from mooring.config.checks import check_expression
    from mooring.core.diagnostics import has_errors
    from mooring.planning.inspection import Inspection

    session, view = Session(call), quiet_view_of(call)
    providers = session.providers(read_only=True)
    try:
        configuration, schemas = _configuration(session, view, providers)
        objects = _objects(configuration, session, view, providers)
        with closing(Inspection(configuration, objects)) as inspection:
            problems = inspection.problems()
            view.tell((*problems, *([_unreliable()] if has_errors(problems) else [])))
            root = configuration.root
            console = Console(inspection, lambda each: check_expression(each, root, schemas), call.terminal)
            return console.talk() if call.terminal.is_interactive else console.read()
    finally:
        providers.close()


def _unreliable() -> Diagnostic:
    from mooring.core.diagnostics import warning

    return warning("Expressions that depend on the problems above have no values, or other ones.")


def _configuration(session: Session, view: View, providers: Providers) -> tuple[Configuration, Schemas]:
    """The checked configuration. Raises `Stopped` after telling what is wrong with it."""
    from mooring.cli.operations import require_backend
    from mooring.config.checks import check_configuration
    from mooring.core.diagnostics import has_errors
    from mooring.planning.inspection import with_unknown_inputs
    from mooring.planning.validation import schemas_of

    require_backend(session, view)
    module, diags = session.load()
    if module is None or has_errors(diags):
        view.tell(diags)
        raise Stopped
    schemas = schemas_of(module, providers)
    inputs, problems = session.inputs_as_given(module)
    diags = (*diags, *check_configuration(module, schemas), *problems)
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
    return with_unknown_inputs(session.configuration(module, inputs.values)), schemas


def _objects(
    configuration: Configuration, session: Session, view: View, providers: Providers
) -> Mapping[InstanceAddress, Value]:
    """The objects that resources stand for: those of the state, or with `-plan` those planned."""
    from mooring.cli.operations import locked, plan_operation, read_state
    from mooring.cli.recorded import object_reader
    from mooring.cli.stores import open_store
    from mooring.core.diagnostics import has_errors

    store = open_store(session)
    if not session.call.arguments.is_on("plan"):
        read = object_reader(providers)
        recorded = read_state(store, view).state.instances
        return {
            address: read(address, instance.provider, instance.current)
            for address, instance in recorded.items()
            if instance.current is not None
        }
    with locked(session, view, store, "OperationTypePlan"):
        opened = read_state(store, view)
        wanted = options.plan_options(session.call)
        planned, diags = plan_operation(configuration, opened, providers, wanted, view)
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
    changes = planned.plan.changes
    return {each.address: each.after for each in changes if each.deposed is None and each.after is not None}


COMMAND: Final = Command(
    flags=(*options.VARIABLES, *options.LOCKING, Flag("no-color"), Flag("plan")),
    help=_HELP,
    run=_run,
    too_many="Did you mean to use -chdir?",
)
