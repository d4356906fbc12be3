"""Scale settings of a cluster: defaults, limits, and what the node counts show."""

from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.shapes import Problem
from mooring_emulator.codec import JsonObject
from mooring_emulator.machinelearning.durations import format_duration, parse_duration
from mooring_emulator.machinelearning.problems import require_no_problems

DEFAULT_IDLE = "PT2M"
"""nodeIdleTimeBeforeScaleDown of a cluster that was created without one (recorded 2022)."""

_PATH = "properties.properties.scaleSettings"


def fill_scale(sent: JsonObject) -> JsonObject:
    """Give complete scale settings; raises ArmError when they contradict themselves."""
    settings = {"minNodeCount": 0, "nodeIdleTimeBeforeScaleDown": DEFAULT_IDLE, **sent}
    require_no_problems(_problems(settings))
    idle = parse_duration(settings["nodeIdleTimeBeforeScaleDown"]) or 0
    return {
        "maxNodeCount": settings["maxNodeCount"],
        "minNodeCount": settings["minNodeCount"],
        "nodeIdleTimeBeforeScaleDown": format_duration(idle),
    }


def rescale(settings: JsonObject, sent: JsonObject) -> JsonObject:
    """Give a cluster's settings with some scale settings changed; absent and null ones stay."""
    names = {name.lower(): name for name in settings["scaleSettings"]}
    changes = {
        names[key.lower()]: value for key, value in sent.items() if key.lower() in names and value is not None
    }
    scale = fill_scale({**settings["scaleSettings"], **changes})
    return {**settings, "scaleSettings": scale, **node_counts(scale["minNodeCount"])}


def node_counts(nodes: int) -> JsonObject:
    """Give the read-only counts of a cluster whose nodes all idle."""
    return {
        "currentNodeCount": nodes,
        "targetNodeCount": nodes,
        "nodeStateCounts": {
            "preparingNodeCount": 0,
            "runningNodeCount": 0,
            "idleNodeCount": nodes,
            "unusableNodeCount": 0,
            "leavingNodeCount": 0,
            "preemptedNodeCount": 0,
        },
    }


def _problems(settings: JsonObject) -> tuple[Problem, ...]:
    low, high = settings["minNodeCount"], settings.get("maxNodeCount")
    if type(low) is not int or type(high) is not int:
        raise bad_request("The node counts of scaleSettings must be integers.", target=_PATH)
    found: list[Problem] = []
    if low < 0:
        found.append(Problem(path=_PATH, message="minNodeCount must not be negative."))
    if low > high:
        found.append(
            Problem(path=_PATH, message=f"minNodeCount {low} must not be greater than maxNodeCount {high}.")
        )
    idle = settings["nodeIdleTimeBeforeScaleDown"]
    if not isinstance(idle, str) or parse_duration(idle) is None:
        message = f"nodeIdleTimeBeforeScaleDown '{idle}' is not an ISO 8601 duration."
        found.append(Problem(path=_PATH, message=message))
    return tuple(found)
