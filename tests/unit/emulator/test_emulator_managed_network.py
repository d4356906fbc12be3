"""Managed networks, hubs and projects, deleted workspaces, tokens of CI systems."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.emulator.clouds import WORKSPACE, Cloud

from mooring_emulator import SUBSCRIPTION_ID, Request
from mooring_emulator.entra.tokens import read_claims

_RULES = {"pypi": {"type": "FQDN", "destination": "pypi.org"}}
_DELETED = f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.MachineLearningServices/deletedWorkspaces"


def _close(cloud: Cloud, mode: str = "AllowOnlyApprovedOutbound") -> int:
    network = {"isolationMode": mode, "outboundRules": _RULES}
    status = cloud.ask("PATCH", WORKSPACE, {"properties": {"managedNetwork": network}}).status
    cloud.get(WORKSPACE)
    return status


def test_rules_are_children_and_members_of_the_workspace(cloud: Cloud) -> None:
    assert _close(cloud) == 202
    network = cloud.get(WORKSPACE)["properties"]["managedNetwork"]
    rule = cloud.get(f"{WORKSPACE}/outboundRules/pypi")

    assert network["outboundRules"]["pypi"] == rule["properties"]
    assert rule["properties"]["category"] == "UserDefined"


def test_a_rule_is_gone_when_it_is_deleted_by_itself(cloud: Cloud) -> None:
    _close(cloud)
    assert cloud.ask("DELETE", f"{WORKSPACE}/outboundRules/pypi").status == 202
    cloud.ask("GET", f"{WORKSPACE}/outboundRules/pypi")

    assert "outboundRules" not in cloud.get(WORKSPACE)["properties"]["managedNetwork"]


def test_a_network_is_provisioned_by_an_operation_and_gets_a_rule_of_its_own(cloud: Cloud) -> None:
    _close(cloud)
    answer = cloud.ask("POST", f"{WORKSPACE}/provisionManagedNetwork", {"includeSpark": False})
    polled = cloud.emulator.handle(Request(method="GET", url=answer.headers["Location"]))
    network = cloud.get(WORKSPACE)["properties"]["managedNetwork"]
    categories = {rule["category"] for rule in network["outboundRules"].values()}

    assert (answer.status, polled.status, network["status"]["status"]) == (202, 200, "Active")
    assert categories == {"UserDefined", "Required"}


def test_a_network_that_is_disabled_is_not_provisioned(cloud: Cloud) -> None:
    assert cloud.ask("POST", f"{WORKSPACE}/provisionManagedNetwork", {}).status == 400


@pytest.mark.parametrize("mode", ["Disabled", "AllowInternetOutbound"])
def test_a_closed_network_is_not_opened_again(cloud: Cloud, mode: str) -> None:
    _close(cloud)

    assert _close(cloud, mode) == 400


def _links(cloud: Cloud) -> dict[str, Any]:
    properties = cloud.get(WORKSPACE)["properties"]
    return {name: properties[name] for name in ("storageAccount", "keyVault")}


def test_a_project_has_what_its_hub_has(cloud: Cloud) -> None:
    hub, project = (WORKSPACE.replace("mlws", name) for name in ("the-hub", "the-project"))
    links = _links(cloud)
    made = cloud.ask("PUT", hub, {"location": "eastus", "kind": "Hub", "properties": links})
    cloud.get(hub)
    body = {"location": "eastus", "kind": "Project", "properties": {"hubResourceId": hub}}
    assert (made.status, cloud.ask("PUT", project, body).status) == (202, 202)

    shown = cloud.get(project)["properties"]
    assert {name: shown[name] for name in links} == links


def test_a_project_needs_a_hub(cloud: Cloud) -> None:
    project = WORKSPACE.replace("mlws", "the-project")
    body = {"location": "eastus", "kind": "Project", "properties": {"hubResourceId": WORKSPACE}}

    assert cloud.ask("PUT", project, body).status == 400


def test_a_null_in_a_patch_removes(cloud: Cloud) -> None:
    for subnet in ("/subnets/s", None):
        settings = {"serverlessComputeSettings": {"serverlessComputeCustomSubnet": subnet}}
        assert cloud.ask("PATCH", WORKSPACE, {"properties": settings}).status == 202
        shown = cloud.get(WORKSPACE)["properties"]["serverlessComputeSettings"]
        assert shown["serverlessComputeCustomSubnet"] == subnet


def test_what_can_be_recovered_is_listed(cloud: Cloud) -> None:
    assert cloud.get(_DELETED) == {"value": []}


def test_ci_systems_give_tokens_to_who_asks_as_they_want(cloud: Cloud) -> None:
    bearer = {"Authorization": "Bearer anything"}
    github = "/ci/github?audience=api://AzureADTokenExchange"

    def ask(method: str, url: str, headers: dict[str, str]) -> Any:
        return cloud.emulator.handle(Request(method=method, url=url, headers=headers))

    assert ask("GET", github, {}).status == 401
    assert ask("GET", "/ci/github", bearer).status == 400
    assert ask("POST", "/ci/azure-devops", bearer).status == 400
    token = ask("GET", github, bearer).json()["value"]
    assert ask("POST", "/ci/azure-devops?serviceConnectionId=c", bearer).json()["oidcToken"]
    assert read_claims(token) is not None
