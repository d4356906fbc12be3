"""`moor output`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.core.diagnostics import Diagnostic
    from mooring.reporting.outputs import Outputs

_HELP: Final = """\
Usage: moor [global options] output [options] [NAME]

  Reads an output variable from a state file and prints the value. With no
  additional arguments, output will display all the outputs for the root
  module. If NAME is not specified, all outputs are printed.

Options:

  -state=path      Path to the state file to read. Defaults to
                   "terraform.tfstate".

  -no-color        If specified, output won't contain any color.

  -json            If specified, machine readable output will be
                   printed in JSON format.

  -raw             For value types that can be automatically
                   converted to a string, will print the raw
                   string directly, rather than a human-oriented
                   representation of the value.
"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.core.diagnostics import Diagnostic
    from mooring.core.diagnostics import Severity as Levels

    arguments = call.arguments
    if arguments.is_on("raw") and arguments.is_on("json"):
        raise UsageError("Invalid output format", "The -raw and -json options are mutually-exclusive.")
    if arguments.is_on("raw") and not arguments.rest:
        raise UsageError(
            "Output name required",
            "You must give the name of a single output value when using the -raw option.",
        )
    opened, diags = Session(call).store().read()
    call.terminal.tell(diags)
    if opened is None:
        return 1
    answer = _answer(call, opened.state.outputs)
    if isinstance(answer, Diagnostic):
        call.terminal.tell([answer])
        return int(answer.severity is Levels.ERROR)
    call.terminal.write(answer)
    return 0


def _answer(call: Call, outputs: Outputs) -> str | Diagnostic:
    from mooring.core.codec import dumps
    from mooring.reporting import outputs as reports

    if not call.arguments.rest:
        if call.arguments.is_on("json"):
            return dumps(reports.outputs_json(outputs), indent=True).decode() + "\n"
        return reports.outputs_text(outputs) if outputs else reports.no_outputs()
    name = call.arguments.rest[0]
    output = outputs.get(name)
    if output is None:
        return reports.output_missing(name)
    if call.arguments.is_on("json"):
        return dumps(reports.output_json(output)).decode() + "\n"
    if call.arguments.is_on("raw"):
        return reports.output_raw(name, output)
    return reports.output_text(output)


COMMAND: Final = Command(
    flags=(Flag("json"), Flag("raw"), Flag("no-color"), Flag("state", Kind.TEXT)),
    help=_HELP,
    run=_run,
    most=1,
    too_many="The output command expects exactly one argument with the name of an output variable or no "
    "arguments to show all outputs.",
)
