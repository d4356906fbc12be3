"""Requests generated from the list of operations: whatever is sent, the answer is one ARM could give.

The list is that of azure-ai-ml's generated client (MIT, api-version 2025-12-01), condensed to method, path,
query and status codes; bodies are pieces of valid ones with damage done to them.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.unit.emulator.bodies import PATHS, sample, shape_of
from tests.unit.emulator.clouds import (
    CLUSTER_SETTINGS,
    DSVM,
    GROUP,
    INSIGHTS,
    ML_VERSION,
    PROVIDERS,
    STORAGE,
    VAULT,
    VM_SETTINGS,
    Cloud,
    open_cloud,
)

from mooring_emulator import SUBSCRIPTION_ID, Request
from mooring_emulator.codec import encode

OPERATIONS = json.loads((Path(__file__).parent / "operations-2025-12-01.json").read_text())
SCALARS: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    2**40,
    1.5,
    "",
    "x",
    "PT5M",
    "Managed",
    "AmlCompute",
    [],
    {},
    [{}],
]
NAMES = ["properties", "location", "tags", "identity", "sku", "computeType", "credentials"]
LINKS = {"storageAccount": STORAGE, "keyVault": VAULT, "applicationInsights": INSIGHTS}
BODIES: list[Any] = [
    {"location": "eastus", "properties": {"computeType": "AmlCompute", "properties": CLUSTER_SETTINGS}},
    {"properties": {"computeType": "VirtualMachine", "resourceId": DSVM, "properties": VM_SETTINGS}},
    {
        "properties": {
            "computeType": "ComputeInstance",
            "properties": {
                "vmSize": "Standard_DS11_v2",
                "schedules": {
                    "computeStartStop": [
                        {"action": "Stop", "triggerType": "Cron", "cron": {"expression": "0 18 * * *"}}
                    ]
                },
            },
        }
    },
    {
        "properties": {
            "computeType": "AKS",
            "properties": {"agentCount": 3, "sslConfiguration": {"status": "Auto"}},
        }
    },
    {"properties": {"computeType": "DataFactory"}},
    {"properties": {"computeType": "HDInsight", "properties": {"address": "a", **VM_SETTINGS}}},
    {"properties": {"computeType": "Kubernetes", "resourceId": DSVM, "properties": {"namespace": "x"}}},
    {"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": LINKS},
    {"location": "eastus", "properties": {**LINKS, "softDeleteEnabled": True}},
    {"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}},
    {"location": "eastus", "properties": {"endpointComputeType": "Managed", "model": "m"}},
    {
        "properties": {
            "datastoreType": "AzureBlob",
            "credentials": {
                "credentialsType": "AccountKey",
                "secrets": {"secretsType": "AccountKey", "key": "k"},
            },
        }
    },
    {"properties": {"jobType": "Command", "command": "ls", "environmentId": "e", "computeId": ""}},
    {"properties": {"image": "ubuntu"}},
    {"properties": {"modelUri": "m", "codeUri": "c", "dataUri": "d", "componentSpec": {}}},
    {"properties": {"authType": "PAT", "category": "Git", "target": "t", "credentials": {"pat": "p"}}},
    {"properties": {"action": {}, "trigger": {}, "type": "FQDN", "modelId": "m"}},
    {"keyType": "Primary"},
    {"name": "cpu-cluster", "type": "x", "value": [{"id": "x", "limit": 1}]},
    {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 2}}}},
]
QUERIES = (
    "",
    "&$skip=1",
    "&$top=x",
    "&$skip=-1",
    "&underlyingResourceAction=Delete",
    "&forceToPurge=true",
    "&%zz=%",
)
VERSIONS = (
    ML_VERSION,
    ML_VERSION,
    ML_VERSION,
    ML_VERSION,
    "2021-04-01",
    "2018-03-01-preview",
    "2020-02-02",
    "1",
    "",
)


def damage(chance: random.Random, value: Any, depth: int = 0) -> Any:
    """Keep most of a value, and put something else into one of its places."""
    roll = chance.random()
    if roll < 0.12 or depth > 6:
        return chance.choice(SCALARS)
    if isinstance(value, dict):
        kept = {name: damage(chance, member, depth + 1) if chance.random() < 0.4 else member
                for name, member in value.items() if chance.random() > 0.05}  # fmt: skip
        return kept | ({chance.choice(NAMES): chance.choice(SCALARS)} if roll > 0.9 else {})
    if isinstance(value, list):
        return [damage(chance, item, depth + 1) for item in value]
    return value


NO_JSON = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"text"', b"1e999", b'{"a":1}{']


FITTING = {
    "computes": BODIES[:7],
    "workspaces": BODIES[7:9],
    "onlineEndpoints": BODIES[9:10],
    "batchEndpoints": BODIES[9:10],
    "deployments": BODIES[10:11],
    "datastores": BODIES[11:12],
    "jobs": BODIES[12:13],
    "environments": BODIES[13:14],
    "versions": BODIES[13:15],
    "connections": BODIES[15:16],
}
WHOLE = {
    path.rpartition("/")[2]: [
        {"location": "eastus", **sample(shape_of(path), is_complete=is_complete)}
        for is_complete in (True, False)
    ]
    for path in PATHS
}


def body_of(chance: random.Random, path: str) -> bytes:
    roll = chance.random()
    if roll < 0.05:
        return chance.choice(NO_JSON)
    kind = path.split("/")[-2]
    fitting = [*FITTING.get(kind, ()), *WHOLE.get(kind, ())] or BODIES
    if chance.random() < 0.2:
        fitting = BODIES
    body = chance.choice(fitting)
    return encode(body if roll < 0.6 else damage(chance, body))


def path_of(chance: random.Random, template: str) -> str:
    names = ["cpu-cluster", "a-name", "a-name", "a-name", "1", "1", "x" * 300, "ü b", "%2f"]
    fixed = {
        "subscriptionId": SUBSCRIPTION_ID,
        "resourceGroupName": "rg-ml",
        "workspaceName": "mlws",
        "location": "eastus",
    }
    segments = []
    for segment in template.strip("/").split("/"):
        name = segment[1:-1] if segment.startswith("{") else ""
        usual = fixed.get(name) if chance.random() < 0.95 else None
        segments.append(segment if not name else quote(usual or chance.choice(names)))
    return "/" + "/".join(segments)


def requests_of(seed: int, count: int) -> Iterator[Request]:
    chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
    for _ in range(count):
        operation = chance.choice(OPERATIONS)
        version = ML_VERSION if chance.random() < 0.7 else chance.choice(VERSIONS)
        query = f"api-version={version}{chance.choice(QUERIES)}"
        url = f"{path_of(chance, operation['url'])}?{query}"
        method = (
            operation["method"] if chance.random() < 0.95 else chance.choice(["GET", "PUT", "POST", "TRACE"])
        )
        yield Request(
            method=method,
            url=url,
            body=body_of(chance, url.partition("?")[0]) if method in {"PUT", "PATCH", "POST"} else b"",
        )


def check(cloud: Cloud, request: Request) -> int:
    response = cloud.emulator.handle(request)
    assert 200 <= response.status < 500, (request, response)
    if response.status >= 400 and request.method != "HEAD":
        error = response.json()["error"]
        assert isinstance(error["code"], str), request
        assert isinstance(error["message"], str), request
        assert error["code"], request
        assert error["message"], request
    elif response.body:
        response.json()
    for name in ("Azure-AsyncOperation", "Location"):
        if name in response.headers:
            assert cloud.emulator.handle(Request(method="GET", url=response.headers[name])).status < 500
    return response.status


def campaign(seed: int, count: int) -> set[int]:
    cloud = open_cloud(":memory:", lro_seconds=0.5)
    cloud.build_group()
    cloud.build_neighbours()
    cloud.wait(1)
    cloud.put_workspace()
    cloud.wait(1)
    seen: set[int] = set()
    for request in requests_of(seed, count):
        seen.add(check(cloud, request))
        cloud.wait(0.2)
        if cloud.ask("GET", f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/mlws").status == 404:
            cloud.ask("PUT", GROUP, {"location": "eastus"}, version="2025-04-01")
            cloud.put_workspace(allowRecoverSoftDeletedWorkspace=True)
            cloud.wait(1)
    return seen


def test_no_generated_request_is_answered_with_a_server_error() -> None:
    assert {200, 201, 202, 204, 400, 404, 405} <= campaign(1, 2_000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_no_generated_request_of_a_campaign_is_answered_with_a_server_error(seed: int) -> None:
    assert {200, 201, 202, 204, 400, 404, 405} <= campaign(seed, 2_000)
