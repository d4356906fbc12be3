"""What happens, line by line: refreshing while a plan is made, operations while it is applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, assert_never

from mooring.applying.events import (
    OpCompleted,
    OpEvent,
    OpFailed,
    OpProgress,
    OpSkipped,
    OpStarted,
    Provisioning,
    RunStopping,
    StopReason,
)
from mooring.core.addresses import InstanceAddress
from mooring.core.records import replace
from mooring.planning.events import EphemeralEvent, PlanEvent, RefreshCompleted, RefreshStarted
from mooring.planning.model import OpKind
from mooring.reporting.durations import format_duration
from mooring.reporting.report import Counts
from mooring.reporting.style import Style, printable
from mooring.reporting.verbs import operation_words, words_of

Write = Callable[[str], None]
_REASONS: Final = {
    StopReason.CANCELLED: "the run was cancelled",
    StopReason.LOCK_LOST: "the lock on the state is lost",
    StopReason.JOURNAL_LOST: "the state cannot be written",
}
_STOPPING: Final = {
    StopReason.CANCELLED: "The run is cancelled.",
    StopReason.LOCK_LOST: "The lock on the state is lost: it was taken away, or could not be kept up.",
    StopReason.JOURNAL_LOST: "The state cannot be written any more where it is kept.",
}


def stopping_text(event: RunStopping) -> str:
    """Why a run stops, and what happens to what runs; two lines."""
    return f"{_STOPPING[event.reason]}\nWhat runs is brought to its end; nothing more is started."


def skipped_text(event: OpSkipped) -> str:
    """That an operation was not started, and why."""
    if event.cause is not None:
        return f"Not started, because {event.cause} did not succeed"
    return f"Not started: {_REASONS[event.reason or StopReason.CANCELLED]}"


class ProgressText:
    """Tells events as lines. Keeps the ids of what runs, because only its start tells them."""

    def __init__(self, style: Style, write: Write) -> None:
        self._style: Final = style
        self._write: Final = write
        self._ids: dict[tuple[InstanceAddress, str | None], str] = {}

    def plan_event(self, event: PlanEvent) -> None:
        """Something happened while planning."""
        match event:
            case RefreshStarted():
                self._tell(event.address, f"Refreshing state...{_id_suffix(event.object_id)}")
            case RefreshCompleted():
                pass
            case EphemeralEvent():
                self._ephemeral(event)
            case _:
                assert_never(event)

    def _ephemeral(self, event: EphemeralEvent) -> None:
        verb = "Opening" if event.work == "open" else "Closing"
        self._tell(event.address, f"{verb} complete" if event.is_done else f"{verb}...")

    def operation_event(self, event: OpEvent) -> None:
        """Something happened while applying."""
        if isinstance(event, Provisioning):
            self._provisioning(event)
            return
        if isinstance(event, EphemeralEvent):
            self._ephemeral(event)
            return
        if isinstance(event, RunStopping):
            self._write(f"\n{self._style.red(stopping_text(event))}\n\n")
            return
        if event.kind is OpKind.FORGET or event.kind is OpKind.JOIN:
            return
        match event:
            case OpStarted():
                self._started(event)
            case OpProgress():
                self._goes_on(event)
            case OpCompleted():
                self._completed(event)
            case OpFailed():
                self._failed(event)
            case OpSkipped():
                self._tell(event.address, skipped_text(event), event.deposed)
            case _:
                assert_never(event)

    def _started(self, event: OpStarted) -> None:
        words = operation_words(event.kind, event.verbs)
        if event.object_id is not None and event.kind in {OpKind.UPDATE, OpKind.DELETE}:
            self._ids[event.address, event.deposed] = event.object_id
        suffix = _id_suffix(self._ids.get((event.address, event.deposed)))
        self._tell(event.address, f"{words.progressive}...{suffix}", event.deposed)

    def _goes_on(self, event: OpProgress) -> None:
        words = operation_words(event.kind, event.verbs)
        object_id = self._ids.get((event.address, event.deposed))
        known = f"id={printable(object_id)}, " if object_id else ""
        message = f" {printable(event.message)}" if event.message else ""
        elapsed = format_duration(event.elapsed)
        text = f"Still {words.progressive.lower()}... [{known}{elapsed} elapsed]{message}"
        self._tell(event.address, text, event.deposed)

    def _completed(self, event: OpCompleted) -> None:
        words = operation_words(event.kind, event.verbs)
        self._ids.pop((event.address, event.deposed), None)
        suffix = "" if event.kind is OpKind.DELETE else _id_suffix(event.object_id)
        text = f"{words.noun} complete after {format_duration(event.elapsed)}{suffix}"
        self._tell(event.address, text, event.deposed)

    def _failed(self, event: OpFailed) -> None:
        words = operation_words(event.kind, event.verbs)
        self._ids.pop((event.address, event.deposed), None)
        text = f"{words.noun} errored after {format_duration(event.elapsed)}"
        self._tell(event.address, self._style.red(text), event.deposed)

    def _provisioning(self, event: Provisioning) -> None:
        if event.phase == "start":
            self._tell(event.address, f"Provisioning with '{event.provisioner}'...")
        elif event.phase == "progress":
            said = f"{event.address} ({event.provisioner}):"
            self._write(f"{self._style.bold(said)} {printable(event.output)}\n")

    def _tell(self, address: InstanceAddress, text: str, deposed: str | None = None) -> None:
        self._write(self._style.bold(f"{described(address, deposed)}: {text}") + "\n")


def described(address: InstanceAddress, deposed: str | None) -> str:
    """The address, and which of its deposed objects."""
    return f"{address} (deposed object {deposed})" if deposed else str(address)


def _id_suffix(object_id: str | None) -> str:
    return f" [id={printable(object_id)}]" if object_id else ""


def count_operation(counts: Counts, event: OpCompleted) -> Counts:
    """The counts with one more completed operation."""
    match event.kind:
        case OpKind.CREATE:
            attach = counts.attach + (event.verbs.create != "create")
            return replace(counts, add=counts.add + 1, attach=attach)
        case OpKind.UPDATE:
            return replace(counts, change=counts.change + 1)
        case OpKind.DELETE:
            detach = counts.detach + (event.verbs.delete != "destroy")
            return replace(counts, remove=counts.remove + 1, detach=detach)
        case OpKind.READ | OpKind.FORGET | OpKind.JOIN:
            return counts


def applied_summary(counts: Counts, *, destroyed: bool) -> str:
    """The line that tools look for; `destroyed` is for the command `destroy`."""
    if destroyed:
        return f"Destroy complete! Resources: {counts.remove} destroyed."
    imported = f"{counts.imported} imported, " if counts.imported else ""
    return (
        f"Apply complete! Resources: {imported}{counts.add} added, {counts.change} changed, "
        f"{counts.remove} destroyed."
    )


def attachments_summary(counts: Counts) -> str:
    """Which of the counted operations only attached or detached; empty if none did."""
    parts = [
        f"{number} {words_of(verb).participle}"
        for number, verb in ((counts.attach, "attach"), (counts.detach, "detach"))
        if number
    ]
    return f"Of these, {' and '.join(parts)}." if parts else ""
