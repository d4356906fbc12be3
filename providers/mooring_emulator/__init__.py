"""Azure, emulated: Azure Resource Manager with Microsoft.MachineLearningServices and its neighbours.

    emulator = open_emulator("cloud.sqlite", clock=time.time)
    response = emulator.handle(Request(method="GET", url="/subscriptions?api-version=2022-12-01"))
    client = ResourceManagementClient(credential, SUBSCRIPTION_ID, transport=transport(emulator))

The core is sans-I/O: `Emulator.handle` takes a request and gives a response, a server or a transport is a
thin shell around it. Layers, top to bottom: `serving` and `server` (HTTPS and the proxy) over `tables` and
`routes` (all types and paths) over `machinelearning`, `resources` and `entra` (the providers) over
`templates` and `arm` (Azure Resource Manager itself) over `store` (memory or SQLite). `faults` stands beside
them. Nothing here imports `mooring`, and only `azure_transport` imports azure-core.

How to add a resource type:

1. A neighbour that needs defaults only is a `resources.simple.SimpleType`: name rule, replies, required
   properties, the shape of the others, and two functions for defaults and read-only properties. A type with
   rules of its own is an `arm.kinds.ResourceKind` with `compose` (PUT), `revise` (PATCH), `retire` (DELETE)
   and `actions` (POST), pure functions from the request and the stored document to a `Change`.
2. An asset or another child of a workspace is a `machinelearning.children.ChildType`.
3. A compute type is a `machinelearning.compute_types.ComputeType`: its shape is in the specification already.
4. Add the value to `tables.resource_kinds`, `tables.child_types` or `tables.COMPUTE_TYPES`; a path that is no
   resource is a row of `routes.ROUTES`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring_emulator.azure_transport import EmulatorTransport
    from mooring_emulator.emulator import Emulator
    from mooring_emulator.messages import Request, Response
    from mooring_emulator.opening import MEMORY, open_emulator
    from mooring_emulator.seed import SUBSCRIPTION_ID, TENANT_ID
    from mooring_emulator.sending import send
    from mooring_emulator.store.model import LoggedRequest

__all__ = [
    "MEMORY",
    "SUBSCRIPTION_ID",
    "TENANT_ID",
    "Emulator",
    "LoggedRequest",
    "Request",
    "Response",
    "open_emulator",
    "send",
    "transport",
]

_MODULES = {
    "MEMORY": "opening",
    "SUBSCRIPTION_ID": "seed",
    "TENANT_ID": "seed",
    "Emulator": "emulator",
    "LoggedRequest": "store.model",
    "Request": "messages",
    "Response": "messages",
    "open_emulator": "opening",
    "send": "sending",
}


def transport(emulator: "Emulator") -> "EmulatorTransport":
    """Make an azure-core transport that hands each request to the emulator; imports azure-core."""
    from mooring_emulator.azure_transport import EmulatorTransport  # heavy: only who asks pays

    return EmulatorTransport(emulator)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: importing the package alone costs next to nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
