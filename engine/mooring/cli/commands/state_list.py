"""`moor state list`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.core.addresses import InstanceAddress
    from mooring.core.diagnostics import Diagnostic
    from mooring.state.model import InstanceState, State

_HELP: Final = """\
Usage: moor [global options] state list [options] [address...]

  List resources in the state.

  This command lists resource instances in the state. The address
  argument can be used to filter the instances by resource or module. If
  no pattern is given, all resource instances are listed.

  The addresses must either be module addresses or absolute resource
  addresses, such as:
      azureml_workspace.example
      module.example
      module.example.module.child
      module.example.azureml_workspace.example

  An error will be returned if any of the resources or modules given as
  filter addresses do not exist in the state.

Options:

  -state=statefile    Path to a state file to use to look up resources.
                      By default, the state of the currently-selected
                      workspace.

  -at=SERIAL          What was recorded when the state had this serial; see
                      "moor history".

  -id=ID              Filters the results to include only instances whose
                      resource types have an attribute named "id" whose value
                      equals the given id string.
"""
_Matches = Callable[["InstanceAddress"], bool]


def _run(call: Call) -> int:
    from mooring.cli.earlier import chosen_state
    from mooring.cli.session import Session
    from mooring.core.addresses import instance_order

    state = chosen_state(Session(call))
    if not state.lineage and not state.instances:
        call.terminal.tell([_no_state()])
        return 1
    chosen = dict.fromkeys(sorted(state.instances, key=instance_order))
    wanted: list[_Matches] = []
    for text in call.arguments.rest:
        matches = _filter(text, state)
        if not callable(matches):
            call.terminal.tell([matches])
            return 1
        wanted.append(matches)
    object_id = call.arguments.text("id")
    for address in chosen:
        if wanted and not any(matches(address) for matches in wanted):
            continue
        if object_id is None or _has_id(state.instances[address], object_id):
            call.terminal.write(f"{address}\n")
    return 0


def _filter(text: str, state: State) -> _Matches | Diagnostic:
    """What an address argument selects, or why it selects nothing."""
    from mooring.core.addresses import parse_instance, parse_module
    from mooring.core.diagnostics import error

    module = parse_module(text)
    if module is not None:
        if not any(each.resource.module[: len(module)] == module for each in state.instances):
            return error("Unknown module", f"The state contains no module {text}.")
        return lambda each: each.resource.module[: len(module)] == module
    address = parse_instance(text)
    if address is None:
        return error("Invalid address", f'"{text}" is neither the address of a resource nor of a module.')
    exact = address.key is not None
    matching = [each for each in state.instances if each == address or (not exact and each[0] == address[0])]
    if not matching:
        detail = (
            f"The current state contains no resource {text}. If you've just added this resource to the "
            'configuration, you must run "moor apply" first to create the resource\'s entry in the state.'
        )
        return error("Unknown resource", detail)
    found = frozenset(matching)
    return lambda each: each in found


def _has_id(instance: InstanceState, object_id: str) -> bool:
    return instance.current is not None and instance.current.attributes.get("id") == object_id


def _no_state() -> Diagnostic:
    from mooring.core.diagnostics import error

    detail = "No state file was found. Run this command where a state is kept, or name one with -state=FILE."
    return error("No state file was found!", detail)


COMMAND: Final = Command(
    flags=(Flag("state", Kind.TEXT), Flag("at", Kind.NUMBER), Flag("id", Kind.TEXT), Flag("no-color")),
    help=_HELP,
    run=_run,
    most=None,
)
