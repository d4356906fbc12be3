"""Waiting for long-running operations, by ARM's asynchronous contract.

Source: Azure/azure-resource-manager-rpc v1.0 async-api-reference; facts.md section 3: Azure-AsyncOperation is
preferred over Location; a status URL answers 200 with `status`, whose only terminal values are Succeeded,
Failed and Canceled; a Location answers 202 until it is done. The live service sends no Retry-After.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from collections.abc import Callable

from azure.core.rest import HttpResponse

from mooring.sdk import CallContext
from mooring_azureml.arm.port import CANCELLED, TIMED_OUT, ArmError
from mooring_azureml.client.errors import content_of, error_of_operation

_FAILED = frozenset({"failed", "canceled"})


def operation_url(response: HttpResponse) -> str | None:
    """Where the operation that this response started can be polled; None when it is over already."""
    if response.status_code not in {200, 201, 202}:
        return None
    status_url: str | None = response.headers.get("Azure-AsyncOperation")
    if status_url is not None or response.status_code != 202:
        return status_url
    location: str | None = response.headers.get("Location")
    return location


def poll(ctx: CallContext, ask: Callable[[], HttpResponse | ArmError], *, every: float) -> ArmError | None:
    """Ask until the operation is over, cancelled or out of time. The operation goes on without us."""
    while True:
        answer = ask()
        if isinstance(answer, ArmError):
            return answer
        if not _is_running(answer):
            return _outcome(answer)
        interrupted = _pause(ctx, _retry_after(answer) or every)
        if interrupted is not None:
            return interrupted


def _pause(ctx: CallContext, seconds: float) -> ArmError | None:
    if ctx.cancelled.wait(min(seconds, ctx.seconds_left)):
        return ArmError(status=0, code=CANCELLED, message="Waiting was interrupted.")
    if ctx.seconds_left <= 0:
        return ArmError(status=0, code=TIMED_OUT, message="The time allowed for this operation is over.")
    return None


def _is_running(response: HttpResponse) -> bool:
    if response.status_code == 202:
        return True
    status = _status(response)
    return status is not None and status not in _FAILED and status != "succeeded"


def _status(response: HttpResponse) -> str | None:
    """The `status` of a status URL's answer; None for a Location's, which is the resource and has a type."""
    content = content_of(response)
    status = content.get("status")
    return status.lower() if isinstance(status, str) and "type" not in content else None


def _outcome(response: HttpResponse) -> ArmError | None:
    if _status(response) in _FAILED:
        return error_of_operation(content_of(response), response)
    return None


def _retry_after(response: HttpResponse) -> float | None:
    milliseconds = response.headers.get("retry-after-ms") or response.headers.get("x-ms-retry-after-ms")
    seconds = response.headers.get("Retry-After")
    try:
        if milliseconds:
            return float(milliseconds) / 1000
        return float(seconds) if seconds else None
    except ValueError:
        return None
