"""`moor show`: a saved plan, a state file, or the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.config.model import Module
    from mooring.core.addresses import Mode, ProviderAddress
    from mooring.core.values import Value
    from mooring.planning.model import Plan
    from mooring.planning.providers import Providers
    from mooring.reporting.config_json import SchemaFinder
    from mooring.schema.model import ResourceSchema
    from mooring.state.model import State

_HELP: Final = """\
Usage: moor [global options] show [options] [path]

  Prints the current state or, with the path of one, a state file or a saved
  plan, for people to read.

Options:

  -no-color           Print plain text.

  -json               As a JSON document. It holds sensitive values as they
                      are.
"""


def _run(call: Call) -> int:
    from mooring.cli.command import Stopped
    from mooring.cli.saved_plans import is_plan_file, read_plan
    from mooring.cli.session import Session
    from mooring.cli.views import quiet_view_of

    session, view = Session(call), quiet_view_of(call)
    path = call.arguments.rest[0] if call.arguments.rest else None
    try:
        if path is not None and is_plan_file(path):
            return _show_plan(call, session, read_plan(path, session, view))
        return _show_state(call, session, _state(path, session, view))
    except Stopped:
        return 1


def _state(path: str | None, session: Session, view: View) -> State:
    """The state of a file, or the present one. Raises `Stopped` after telling why it cannot be read."""
    from pathlib import Path

    from mooring.cli.command import Stopped
    from mooring.cli.operations import read_state, require_files
    from mooring.cli.stores import open_file, open_store
    from mooring.core.diagnostics import error

    if path is None:
        state = read_state(open_store(session), view).state
        if state.lineage:
            require_files(session, any_version=True)
        return state
    if not Path(path).is_file():
        detail = f'There is no file "{path}".'
        view.tell([error("Failed to read the given file as a state or plan file", detail)])
        raise Stopped
    return read_state(open_file(session, Path(path)), view).state


def _show_state(call: Call, session: Session, state: State) -> int:
    from mooring.cli.operations import schema_lookup
    from mooring.cli.recorded import object_reader
    from mooring.core.codec import dumps
    from mooring.reporting.state_json import state_json
    from mooring.reporting.state_text import state_text

    providers = session.providers(read_only=True)
    read = object_reader(providers)
    if call.arguments.is_on("json"):
        call.terminal.write(dumps(state_json(state, read)).decode() + "\n")
    elif state.is_empty and not state.lineage:
        call.terminal.write("No state.\n")
    else:
        style = call.terminal.layout.style
        call.terminal.write(state_text(state, read, schema_lookup(providers), style))
    return 0


def _show_plan(call: Call, session: Session, plan: Plan) -> int:
    from mooring.cli.operations import schema_lookup
    from mooring.cli.recorded import object_reader
    from mooring.config.files import MemoryFiles
    from mooring.core.codec import dumps
    from mooring.reporting.config_json import config_json
    from mooring.reporting.plan_json import plan_json, relevant_attributes
    from mooring.reporting.plan_text import write_plan
    from mooring.reporting.report import build_report

    providers = session.providers(read_only=True)
    schemas = schema_lookup(providers)
    if not call.arguments.is_on("json"):
        write_plan(build_report(plan), schemas, call.terminal.layout, call.terminal.write)
        return 0
    module, _ = session.load_from(MemoryFiles({each.path: each.text for each in plan.sources}))
    configuration = config_json(module, _schema_finder(providers)) if module is not None else {}
    relevant = relevant_attributes(plan, module) if module is not None else ()
    form = plan_json(plan, object_reader(providers), configuration, _variables(plan, module), relevant)
    call.terminal.write(dumps(form).decode() + "\n")
    return 0


def _schema_finder(providers: Providers) -> SchemaFinder:
    def find(address: ProviderAddress, mode: Mode, name: str) -> ResourceSchema | None:
        info = providers.type_info(address, mode, name)
        return None if info is None else info.schema

    return find


def _variables(plan: Plan, module: Module | None) -> dict[str, Value]:
    """The root variables that have a value: set, or by default."""
    declared = module.variables if module is not None else {}
    defaults = {name: variable.default for name, variable in declared.items() if variable.default is not None}
    return {**defaults, **plan.variables}


COMMAND: Final = Command(
    flags=(Flag("json"), Flag("no-color")),
    help=_HELP,
    run=_run,
    most=1,
    too_many="Expected at most one positional argument: the path of a saved plan or of a state file.",
)
