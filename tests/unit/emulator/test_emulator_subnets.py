"""Subnets as resources, in step with their network's list."""

from typing import Any

import pytest
from tests.unit.emulator.clouds import PROVIDERS, Cloud, error_of

NETWORK = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/vnet"
VERSION = "2024-05-01"


def prefix(text: str) -> dict[str, Any]:
    return {"properties": {"addressPrefix": text}}


def put_network(cloud: Cloud, **subnets: str) -> int:
    space: dict[str, Any] = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    listed = (
        {"subnets": [{"name": name, **prefix(text)} for name, text in subnets.items()]} if subnets else {}
    )
    body = {"location": "eastus", "properties": space | listed}
    return cloud.ask("PUT", NETWORK, body, version=VERSION).status


def listed(cloud: Cloud) -> dict[str, str]:
    network = cloud.ask("GET", NETWORK, version=VERSION).json()["properties"]["subnets"]
    children = cloud.ask("GET", f"{NETWORK}/subnets", version=VERSION).json()["value"]
    assert network == children
    return {each["name"]: each["properties"]["addressPrefix"] for each in children}


def test_a_subnet_of_the_list_is_a_resource_and_the_other_way_round(cloud: Cloud) -> None:
    assert put_network(cloud, first="10.0.0.0/24") == 201
    assert (
        cloud.ask("GET", f"{NETWORK}/subnets/first", version=VERSION).json()["id"]
        == f"{NETWORK}/subnets/first"
    )
    put = cloud.ask("PUT", f"{NETWORK}/subnets/second", prefix("10.0.1.0/24"), version=VERSION)
    assert (put.status, put.json()["properties"]["addressPrefix"]) == (201, "10.0.1.0/24")
    assert listed(cloud) == {"first": "10.0.0.0/24", "second": "10.0.1.0/24"}
    cloud.ask("DELETE", f"{NETWORK}/subnets/first", version=VERSION)
    assert listed(cloud) == {"second": "10.0.1.0/24"}


def test_a_list_replaces_the_subnets_and_no_list_keeps_them(cloud: Cloud) -> None:
    put_network(cloud, first="10.0.0.0/24", second="10.0.1.0/24")
    assert put_network(cloud) == 200
    assert set(listed(cloud)) == {"first", "second"}
    put_network(cloud, second="10.0.2.0/24", third="10.0.3.0/24")
    assert listed(cloud) == {"second": "10.0.2.0/24", "third": "10.0.3.0/24"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10.1.0.0/24", "NetcfgInvalidSubnet"),
        ("10.0.0.0/8", "NetcfgInvalidSubnet"),
        ("10.0.0.128/25", "NetcfgSubnetRangesOverlap"),
        ("ten", "InvalidAddressPrefixFormat"),
    ],
)
def test_a_subnet_fits_into_its_network_beside_the_others(cloud: Cloud, text: str, code: str) -> None:
    put_network(cloud, first="10.0.0.0/24")
    response = cloud.ask("PUT", f"{NETWORK}/subnets/second", prefix(text), version=VERSION)
    assert error_of(response) == (400, code)
    assert put_network(cloud, first="10.0.0.0/24", second=text) == 400


def test_a_subnet_needs_its_network(cloud: Cloud) -> None:
    response = cloud.ask("PUT", f"{NETWORK}/subnets/first", prefix("10.0.0.0/24"), version=VERSION)
    assert error_of(response) == (404, "ParentResourceNotFound")
