"""`moor validate`."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] validate [options]

  Checks the files of this folder and of the modules that they call: syntax,
  names, references, types, and what the providers say of the arguments. Values
  of variables, the state and everything outside are left out of it, so it
  needs no credentials and may run at each save or commit.

  The exit code is 1 if there is an error.

Options:

  -json                 Give the result as one JSON object, in Terraform's
                        form, without colors.

  -no-color             Print plain text.

  -no-tests             Leave test files out.

  -test-directory=path  Where tests are, if not in "tests".
"""


def _run(call: Call) -> int:
    from mooring.cli.encryption import check_encryption
    from mooring.cli.operations import check
    from mooring.cli.selected_tests import selected_tests
    from mooring.cli.session import Session
    from mooring.core.codec import dumps
    from mooring.core.diagnostics import has_errors, prevents_loading
    from mooring.reporting.diagnostics_json import validation_json

    session = Session(call)
    providers = session.providers(read_only=True)
    module, diags = session.load()
    if module is not None and not prevents_loading(diags):
        diags = (*diags, *check(session, module, providers), *check_encryption(session))
    if not call.arguments.is_on("no-tests"):
        diags = (*diags, *selected_tests(call, session)[1])
    if call.arguments.is_on("json"):
        call.terminal.write(dumps(validation_json(diags), indent=True).decode() + "\n")
        return int(has_errors(diags))
    call.terminal.tell(diags)
    if has_errors(diags):
        return 1
    style = call.terminal.layout.style
    but = ", apart from the warnings above" if diags else ""
    call.terminal.write(f"{style.green(style.bold('Success!'))} The configuration is valid{but}.\n\n")
    return 0


COMMAND: Final = Command(
    flags=(
        Flag("json"),
        Flag("no-color"),
        Flag("no-tests"),
        Flag("test-directory", Kind.TEXT),
        Flag("var", Kind.TEXT),
        Flag("var-file", Kind.TEXT),
    ),
    help=_HELP,
    run=_run,
    too_many="The validate command takes no folder; go there with moor -chdir=DIR validate.",
)
