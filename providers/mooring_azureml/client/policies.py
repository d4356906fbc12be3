"""What stands between every request and the network: the read-only gate and the log.

Both are pipeline policies behind the retry policy, so they see each request that really leaves, also those
that azure-core makes by itself (polling, paging, registration of resource providers).
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from logging import Logger
from typing import Final
from urllib.parse import urlsplit

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy, SansIOHTTPPolicy
from azure.core.rest import HttpRequest, HttpResponse

READ_ONLY_OPTION: Final = "mooring_read_only"
_READS: Final = frozenset({"GET", "HEAD"})
_READING_ACTIONS: Final = frozenset({"listnodes", "checkcomputenameavailability"})
"""POST actions that change nothing and reveal no secret (listKeys reveals some)."""


class WriteRefusedError(Exception):
    """A write was about to leave a read-only connection. Not azure-core's: its errors are tried again."""


class ReadOnlyGate(HTTPPolicy[HttpRequest, HttpResponse]):
    """Refuses writes, when the connection or the call is read-only."""

    def __init__(self, *, read_only: bool) -> None:
        super().__init__()
        self._read_only: Final = read_only

    def send(self, request: PipelineRequest[HttpRequest]) -> PipelineResponse[HttpRequest, HttpResponse]:
        """Pass reads on, raise for anything else."""
        context = request.context
        if READ_ONLY_OPTION in context.options:  # a retry comes here again, without its options
            context[READ_ONLY_OPTION] = context.options.pop(READ_ONLY_OPTION)
        read_only = self._read_only or bool(context.get(READ_ONLY_OPTION))
        if read_only and not _is_read(request.http_request):
            method, path = request.http_request.method, urlsplit(request.http_request.url).path
            raise WriteRefusedError(f"This run is read-only, so {method} {path} was not sent.")
        return self.next.send(request)


def _is_read(request: HttpRequest) -> bool:
    if request.method.upper() in _READS:
        return True
    action = urlsplit(request.url).path.rstrip("/").rpartition("/")[2].lower()
    return request.method.upper() == "POST" and action in _READING_ACTIONS


class RequestLog(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """Logs method, path, status and correlation id: never a query, a header or a body.

    Stands in for both logging policies of azure-core: one of them prints bodies when it is switched on.
    """

    def __init__(self, logger: Logger) -> None:
        super().__init__()
        self._logger: Final = logger

    def on_response(
        self,
        request: PipelineRequest[HttpRequest],
        response: PipelineResponse[HttpRequest, HttpResponse],
    ) -> None:
        """Write the line."""
        asked, answer = request.http_request, response.http_response
        self._logger.debug(
            "%s %s -> %s (%s)",
            asked.method,
            urlsplit(asked.url).path,
            answer.status_code,
            answer.headers.get("x-ms-correlation-request-id", "no correlation id"),
        )
