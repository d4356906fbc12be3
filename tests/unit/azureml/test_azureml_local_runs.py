"""Runs on this machine: the same jobs, with nothing sent to Azure."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event, Thread

import pytest
from tests.unit.azureml.lab import Lab, codes, made
from tests.unit.azureml.runs import JOB, LOCAL

from mooring.core.codec import Plain
from mooring.sdk import CallContext, Resume, Resumes
from mooring_azureml.arm.port import Document
from mooring_azureml.jobs.snapshots import take_snapshot
from mooring_azureml.local.commands import command_of

_ENDLESS = {**LOCAL, "name": "long", "command": "sleep 600"}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Lab]:
    """A machine with programs and no cloud."""
    opened = Lab(folder=tmp_path, environment={"PATH": "/usr/bin:/bin"})
    yield opened
    opened.close()


def _log(lab: Lab, run: str) -> str:
    return (lab.folder / ".azureml" / "runs" / run / "log.txt").read_text()


def test_a_run_here_needs_no_cloud(here: Lab) -> None:
    run = here.create(JOB, {**LOCAL, "name": "first"})

    assert (run["id"], run["status"]) == (".azureml/runs/first", "Completed")
    assert _log(here, "first") == "0.1\n"
    assert not (here.folder / ".terraform").exists()


def test_the_command_runs_in_a_fresh_copy_of_the_code(here: Lab) -> None:
    (here.folder / "src").mkdir()
    (here.folder / "src" / "show.sh").write_text("ls; echo changed > show.sh; echo $AZUREML_RUN_ID $LEVEL")
    code: Mapping[str, Plain] = {
        "code_path": "src",
        "code_digest": take_snapshot(here.folder / "src").digest,
        "environment_variables": {"LEVEL": "debug"},
    }
    here.create(JOB, {**LOCAL, **code, "name": "first", "command": "sh show.sh"})

    assert _log(here, "first") == "show.sh\nfirst debug\n"
    assert "changed > " in (here.folder / "src" / "show.sh").read_text()


def test_inputs_and_outputs_are_paths(here: Lab) -> None:
    (here.folder / "data").mkdir()
    (here.folder / "data" / "a.csv").write_text("1,2")
    config: Mapping[str, Plain] = {
        **LOCAL,
        "name": "first",
        "command": "cp ${{inputs.table}} ${{outputs.model}}",
        "input": [{"name": "table", "type": "uri_file", "uri": "data/a.csv"}],
        "output": [{"name": "model"}],
    }
    here.create(JOB, config)

    assert (here.folder / ".azureml/runs/first/outputs/model/a.csv").read_text() == "1,2"


def test_a_run_that_fails_is_an_error_that_names_its_log(here: Lab) -> None:
    result = here.try_create(JOB, {**LOCAL, "name": "bad", "command": "echo why; exit 3"})

    assert codes(result.diagnostics) == ["azureml.run_failed"]
    assert '"bad" ended as Failed. Its logs: .azureml/runs/bad/log.txt' in result.diagnostics[0].detail
    assert _log(here, "bad") == "why\n"


def test_a_program_that_is_not_there_is_in_the_log(here: Lab) -> None:
    here.try_create(JOB, {**LOCAL, "name": "bad", "command": "no-such-program"})

    assert _log(here, "bad") == "no-such-program: No such file or directory\n"


def _wait_for_end(lab: Lab, of: object) -> str:
    """The status once nothing runs any more."""
    from mooring_azureml.arm.port import Target
    from mooring_azureml.local.runs import LocalRuns

    runs = LocalRuns(working_folder=lab.folder, environment={})
    for _ in range(500):
        found = runs.get(CallContext(), Target(id=str(of), api_version=""))
        assert isinstance(found, dict)
        if found["properties"]["status"] != "Running":
            return str(found["properties"]["status"])
        time.sleep(0.02)
    raise AssertionError("it does not end")


def test_an_interrupted_run_is_ended_with_all_that_it_started(here: Lab) -> None:
    cancelled, log = Event(), here.folder / ".azureml" / "runs" / "long" / "log.txt"

    def interrupt_once_it_runs() -> None:
        for _ in range(500):
            if log.exists() and log.read_text().endswith("\n"):
                break
            time.sleep(0.02)
        cancelled.set()

    Thread(target=interrupt_once_it_runs).start()
    config = {**LOCAL, "name": "long", "command": "sleep 600 & echo $!; wait"}
    result = here.try_create(JOB, config, CallContext(cancelled=cancelled))

    assert (result.unfinished, codes(result.diagnostics)) == (True, ["azureml.cancelled"])
    assert _wait_for_end(here, ".azureml/runs/long") == "Canceled"
    assert not _lives(int(_log(here, "long")))


def _lives(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().split(")")[1].split()[0] != "Z"


def test_a_run_that_takes_too_long_is_ended(here: Lab) -> None:
    result = here.try_create(JOB, {**_ENDLESS, "limits": {"timeout": "PT1S"}})

    assert "ended as Canceled" in result.diagnostics[0].detail


def test_a_run_outlives_a_mooring_that_is_killed_and_is_found_again(here: Lab) -> None:
    config = {**LOCAL, "name": "first", "wait": False, "command": "sleep 0.3"}
    planned, kind = here.plan(JOB, config).planned, here.kind(JOB)
    lost = made(here.try_create(JOB, config))
    assert isinstance(kind, Resumes)
    found = kind.resume(CallContext(), Resume(action="create", prior=None, planned=planned, note={}))

    assert (lost["status"], codes(found.diagnostics)) == ("Running", [])
    assert found.current is not None
    assert _wait_for_end(here, found.current.attributes["id"].raw) == "Completed"


def test_the_record_stays_or_goes(here: Lab) -> None:
    for ending, stays in (("keep", True), ("delete", False)):
        run = here.create(JOB, {**LOCAL, "name": ending, "on_destroy": ending})
        here.delete(JOB, run)

        assert (here.folder / str(run["id"])).exists() is stays


def test_a_run_that_goes_on_is_ended_when_it_is_destroyed(here: Lab) -> None:
    run = here.create(JOB, {**_ENDLESS, "wait": False})
    here.delete(JOB, run)

    assert _wait_for_end(here, run["id"]) == "Canceled"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("train --x ${{inputs.x}}", ("train", "--x", "a b")),
        ("train '${{ inputs.x }}' \"c d\"", ("train", "a b", "c d")),
        ("train ${{inputs.other}}", ("train", "${{inputs.other}}")),
        ("train | tee log", ("/bin/sh", "-c", "train | tee log")),
        ("A=1 train", ("/bin/sh", "-c", "A=1 train")),
        ("train 'open", ("/bin/sh", "-c", "train 'open")),
    ],
)
def test_a_shell_is_used_where_the_command_needs_one(command: str, words: tuple[str, ...]) -> None:
    document: Document = {"properties": {"command": command, "inputs": {"x": {"value": "a b"}}}}

    assert command_of(document, Path("run"), Path(), {}).words == words
