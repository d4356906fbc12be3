"""Moments in RFC 3339 form: reading, shifting, comparing, formatting."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Final

from mooring.core.durations import parse_duration
from mooring.core.types import NUMBER, STRING
from mooring.core.values import UNKNOWN_NOT_NULL, Value, number, string, unknown
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter

_RFC3339: Final = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))", re.ASCII
)
_PART: Final = re.compile(r"''|'(?:[^']|'')+(?:'|(?<=')\Z)|'|([A-Za-z])\1*|[^A-Za-z']+", re.ASCII)
_UNKNOWN_TIME: Final = unknown(STRING, UNKNOWN_NOT_NULL)
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def parse_moment(text: str) -> tuple[datetime, int] | None:
    """The moment of an RFC 3339 text, and its nanoseconds; None if it is not one."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0))
    if int(match[9] or 0) > 23 or int(match[10] or 0) > 59:
        return None
    zone = UTC if not offset else timezone(-offset if match[8] == "-" else offset)
    try:
        year, month, day, hour, minute, second = (int(match[at]) for at in range(1, 7))
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return moment, int((match[7] or "0")[:9].ljust(9, "0"))


def format_moment(moment: datetime) -> str:
    """A moment in RFC 3339 form, to the second."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}{_offset(moment, ':', 'Z')}"


def _offset(moment: datetime, separator: str, utc: str) -> str:
    offset = moment.utcoffset() or timedelta()
    if not offset and utc:
        return utc
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02d}{separator}{minutes % 60:02d}"


_NOT_A_TIME: Final = 'it is not a time in RFC 3339 form, such as "2024-01-31T12:30:00Z"'


def _moment_argument(call: Call, position: int) -> tuple[datetime, int]:
    found = parse_moment(call[position].text)
    if found is None:
        raise ArgumentError(position, _NOT_A_TIME)
    return found


# -- functions -----------------------------------------------------------------------------------


def _add(call: Call) -> Value:
    found = parse_moment(call[0].text)
    if found is None:
        raise CallError(f"the timestamp is not acceptable: {_NOT_A_TIME}")
    seconds = parse_duration(call[1].text)
    if seconds is None:
        raise CallError('the duration is not a sequence of numbers with units, such as "1h30m"')
    moment, nanoseconds = found
    whole = (Fraction(nanoseconds, 10**9) + seconds).__floor__()
    try:
        return string(format_moment(moment + timedelta(seconds=whole)))
    except OverflowError as problem:
        raise CallError("the result is past the year 9999") from problem


def _compare(call: Call) -> Value:
    one, other = _moment_argument(call, 0), _moment_argument(call, 1)
    return number((one > other) - (one < other))


def _now(call: Call) -> Value:
    """Unknown while a plan is made: apply will have another answer."""
    now = call.outside.now if call.outside is not None else None
    return _UNKNOWN_TIME if now is None else string(format_moment(now().astimezone(UTC)))


def _plan_time(call: Call) -> Value:
    """Unknown where no plan is being made."""
    made = call.outside.plan_time if call.outside is not None else None
    return _UNKNOWN_TIME if made is None else string(format_moment(made.astimezone(UTC)))


def _format(call: Call) -> Value:
    moment, _ = _moment_argument(call, 1)
    return string("".join(_format_part(match, moment) for match in _PART.finditer(call[0].text)))


def _format_part(match: re.Match[str], moment: datetime) -> str:
    part = match[0]
    if part == "'":
        raise ArgumentError(0, "a literal between ' has no end")
    if part[0] == "'":
        return "'" if part == "''" else part[1:-1].replace("''", "'")
    if match[1] is None:
        return part
    verb = _VERBS.get(part)
    if verb is None:
        raise ArgumentError(0, f'there is no verb "{part}"; put text between single quotation marks')
    return verb(moment)


_VERBS: Final[dict[str, Callable[[datetime], str]]] = {
    "YYYY": lambda moment: f"{moment.year:04d}",
    "YY": lambda moment: f"{moment.year % 100:02d}",
    "MMMM": lambda moment: _MONTHS[moment.month - 1],
    "MMM": lambda moment: _MONTHS[moment.month - 1][:3],
    "MM": lambda moment: f"{moment.month:02d}",
    "M": lambda moment: f"{moment.month}",
    "DD": lambda moment: f"{moment.day:02d}",
    "D": lambda moment: f"{moment.day}",
    "EEEE": lambda moment: _WEEKDAYS[moment.weekday()],
    "EEE": lambda moment: _WEEKDAYS[moment.weekday()][:3],
    "hh": lambda moment: f"{moment.hour:02d}",
    "h": lambda moment: f"{moment.hour}",
    "HH": lambda moment: f"{_half_day_hour(moment):02d}",
    "H": lambda moment: f"{_half_day_hour(moment)}",
    "AA": lambda moment: "AM" if moment.hour < 12 else "PM",
    "aa": lambda moment: "am" if moment.hour < 12 else "pm",
    "mm": lambda moment: f"{moment.minute:02d}",
    "m": lambda moment: f"{moment.minute}",
    "ss": lambda moment: f"{moment.second:02d}",
    "s": lambda moment: f"{moment.second}",
    "ZZZZZ": lambda moment: _offset(moment, ":", ""),
    "ZZZZ": lambda moment: _offset(moment, "", ""),
    "ZZZ": lambda moment: _offset(moment, "", "UTC"),
    "Z": lambda moment: _offset(moment, ":", "Z"),
}


def _half_day_hour(moment: datetime) -> int:
    return moment.hour % 12 or 12


FUNCTIONS: Final = (
    Function(
        name="timestamp",
        description="The present time in UTC; known when applying.",
        returns=STRING,
        body=_now,
    ),
    Function(
        name="plantimestamp",
        description="The time at which the plan was made, in UTC.",
        returns=STRING,
        body=_plan_time,
    ),
    Function(
        name="timeadd",
        description="A point in time moved by a duration.",
        parameters=(
            Parameter(name="timestamp", description="A time in the form of RFC 3339.", type=STRING),
            Parameter(
                name="duration", description="Such as 1h30m; with a minus sign it goes back.", type=STRING
            ),
        ),
        returns=STRING,
        body=_add,
    ),
    Function(
        name="timecmp",
        description="-1, 0 or 1: whether a time is before, at or after another.",
        parameters=(
            Parameter(name="timestamp_a", description="A time in the form of RFC 3339.", type=STRING),
            Parameter(
                name="timestamp_b", description="The time to compare it with, in the same form.", type=STRING
            ),
        ),
        returns=NUMBER,
        body=_compare,
    ),
    Function(
        name="formatdate",
        description="A point in time written after a pattern.",
        parameters=(
            Parameter(
                name="format",
                description="The pattern, such as YYYY-MM-DD; text in single quotes stays as it is.",
                type=STRING,
            ),
            Parameter(name="time", description="A time in the form of RFC 3339.", type=STRING),
        ),
        returns=STRING,
        body=_format,
    ),
)
