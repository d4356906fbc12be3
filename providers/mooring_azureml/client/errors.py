"""From azure-core's exceptions and ARM's error bodies to `ArmError`.

Source: Azure/azure-resource-manager-rpc v1.0 common-api-contracts (error response); facts.md sections 3
and 4.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from collections.abc import Mapping

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.core.rest import HttpResponse

from mooring.core.codec import Json
from mooring_azureml.arm.port import NO_CREDENTIALS, UNREACHABLE, WRITE_REFUSED, ArmError, Document
from mooring_azureml.client.policies import WriteRefusedError


def error_of(problem: AzureError | WriteRefusedError) -> ArmError:
    """The value for an exception of azure-core or azure-identity."""
    if isinstance(problem, WriteRefusedError):
        return ArmError(status=0, code=WRITE_REFUSED, message=str(problem))
    response = getattr(problem, "response", None)
    if isinstance(problem, HttpResponseError) and response is not None and response.status_code >= 400:
        return error_of_response(response)
    if isinstance(problem, ClientAuthenticationError):
        return ArmError(status=401, code=NO_CREDENTIALS, message=problem.message)
    if isinstance(problem, ServiceRequestError | ServiceResponseError):
        return ArmError(status=0, code=UNREACHABLE, message=problem.message)
    return ArmError(status=0, code=type(problem).__name__, message=problem.message)


def error_of_response(response: HttpResponse) -> ArmError:
    """The value for a response with an error status; a body that is not ARM's stays unread."""
    described = _describe(content_of(response), response)
    return described or ArmError(
        status=response.status_code,
        code=response.reason or str(response.status_code),
        message=f"The service answered {response.status_code} without saying why.",
        correlation_id=_correlation(response),
    )


def error_of_storage(response: HttpResponse) -> ArmError:
    """The value for a response of the Blob service, which says the code in a header and the rest in XML."""
    return ArmError(
        status=response.status_code,
        code=response.headers.get("x-ms-error-code") or response.reason or str(response.status_code),
        message=f"The storage account answered {response.status_code}.",
        correlation_id=_correlation(response),
    )


def error_of_operation(content: Document, response: HttpResponse) -> ArmError:
    """The value for an operation that ended as failed or canceled: the HTTP status is 200."""
    described = _describe(content, response)
    status = str(content.get("status"))
    return described or ArmError(
        status=response.status_code,
        code=f"Operation{status}",
        message=f"The operation ended as {status}, and the service does not say why.",
        correlation_id=_correlation(response),
    )


def content_of(response: HttpResponse) -> Document:
    """The JSON object of a response; empty for anything else."""
    try:
        content: Json = response.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _describe(content: Document, response: HttpResponse) -> ArmError | None:
    error = content.get("error")
    if not isinstance(error, Mapping):
        return None
    return _error(error, response.status_code, _correlation(response))


def _error(error: Mapping[str, Json], status: int, correlation_id: str) -> ArmError:
    details = error.get("details")
    inner = [one for one in details if isinstance(one, Mapping)] if isinstance(details, list) else []
    return ArmError(
        status=status,
        code=str(error.get("code") or "Unknown"),
        message=str(error.get("message") or "").strip(),
        correlation_id=correlation_id,
        details=tuple(_error(one, status, correlation_id) for one in inner),
    )


def _correlation(response: HttpResponse) -> str:
    headers = response.headers
    return headers.get("x-ms-correlation-request-id") or headers.get("x-ms-request-id") or ""
