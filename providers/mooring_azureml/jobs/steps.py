"""What surrounds the PUT of a command job: its name, its code, a compute of its own, the wait, its end.

Sources: specs/types-2025-12-01.md (JobBaseProperties.status), operations-2025-12-01.json (JobsOperations:
cancel). A run that is interrupted while it is waited for goes on in Azure; one on this machine is ended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from mooring.core.codec import Plain
from mooring.sdk import CallContext
from mooring_azureml.arm.ids import child_id
from mooring_azureml.arm.port import (
    CANCELLED,
    CODE_CHANGED,
    RUN_FAILED,
    TIMED_OUT,
    UNFINISHED,
    ArmError,
    Document,
    Target,
)
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.jobs.code_assets import CodeUpload, ensure_code, read_file
from mooring_azureml.jobs.git_facts import read_git_facts
from mooring_azureml.jobs.snapshots import Snapshot, SnapshotError, take_snapshot
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.local.runs import CODE, RUNS, refused
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import items, members
from mooring_azureml.table.to_arm import Body, get_at, merge

_GIT: Final = "git"
_SUCCESS: Final = "completed"
_ENDED: Final = frozenset({_SUCCESS, "failed", "canceled", "notresponding"})
_NAME_BYTES: Final = 5
_LEAST_PAUSE_SECONDS: Final = 0.02
_IDLE_SECONDS: Final = "PT2M"


def is_local(fields: Fields) -> bool:
    """Whether a job runs on this machine."""
    return str(fields.get("compute") or "").lower() == "local"


def with_name(access: Access, fields: Fields) -> Fields:
    """A name that no other run has: the experiment's, and a few random digits."""
    if isinstance(fields.get("name"), str):
        return fields
    experiment = re.sub(r"[^a-z0-9]+", "-", str(fields.get("experiment_name")).lower()).strip("-")
    digits = access.random_bytes(_NAME_BYTES).hex()
    return {**fields, "name": f"{experiment[:40] or 'run'}-{digits}"}


# -- before --------------------------------------------------------------------------------------


def make_ready(access: Access, ctx: CallContext, fields: Fields) -> Fields | ArmError:
    """Brings the code to where the run is, and makes the compute that it has for itself.

    What git says of the code is beside the fields afterwards: it is no argument, and goes into the request.
    """
    facts: Fields = {}
    failed: ArmError | None = None
    if isinstance(fields.get("code_path"), str):
        root = Path(access.working_folder, str(fields["code_path"]))
        facts = read_git_facts(access.machine, root).properties
        failed = _bring_code(access, ctx, {**fields, _GIT: facts}, root)
    if failed is None and fields.get("transient_compute") is not None:
        failed = _make_compute(access, ctx, fields)
    return {**fields, _GIT: facts} if failed is None else failed


def _bring_code(access: Access, ctx: CallContext, fields: Fields, root: Path) -> ArmError | None:
    try:
        snapshot = take_snapshot(root, [str(one) for one in items(fields.get("code_exclude"))])
    except SnapshotError as problem:
        return ArmError(status=0, code="UnusableFile", message=str(problem))
    planned = fields.get("code_digest")
    if snapshot.digest == planned:
        bring = _copy_code if is_local(fields) else _upload_code
        return bring(access, ctx, fields, root, snapshot)
    message = (
        f'The digest of "{fields["code_path"]}" is {snapshot.digest}; planned was {planned}. If nobody '
        "changed a file, code_exclude leaves out something else than the data source does."
    )
    return ArmError(status=0, code=CODE_CHANGED, message=message)


def _upload_code(
    access: Access, ctx: CallContext, fields: Fields, root: Path, snapshot: Snapshot
) -> ArmError | None:
    upload = CodeUpload(
        workspace=str(fields["workspace_id"]),
        root=root,
        snapshot=snapshot,
        source=f"{fields.get('experiment_name')}/{root.resolve().name}",
        properties=_texts(fields.get(_GIT)),
    )
    return ensure_code(access.arm, ctx, upload)


def _copy_code(
    access: Access, ctx: CallContext, fields: Fields, root: Path, snapshot: Snapshot
) -> ArmError | None:
    from shutil import rmtree

    if ctx.read_only or access.read_only:
        return refused()
    to = Path(access.working_folder, RUNS, str(fields["name"]), CODE)
    rmtree(to, ignore_errors=True)
    for path, digest in snapshot.files.items():
        content = read_file(root, path, digest)
        if isinstance(content, ArmError):
            return content
        try:
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            (to / path).write_bytes(content)
            (to / path).chmod((root / path).stat().st_mode & 0o777)
        except OSError as problem:
            return ArmError(status=0, code="UnusableFile", message=f"{to / path}: {problem.strerror}")
    return None


# -- the request ---------------------------------------------------------------------------------


def complete(fields: Fields, body: Body) -> Body:
    """Where the job runs, and discriminators that the table has no place for."""
    compute = transient_id(fields) or fields.get("compute_id")
    facts: Body = {"properties": {"properties": dict(_texts(fields.get(_GIT)))}}
    merge(facts, body)
    merge(body, facts if fields.get(_GIT) else {})
    merge(body, {"properties": {"computeId": str(compute)}} if isinstance(compute, str) else {})
    if get_at(body, "properties.limits") is not None:
        merge(body, {"properties": {"limits": {"jobLimitsType": "Command"}}})
    return body


def _texts(facts: Plain) -> Mapping[str, str]:
    return {name: str(value) for name, value in members(facts).items()}


# -- a compute for one run -----------------------------------------------------------------------


def transient_id(fields: Fields) -> str | None:
    """The id of the compute that a run has for itself; its name follows from the run's."""
    name, workspace = fields.get("name"), fields.get("workspace_id")
    if fields.get("transient_compute") is None or not isinstance(name, str) or not isinstance(workspace, str):
        return None
    return child_id(workspace, "computes", f"run{sha256(name.encode()).hexdigest()[:12]}")


def _make_compute(access: Access, ctx: CallContext, fields: Fields) -> ArmError | None:
    """A cluster that has no nodes when nothing runs: one that is left behind costs nothing."""
    workspace = access.arm.get(ctx, Target(id=str(fields["workspace_id"]), api_version=ML_API_VERSION))
    if isinstance(workspace, ArmError):
        return workspace
    wanted = members(fields["transient_compute"])
    scale: Body = {
        "minNodeCount": 0,
        "maxNodeCount": _count(wanted),
        "nodeIdleTimeBeforeScaleDown": _IDLE_SECONDS,
    }
    size, priority = str(wanted["vm_size"]), str(wanted["vm_priority"])
    settings: Body = {"vmSize": size, "vmPriority": priority, "scaleSettings": scale}
    properties: Body = {"computeType": "AmlCompute", "properties": settings}
    body: Body = {"location": str(workspace.get("location")), "properties": properties}
    ctx.progress("Making the run's own compute")
    return access.arm.put(ctx, _compute_target(fields), body)


def _count(wanted: Fields) -> int:
    count = wanted.get("node_count")
    return count if isinstance(count, int) else 1


def _remove_compute(access: Access, ctx: CallContext, fields: Fields) -> ArmError | None:
    if transient_id(fields) is None:
        return None
    failed = access.arm.delete(ctx, _compute_target(fields, underlyingResourceAction="Delete"))
    return None if failed is not None and failed.is_absent else failed


def _compute_target(fields: Fields, **parameters: str) -> Target:
    return Target(id=str(transient_id(fields)), api_version=ML_API_VERSION, parameters=parameters)


# -- after ---------------------------------------------------------------------------------------


def follow(access: Access, ctx: CallContext, prior: Fields | None, wanted: Fields) -> ArmError | None:
    """Waits for the end of a run that was submitted, if it is to be waited for."""
    if prior is not None or wanted.get("wait") is False:
        return None
    failed = _until_ended(access, ctx, wanted)
    if failed is None or failed.code not in UNFINISHED:
        _remove_compute(access, ctx, wanted)  # what stays although it should not goes with the run
    elif is_local(wanted):
        access.arm.post(ctx, _job(wanted, "/cancel"), {})
    return failed


def _until_ended(access: Access, ctx: CallContext, wanted: Fields) -> ArmError | None:
    told = ""
    while True:
        found = access.arm.get(ctx, _job(wanted))
        if isinstance(found, ArmError):
            return found
        status = _status(found)
        if status.lower() in _ENDED:
            return verdict(found, wanted)
        if status != told:
            ctx.progress(f"{wanted['name']}: {status}")
            told = status
        pause = max(access.poll_seconds, _LEAST_PAUSE_SECONDS)
        if ctx.cancelled.wait(min(pause, ctx.seconds_left)):
            return ArmError(status=0, code=CANCELLED, message="Waiting was interrupted.")
        if ctx.seconds_left <= 0:
            return ArmError(status=0, code=TIMED_OUT, message=f"The run is still {status}.")


def verdict(document: Document, fields: Fields) -> ArmError | None:
    """Why a run that was to be waited for counts as failed; one that goes on may still succeed."""
    status = _status(document)
    if fields.get("wait") is False or status.lower() not in _ENDED - {_SUCCESS}:
        return None
    where = get_at(document, "properties.logPath") or get_at(document, "properties.services.Studio.endpoint")
    logs = f" Its logs: {where}" if where else ""
    message = f'The run "{str(fields.get("id")).rpartition("/")[2]}" ended as {status}.{logs}'
    return ArmError(status=0, code=RUN_FAILED, message=message)


def _status(document: Document) -> str:
    return str(get_at(document, "properties.status") or "Unknown")


def _job(fields: Fields, suffix: str = "") -> Target:
    return Target(id=f"{fields['id']}{suffix}", api_version=ML_API_VERSION)


# -- the end -------------------------------------------------------------------------------------


def wind_up(access: Access, ctx: CallContext, fields: Fields) -> ArmError | None:
    """Cancels a run that goes on, and removes its own compute; what Azure does not have any more is done."""
    found = access.arm.get(ctx, _job(fields))
    failed = found if isinstance(found, ArmError) else None
    if failed is None and not isinstance(found, ArmError) and _status(found).lower() not in _ENDED:
        failed = _cancel(access, ctx, fields)
    if failed is not None and not failed.is_absent:
        return failed
    return _remove_compute(access, ctx, fields)


def _cancel(access: Access, ctx: CallContext, fields: Fields) -> ArmError | None:
    answer = access.arm.post(ctx, _job(fields, "/cancel"), {})
    if isinstance(answer, ArmError):
        return answer
    failed = _until_ended(access, ctx, fields)
    return None if failed is not None and failed.code == RUN_FAILED else failed


def stays(fields: Fields) -> bool:
    """Whether the record of a run is kept: it is history."""
    return str(fields.get("on_destroy") or "keep").lower() != "delete"
