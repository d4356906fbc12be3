"""GET /providers/Microsoft.MachineLearningServices/operations: the actions that roles may name."""

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.paging import list_all
from mooring_emulator.codec import JsonObject

_NAMESPACE = "Microsoft.MachineLearningServices"


def list_operations(call: Call) -> Outcome:
    """List read, write, delete and the POST actions of every type."""
    kinds = call.world.catalog.namespaces[_NAMESPACE.lower()]
    names = [
        f"{kind.type}/{verb}"
        for kind in kinds
        for verb in ("read", "write", "delete", *(f"{action}/action" for action in kind.actions))
    ]
    return list_all([_operation(name) for name in names])


def _operation(name: str) -> JsonObject:
    _, path, verb = name.split("/", 1)[0], *name.split("/", 1)[1].rpartition("/")[::2]
    display = {
        "provider": "Microsoft Machine Learning Services",
        "resource": path,
        "operation": verb,
        "description": name,
    }
    return {"name": name, "isDataAction": False, "display": display}
