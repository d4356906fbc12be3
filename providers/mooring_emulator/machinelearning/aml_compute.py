"""AmlCompute: a managed cluster.

Sources: recordings of the live service (2022, 2025) for defaults and for what is null while it is created;
"create a compute cluster" for what cannot change: VM size, SSH and network settings are fixed, a PUT may
rescale only.
"""

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.kinds import Target
from mooring_emulator.arm.regions import require_location
from mooring_emulator.codec import Json, JsonObject
from mooring_emulator.machinelearning.compute_types import ComputeRequest, ComputeType, Draft
from mooring_emulator.machinelearning.quotas import require_size
from mooring_emulator.machinelearning.scaling import fill_scale, node_counts, rescale
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document

_FIXED = (
    "vmSize",
    "vmPriority",
    "osType",
    "subnet",
    "isolatedNetwork",
    "enableNodePublicIp",
    "virtualMachineImage",
)
_NULL_AT_FIRST = ("currentNodeCount", "targetNodeCount", "nodeStateCounts", "allocationState", "propertyBag")


def _create(request: ComputeRequest) -> Draft:
    sent = request.settings
    require_size(sent.get("vmSize"))
    if not sent.get("scaleSettings"):
        raise bad_request("The properties.properties.scaleSettings field is required.")
    settings = {**_defaults(sent), **_named(sent), "scaleSettings": fill_scale(sent["scaleSettings"])}
    counts = node_counts(settings["scaleSettings"]["minNodeCount"])
    steady = {"allocationState": "Steady", "allocationStateTransitionTime": request.call.timestamp}
    return Draft(
        settings={**settings, **counts, **steady, "propertyBag": {}},
        during=_at_first(sent, settings),
        resource_id_during=_batch_id(request.target),
        compute_location=_location(request),
    )


def _update(request: ComputeRequest, prior: Document) -> Draft:
    existing: JsonObject = prior.private["settings"]
    _require_fixed(request.settings, existing)
    scale = request.settings.get("scaleSettings") or {}
    settings = rescale({**existing, **_shown_counts(prior)}, scale)
    return Draft(settings=settings, compute_location=prior.properties["computeLocation"])


def _shown_counts(prior: Document) -> JsonObject:
    """Give what a PATCH may have changed since the last PUT."""
    shown = prior.properties["properties"]
    return {
        name: shown[name]
        for name in ("scaleSettings", "currentNodeCount", "targetNodeCount", "nodeStateCounts")
    }


def _named(sent: JsonObject) -> JsonObject:
    return {name: value for name, value in sent.items() if name != "remoteLoginPortPublicAccess"}


def _defaults(sent: JsonObject) -> JsonObject:
    login = sent.get("remoteLoginPortPublicAccess") or "NotSpecified"
    resolved = "Disabled" if sent.get("subnet") else "Enabled"
    return {
        "osType": "Linux",
        "vmPriority": "Dedicated",
        "isolatedNetwork": False,
        "enableNodePublicIp": True,
        "remoteLoginPortPublicAccess": resolved if login == "NotSpecified" else login,
    }


def _at_first(sent: JsonObject, settings: JsonObject) -> JsonObject:
    """Give what a GET shows while the cluster is being created: what was sent, and nulls."""
    idle = sent["scaleSettings"].get("nodeIdleTimeBeforeScaleDown")
    return {
        **dict.fromkeys(_NULL_AT_FIRST),
        "allocationStateTransitionTime": None,
        "vmPriority": sent.get("vmPriority"),
        "remoteLoginPortPublicAccess": sent.get("remoteLoginPortPublicAccess") or "NotSpecified",
        "scaleSettings": {**settings["scaleSettings"], "nodeIdleTimeBeforeScaleDown": idle},
    }


def _batch_id(target: Target) -> str:
    """Give the transient resourceId of a cluster that is being created (recorded 2022; null afterwards)."""
    group, _, path = target.id.partition("/providers/")
    workspace = path.split("/")[2]
    return f"{group}/providers/Microsoft.BatchAI/workspaces/{workspace}/clusters/{target.name}"


def _location(request: ComputeRequest) -> str:
    """A cluster may run in another region than its workspace; no other compute may."""
    wanted = request.sent.get("computeLocation")
    return require_location(wanted, request.target.kind.type) if wanted else request.location


def _require_fixed(sent: JsonObject, existing: JsonObject) -> None:
    for name in _FIXED:
        if name in sent and _folded(sent[name]) != _folded(existing.get(name)):
            raise bad_request(
                f"The property '{name}' of a compute cluster cannot be changed after it has been created.",
                target=f"properties.properties.{name}",
            )


def _folded(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _folded(member) for name, member in value.items()}
    return value.lower() if isinstance(value, str) else value


def list_nodes(_call: Call, target: Target, prior: Document) -> Outcome:
    """POST .../listNodes: the nodes that scaling keeps, all idle."""
    count = prior.properties["properties"].get("currentNodeCount") or 0
    nodes = [_node(target, number) for number in range(count)]
    return Outcome(response=json_response(200, {"nodes": nodes}))


def _node(target: Target, number: int) -> JsonObject:
    return {
        "nodeId": f"tvmps_{target.name}_{number}_d",
        "privateIpAddress": f"10.0.0.{number % 250 + 4}",
        "publicIpAddress": None,
        "port": 50000 + number,
        "nodeState": "idle",
        "runId": None,
    }


AML_COMPUTE = ComputeType(
    name="AmlCompute",
    is_attached=False,
    underlying_actions=frozenset({"delete"}),
    left_out=("userAccountCredentials",),
    create=_create,
    update=_update,
    actions={"listNodes": list_nodes},
)
