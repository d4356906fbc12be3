"""`local-exec`: what it runs, what it tells, what its errors say."""

from __future__ import annotations

from pathlib import Path

from mooring.core.diagnostics import Diagnostics
from mooring.core.types import STRING
from mooring.core.values import TRUE, Value, list_value, map_value, null, object_value, string
from mooring.sdk import CallContext, Provision
from mooring_builtin.local_exec import SCHEMA, LocalExec


def provision(folder: Path, **given: Value) -> tuple[list[str], Diagnostics]:
    """What it tells, and what is wrong."""
    parts = {name: null(attribute.type) for name, attribute in SCHEMA.attributes.items()}
    told: list[str] = []
    request = Provision(
        config=object_value({**parts, **given}),
        connection=None,
        working_folder=str(folder),
        environment={"PATH": "/usr/bin:/bin", "OUTER": "outer"},
        tell=told.append,
    )
    return told, LocalExec().provision(CallContext(), request)


def test_the_command_runs_in_a_shell_and_every_line_is_told(tmp_path: Path) -> None:
    told, diags = provision(tmp_path, command=string('echo one; echo "two" >&2; printf three'))
    assert diags == ()
    first = r'Executing: ["/bin/sh" "-c" "echo one; echo \"two\" >&2; printf three"]'
    assert told == [first, "one", "two", "three"]


def test_variables_add_to_those_of_the_process(tmp_path: Path) -> None:
    variables = map_value(STRING, {"INNER": string("inner"), "UNSET": null(STRING)})
    told, _ = provision(tmp_path, command=string("echo $OUTER $INNER $UNSET."), environment=variables)
    assert told[1:] == ["outer inner ."]


def test_the_working_folder_is_relative_to_that_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    told, _ = provision(tmp_path, command=string("pwd"), working_dir=string("below"))
    assert told[1:] == [str(tmp_path / "below")]


def test_another_interpreter_gets_the_command_as_its_last_argument(tmp_path: Path) -> None:
    interpreter = list_value(STRING, [string("/bin/echo"), string("said:")])
    told, _ = provision(tmp_path, command=string("it"), interpreter=interpreter, quiet=TRUE)
    assert told == ["local-exec: Executing: Suppressed by quiet=true", "said: it"]


def test_a_failure_says_the_command_its_status_and_the_end_of_its_output(tmp_path: Path) -> None:
    _, (diag,) = provision(tmp_path, command=string("echo out; exit 3"))
    assert diag.summary == "local-exec provisioner error"
    assert diag.detail == "Error running command 'echo out; exit 3': exit status 3. Output: out\n"


def test_an_empty_command_a_missing_folder_and_a_missing_program_are_errors(tmp_path: Path) -> None:
    _, (empty,) = provision(tmp_path, command=string(""))
    _, (folder,) = provision(tmp_path, command=string("true"), working_dir=string("nowhere"))
    interpreter = list_value(STRING, [string("/no/such/program")])
    _, (program,) = provision(tmp_path, command=string("true"), interpreter=interpreter)
    assert empty.summary == "Invalid local-exec provisioner command"
    assert "nowhere: no such file or directory" in folder.detail
    assert "/no/such/program: no such file or directory" in program.detail
