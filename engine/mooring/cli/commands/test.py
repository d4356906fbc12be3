"""`moor test`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.core.diagnostics import Diagnostics

_HELP: Final = """\
Usage: moor [global options] test [options]

  Runs the tests of the current configuration.

  Tests are in files whose names end in .tftest.hcl or .tftest.json, beside
  the configuration and in its folder "tests". Each "run" block plans or
  applies the configuration and looks at the result.

  What runs apply is made for real and removed at the end of each file; watch
  for what could not be removed. States are kept in memory, and the emulated
  Azure of the provider azureml (environment = "emulator") is in a temporary
  folder and new for each file: your own state and emulator are not touched.

Options:

  -filter=testfile      Run only the test file with this path. Can be used more
                        than once.

  -json                 Produce a stream of JSON objects, one a line, in the
                        form of Terraform's machine-readable UI.

  -junit-xml=path       Write a JUnit report to this file, too.

  -no-color             Print plain text.

  -parallelism=n        How many calls to providers a run makes at a time: 10
                        unless given.

  -test-directory=path  Where tests are, if not in "tests".

  -var 'name=value'     Set an input variable of the root module for all tests.
                        May be repeated.

  -var-file=filename    Read values of input variables from this file, after
                        terraform.tfvars and *.auto.tfvars of the configuration
                        and of the test folder. May be repeated.

  -verbose              Show the plan or the state of each run.
"""


def _run(call: Call) -> int:
    from mooring.cli.selected_tests import selected_tests
    from mooring.cli.session import Session
    from mooring.cli.testing import open_bed
    from mooring.cli.views import view_of
    from mooring.core.diagnostics import has_errors
    from mooring.testing.model import Status
    from mooring.testing.suite import run_suite
    from mooring.testing.tested import load_tested

    session = Session(call)
    view = view_of(call)
    view.begin()
    with open_bed(call, session, view) as bed:
        files, diags = selected_tests(call, session)
        modules, more = load_tested(files, bed.load)
        found: Diagnostics = (*diags, *more)
        view.tell(found)
        if has_errors(found):
            return 1
        return int(run_suite(bed, files, modules).status is not Status.PASS)


COMMAND: Final = Command(
    flags=(
        Flag("filter", Kind.TEXT),
        Flag("json"),
        Flag("junit-xml", Kind.TEXT),
        Flag("no-color"),
        Flag("parallelism", Kind.NUMBER),
        Flag("test-directory", Kind.TEXT),
        Flag("var", Kind.TEXT),
        Flag("var-file", Kind.TEXT),
        Flag("verbose"),
    ),
    help=_HELP,
    run=_run,
    too_many='The command "test" takes no words. To test another folder use the global -chdir flag.',
)
