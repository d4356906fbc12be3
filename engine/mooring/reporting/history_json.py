"""The history of a state for programs. Format version 1.0: fields may be added, none changes its meaning."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.core.codec import Json
from mooring.state.history import Run


def history_json(runs: Iterable[Run]) -> Json:
    """The document of `moor history -json`, the newest run first."""
    return {"format_version": "1.0", "runs": [run_json(run) for run in reversed(list(runs))]}


def run_json(run: Run) -> dict[str, Json]:
    """One run with its changes."""
    began = run.began
    return {
        "run": run.number,
        "id": began.run,
        "who": began.who,
        "began": began.at,
        "command": began.command,
        "workspace": began.workspace,
        "version": began.version,
        "outcome": run.outcome.value,
        "seconds": run.seconds,
        "serial_before": run.serial_before,
        "serial_after": run.serial_after,
        "counts": dict(run.counts),
        "changes": [{"address": each.address, "action": each.action} for each in run.changes],
    }
