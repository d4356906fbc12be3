"""A cloud to test against: a clock that the test moves, ids that count up, and requests in one line."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from mooring_emulator import SUBSCRIPTION_ID, Emulator, Request, Response, open_emulator
from mooring_emulator.codec import encode

ML_VERSION = "2025-12-01"
GROUP = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg-ml"
PROVIDERS = f"{GROUP}/providers"
WORKSPACE = f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/mlws"
STORAGE = f"{PROVIDERS}/Microsoft.Storage/storageAccounts/mlstore"
VAULT = f"{PROVIDERS}/Microsoft.KeyVault/vaults/mlvault"
INSIGHTS = f"{PROVIDERS}/Microsoft.Insights/components/mlinsights"
DSVM = (
    f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg-datascience-vms"
    "/providers/Microsoft.Compute/virtualMachines/vm-dsvm-ubuntu"
)
CLUSTER_SETTINGS = {"vmSize": "STANDARD_DS3_V2", "scaleSettings": {"maxNodeCount": 4}}
INSTANCE_SETTINGS = {"vmSize": "Standard_DS11_v2"}
VM_SETTINGS = {"administratorAccount": {"username": "azureuser", "password": "hunter2"}}


@dataclass(slots=True)
class FakeClock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True)
class Cloud:
    """An emulator with shortcuts; `path` in a request is a full id, `token` an access token."""

    emulator: Emulator
    clock: FakeClock = field(default_factory=FakeClock)
    token: str = ""

    def ask(
        self, method: str, path: str, body: object = None, *, version: str = ML_VERSION, query: str = ""
    ) -> Response:
        url = f"{path}?api-version={version}{'&' + query if query else ''}"
        content = b"" if body is None else encode(body)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.emulator.handle(Request(method=method, url=url, headers=headers, body=content))

    def poll(self, response: Response) -> Response:
        return self.emulator.handle(Request(method="GET", url=response.headers["Azure-AsyncOperation"]))

    def get(self, path: str) -> Any:
        response = self.ask("GET", path)
        assert response.status == 200, response.body
        return response.json()

    def put_compute(
        self, name: str, compute_type: str, settings: dict[str, Any], **properties: object
    ) -> Response:
        body = {
            "location": "eastus",
            "properties": {"computeType": compute_type, **properties, "properties": settings},
        }
        return self.ask("PUT", f"{WORKSPACE}/computes/{name}", body)

    def put_cluster(self, name: str = "cpu-cluster", **settings: object) -> Response:
        return self.put_compute(name, "AmlCompute", {**CLUSTER_SETTINGS, **settings})

    def put_instance(self, name: str = "my-instance", **settings: object) -> Response:
        return self.put_compute(name, "ComputeInstance", {**INSTANCE_SETTINGS, **settings})

    def attach(self, name: str = "my-vm", resource_id: str = DSVM, **settings: object) -> Response:
        return self.put_compute(name, "VirtualMachine", {**VM_SETTINGS, **settings}, resourceId=resource_id)

    def put_workspace(self, path: str = WORKSPACE, **changes: object) -> Response:
        links = {"storageAccount": STORAGE, "keyVault": VAULT, "applicationInsights": INSIGHTS}
        body = {"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": links | changes}
        return self.ask("PUT", path, body)

    def build_group(self, path: str = GROUP) -> None:
        assert self.ask("PUT", path, {"location": "eastus"}, version="2025-04-01").status == 201

    def build_neighbours(self) -> None:
        storage = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        vault = {"tenantId": SUBSCRIPTION_ID, "sku": {"family": "A", "name": "standard"}}
        assert self.ask("PUT", STORAGE, storage, version="2023-05-01").status == 202
        assert (
            self.ask("PUT", VAULT, {"location": "eastus", "properties": vault}, version="2023-07-01").status
            == 200
        )
        assert (
            self.ask("PUT", INSIGHTS, {"location": "eastus", "kind": "web"}, version="2020-02-02").status
            == 200
        )

    def wait(self, seconds: float = 0.0) -> None:
        self.clock.now += seconds

    def build_workspace(self) -> None:
        self.build_group()
        self.build_neighbours()
        assert self.put_workspace().status == 202


def open_cloud(path: str, *, lro_seconds: float = 0.0, page_size: int = 100) -> Cloud:
    clock, numbers = FakeClock(), count(1)
    emulator = open_emulator(
        path,
        clock=clock,
        lro_seconds=lro_seconds,
        page_size=page_size,
        new_id=lambda: f"00000000-0000-4000-8000-{next(numbers):012d}",
    )
    return Cloud(emulator=emulator, clock=clock)


def error_of(response: Response) -> tuple[int, str]:
    return response.status, response.json()["error"]["code"]
