"""What Azure's libraries raise, as `OSError` with a sentence for the user: what, why, with which login.

Their own texts hold addresses, and a SAS token is part of an address; only codes and reasons get through.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
    ServiceResponseError,
)

from mooring.state.backends.model import BackendError

_LEASES: Final = frozenset(
    {"LeaseIdMissing", "LeaseIdMismatchWithBlobOperation", "LeaseLost", "LeaseNotPresentWithBlobOperation"}
)


class RefusedError(BackendError):
    """The service has answered with an error. `status` is HTTP's, `code` Azure's."""

    def __init__(self, text: str, status: int, code: str) -> None:
        super().__init__(text)
        self.status: Final = status
        self.code: Final = code


@contextmanager
def told(container: str, tried: str, host: str) -> Iterator[None]:
    """Turns what is raised inside into `OSError`."""
    try:
        yield
    except HttpResponseError as problem:
        raise _refusal(problem, container, tried) from None
    except AzureError as problem:
        raise refused_login(problem, tried, host) from None
    except ValueError:
        raise BackendError(f"the credentials cannot be used; tried: {tried}") from None


def _refusal(problem: HttpResponseError, container: str, tried: str) -> OSError:
    status = problem.status_code or 0
    given = getattr(problem, "error_code", None)
    code = str(getattr(given, "value", given) or problem.reason or "")
    if isinstance(problem, ClientAuthenticationError) and problem.response is None:
        return refused_login(problem, tried)
    if code == "ContainerNotFound":
        text = f'there is no container "{container}" in the storage account'
    elif code in _LEASES:
        text = f"somebody else holds the lease of the state's blob ({code})"
    elif status in (401, 403):
        text = f"the storage account refuses the credentials ({status} {code}); tried: {tried}"
    else:
        text = f"the storage account has answered with {status} {code}"
    return RefusedError(text, status, code)


def refused_login(problem: Exception, tried: str, host: str = "the service") -> OSError:
    """The error of a login that failed, or of a service that does not answer."""
    if isinstance(problem, HttpResponseError) and problem.status_code:
        return BackendError(f"Azure has answered with {problem.status_code} {problem.reason}; tried: {tried}")
    if isinstance(problem, ClientAuthenticationError):
        reason = str(problem).strip().splitlines()
        return BackendError(
            f"logging in to Azure failed; tried: {tried}. {reason[0] if reason else ''}".strip()
        )
    if isinstance(problem, ServiceRequestError | ServiceResponseError):
        inner = problem.inner_exception
        reason_of = type(inner if inner is not None else problem).__name__
        return BackendError(f"{host} cannot be reached ({reason_of})")
    return BackendError(f"Azure cannot be asked ({type(problem).__name__}); tried: {tried}")
