"""Start and stop schedules of a compute instance: ARM's `schedules.computeStartStop`.

Sources: specs/compute-schema-2026-05-01.json; facts.md section 2: at most 4, by an NCronTab expression or a
recurrence, in a time zone with its Windows name.
"""

from __future__ import annotations

from typing import Final

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr, Index
from mooring.core.types import NUMBER, STRING, ListType, SetType
from mooring.sdk import Nesting
from mooring_azureml.table.checks import between, each_between, each_one_of, one_of
from mooring_azureml.table.model import Block, Fields, Property, Route
from mooring_azureml.table.notation import CASELESS, CASELESS_SET, items, members

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TIME_ZONE: Final = Property(
    name="time_zone",
    type=STRING,
    arm="timeZone",
    default="UTC",
    route=Route.FIXED,
    notation=CASELESS,
    description="A Windows time zone name.",
)
_START_TIME: Final = Property(
    name="start_time",
    type=STRING,
    arm="startTime",
    route=Route.FIXED,
    description="When the schedule begins to apply.",
)


def _cron_fields(value: Plain) -> str | None:
    """NCronTab: five fields (specs: cron.expression)."""
    return None if len(str(value).split()) == 5 else f"must have five fields, unlike {str(value)!r}"


_CRON: Final = Block(
    name="cron",
    arm="cron",
    implies={"triggerType": "Cron"},
    parts=(
        Property(
            name="expression",
            type=STRING,
            arm="expression",
            required=True,
            route=Route.FIXED,
            checks=(_cron_fields,),
            description="Minute, hour, day, month, day of the week: `0 18 * * *`.",
        ),
        _TIME_ZONE,
        _START_TIME,
    ),
    description="When, as a cron expression.",
)

_RECURRENCE: Final = Block(
    name="recurrence",
    arm="recurrence",
    implies={"triggerType": "Recurrence"},
    parts=(
        Property(
            name="frequency",
            type=STRING,
            arm="frequency",
            required=True,
            route=Route.FIXED,
            notation=CASELESS,
            checks=(one_of("Minute", "Hour", "Day", "Week", "Month"),),
            description="The unit of the interval.",
        ),
        Property(
            name="interval",
            type=NUMBER,
            arm="interval",
            default=1,
            route=Route.FIXED,
            checks=(between(1, 1000),),
            description="Every so many units.",
        ),
        Property(
            name="hours",
            type=ListType(NUMBER),
            arm="schedule.hours",
            route=Route.FIXED,
            checks=(each_between(0, 23),),
            description="At these hours.",
        ),
        Property(
            name="minutes",
            type=ListType(NUMBER),
            arm="schedule.minutes",
            route=Route.FIXED,
            checks=(each_between(0, 59),),
            description="At these minutes.",
        ),
        Property(
            name="week_days",
            type=SetType(STRING),
            arm="schedule.weekDays",
            route=Route.FIXED,
            notation=CASELESS_SET,
            checks=(each_one_of(*_DAYS),),
            description="On these days of the week.",
        ),
        Property(
            name="month_days",
            type=ListType(NUMBER),
            arm="schedule.monthDays",
            route=Route.FIXED,
            checks=(each_between(1, 31),),
            description="On these days of the month.",
        ),
        _TIME_ZONE,
        _START_TIME,
    ),
    description="When, as a recurrence.",
)

SCHEDULE: Final = Block(
    name="schedule",
    arm="properties.properties.schedules.computeStartStop",
    nesting=Nesting.LIST,
    max_items=4,
    parts=(
        Property(
            name="action",
            type=STRING,
            arm="action",
            required=True,
            route=Route.FIXED,
            notation=CASELESS,
            checks=(one_of("Start", "Stop"),),
            description="What to do.",
        ),
        Property(
            name="status",
            type=STRING,
            arm="status",
            default="Enabled",
            route=Route.FIXED,
            notation=CASELESS,
            checks=(one_of("Enabled", "Disabled"),),
            description="Whether it applies.",
        ),
        _CRON,
        _RECURRENCE,
    ),
    description="When it starts or stops by itself.",
)


def one_trigger(config: Fields) -> Diagnostics:
    """Each schedule has a cron expression or a recurrence (triggerType names one of them)."""
    schedules = enumerate(items(config.get("schedule")))
    return tuple(
        Diagnostic(
            summary="Invalid combination of arguments",
            detail='A schedule needs either a "cron" or a "recurrence" block, and not both.',
            path=(Attr("schedule"), Index(at)),
        )
        for at, one in schedules
        if (members(one).get("cron") is None) == (members(one).get("recurrence") is None)
    )
