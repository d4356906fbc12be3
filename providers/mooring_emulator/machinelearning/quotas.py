"""Cores: limits by family and region, what computes use, and the refusal to create one that cannot fit.

Source of the message: Azure/mlops-v2#81 (its spelling included); of an unknown size: the InvalidParameter of
Microsoft.Compute. A cluster uses its minimum nodes, an instance one node; nodes that jobs would add do not
exist here.
"""

from collections.abc import Mapping

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.errors import ArmError, bad_request
from mooring_emulator.arm.paging import list_all
from mooring_emulator.arm.regions import fold_location
from mooring_emulator.codec import JsonObject
from mooring_emulator.machinelearning.vm_sizes import (
    FAMILIES,
    LOW_PRIORITY_LIMIT,
    VM_SIZES,
    Family,
    VmSize,
    find_size,
)
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document

_COMPUTE_TYPE = "Microsoft.MachineLearningServices/workspaces/computes"


def require_size(name: str | None) -> VmSize:
    """Give the size a managed compute asks for; raises ArmError for an unknown one or one without quota."""
    size = find_size(name) if name else None
    if size is None:
        sizes = ",".join(known.name for known in VM_SIZES)
        message = (
            f"The value {name} provided for the VM size is not valid. "
            f"The valid sizes in the current region are: {sizes}"
        )
        raise ArmError(400, "InvalidParameter", message, target="properties.properties.vmSize")
    if size.family.limit == 0:
        raise bad_request(
            "The specified subscription has a total vCPU quota of 0 and cannot accomodate for at least 1 "
            f"requested managed compute node which maps to {size.cores} vCPUs."
        )
    return size


def list_vm_sizes(call: Call) -> Outcome:
    """GET .../locations/{location}/vmSizes.

    Versions before 2020-03 say `amlCompute` for `value`; those up to 2020-08-01 are read either way
    (azureml-core, azure-mgmt-machinelearningservices 1.0.1), so they say both.
    """
    sizes = [_size_json(size) for size in VM_SIZES]
    if call.url.api_version < "2020-03":
        return Outcome(response=json_response(200, {"amlCompute": sizes}))
    if call.url.api_version < "2020-09":
        return Outcome(response=json_response(200, {"amlCompute": sizes, "value": sizes}))
    return list_all(sizes)


def list_usages(call: Call) -> Outcome:
    """GET .../locations/{location}/usages."""
    location = fold_location(call.parameters["location"])
    used = _used_cores(call, location)
    families = [_usage(call, location, family, used.get(family.name, 0)) for family in FAMILIES]
    return list_all([*families, _low_priority_usage(call, location, used.get("", 0))])


def update_quotas(call: Call) -> Outcome:
    """POST .../updateQuotas: accepted and echoed; workspace quotas are not enforced."""
    sent = read_object(call).get("value")
    if not isinstance(sent, list) or not all(isinstance(entry, dict) for entry in sent):
        raise bad_request("The value field must be an array of quotas.", target="value")
    return list_all([{**entry, "status": "Success"} for entry in sent])


def list_quotas(call: Call) -> Outcome:
    """GET .../locations/{location}/quotas: the limit of each family, none assigned to a workspace."""
    location = fold_location(call.parameters["location"])
    return list_all([_quota(call, location, family) for family in FAMILIES])


def _used_cores(call: Call, location: str) -> Mapping[str, int]:
    """Count the cores in use by family name; low-priority ones under the empty name."""
    prefix = f"/subscriptions/{call.parameters['subscription']}/".lower()
    used: dict[str, int] = {}
    for compute in call.view.documents(prefix, frozenset({_COMPUTE_TYPE})):
        settings = compute.properties["properties"]
        size = find_size(settings.get("vmSize") or "")
        if size is None or compute.properties["computeLocation"] != location:
            continue
        name = "" if settings.get("vmPriority") == "LowPriority" else size.family.name
        used[name] = used.get(name, 0) + size.cores * _nodes(compute)
    return used


def _nodes(compute: Document) -> int:
    settings = compute.properties["properties"]
    if compute.properties["computeType"] == "AmlCompute":
        return int(settings.get("currentNodeCount") or 0)
    return 1


def _usage(call: Call, location: str, family: Family, used: int) -> JsonObject:
    return {
        "id": f"{_scope(call, location)}/usages/{family.name}",
        "type": "Microsoft.MachineLearningServices/usages",
        "unit": "Count",
        "currentValue": used,
        "limit": family.limit,
        "name": {"value": family.name, "localizedValue": family.title},
    }


def _low_priority_usage(call: Call, location: str, used: int) -> JsonObject:
    family = Family(
        name="lowPriorityCores", title="Total Cluster LowPriority vCPUs", limit=LOW_PRIORITY_LIMIT
    )
    return _usage(call, location, family, used)


def _quota(call: Call, location: str, family: Family) -> JsonObject:
    return {
        "id": f"{_scope(call, location)}/quotas/{family.name}",
        "type": "Microsoft.MachineLearningServices/quotas",
        "unit": "Count",
        "limit": family.limit,
        "name": {"value": family.name, "localizedValue": family.title},
    }


def _scope(call: Call, location: str) -> str:
    provider = "Microsoft.MachineLearningServices"
    return f"/subscriptions/{call.parameters['subscription']}/providers/{provider}/locations/{location}"


def _size_json(size: VmSize) -> JsonObject:
    return {
        "name": size.name,
        "family": size.family.name,
        "vCPUs": size.cores,
        "gpus": size.gpus,
        "osVhdSizeMB": 1047552,
        "maxResourceVolumeMB": size.disk,
        "memoryGB": size.memory,
        "lowPriorityCapable": True,
        "premiumIO": "s" in size.name.lower().partition("_")[2].partition("_v")[0],
        "estimatedVMPrices": None,
        "supportedComputeTypes": None,
    }
