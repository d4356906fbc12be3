"""Azure's errors as people meet them: the real `moor` against a cloud that refuses, fails and falls silent.

One run meets all of them at once, each with a compute cluster of its own, because they wait for nothing but
each other's retries.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from tests.lifecycle.moor import Moor
from tests.unit.azureml.configurations import WORKSPACE
from tests.unit.azureml.files import BASE, cluster_block

from mooring_emulator import MEMORY, SUBSCRIPTION_ID, TENANT_ID, Emulator, open_emulator, send
from mooring_emulator.emulator import Surroundings
from mooring_emulator.faults.rules import parse_rules
from mooring_emulator.server.service import Service

_CREDENTIAL: Final = "never-show-this-secret"
_NOTHING: Final = "create"
_HALF: Final = "replace"
_WHOLE: Final = "no-op"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What befalls a cluster of this name, and what a user reads of it.

    `rule` is the emulator's, `said` are Azure's words, `advice` is what to do about it, `left` what the next
    plan wants: to create (nothing was left), to replace (half of it was), nothing (it got through).
    """

    name: str
    rule: Mapping[str, str]
    summary: str = ""
    said: str = ""
    advice: str = ""
    left: str = _NOTHING
    tried: str = field(default="creating compute cluster", kw_only=True)


def _refusal(status: int, code: str, message: str) -> Mapping[str, str]:
    return {"fault": str(status), "code": code, "message": message}


FAULTS: Final = (
    Fault(
        name="forbidden",
        rule=_refusal(403, "AuthorizationFailed", "It lacks the action computes/write."),
        summary="Missing permission",
        said="AuthorizationFailed: It lacks the action computes/write.",
        advice="It needs a role with the action named below",
    ),
    Fault(
        name="orphan",
        rule=_refusal(404, "ParentResourceNotFound", "The parent was not found."),
        summary="Parent resource not found",
        said="ParentResourceNotFound: The parent was not found.",
        advice='"mlw-lab", which it belongs to, does not exist',
    ),
    Fault(
        name="homeless",
        rule=_refusal(404, "ResourceGroupNotFound", "The group could not be found."),
        summary="Parent resource not found",
        said="ResourceGroupNotFound: The group could not be found.",
        advice='The resource group "rg-lab" does not exist in this subscription',
    ),
    Fault(
        name="busy",
        rule=_refusal(409, "Conflict", "Another operation is in progress."),
        summary="Another operation is running",
        said="Conflict: Another operation is in progress.",
        advice="Wait until it is over and try again",
    ),
    Fault(
        name="locked",
        rule=_refusal(409, "ScopeLocked", "The scope cannot perform write operation."),
        summary="Locked against changes",
        said="ScopeLocked: The scope cannot perform write operation.",
        advice="Have the lock removed",
    ),
    Fault(
        name="unregistered",
        rule=_refusal(
            409,
            "MissingSubscriptionRegistration",
            "The subscription is not registered to use namespace 'Microsoft.MachineLearningServices'.",
        ),
        summary="Resource provider not registered",
        said="MissingSubscriptionRegistration: The subscription is not registered to use namespace",
        advice="az provider register --namespace Microsoft.MachineLearningServices",
    ),
    Fault(
        name="throttled",
        rule={"fault": "429", "retry_after": "1"},
        summary="Too many requests",
        said="TooManyRequests: The request is being throttled",
        advice="Try again in a minute, with a lower -parallelism",
    ),
    Fault(
        name="quota",
        rule=_refusal(400, "BadRequest", "The specified subscription has a total vCPU quota of 0."),
        summary="Quota exceeded",
        said="BadRequest: The specified subscription has a total vCPU quota of 0.",
        advice="ask for more quota",
    ),
    Fault(
        name="fails",
        rule={"fault": "lro-failed", "code": "AllocationFailed", "message": "No node could be had."},
        summary="Azure operation failed",
        said="AllocationFailed: No node could be had.",
        advice="is replaced by the next apply",
        left=_HALF,
    ),
    Fault(
        name="out-of-cores",
        rule={"fault": "lro-failed", "code": "ClusterCoreQuotaReached", "message": "Exceeding quota limits."},
        summary="Quota exceeded",
        said="ClusterCoreQuotaReached: Exceeding quota limits.",
        advice="Choose a smaller size or fewer nodes",
        left=_HALF,
    ),
    Fault(
        name="canceled",
        rule={"fault": "lro-canceled"},
        summary="Azure operation canceled",
        said="OperationCanceled: The operation was canceled.",
        advice="is replaced by the next apply",
        left=_HALF,
    ),
    Fault(
        name="expired",
        rule={"fault": "expired-token"},
        summary="Sign-in no longer accepted",
        said="ExpiredAuthenticationToken: The access token expiry UTC time is earlier",
        advice="go on with another run",
    ),
    Fault(name="renewed", rule={"fault": "expired-token", "nth": "1"}, left=_WHOLE),
    Fault(
        name="silent",
        rule={"fault": "reset"},
        summary="Azure cannot be reached",
        said="ServiceUnreachable:",
        advice="Check the network, the proxy",
    ),
    Fault(name="unheard", rule={"fault": "reset-after", "nth": "1"}, left=_WHOLE),
)
_RULES: Final = [{"method": "PUT", "path": f"*/computes/{one.name}", **one.rule} for one in FAULTS]
_OTHERS: Final = [
    {"method": "PUT", "path": "*/computes/held", "fault": "lro-failed", "message": "No node could be had."},
    {"method": "PATCH", "path": "*/computes/grows", "fault": "lro-failed", "message": "It cannot grow."},
    {"method": "PATCH", "path": "*/computes/shrinks", **_refusal(409, "Conflict", "It is being resized.")},
    {
        "method": "DELETE",
        "path": "*/computes/stays",
        **_refusal(409, "ScopeLocked", "The scope cannot perform delete operation."),
    },
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What a run said and left: its errors by address, the actions of the next plan by address."""

    errors: Mapping[str, Mapping[str, Any]]
    actions: Mapping[str, str]
    tainted: frozenset[str]
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """The served cloud and the variables with which `moor` finds it."""

    emulator: Emulator
    variables: Mapping[str, str]

    def moor(self, program: str, folder: Path) -> Moor:
        return Moor(program, folder, **self.variables)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    around = Surroundings(faults=parse_rules(json.dumps([*_RULES, *_OTHERS])))
    emulator = open_emulator(MEMORY, clock=time.time, surroundings=around)
    service = Service(emulator.handle, tmp_path_factory.mktemp("tls"))
    endpoint, ca_file = str(service.addresses["endpoint"]), str(service.addresses["ca"])
    variables = {
        "MOOR_AZURE_ENDPOINT": endpoint,
        "MOOR_AZURE_AUTHORITY": endpoint,
        "MOOR_AZURE_CA_FILE": ca_file,
        "ARM_SUBSCRIPTION_ID": SUBSCRIPTION_ID,
        "ARM_TENANT_ID": TENANT_ID,
        "ARM_CLIENT_ID": "app",
        "ARM_CLIENT_SECRET": _CREDENTIAL,
    }
    yield Cloud(emulator=emulator, variables=variables)
    service.close()
    emulator.close()


@pytest.fixture(scope="module")
def met(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory, moor_program: str) -> Met:
    """The run that meets every fault, and the plan after it."""
    folder = tmp_path_factory.mktemp("people")
    moor = cloud.moor(moor_program, folder)
    (folder / "main.tf").write_text(BASE)
    (folder / "clusters.tf").write_text(
        cluster_block("grows") + cluster_block("shrinks", nodes=4) + cluster_block("stays")
    )
    moor.run("apply", "-auto-approve", "-input=false")
    clusters = [
        cluster_block("grows", nodes=4),
        cluster_block("shrinks"),
        *(cluster_block(one.name) for one in FAULTS),
    ]
    (folder / "clusters.tf").write_text("".join(clusters))
    output = moor.run("apply", "-auto-approve", "-input=false", "-json", "-parallelism=20", status=1)
    planned = moor.run("plan", "-input=false", "-json")
    state = json.loads((folder / "terraform.tfstate").read_text())
    return Met(
        errors={one["address"]: one for one in _diagnostics(output, "error")},
        actions={one["resource"]["addr"]: one["action"] for one in _changes(planned)},
        tainted=frozenset(
            f"{one['type']}.{one['name']}"
            for one in state["resources"]
            if any(instance.get("status") == "tainted" for instance in one["instances"])
        ),
        output=output + planned,
    )


def _events(output: str) -> Iterator[Mapping[str, Any]]:
    yield from (json.loads(line) for line in output.splitlines() if line.startswith("{"))


def _diagnostics(output: str, severity: str) -> list[Mapping[str, Any]]:
    found = [one["diagnostic"] for one in _events(output) if one["type"] == "diagnostic"]
    return [one for one in found if one["severity"] == severity]


def _changes(output: str) -> list[Mapping[str, Any]]:
    return [one["change"] for one in _events(output) if one["type"] == "planned_change"]


def _named(fault: Fault) -> str:
    return f"azureml_compute_cluster.{fault.name}"


_TOLD: Final = [one for one in FAULTS if one.summary]


@pytest.mark.parametrize("fault", _TOLD, ids=lambda one: one.name)
def test_an_error_says_what_was_tried_what_azure_said_where_and_what_to_do(met: Met, fault: Fault) -> None:
    told = met.errors[_named(fault)]
    detail = told["detail"]

    assert told["summary"] == fault.summary
    assert f'{fault.tried} "{fault.name}"' in detail
    assert fault.said in detail
    assert fault.advice in detail
    assert told["range"]["filename"] == "clusters.tf"
    assert told["snippet"]["code"] == f'resource "azureml_compute_cluster" "{fault.name}" {{'


@pytest.mark.parametrize("fault", [one for one in _TOLD if one.name != "silent"], ids=lambda one: one.name)
def test_an_answer_of_azure_is_told_with_its_correlation_id(met: Met, fault: Fault) -> None:
    assert re.search(r"\(correlation id [0-9a-f-]{36}\)", met.errors[_named(fault)]["detail"])


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.name)
def test_the_next_plan_does_what_is_left_to_do(met: Met, fault: Fault) -> None:
    assert met.actions.get(_named(fault), _WHOLE) == fault.left
    assert (_named(fault) in met.tainted) == (fault.left == _HALF)


def test_what_was_lost_on_the_way_and_tried_again_is_no_error(met: Met) -> None:
    assert met.errors.keys() & {_named(one) for one in FAULTS if not one.summary} == set()


def test_a_change_that_is_refused_is_planned_again(met: Met) -> None:
    told = met.errors["azureml_compute_cluster.shrinks"]

    assert told["summary"] == "Another operation is running"
    assert 'Azure refused changing compute cluster "shrinks"' in told["detail"]
    assert met.actions["azureml_compute_cluster.shrinks"] == "update"


def test_a_change_that_fails_on_the_way_leaves_what_the_cloud_has_and_no_taint(
    cloud: Cloud, met: Met
) -> None:
    told = met.errors["azureml_compute_cluster.grows"]
    document = json.loads(send(cloud.emulator, "GET", f"{WORKSPACE}/computes/grows").body)
    is_grown = document["properties"]["properties"]["scaleSettings"]["maxNodeCount"] == 4

    assert 'Azure accepted changing compute cluster "grows", and did not bring it to an end' in told["detail"]
    assert met.actions.get("azureml_compute_cluster.grows", _WHOLE) == (_WHOLE if is_grown else "update")
    assert "azureml_compute_cluster.grows" not in met.tainted


def test_a_delete_that_is_refused_keeps_the_object_and_is_planned_again(met: Met) -> None:
    told = met.errors["azureml_compute_cluster.stays"]

    assert told["summary"] == "Locked against changes"
    assert 'Azure refused deleting compute cluster "stays"' in told["detail"]
    assert met.actions["azureml_compute_cluster.stays"] == "delete"


def test_what_failed_is_warned_of_with_azures_reason_when_it_is_looked_at(met: Met) -> None:
    warned = {one["address"]: one for one in _diagnostics(met.output, "warning")}

    assert (
        "exists but failed: AllocationFailed: No node could be had."
        in (warned["azureml_compute_cluster.fails"]["detail"])
    )


def test_no_error_shows_the_credential(met: Met) -> None:
    assert _CREDENTIAL not in met.output


@pytest.fixture
def elsewhere(cloud: Cloud, met: Met, tmp_path: Path, moor_program: str) -> Callable[[str], str]:  # noqa: ARG001  (the workspace is there)
    """Applies another folder on the same cloud, which must fail, and gives what it says on one line."""

    def fail(text: str) -> str:
        (tmp_path / "main.tf").write_text(BASE.partition("resource")[0] + text)
        moor = cloud.moor(moor_program, tmp_path)
        return " ".join(moor.run("apply", "-auto-approve", "-input=false", "-no-color", status=1).split())

    return fail


def test_a_failed_compute_of_somebody_that_holds_the_name_is_told(
    cloud: Cloud, elsewhere: Callable[[str], str]
) -> None:
    shape = {"vmSize": "STANDARD_DS3_V2", "scaleSettings": {"maxNodeCount": 1}}
    body = {"location": "eastus", "properties": {"computeType": "AmlCompute", "properties": shape}}
    send(cloud.emulator, "PUT", f"{WORKSPACE}/computes/held", body)
    said = elsewhere(cluster_block("held", workspace=f'"{WORKSPACE}"'))

    assert "It failed and still holds its name: delete it, or import it to have it replaced." in said
    assert "No node could be had." in said
    assert "with azureml_compute_cluster.held, on main.tf line" in said


def test_the_name_of_a_soft_deleted_workspace_is_told_before_anything_happens(
    cloud: Cloud, elsewhere: Callable[[str], str]
) -> None:
    gone = WORKSPACE.replace("mlw-lab", "mlw-gone")
    found = json.loads(send(cloud.emulator, "GET", WORKSPACE).body)["properties"]
    parts = {
        "storage_account": found["storageAccount"],
        "key_vault": found["keyVault"],
        "application_insights": found["applicationInsights"],
    }
    kept = dict(zip(("storageAccount", "keyVault", "applicationInsights"), parts.values(), strict=True))
    body = {"location": "eastus", "properties": {**kept, "softDeleteEnabled": True}}
    for method in ("PUT", "GET", "DELETE", "GET"):
        send(cloud.emulator, method, gone, body if method == "PUT" else None)
    text = BASE[BASE.index('resource "azureml_workspace"') :].replace("mlw-lab", "mlw-gone")
    text = text.replace("azureml_resource_group.lab.name", '"rg-lab"')
    for name, value in parts.items():
        text = text.replace(f"azureml_{name}.lab.id", f'"{value}"')
    said = elsewhere(text)

    assert "Error: A soft-deleted workspace holds this name" in said
    assert "recover_soft_deleted = true" in said
    assert "Creating..." not in said
