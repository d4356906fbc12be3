"""`moor metadata functions`: the signatures of all functions, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.core.codec import Json
    from mooring.lang.functions.model import Function, Parameter

_HELP: Final = """\
Usage: moor [global options] metadata functions -json

  Writes the parameters and the result of each function of the language as one
  JSON document, as editors want them to complete and check calls.
"""
_FORMAT: Final = "1.0"


def _run(call: Call) -> int:
    from mooring.core.codec import dumps
    from mooring.lang.functions import FAMILIES, Library, Outside

    if not call.arguments.is_on("json"):
        call.terminal.complain(f"There is no other form than JSON yet: give -json.\n\n{_HELP}")
        return 1
    removed = frozenset(name for name, family in FAMILIES.items() if family == "removed")
    library = Library(Outside(), without=removed)
    signatures: dict[str, Json] = {name: _signature(library[name]) for name in sorted(library)}
    form: dict[str, Json] = {"format_version": _FORMAT, "function_signatures": signatures}
    call.terminal.write(dumps(form).decode() + "\n")
    return 0


def _signature(function: Function) -> dict[str, Json]:
    from mooring.core.codec import encode_type

    form: dict[str, Json] = {
        "description": function.description,
        "return_type": encode_type(function.declared_type),
    }
    if function.parameters:
        form["parameters"] = [_parameter(each) for each in function.parameters]
    if function.variadic is not None:
        form["variadic_parameter"] = _parameter(function.variadic)
    return form


def _parameter(parameter: Parameter) -> dict[str, Json]:
    from mooring.core.codec import encode_type

    nullable: dict[str, Json] = {"is_nullable": True} if parameter.allow_null else {}
    told = parameter.type if parameter.declared is None else parameter.declared
    return {
        "name": parameter.name,
        "description": parameter.description,
        **nullable,
        "type": encode_type(told),
    }


COMMAND: Final = Command(flags=(Flag("json"),), help=_HELP, run=_run)
