"""ISO 8601 durations as .NET reads and writes them.

The service rewrites a duration to its shortest spelling (PT120S becomes PT2M); clients must compare
durations, not text.
"""

import re

_PATTERN = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def parse_duration(text: str) -> int | None:
    """Give the whole seconds of a duration of days or less; None when the text is none."""
    match = _PATTERN.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = match.groups()
    return int(days or 0) * 86400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(float(seconds or 0))


def format_duration(seconds: int) -> str:
    """Write seconds the way .NET's XmlConvert does: `PT2M`, `P1DT2H`, `PT0S`."""
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    date = f"{days}D" if days else ""
    time = "".join(
        f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number
    )
    if not date and not time:
        return "PT0S"
    return f"P{date}{'T' if time else ''}{time}"
