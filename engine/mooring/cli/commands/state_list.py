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

  Lists the resource instances of the state, one a line. With addresses, only
  what is below them: a module, a resource, or one instance.

      moor state list module.lab azureml_workspace.main

  An address that stands for nothing in the state is an error.

Options:

  -state=statefile    The state file to read. By default, the state of the
                      selected workspace.

  -at=SERIAL          What was recorded when the state had this serial; see
                      "moor history".

  -id=ID              Only the instances whose attribute "id" is this text.
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
            f"Nothing in the state has the address {text}. A resource that the configuration declares is in "
            'the state once "moor apply" has made it.'
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
