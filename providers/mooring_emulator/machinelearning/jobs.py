"""Jobs: they run to completion by time alone.

A job is Starting for as long as an operation takes, then Running for as long again, then Completed;
cancelling one that has not ended makes it Canceled. What a job computes does not exist here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.shapes import Anything, Text
from mooring_emulator.machinelearning.children import SYNC, ChildType, Draft, loose, optional, require
from mooring_emulator.messages import empty_response
from mooring_emulator.store.model import Put, key_of

if TYPE_CHECKING:
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Document

_TYPES = Text(
    choices={
        name.lower(): name
        for name in (
            "AutoML",
            "Command",
            "Labeling",
            "Sweep",
            "Pipeline",
            "Spark",
            "FineTuning",
            "Distillation",
            "Base",
        )
    }
)
_ENDED = frozenset({"Completed", "Canceled"})


def job_type() -> ChildType:
    """Describe the type."""
    return ChildType(
        path="workspaces/jobs",
        since="2021-03-01",
        replies=SYNC,
        shape=loose(
            require("jobType", _TYPES),
            optional("computeId"),
            optional("experimentName"),
            optional("displayName"),
            optional("services", Anything()),
        ),
        defaults=_defaults,
        read_only=_read_only,
        has_state=False,
        actions={"cancel": _cancel},
        show=_show,
    )


def _defaults(draft: Draft) -> JsonObject:
    return {
        "displayName": draft.target.name,
        "experimentName": "Default",
        "description": None,
        "tags": {},
        "properties": {},
        "isArchived": False,
        "computeId": None,
        "identity": None,
        "notificationSetting": None,
    }


def _read_only(draft: Draft) -> JsonObject:
    _require_compute(draft)
    tracking = {"jobServiceType": "Tracking", "endpoint": "azureml://emulated.api.azureml.ms/mlflow/v1.0"}
    studio = {"jobServiceType": "Studio", "endpoint": f"https://ml.azure.com/runs/{draft.target.name}"}
    services = {**(draft.sent.get("services") or {}), "Tracking": tracking, "Studio": studio}
    existing = draft.prior.properties["createdAt"] if draft.prior else draft.call.now
    return {"services": services, "createdAt": existing}


def _require_compute(draft: Draft) -> None:
    """A job needs a compute that exists; the serverless one has no id."""
    wanted = draft.sent.get("computeId")
    if not wanted or "/computes/" not in wanted.lower() or wanted.lower().startswith("azureml:"):
        return
    if wanted.rpartition("/")[2].lower() in {"serverless", "local"}:
        return
    if draft.call.view.document(key_of(wanted)) is None:
        raise bad_request(f"Compute '{wanted}' was not found.", target="properties.computeId")


def _show(call: Call, document: Document) -> JsonObject:
    properties = {name: value for name, value in document.properties.items() if name != "createdAt"}
    return {**document.body, "properties": {**properties, "status": _status(call, document)}}


def _status(call: Call, document: Document) -> str:
    if document.private.get("isCanceled"):
        return "Canceled"
    elapsed, step = call.now - document.properties["createdAt"], call.world.lro_seconds
    return "Completed" if elapsed >= 2 * step else "Running" if elapsed >= step else "Starting"


def _cancel(call: Call, _target: Target, prior: Document) -> Outcome:
    """POST .../cancel; one that has ended stays as it ended."""
    if _status(call, prior) in _ENDED:
        return Outcome(response=empty_response(200))
    canceled = replace(prior, private={**prior.private, "isCanceled": True})
    return Outcome(response=empty_response(200), writes=(Put(document=canceled),))
