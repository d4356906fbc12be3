"""Runs in a workspace: their code, their names, their end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any, Final

import pytest
from tests.unit.azureml.configurations import CLUSTER, WORKSPACE
from tests.unit.azureml.lab import Lab, codes, made
from tests.unit.azureml.runs import JOB, LOCAL, RUN, SERVERLESS

from mooring.core.codec import Plain, from_python
from mooring.core.paths import format_path
from mooring.core.values import Value
from mooring.sdk import CallContext, Checkpoint, Create, Resume, Resumes
from mooring_azureml.jobs.snapshots import take_snapshot
from mooring_azureml.table.notation import items
from mooring_emulator import send

_OTHERS: Final = items(RUN["input"])[1:]
_FAILING: Final[Mapping[str, Plain]] = {"environment_variables": {"EMULATOR_RUN_ENDS_AS": "Failed"}}


@pytest.fixture
def cluster(workspace: Lab) -> Lab:
    """A workspace with a cluster."""
    workspace.create("azureml_compute_cluster", CLUSTER)
    return workspace


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Lab]:
    """A workspace whose runs take long."""
    quick = Lab(folder=tmp_path)
    quick.build_workspace()
    quick.close()
    opened = Lab(folder=tmp_path, environment={"MOOR_EMULATOR_LRO_SECONDS": "600"})
    yield opened
    opened.close()


def _coded(lab: Lab, files: Mapping[str, str]) -> dict[str, Plain]:
    """A run with the files of a folder."""
    for path, content in files.items():
        (lab.folder / "src" / path).parent.mkdir(parents=True, exist_ok=True)
        (lab.folder / "src" / path).write_text(content)
    digest = take_snapshot(lab.folder / "src").digest
    return {**SERVERLESS, "code_path": "src", "code_digest": digest}


def _sent(lab: Lab, method: str, part: str) -> list[str]:
    """The ends of the paths that were asked for with a method."""
    paths = [one.path for one in lab.requests() if one.method == method and part in one.path]
    return [path.partition(part)[2] for path in paths]


def _get(lab: Lab, path: str) -> dict[str, Any]:
    cloud = lab.cloud()
    found: dict[str, Any] = send(cloud, "GET", path).json()
    cloud.close()
    return found


def _journalled(planned: Value) -> Value:
    """The planned object as a journal gives it back: null for what was not known."""
    known = {
        name: one if one.is_known else from_python(None, one.type) for name, one in planned.attributes.items()
    }
    return Value(planned.type, known)


# -- code ----------------------------------------------------------------------------------------


def test_the_code_is_where_the_code_asset_says(workspace: Lab) -> None:
    run = workspace.create(JOB, _coded(workspace, {"train.py": "print(1)", "lib/a b.py": "2"}))
    asset = _get(workspace, str(run["code_id"]))["properties"]
    cloud = workspace.cloud()
    place = asset["codeUri"].partition("//")[2].partition("/")[2].split("/")
    with cloud._store.session() as session:  # noqa: SLF001 - what was uploaded is nobody's to read without a signature
        kept = {one.name: one.content for one in session.blobs("emulated00000000", place[0])}
    cloud.close()

    assert kept == {"code/train.py": b"print(1)", "code/lib/a b.py": b"2"}
    assert _get(workspace, str(run["id"]))["properties"]["codeId"] == run["code_id"]


def test_only_what_changed_is_uploaded(workspace: Lab) -> None:
    workspace.create(JOB, _coded(workspace, {"train.py": "1", "lib/a.py": "2", "lib/b.py": "3"}))
    before = len(_sent(workspace, "PUT", "/blob-storage/"))
    told: list[str] = []
    second = _coded(workspace, {"train.py": "changed"})
    made(workspace.try_create(JOB, second, CallContext(progress=told.append)))
    statuses = [one.status for one in workspace.requests() if one.path.startswith("/blob-storage/")]

    assert before == 3
    assert "Uploaded 1 of 1 files (2 more as before)" in told
    assert sorted(statuses) == [200, 201, 201, 201, 201, 202, 202]


def test_the_same_code_is_not_uploaded_again(workspace: Lab) -> None:
    config = _coded(workspace, {"train.py": "1", "b.py": "2"})
    workspace.create(JOB, config)
    workspace.create(JOB, config)

    assert len(_sent(workspace, "PUT", "/blob-storage/")) == 2
    assert len(_sent(workspace, "PUT", "/jobs/")) == 2


def test_the_code_asset_is_known_when_the_plan_is_made(workspace: Lab) -> None:
    config = _coded(workspace, {"train.py": "1"})
    planned = workspace.plan(JOB, config).planned

    assert planned.attributes["code_id"].raw == f"{WORKSPACE}/codes/{config['code_digest']}/versions/1"


def test_code_that_changed_since_the_plan_is_not_run(workspace: Lab) -> None:
    config = _coded(workspace, {"train.py": "1"})
    (workspace.folder / "src" / "train.py").write_text("2")
    result = workspace.try_create(JOB, config)

    assert (result.current, codes(result.diagnostics)) == (None, ["azureml.code_changed"])
    assert _sent(workspace, "PUT", "/jobs/") == []


# -- names and crashes ---------------------------------------------------------------------------


def test_a_killed_create_leaves_one_run_that_is_found_again(workspace: Lab) -> None:
    notes: list[tuple[Checkpoint, int]] = []

    def note(content: Checkpoint) -> None:
        notes.append((content, len(_sent(workspace, "PUT", "/jobs/"))))

    planned = workspace.plan(JOB, SERVERLESS).planned
    request = Create(config=workspace.value(JOB, SERVERLESS), planned=planned)
    lost = made(workspace.kind(JOB).create(CallContext(checkpoint=note), request))
    kind = workspace.connect().resource(JOB)
    assert isinstance(kind, Resumes)
    resume = Resume(action="create", prior=None, planned=_journalled(planned), note=notes[0][0])
    found = kind.resume(CallContext(), resume)

    assert notes[0][1] == 0, "the name is durable before the request leaves"
    assert (found.current, codes(found.diagnostics)) == (lost.value, [])
    assert len(_sent(workspace, "PUT", "/jobs/")) == 1


def test_a_create_that_was_killed_before_its_request_has_made_nothing(workspace: Lab) -> None:
    planned, kind = workspace.plan(JOB, SERVERLESS).planned, workspace.kind(JOB)
    assert isinstance(kind, Resumes)
    note = {"id": f"{WORKSPACE}/jobs/iris-0123456789"}
    found = kind.resume(CallContext(), Resume(action="create", prior=None, planned=planned, note=note))

    assert (found.current, found.diagnostics) == (None, ())


def test_a_name_that_is_given_is_taken(workspace: Lab) -> None:
    assert workspace.create(JOB, {**SERVERLESS, "name": "first"})["id"] == f"{WORKSPACE}/jobs/first"


# -- what a run was submitted with ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"command": "python other.py"}, "command"),
        ({"environment_id": "azureml:sklearn:2"}, "environment_id"),
        ({"input": [{"name": "rate", "value": "0.2"}, *_OTHERS]}, "input[0].value"),
        ({"compute_id": f"{WORKSPACE}/computes/other"}, "compute_id"),
        ({"compute_id": None}, "compute_id"),
        ({"limits": {"timeout": "PT2H"}}, "limits.timeout"),
    ],
)
def test_something_else_is_another_run(cluster: Lab, change: Mapping[str, Plain], path: str) -> None:
    run = cluster.create(JOB, RUN)
    planned = cluster.plan(JOB, {**RUN, **change}, run)

    assert path in [format_path(one).lstrip(".") for one in planned.requires_replace]


def test_what_is_said_about_a_run_changes_in_place(cluster: Lab) -> None:
    run = cluster.create(JOB, {**RUN, "properties": {"a": "1"}})
    changed = {**RUN, "display_name": "best", "tags": {"kept": "yes"}, "properties": {"b": "2"}}
    after = made(cluster.update(JOB, changed, run))
    shown = _get(cluster, str(after["id"]))["properties"]

    assert (after["display_name"], shown["properties"]) == ("best", {"a": "1", "b": "2"})
    assert shown["status"] == "Completed"


def test_a_status_that_moves_on_makes_no_plan(slow: Lab) -> None:
    config = {**SERVERLESS, "wait": False}
    run = slow.create(JOB, config)
    slow.edit("POST", f"{run['id']}/cancel")
    read = slow.read(JOB, run)

    assert run["status"] == "Starting"
    assert read.current is not None
    assert read.current.attributes["status"].raw == "Canceled"
    now = type(run)(value=read.current, private=run.private)
    assert slow.plan(JOB, config, now).planned == read.current


# -- waiting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["Failed", "NotResponding", "Canceled"])
def test_a_run_without_success_is_an_error_that_says_where_to_look(workspace: Lab, ending: str) -> None:
    variables = {"EMULATOR_RUN_ENDS_AS": ending}
    config = {**SERVERLESS, "name": "bad", "environment_variables": variables}
    result = workspace.try_create(JOB, config)

    assert result.current is not None, "the run exists, so that it is recorded"
    assert codes(result.diagnostics) == ["azureml.run_failed"]
    assert f'"bad" ended as {ending}. Its logs: https://ml.azure.com/runs/bad' in result.diagnostics[0].detail


def test_a_failed_run_that_nobody_waits_for_is_no_error(workspace: Lab) -> None:
    run = workspace.create(JOB, {**SERVERLESS, **_FAILING, "wait": False})

    assert run["status"] == "Failed"


def test_a_failed_run_is_found_as_failed_after_a_crash(workspace: Lab) -> None:
    config = {**SERVERLESS, **_FAILING, "name": "bad"}
    planned, kind = workspace.plan(JOB, config).planned, workspace.kind(JOB)
    workspace.try_create(JOB, config)
    assert isinstance(kind, Resumes)
    found = kind.resume(CallContext(), Resume(action="create", prior=None, planned=planned, note={}))

    assert found.current is not None
    assert codes(found.diagnostics) == ["azureml.run_failed"]


def test_an_interrupted_wait_leaves_the_run_to_the_next_one(slow: Lab) -> None:
    cancelled = Event()
    cancelled.set()
    result = slow.try_create(JOB, {**SERVERLESS, "name": "long"}, CallContext(cancelled=cancelled))

    assert (result.unfinished, codes(result.diagnostics)) == (True, ["azureml.cancelled"])
    assert _get(slow, f"{WORKSPACE}/jobs/long")["properties"]["status"] == "Starting"


# -- the end -------------------------------------------------------------------------------------


def test_the_record_of_a_run_is_kept_and_one_that_runs_is_cancelled(slow: Lab) -> None:
    run = slow.create(JOB, {**SERVERLESS, "wait": False})
    result = slow.delete(JOB, run)

    assert (result.current, result.diagnostics) == (None, ())
    assert _get(slow, str(run["id"]))["properties"]["status"] == "Canceled"


def test_a_record_can_be_deleted_too(workspace: Lab) -> None:
    run = workspace.create(JOB, {**SERVERLESS, "on_destroy": "delete"})
    workspace.delete(JOB, run)

    assert "error" in _get(workspace, str(run["id"]))


# -- a compute for one run -----------------------------------------------------------------------


def test_a_transient_compute_lives_as_long_as_its_run(workspace: Lab) -> None:
    compute: Mapping[str, Plain] = {"vm_size": "Standard_DS3_v2", "node_count": 2}
    config: Mapping[str, Plain] = {**SERVERLESS, "transient_compute": compute}
    run = workspace.create(JOB, config)
    used = _get(workspace, str(run["id"]))["properties"]["computeId"]

    assert _sent(workspace, "PUT", "/computes/") == [used.rpartition("/")[2]]
    assert "error" in _get(workspace, used)
    assert workspace.plan(JOB, config, run).planned == run.value


def test_a_transient_compute_does_not_outlive_a_refused_run(workspace: Lab) -> None:
    compute = {"vm_size": "Standard_DS3_v2"}
    bad = {**SERVERLESS, "transient_compute": compute, "code_id": f"{WORKSPACE}/codes/none/versions/1"}
    result = workspace.try_create(JOB, bad)

    assert codes(result.diagnostics) == ["azureml.refused"]
    assert len(_sent(workspace, "PUT", "/computes/")) == 1
    assert _get(workspace, f"{WORKSPACE}/computes")["value"] == []


# -- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({**RUN, "transient_compute": {"vm_size": "Standard_DS3_v2"}}, "azureml.job_target"),
        ({**SERVERLESS, "workspace_id": None}, "azureml.job_without_place"),
        ({**SERVERLESS, "environment_id": None}, "azureml.job_without_place"),
        ({**LOCAL, "identity": {"type": "UserIdentity"}}, "azureml.job_local"),
        ({**SERVERLESS, "code_path": "src"}, "azureml.job_code"),
        ({**SERVERLESS, "code_path": "src", "code_digest": "0", "code_id": "x"}, "azureml.job_code"),
        ({**SERVERLESS, "input": [{"name": "a", "uri": "azureml:a:1"}]}, "azureml.job_input"),
        ({**SERVERLESS, "input": [{"name": "a", "type": "uri_file", "value": "1"}]}, "azureml.job_input"),
        (
            {**SERVERLESS, "wait": False, "transient_compute": {"vm_size": "Standard_DS3_v2"}},
            "azureml.job_transient",
        ),
        ({**SERVERLESS, "distribution": {"type": "Mpi", "worker_count": 2}}, "azureml.job_distribution"),
    ],
)
def test_what_does_not_go_together_is_found_by_validate(
    lab: Lab, config: Mapping[str, Plain], code: str
) -> None:
    assert codes(lab.validate(JOB, config)) == [code]
