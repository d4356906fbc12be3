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

  Prints the outputs of the root module as the last apply recorded them, or the
  one called NAME. Nothing is evaluated or read anew.

  Among all outputs, sensitive values are hidden; asked for by its name, with
  -raw or with -json, a value is shown.

      ssh "azureuser@$(moor output -raw address)"

Options:

  -state=path      The state file to read. By default, the state of the
                   selected workspace.

  -no-color        Print plain text.

  -json            As JSON: the value of NAME, or all outputs with their types.

  -raw             The bare text of NAME, without quotes and line end, for
                   scripts. NAME must be a string, number or bool.
"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.core.diagnostics import Diagnostic
    from mooring.core.diagnostics import Severity as Levels

    arguments = call.arguments
    if arguments.is_on("raw") and arguments.is_on("json"):
        raise UsageError(
            "Invalid output format", "A value is printed bare or as JSON. Give one of -raw and -json."
        )
    if arguments.is_on("raw") and not arguments.rest:
        raise UsageError(
            "Output name required",
            "-raw prints one value, so say which: moor output -raw NAME.",
        )
    opened, diags = open_store(Session(call)).read()
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
    too_many="Give the name of one output, or none to see all of them.",
)
