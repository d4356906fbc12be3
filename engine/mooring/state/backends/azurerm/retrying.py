"""Requests that are tried again: what Azure's library would, as long as this run waits for a server.

The library's own policies count tries of one request, and know nothing of the one before: a run whose account
is gone would wait for each of its last requests anew.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.storage.blob import ExponentialRetry

from mooring.state.backends.waiting import Waiting

_UNBOUND: Final = 1000
_IF_GONE: Final = {"connection_timeout": 3, "read_timeout": 5}


class WaitingRetry(ExponentialRetry):
    """Azure's rules for what is tried again, and `waiting` for how long. One for a client."""

    def __init__(self, waiting: Waiting, sleep: Callable[[float], None]) -> None:
        super().__init__(
            retry_total=_UNBOUND, retry_connect=_UNBOUND, retry_read=_UNBOUND, retry_status=_UNBOUND
        )
        self._waiting: Final = waiting
        self._sleep: Final = sleep

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """The answer; notes that there was one."""
        if self._waiting.is_over:
            request.context.options.update(_IF_GONE)
        response: PipelineResponse[Any, Any] = super().send(request)  # type: ignore[no-untyped-call]
        if response.http_response.status_code < 500:
            self._waiting.answered()
        return response

    def configure_retries(self, request: PipelineRequest[Any]) -> dict[str, Any]:
        """The settings of one request."""
        return {**super().configure_retries(request), "pauses": self._waiting.pauses()}

    def increment(
        self, settings: dict[str, Any], request: Any, response: Any = None, error: AzureError | None = None
    ) -> bool:
        """Whether there is another try; logging in has patience of its own."""
        if isinstance(error, ClientAuthenticationError):
            return False
        settings["pause"] = next(settings["pauses"], None)
        return settings["pause"] is not None and super().increment(settings, request, response, error)

    def sleep(self, settings: dict[str, Any], transport: Any) -> None:  # noqa: ARG002 - the library's signature
        """Waits until the next try."""
        self._sleep(settings["pause"])
