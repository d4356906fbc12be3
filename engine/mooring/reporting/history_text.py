"""The history of a state for people: the list of runs, one run with its changes, runs that never ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from mooring.reporting.durations import format_duration
from mooring.reporting.style import Style, printable
from mooring.state.history import Outcome, Run
from mooring.state.store import LockInfo, Opened

_COUNTED: Final = (
    ("imported", "import"),
    ("add", "add"),
    ("change", "change"),
    ("remove", "destroy"),
    ("attach", "attach"),
    ("detach", "detach"),
    ("forget", "forget"),
)
_SHOWN: Final = 3


def unended_text(opened: Opened) -> str:
    """A line for each run that ended without saying so; there is at least one."""
    operations = [f"{each.intent.address} ({each.intent.action})" for each in opened.open_intents]
    more = "" if len(operations) <= _SHOWN else f" and {len(operations) - _SHOWN} more"
    listed = f": {', '.join(operations[:_SHOWN])}{more}" if operations else ""
    verb = "operation was" if len(operations) == 1 else "operations were"
    number = len(operations) or "no"
    last = opened.unended[-1]
    return "".join(
        f"The run of {short_time(each.at)} by {printable(each.who)} ended without saying so"
        + (f"; {number} {verb} open{listed}" if each is last else "")
        + ".\n"
        for each in opened.unended
    )


def waiting_text(holder: LockInfo | None, seconds: float) -> str:
    """That a lock is waited for, and who has it."""
    whose = "a lock"
    if holder is not None:
        whose = f"the lock held by {printable(holder.who)} since {short_time(holder.created)} UTC"
        whose += f" for {printable(holder.operation)}"
    return f"Waiting for {whose}; giving up in {format_duration(seconds)}.\n"


def short_time(text: str) -> str:
    """An RFC 3339 time to the minute, in UTC as it is recorded."""
    return text[:16].replace("T", " ")


def summary_of(run: Run) -> str:
    """What a run did, in a few words."""
    found = [f"{run.counts[name]} {word}" for name, word in _COUNTED if run.counts.get(name)]
    if found:
        return ", ".join(found)
    number = len(run.changes)
    return f"{number} object{'' if number == 1 else 's'}" if number else "nothing"


def run_list(runs: Sequence[Run], style: Style, *, heading: bool) -> str:
    """A line for each run, the newest first; under a heading in columns, where a person looks."""
    rows = [_row(run) for run in reversed(runs)]
    if not heading:
        return "".join("  ".join(row) + "\n" for row in rows)
    rows.insert(0, _HEADING)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "".join([style.bold(lines[0]), "\n", *(f"{line}\n" for line in lines[1:])])


_HEADING: Final = ("RUN", "BEGAN", "BY", "OUTCOME", "CHANGES", "SERIAL", "TOOK", "COMMAND")


def _row(run: Run) -> tuple[str, ...]:
    return (
        str(run.number),
        short_time(run.began.at),
        printable(run.began.who),
        run.outcome.value,
        summary_of(run),
        f"{run.serial_before}->{run.serial_after}",
        "-" if run.seconds is None else format_duration(run.seconds),
        printable(run.began.command),
    )


def run_text(run: Run, style: Style) -> str:
    """One run with everything that it did."""
    began = run.began
    took = "" if run.seconds is None else f", took {format_duration(run.seconds)}"
    rows = (
        ("Command", printable(began.command)),
        ("By", printable(began.who)),
        ("Began", f"{began.at[:19].replace('T', ' ')} UTC{took}"),
        ("Workspace", printable(began.workspace)),
        ("Outcome", _outcome(run, style)),
        ("State", f"serial {run.serial_before} before, {run.serial_after} after"),
        ("Version", f"Mooring {printable(began.version)}"),
        ("Changes", summary_of(run)),
    )
    head = f"{style.bold(f'Run {run.number}')}\n" + "".join(
        f"  {name + ':':<11}{text}\n" for name, text in rows
    )
    return head + _changes(run)


def _outcome(run: Run, style: Style) -> str:
    if run.outcome is Outcome.OK:
        return style.green(run.outcome.value)
    known = (
        "" if run.seconds is not None else " (it ended without saying so; these are the operations it ended)"
    )
    return style.red(run.outcome.value) + known


def _changes(run: Run) -> str:
    width = max((len(each.action) for each in run.changes), default=0)
    lines: Iterable[str] = (f"  {each.action:<{width}}  {printable(each.address)}\n" for each in run.changes)
    return "\n" + "".join(lines) if run.changes else ""


def undone_text(run: Run, runs: Sequence[Run]) -> str:
    """What undoing a run takes back: it, and the ones after it."""
    later = [each for each in runs if each.number > run.number]
    also = f", and the {len(later)} after it" if later else ""
    when = short_time(run.began.at)
    return f"Undoing run {run.number} of {when} by {printable(run.began.who)} ({summary_of(run)}){also}.\n"
