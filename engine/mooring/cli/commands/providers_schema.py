"""`moor providers schema -json`."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, UsageError
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] providers schema -json

  Writes what the providers of the configuration and the state offer as one
  JSON document: their settings, and each resource type and data source with
  its attributes.
"""


def _run(call: Call) -> int:
    from mooring.cli.editing import refuse
    from mooring.cli.operations import read_state
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.cli.views import quiet_view_of
    from mooring.core.codec import dumps
    from mooring.planning.validation import schemas_of
    from mooring.reporting.schemas_json import schemas_json

    if not call.arguments.is_on("json"):
        raise UsageError("The schema is given as JSON only", "Add the option -json.")
    session = Session(call)
    module, diags = session.load()
    refuse(call, diags)
    assert module is not None
    providers = session.providers(read_only=True)
    found = schemas_of(module, providers)
    state = read_state(open_store(session), quiet_view_of(call)).state
    for address in {each.provider.provider for each in state.instances.values()} - found.keys():
        schema = providers.schema(address)
        if schema is not None:
            found[address] = schema
    call.terminal.write(dumps(schemas_json(found)).decode() + "\n")
    return 0


COMMAND: Final = Command(flags=(Flag("json"), Flag("no-color")), help=_HELP, run=_run)
