"""`moor state show`."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] state show [options] ADDRESS

  Prints all that the state records of one resource instance. Sensitive values
  are hidden. "moor state list" prints the addresses there are.

Options:

  -state=statefile    The state file to read. By default, the state of the
                      selected workspace.

  -at=SERIAL          What was recorded when the state had this serial; see
                      "moor history".
"""
_ONE_INSTANCE: Final = """\
Give the address of one resource instance, as azureml_workspace.lab or
terraform_data.item[0]. "moor state list" prints those there are.
"""


def _run(call: Call) -> int:
    from mooring.cli.earlier import chosen_state
    from mooring.cli.operations import require_files, schema_lookup
    from mooring.cli.recorded import object_reader
    from mooring.cli.session import Session
    from mooring.core.addresses import parse_instance
    from mooring.reporting.state_text import instance_text

    if len(call.arguments.rest) != 1:
        raise UsageError("Exactly one argument expected", "Give the address of one resource instance.")
    text = call.arguments.rest[0]
    address = parse_instance(text)
    if address is None:
        call.terminal.complain(f"Error parsing instance address: {text}\n\n{_ONE_INSTANCE}")
        return 1
    session = Session(call)
    state = chosen_state(session)
    if state.lineage:
        require_files(session, any_version=True)
    instance = state.instances.get(address)
    if instance is None:
        call.terminal.complain(f"No instance found for the given address!\n\n{_ONE_INSTANCE}")
        return 1
    providers = session.providers(read_only=True)
    read, schemas = object_reader(providers), schema_lookup(providers)
    call.terminal.write(instance_text(address, instance, read, schemas, call.terminal.layout.style))
    return 0


COMMAND: Final = Command(
    flags=(Flag("state", Kind.TEXT), Flag("at", Kind.NUMBER), Flag("no-color")),
    help=_HELP,
    run=_run,
    most=None,
)
