"""Long-running operations: how they start, and what polling them answers.

They complete by time alone (`World.lro_seconds`), however often they are polled. Contract:
Azure/azure-resource-manager-rpc v1.0 async-api-reference; a status URL always answers 200, a result URL 202
until the end. Status bodies and the absence of Retry-After are those of live recordings of
Microsoft.MachineLearningServices (2022-2025); `x-ms-retry-after-ms` is ours, so that clients which would wait
30 seconds by default do not.
"""

from collections.abc import Mapping

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.documents import in_state, with_properties
from mooring_emulator.arm.errors import ArmError, error_object
from mooring_emulator.arm.kinds import Change, Reply, Target
from mooring_emulator.codec import JsonObject
from mooring_emulator.messages import Response, empty_response, json_response
from mooring_emulator.store.model import Begin, Document, Operation, Put

CANCELED = "OperationCanceled"
"""The error code of an operation that ends as Canceled; every other one ends as Failed."""

_SHORTEST_POLL_MS = 5
_LONGEST_POLL_MS = 1000


def carry_out(call: Call, target: Target, change: Change, reply: Reply) -> Outcome:
    """Answer a verb: at once, or by starting an operation that makes the change when it ends."""
    if not reply.is_long_running:
        body = target.kind.show(call, change.after or change.during)
        return Outcome(response=_response(reply, body, {}), writes=change.effects)
    change, seconds = _as_it_ends(call, change)
    operation = Operation(
        id=call.world.new_id(),
        target=target.key,
        method=call.request.method,
        started=call.now,
        ends=call.now + seconds,
        effects=change.effects,
        error=change.error,
    )
    location = str(change.during.body.get("location") or "global")
    addresses = _addresses(call, target, location, operation)
    polled = {"Azure-AsyncOperation": reply.azure_async_operation, "Location": reply.location}
    headers = {name: addresses[name] for name, is_given in polled.items() if is_given}
    body = target.kind.show(call, change.during)
    response = _response(reply, body, {**headers, **_pace(call, operation)})
    return Outcome(response=response, writes=(Put(document=change.during), Begin(operation=operation)))


def _as_it_ends(call: Call, change: Change) -> tuple[Change, float]:
    """Give the change and the seconds it takes, unless a fault decides otherwise.

    An operation that fails leaves what it was creating or changing as Failed, and what it was deleting as it
    was; one that is cancelled leaves Canceled.
    """
    ending = call.ending
    if ending is None:
        return change, call.world.lro_seconds
    seconds = max(ending.seconds, call.world.lro_seconds)
    if not ending.code:
        return change, seconds
    error = error_object(ending.code, ending.message)
    prior = call.view.document(change.during.key)
    after = prior if change.after is None else _unfinished(change.during, error)
    return Change(after=after, during=change.during, error=error), seconds


def _unfinished(document: Document, error: JsonObject) -> Document:
    """What an operation leaves that did not succeed; a type that has provisioningErrors says why in them."""
    if error["code"] == CANCELED:
        return in_state(document, "Canceled")
    if "provisioningErrors" not in document.properties:
        return in_state(document, "Failed")
    return with_properties(document, provisioningState="Failed", provisioningErrors=[{"error": error}])


def read_status(call: Call) -> Outcome:
    """GET an operation's URL: the status form, or the result form when the query says so."""
    if call.url.query.get("type") == "location" or "monitor" in call.url.query:
        return read_result(call)
    operation = _find(call)
    return Outcome(response=json_response(200, _status_body(operation), _pace(call, operation)))


def read_result(call: Call) -> Outcome:
    """GET a Location URL: 202 until the end, then what a synchronous verb would have answered."""
    operation = _find(call)
    if not operation.is_settled:
        link = call.url.link(call.url.path, dict(call.url.query))
        return Outcome(response=empty_response(202, {"Location": link, **_pace(call, operation)}))
    if operation.error is not None:
        return Outcome(response=json_response(400, {"error": operation.error}))
    document = call.view.document(operation.target)
    if operation.method in {"PUT", "PATCH"} and document is not None:
        return Outcome(response=json_response(200, document.body))
    return Outcome(response=empty_response(200))


def _response(reply: Reply, body: JsonObject, headers: Mapping[str, str]) -> Response:
    if reply.has_body:
        return json_response(reply.status, body, headers)
    return empty_response(reply.status, headers)


def _find(call: Call) -> Operation:
    operation = call.view.operation(call.parameters["operation"])
    if operation is None:
        raise ArmError(404, "NotFound", f"The operation '{call.parameters['operation']}' could not be found.")
    return operation


def _status_body(operation: Operation) -> JsonObject:
    if not operation.is_settled:
        return {"status": "InProgress"}
    if operation.error is not None:
        status = "Canceled" if operation.error["code"] == CANCELED else "Failed"
        return {"status": status, "error": operation.error}
    return {"status": "Succeeded", "percentComplete": 100.0}


def _addresses(call: Call, target: Target, location: str, operation: Operation) -> Mapping[str, str]:
    """Give the two addresses of an operation by the header that carries them."""
    links = target.kind.links
    values = {
        "resource": target.id,
        "subscription": target.subscription,
        "namespace": target.kind.namespace,
        "location": location,
        "operation": operation.id,
    }
    return {
        "Azure-AsyncOperation": _link(call, links.status_path.format_map(values), links.status_query),
        "Location": _link(call, links.result_path.format_map(values), links.result_query),
    }


def _link(call: Call, path: str, query: Mapping[str, str]) -> str:
    return call.url.link(path, {"api-version": call.url.api_version, **query})


def _pace(call: Call, operation: Operation) -> Mapping[str, str]:
    if operation.is_settled:
        return {}
    remaining = int((operation.ends - call.now) * 1000) + 1
    return {"x-ms-retry-after-ms": str(min(max(remaining, _SHORTEST_POLL_MS), _LONGEST_POLL_MS))}
