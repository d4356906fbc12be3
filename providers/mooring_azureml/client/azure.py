"""`Arm` over azure-mgmt-resource: generic by-id operations, and its pipeline for actions and polling.

Long-running operations are polled here and not by azure-core's poller, which cannot be cancelled and reveals
the operation's URL only inside a continuation token that also holds the response body.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineResponse
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.resource.resources import ResourceManagementClient

from mooring.core.codec import Json
from mooring.sdk import CallContext
from mooring_azureml.arm.port import CANCELLED, TIMED_OUT, ArmError, Document, SignedRequest, Target
from mooring_azureml.client.claims import claims_of
from mooring_azureml.client.errors import content_of, error_of, error_of_response, error_of_storage
from mooring_azureml.client.policies import READ_ONLY_OPTION, WriteRefusedError
from mooring_azureml.client.polling import operation_url, poll
from mooring_azureml.client.throttling import CANCELLED_OPTION, WaitInterruptedError

_Sending = Callable[[ResourceManagementClient, Mapping[str, object]], None]


class AzureArm:
    """The port's implementation; `close` is called when it is not needed any more."""

    def __init__(
        self,
        client: ResourceManagementClient,
        *,
        token: Callable[[], str],
        close: Callable[[], None],
        poll_seconds: float,
        unsigned: PipelineClient[HttpRequest, HttpResponse] | None = None,
    ) -> None:
        self._client: Final = client
        self._unsigned: Final = unsigned
        self._token: Final = token
        self._close: Final = close
        self._poll_seconds: Final = poll_seconds

    def get(self, ctx: CallContext, target: Target) -> Document | ArmError:
        """GET by id."""

        def send(client: ResourceManagementClient, options: Mapping[str, object]) -> None:
            client.resources.get_by_id(target.id.lstrip("/"), api_version=target.api_version, **options)

        sent = self._send(ctx, target, send)
        return sent if isinstance(sent, ArmError) else content_of(sent)

    def list_pages(self, ctx: CallContext, target: Target) -> Sequence[Document] | ArmError:
        """GET a collection and follow `nextLink`."""
        found: list[Document] = []
        url: str | None = target.id
        parameters: Mapping[str, str] = {"api-version": target.api_version, **target.parameters}
        while url is not None:
            answer = self._request(ctx, HttpRequest("GET", url, params=parameters))
            if isinstance(answer, ArmError):
                return answer
            page = content_of(answer)
            found.extend(_documents(page.get("value")))
            following = page.get("nextLink")
            url, parameters = (following if isinstance(following, str) else None), {}
        return found

    def put(self, ctx: CallContext, target: Target, body: Document) -> ArmError | None:
        """PUT by id."""

        def send(client: ResourceManagementClient, options: Mapping[str, object]) -> None:
            client.resources.begin_create_or_update_by_id(
                target.id.lstrip("/"),
                parameters=dict(body),
                content_type="application/json",
                api_version=target.api_version,
                polling=False,
                **options,
            )

        return self._finish(ctx, target, self._send(ctx, target, send))

    def patch(self, ctx: CallContext, target: Target, body: Document) -> ArmError | None:
        """PATCH by id."""

        def send(client: ResourceManagementClient, options: Mapping[str, object]) -> None:
            client.resources.begin_update_by_id(
                target.id.lstrip("/"),
                parameters=dict(body),
                content_type="application/json",
                api_version=target.api_version,
                polling=False,
                **options,
            )

        return self._finish(ctx, target, self._send(ctx, target, send))

    def delete(self, ctx: CallContext, target: Target) -> ArmError | None:
        """DELETE by id."""

        def send(client: ResourceManagementClient, options: Mapping[str, object]) -> None:
            client.resources.begin_delete_by_id(
                target.id.lstrip("/"), api_version=target.api_version, polling=False, **options
            )

        return self._finish(ctx, target, self._send(ctx, target, send))

    def post(self, ctx: CallContext, target: Target, body: Document) -> Document | ArmError:
        """POST through the client's pipeline: the generic client has no actions."""
        parameters = {"api-version": target.api_version, **target.parameters}
        answer = self._request(ctx, HttpRequest("POST", target.id, params=parameters, json=body))
        failed = self._finish(ctx, target, answer)
        if failed is not None or isinstance(answer, ArmError):
            return failed or {}
        return content_of(answer)

    def wait(self, ctx: CallContext, operation: str) -> ArmError | None:
        """Poll until the operation is over."""
        return poll(ctx, lambda: self._request(ctx, HttpRequest("GET", operation)), every=self._poll_seconds)

    def send_signed(self, ctx: CallContext, request: SignedRequest) -> bytes | ArmError:
        """Through a pipeline that adds no token."""
        assert self._unsigned is not None, "the client was made without a way to storage"
        asked = HttpRequest(
            request.method, request.url, headers=dict(request.headers), content=request.content or None
        )
        try:
            answer = self._unsigned.send_request(asked, stream=False, **_options(ctx))
        except (AzureError, WriteRefusedError, WaitInterruptedError) as problem:
            return _failure(ctx, problem)
        return answer.content if answer.status_code < 400 else error_of_storage(answer)

    def caller(self, ctx: CallContext) -> Mapping[str, str] | ArmError:
        """The claims of a token, read and not verified: they are the caller's own."""
        try:
            return claims_of(self._token())
        except AzureError as problem:
            return _failure(ctx, problem)

    def close(self) -> None:
        """Close the client."""
        self._close()

    # -- sending ---------------------------------------------------------------------------------

    def _send(self, ctx: CallContext, target: Target, send: _Sending) -> HttpResponse | ArmError:
        """Run a by-id operation and catch the response itself: its headers say what to poll."""
        caught: list[HttpResponse] = []

        def catch(response: PipelineResponse[HttpRequest, HttpResponse]) -> None:
            caught.append(response.http_response)

        options = {**_options(ctx), "params": dict(target.parameters), "raw_response_hook": catch}
        try:
            send(self._client, options)
        except (AzureError, WriteRefusedError, WaitInterruptedError) as problem:
            return _failure(ctx, problem)
        return caught[-1]

    def _request(self, ctx: CallContext, request: HttpRequest) -> HttpResponse | ArmError:
        try:
            response = self._client.send_request(request, stream=False, **_options(ctx))
        except (AzureError, WriteRefusedError, WaitInterruptedError) as problem:
            return _failure(ctx, problem)
        return response if response.status_code < 400 else error_of_response(response)

    def _finish(self, ctx: CallContext, target: Target, answer: HttpResponse | ArmError) -> ArmError | None:
        if isinstance(answer, ArmError):
            return answer
        operation = operation_url(answer)
        if operation is None:
            return None
        ctx.checkpoint({"operation": operation, "id": target.id})
        return self.wait(ctx, operation)


def _options(ctx: CallContext) -> dict[str, object]:
    options: dict[str, object] = {READ_ONLY_OPTION: ctx.read_only, CANCELLED_OPTION: ctx.cancelled}
    if ctx.seconds_left != float("inf"):
        options["timeout"] = ctx.seconds_left
    return options


def _failure(ctx: CallContext, problem: AzureError | WriteRefusedError | WaitInterruptedError) -> ArmError:
    """The error of a request that got no answer; past the deadline that is the reason."""
    if isinstance(problem, WaitInterruptedError):
        return ArmError(status=0, code=CANCELLED, message=str(problem))
    if ctx.seconds_left <= 0:
        return ArmError(status=0, code=TIMED_OUT, message="The time allowed for this operation is over.")
    return error_of(problem)


def _documents(of: Json) -> list[Document]:
    return [one for one in of if isinstance(one, dict)] if isinstance(of, list) else []
