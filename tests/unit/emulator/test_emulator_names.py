"""Names that are unique in the whole cloud, and bodies as az CLI writes them."""

import pytest
from tests.unit.emulator.clouds import GROUP, Cloud, error_of

from mooring_emulator import SUBSCRIPTION_ID, Request
from mooring_emulator.codec import decode_relaxed


@pytest.mark.parametrize(
    ("namespace", "version", "name", "reason"),
    [
        ("Microsoft.Storage", "2023-05-01", "mlstore", "AlreadyExists"),
        ("Microsoft.Storage", "2023-05-01", "Ml_Store", "AccountNameInvalid"),
        ("Microsoft.Storage", "2023-05-01", "another", None),
        ("Microsoft.KeyVault", "2023-07-01", "mlvault", "AlreadyExists"),
        ("Microsoft.ContainerRegistry", "2023-07-01", "registry", None),
    ],
)
def test_a_name_is_checked_before_it_is_taken(
    cloud: Cloud, namespace: str, version: str, name: str, reason: str | None
) -> None:
    path = f"/subscriptions/{SUBSCRIPTION_ID}/providers/{namespace}/checkNameAvailability"
    answer = cloud.ask("POST", path, {"Name": name, "type": "x"}, version=version).json()
    assert (answer["nameAvailable"], answer.get("reason")) == (reason is None, reason)


def test_names_of_other_providers_are_not_checked(cloud: Cloud) -> None:
    path = f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.Network/checkNameAvailability"
    assert error_of(cloud.ask("POST", path, {"name": "x"})) == (404, "InvalidResourceType")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": {"b": 1}, template:{"c": "d: e, f: g"}}', {"a": {"b": 1}, "template": {"c": "d: e, f: g"}}),
        ('{ // a comment, with: a colon\n name: "http://x" /* and\nanother: */ }', {"name": "http://x"}),
    ],
)
def test_json_is_read_as_arm_reads_it(text: str, value: object) -> None:
    assert decode_relaxed(text) == value


def test_a_deployment_of_az_cli_is_understood(cloud: Cloud) -> None:
    template = '{"$schema": "x", "contentVersion": "1.0.0.0", "resources": []}'
    body = f'{{"properties": {{"mode": "Incremental", template:{template}}}}}'.encode()
    url = f"{GROUP}/providers/Microsoft.Resources/deployments/d/validate?api-version=2025-04-01"
    assert cloud.emulator.handle(Request(method="POST", url=url, body=body)).status == 200


def test_the_list_of_a_subscription_can_be_that_of_a_group(cloud: Cloud) -> None:
    path = f"/subscriptions/{SUBSCRIPTION_ID}/resources"
    query = "$filter=resourceGroup eq 'RG-ML'"
    listed = cloud.ask("GET", path, version="2025-04-01", query=query).json()["value"]
    assert {"mlws", "mlstore"} <= {each["name"] for each in listed}
    assert all("/rg-ml/" in each["id"] for each in listed)
