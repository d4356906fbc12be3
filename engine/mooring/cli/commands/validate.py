"""`moor validate`."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] validate [options]

  Validate the configuration files in a directory, referring only to the
  configuration and not accessing any remote services such as remote state,
  provider APIs, etc.

  Validate runs checks that verify whether a configuration is syntactically
  valid and internally consistent, regardless of any provided variables or
  existing state.

  It is safe to run this command automatically, for example as a post-save
  check in a text editor or as a test step for a re-usable module in a CI
  system.

Options:

  -json                 Produce output in a machine-readable JSON format,
                        suitable for use in text editor integrations and other
                        automated systems. Always disables color.

  -no-color             If specified, output won't contain any color.

  -no-tests             If specified, Mooring will not validate test files.

  -test-directory=path  Set the test directory, defaults to "tests".
"""


def _run(call: Call) -> int:
    from mooring.cli.encryption import check_encryption
    from mooring.cli.operations import check
    from mooring.cli.session import Session
    from mooring.cli.test_files import test_files
    from mooring.core.codec import dumps
    from mooring.core.diagnostics import has_errors, prevents_loading
    from mooring.reporting.diagnostics_json import validation_json

    session = Session(call)
    providers = session.providers(read_only=True)
    module, diags = session.load()
    if module is not None and not prevents_loading(diags):
        diags = (*diags, *check(session, module, providers), *check_encryption(session))
    if not call.arguments.is_on("no-tests"):
        diags = (*diags, *test_files(call, session)[1])
    if call.arguments.is_on("json"):
        call.terminal.write(dumps(validation_json(diags), indent=True).decode() + "\n")
        return int(has_errors(diags))
    call.terminal.tell(diags)
    if has_errors(diags):
        return 1
    style = call.terminal.layout.style
    but = ", but there were some validation warnings as shown above" if diags else ""
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
    too_many="To specify a working directory for the validation, use the global -chdir flag.",
)
