"""The port over Azure's real libraries, against a scripted network."""
# ruff: noqa: TID253 - what is tested is the lazy import itself

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pytest
from azure.core.exceptions import ServiceRequestError

from mooring.sdk import CallContext
from mooring_azureml.arm.port import UNREACHABLE, WRITE_REFUSED, ArmError, Target
from mooring_azureml.arm.problems import Attempt, explain
from mooring_azureml.client.azure import AzureArm
from mooring_azureml.client.opening import StaticToken, make_client
from mooring_azureml.client.renewal import RenewableCredential
from mooring_azureml.client.throttling import Rhythm
from mooring_azureml.signing_in.settings import resolve
from mooring_emulator.azure_transport import EmulatorTransport
from mooring_emulator.messages import Request, Response, json_response

_ID: Final = "/subscriptions/s/resourceGroups/g/providers/Microsoft.X/things/t"
_TARGET: Final = Target(id=_ID, api_version="2025-01-01", parameters={"force": "true"})
_OPERATION: Final = "https://management.azure.com/operations/1"
_ATTEMPT: Final = Attempt(doing='creating thing "t"', id=_ID)


class Script:
    """Stands where an emulator stands: answers requests in the order of a script, and remembers them."""

    def __init__(self, answers: Sequence[Response | Exception]) -> None:
        self.answers = list(answers)
        self.sent: list[Request] = []

    def handle(self, request: Request) -> Response:
        self.sent.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def _arm(*answers: Response | Exception, read_only: bool = False) -> tuple[AzureArm, Script]:
    settings, _ = resolve({"subscription_id": "s"}, {}, ".")
    script = Script(answers)
    transport = EmulatorTransport(script)  # type: ignore[arg-type]  # it only handles
    rhythm = Rhythm(wait=lambda _cancelled, _seconds: False)
    credential = RenewableCredential(StaticToken)
    client = make_client(settings, credential, transport, read_only=read_only, rhythm=rhythm)
    return AzureArm(client, token=str, close=client.close, poll_seconds=0.0), script


def _refusal(status: int, code: str, message: str, **headers: str) -> Response:
    answer = json_response(status, {"error": {"code": code, "message": message}})
    return Response(status=status, headers={**answer.headers, **headers}, body=answer.body)


def _accepted(status: int = 201, **headers: str) -> Response:
    answer = json_response(status, {"id": _ID})
    return Response(status=status, headers={**answer.headers, **headers}, body=answer.body)


def _status(word: str, **more: Mapping[str, str]) -> Response:
    return json_response(200, {"status": word, **more})


def test_a_resource_is_got_by_its_id_with_its_api_version() -> None:
    arm, script = _arm(json_response(200, {"id": _ID, "etag": None, "odd": [1]}))

    assert arm.get(CallContext(), _TARGET) == {"id": _ID, "etag": None, "odd": [1]}
    assert script.sent[0].url == f"https://management.azure.com{_ID}?force=true&api-version=2025-01-01"


def test_an_accepted_operation_is_polled_until_it_is_over() -> None:
    arm, script = _arm(
        _accepted(**{"Azure-AsyncOperation": _OPERATION}),
        _status("InProgress"),
        _status("Updating"),
        _status("Succeeded"),
    )
    notes: list[Mapping[str, str]] = []

    assert arm.put(CallContext(checkpoint=notes.append), _TARGET, {"location": "eastus"}) is None
    assert [one.method for one in script.sent] == ["PUT", "GET", "GET", "GET"]
    assert notes == [{"operation": _OPERATION, "id": _ID}]


def test_a_location_is_polled_while_it_answers_202() -> None:
    arm, script = _arm(_accepted(202, Location=_OPERATION), _accepted(202), json_response(200, {"id": _ID}))

    assert arm.delete(CallContext(), _TARGET) is None
    assert len(script.sent) == 3


def test_a_write_that_is_over_at_once_is_not_noted() -> None:
    arm, _ = _arm(_accepted(200))
    notes: list[Mapping[str, str]] = []

    assert arm.patch(CallContext(checkpoint=notes.append), _TARGET, {}) is None
    assert notes == []


def test_an_operation_that_fails_is_an_error_with_status_200() -> None:
    error = {"code": "Quota", "message": "Operation results in exceeding quota limits of Core."}
    arm, _ = _arm(_accepted(**{"Azure-AsyncOperation": _OPERATION}), _status("Failed", error=error))
    failed = arm.put(CallContext(), _TARGET, {})

    assert isinstance(failed, ArmError)
    assert (failed.status, failed.code) == (200, "Quota")
    assert explain(failed, _ATTEMPT).code == "azureml.quota"


@pytest.mark.parametrize(
    ("status", "code", "message", "expected"),
    [
        (403, "AuthorizationFailed", "The client does not have authorization", "azureml.forbidden"),
        (401, "InvalidAuthenticationToken", "The token has expired", "azureml.credentials"),
        (404, "ResourceGroupNotFound", "Resource group 'g' could not be found.", "azureml.parent_missing"),
        (404, "ResourceNotFound", "The Resource was not found.", "azureml.not_found"),
        (409, "Conflict", "Another operation is in progress", "azureml.conflict"),
        (429, "TooManyRequests", "Slow down", "azureml.throttled"),
        (400, "BadRequest", "The specified subscription has a total vCPU quota of 0", "azureml.quota"),
        (400, "BadRequest", "Compute with this name already exists.", "azureml.name_taken"),
        (400, "BadRequest", "Soft-deleted workspace exists. Please purge", "azureml.soft_deleted"),
        (400, "BadRequest", "Something else", "azureml.refused"),
    ],
)
def test_refusals_are_explained(status: int, code: str, message: str, expected: str) -> None:
    arm, _ = _arm(_refusal(status, code, message, **{"x-ms-correlation-request-id": "c-1"}))
    failed = arm.put(CallContext(), _TARGET, {})
    assert isinstance(failed, ArmError)
    explained = explain(failed, _ATTEMPT)

    assert explained.code == expected
    assert f"Azure said {code}: {message} (correlation id c-1)" in explained.detail
    assert all(line == line.rstrip() for line in explained.detail.splitlines())


def test_throttled_requests_are_tried_again() -> None:
    arm, script = _arm(
        _refusal(429, "TooManyRequests", "Slow down", **{"Retry-After": "1"}),
        json_response(200, {"id": _ID}),
    )

    assert arm.get(CallContext(), _TARGET) == {"id": _ID}
    assert len(script.sent) == 2


def test_a_network_that_is_down_is_an_error() -> None:
    arm, _ = _arm(ServiceRequestError("Name or service not known"))
    failed = arm.get(CallContext(), _TARGET)

    assert isinstance(failed, ArmError)
    assert (failed.status, failed.code) == (0, UNREACHABLE)


def test_an_answer_that_is_no_json_is_an_error() -> None:
    arm, _ = _arm(Response(status=502, headers={"Content-Type": "text/html"}, body=b"<html>"))
    failed = arm.get(CallContext(), _TARGET)

    assert isinstance(failed, ArmError)
    assert failed.status == 502


def test_lists_are_followed_to_their_end() -> None:
    following = "https://management.azure.com/next?$skip=1"
    arm, script = _arm(
        json_response(200, {"value": [{"id": "a"}], "nextLink": following}),
        json_response(200, {"value": [{"id": "b"}]}),
    )

    assert arm.list_pages(CallContext(), _TARGET) == [{"id": "a"}, {"id": "b"}]
    assert script.sent[1].url == following


@pytest.mark.parametrize("by_call", [True, False])
def test_a_read_only_run_sends_no_write(by_call: bool) -> None:  # noqa: FBT001
    arm, script = _arm(_accepted(200), read_only=not by_call)
    ctx = CallContext(read_only=by_call)
    keys = Target(id=f"{_ID}/listKeys", api_version="2025-01-01")
    answers = [
        arm.put(ctx, _TARGET, {}),
        arm.patch(ctx, _TARGET, {}),
        arm.delete(ctx, _TARGET),
        arm.post(ctx, keys, {}),
    ]

    assert [one.code for one in answers if isinstance(one, ArmError)] == [WRITE_REFUSED] * 4
    assert script.sent == []


def test_a_read_only_run_reads_and_lists_nodes() -> None:
    arm, script = _arm(_accepted(200), read_only=True)
    arm.get(CallContext(), _TARGET)
    arm.post(CallContext(), Target(id=f"{_ID}/listNodes", api_version="2025-01-01"), {})

    assert [one.method for one in script.sent] == ["GET", "POST"]


def test_a_retried_write_stays_refused() -> None:
    """azure-core runs the policies behind its retry policy once more, without the call's options."""
    arm, script = _arm(_refusal(500, "Internal", "try again"), read_only=False)
    arm.get(CallContext(read_only=True), _TARGET)

    assert {one.method for one in script.sent} == {"GET"}
    assert len(script.sent) > 1
