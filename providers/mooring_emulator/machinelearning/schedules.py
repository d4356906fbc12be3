"""Start and stop schedules, and the idle shutdown, of a compute instance.

Sources: specs/compute-2026-05-01.json for the shape; "create a compute instance" for the limits: at most 4
schedules, idle time from 15 minutes to 3 days.
"""

from mooring_emulator.arm.shapes import Problem
from mooring_emulator.codec import Json, JsonObject
from mooring_emulator.machinelearning.durations import format_duration, parse_duration
from mooring_emulator.machinelearning.problems import require_no_problems

_PATH = "properties.properties.schedules.computeStartStop"
_IDLE_PATH = "properties.properties.idleTimeBeforeShutdown"
_SHORTEST_IDLE = 15 * 60
_LONGEST_IDLE = 3 * 24 * 60 * 60
_MOST_SCHEDULES = 4


def fill_schedules(schedules: JsonObject | None, schedule_ids: list[str]) -> JsonObject | None:
    """Give the schedules with their ids and states; raises ArmError for what they may not be."""
    if schedules is None:
        return None
    entries = schedules.get("computeStartStop") or []
    require_no_problems(_problems(entries))
    filled = [_fill(entry, entry_id) for entry, entry_id in zip(entries, schedule_ids, strict=False)]
    return {"computeStartStop": filled}


def fill_idle_time(value: Json) -> str | None:
    """Give the idle time in the service's spelling; raises ArmError outside 15 minutes to 3 days."""
    if value is None:
        return None
    seconds = parse_duration(value) if isinstance(value, str) else None
    if seconds is None or not _SHORTEST_IDLE <= seconds <= _LONGEST_IDLE:
        message = (
            f"idleTimeBeforeShutdown '{value}' must be an ISO 8601 duration between 15 minutes and 3 days."
        )
        require_no_problems((Problem(path=_IDLE_PATH, message=message),))
        return None
    return format_duration(seconds)


def _fill(entry: JsonObject, entry_id: str) -> JsonObject:
    return {"status": "Enabled", **entry, "id": entry_id, "provisioningStatus": "Completed"}


def _problems(entries: list[JsonObject]) -> tuple[Problem, ...]:
    found = [
        problem
        for index, entry in enumerate(entries)
        for problem in _entry_problems(entry, f"{_PATH}[{index}]")
    ]
    if len(entries) > _MOST_SCHEDULES:
        message = f"A compute instance can have at most {_MOST_SCHEDULES} schedules."
        found.append(Problem(path=_PATH, message=message))
    return tuple(found)


def _entry_problems(entry: JsonObject, path: str) -> list[Problem]:
    found = [
        Problem(path=f"{path}.{name}", message=f"The {path}.{name} field is required.")
        for name in ("action", "triggerType")
        if not entry.get(name)
    ]
    if entry.get("triggerType") == "Cron":
        found.extend(_cron_problems(entry, path))
    if entry.get("triggerType") == "Recurrence" and not (entry.get("recurrence") or {}).get("frequency"):
        message = f"The {path}.recurrence.frequency field is required."
        found.append(Problem(path=f"{path}.recurrence", message=message))
    return found


def _cron_problems(entry: JsonObject, path: str) -> list[Problem]:
    """NCronTab: five fields, minute to day of week."""
    expression = (entry.get("cron") or {}).get("expression")
    if expression and len(expression.split()) == 5:
        return []
    message = f"The cron expression '{expression}' of {path} must have five fields."
    return [Problem(path=f"{path}.cron.expression", message=message)]
