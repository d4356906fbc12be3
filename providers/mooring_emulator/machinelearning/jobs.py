"""Jobs: they run to completion by time alone.

A job is Starting for as long as an operation takes, then Running for as long again, then Completed;
cancelling one that has not ended makes it Canceled. What a job computes does not exist here. To see one that
does not succeed, give it the environment variable `EMULATOR_RUN_ENDS_AS` with another status (`Failed`), or
inject a fault such as `PUT */jobs/* lro-failed`. What a job was submitted with stays as it was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.operations import CANCELED
from mooring_emulator.machinelearning.children import SYNC, ChildType, Draft
from mooring_emulator.messages import empty_response
from mooring_emulator.store.model import Put, key_of

if TYPE_CHECKING:
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Document

_ENDINGS = ("Completed", "Failed", "Canceled", "NotResponding")
_ENDED = frozenset(_ENDINGS)
_ENDS_AS = "EMULATOR_RUN_ENDS_AS"
_SUBMITTED = (
    *("jobType", "command", "codeId", "computeId", "environmentId", "environmentVariables"),
    *("experimentName", "inputs", "outputs", "distribution", "limits", "resources"),
)
"""What another PUT of the same job cannot change."""
_HIDDEN = frozenset({"createdAt", "endsAs"})


def job_type() -> ChildType:
    """Describe the type."""
    return ChildType(
        path="workspaces/jobs",
        replies=SYNC,
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
    _require_code(draft)
    _require_same(draft)
    tracking = {"jobServiceType": "Tracking", "endpoint": "azureml://emulated.api.azureml.ms/mlflow/v1.0"}
    studio = {"jobServiceType": "Studio", "endpoint": f"https://ml.azure.com/runs/{draft.target.name}"}
    services = {**(draft.sent.get("services") or {}), "Tracking": tracking, "Studio": studio}
    if draft.prior is not None:
        kept = {name: draft.prior.properties.get(name) for name in _HIDDEN}
        return {"services": services, **kept}
    return {"services": services, "createdAt": draft.call.now, "endsAs": _ends_as(draft)}


def _ends_as(draft: Draft) -> str:
    """How the job will end: never for an empty text."""
    ending = draft.call.ending
    if ending is not None:
        return ("Canceled" if ending.code == CANCELED else "Failed") if ending.code else ""
    wanted = (draft.sent.get("environmentVariables") or {}).get(_ENDS_AS)
    return wanted if wanted in _ENDED else "Completed"


def _require_same(draft: Draft) -> None:
    """A job that runs, or ran, is what it was submitted as."""
    before = draft.prior.properties if draft.prior is not None else draft.sent
    changed = [name for name in _SUBMITTED if name in draft.sent and draft.sent[name] != before.get(name)]
    if changed:
        message = f"A job's {changed[0]} cannot be changed after it was submitted."
        raise bad_request(message, target=f"properties.{changed[0]}")


def _require_compute(draft: Draft) -> None:
    """A job needs a compute that exists; the serverless one has no id."""
    wanted = draft.sent.get("computeId")
    if not wanted or "/computes/" not in wanted.lower() or wanted.lower().startswith("azureml:"):
        return
    if wanted.rpartition("/")[2].lower() in {"serverless", "local"}:
        return
    if draft.call.view.document(key_of(wanted)) is None:
        raise bad_request(f"Compute '{wanted}' was not found.", target="properties.computeId")


def _require_code(draft: Draft) -> None:
    """The code of a job is uploaded before it."""
    wanted = draft.sent.get("codeId")
    if not isinstance(wanted, str) or not wanted.lower().startswith("/subscriptions/"):
        return
    if draft.call.view.document(key_of(wanted)) is None:
        raise bad_request(f"Code '{wanted}' was not found.", target="properties.codeId")


def _show(call: Call, document: Document) -> JsonObject:
    properties = {name: value for name, value in document.properties.items() if name not in _HIDDEN}
    return {**document.body, "properties": {**properties, "status": _status(call, document)}}


def _status(call: Call, document: Document) -> str:
    if document.private.get("isCanceled"):
        return "Canceled"
    elapsed, step = call.now - document.properties["createdAt"], call.world.lro_seconds
    ending: str = document.properties.get("endsAs", "Completed")
    if elapsed >= 2 * step and ending:
        return ending
    return "Running" if elapsed >= step else "Starting"


def _cancel(call: Call, _target: Target, prior: Document) -> Outcome:
    """POST .../cancel; one that has ended stays as it ended."""
    if _status(call, prior) in _ENDED:
        return Outcome(response=empty_response(200))
    canceled = replace(prior, private={**prior.private, "isCanceled": True})
    return Outcome(response=empty_response(200), writes=(Put(document=canceled),))
