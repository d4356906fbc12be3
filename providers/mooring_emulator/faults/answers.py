"""The answers that faults give in the service's place.

Sources: "Throttling Resource Manager requests" (429, Retry-After and the remaining-calls headers); messages
of Azure Resource Manager quoted in public issues.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from mooring_emulator.arm.errors import error_object, resource_not_found
from mooring_emulator.entra.bearer import CHALLENGE
from mooring_emulator.messages import Response, json_response
from mooring_emulator.store.model import key_of

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call
    from mooring_emulator.faults.rules import Rule

_CODES = {
    400: ("BadRequest", "The request is invalid."),
    401: ("AuthenticationFailed", "Authentication failed."),
    403: ("AuthorizationFailed", "The client does not have authorization to perform this action."),
    404: ("ResourceNotFound", "The resource was not found."),
    408: ("RequestTimeout", "The request timed out."),
    409: ("Conflict", "Another operation is in progress."),
    412: ("PreconditionFailed", "The condition was not met."),
    429: ("TooManyRequests", "The request is being throttled as the limit has been reached. Retry later."),
    500: ("InternalServerError", "The server encountered an internal error. Please retry the request."),
    502: ("BadGateway", "The gateway did not receive a response from the upstream service."),
    503: ("ServiceUnavailable", "The service is temporarily unavailable. Please retry the request."),
    504: ("GatewayTimeout", "The gateway did not receive a response in time."),
}
_BUCKETS = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}


def status_response(rule: Rule, call: Call) -> Response:
    """Answer with the rule's status, its code and message, and Retry-After when it has one."""
    status = int(rule.fault)
    code, message = _CODES.get(status, ("BadRequest" if status < 500 else "InternalServerError", "Failed."))
    headers = {"Retry-After": str(ceil(rule.retry_after))} if rule.retry_after else {}
    if status == 429:
        bucket = _BUCKETS.get(call.request.method, "writes")
        headers[f"x-ms-ratelimit-remaining-subscription-{bucket}"] = "0"
        headers.setdefault("Retry-After", "1")
    error = error_object(rule.code or code, rule.message.replace("_", " ") or message)
    return json_response(status, {"error": error}, headers)


def token_response(call: Call) -> Response:
    """Answer as ARM does to an access token that has expired."""
    message = (
        f"The access token expiry UTC time is earlier than current UTC time '{call.timestamp}'. "
        "Please obtain a fresh token."
    )
    error = error_object("ExpiredAuthenticationToken", message)
    return json_response(401, {"error": error}, {"WWW-Authenticate": CHALLENGE})


def resource_response(call: Call, *, is_there: bool) -> Response:
    """Answer a read as it would have been before the request: the resource, or 404."""
    document = call.view.document(key_of(call.url.path)) if is_there else None
    if document is not None:
        return json_response(200, document.body)
    below_providers = call.url.path.partition("/providers/")[2]
    group = (call.url.segments + ("",) * 4)[3]
    error = resource_not_found(below_providers, group)
    return json_response(error.status, error.body())
