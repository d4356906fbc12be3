"""The live stream for programs: Terraform's machine-readable UI, version 1.2; one JSON object a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final, assert_never

from mooring.applying.events import (
    OpCompleted,
    OpEvent,
    OpFailed,
    OpProgress,
    OpSkipped,
    OpStarted,
    Provisioning,
    RunStopping,
)
from mooring.core.addresses import InstanceAddress, format_module
from mooring.core.codec import Json, dumps, encode_type
from mooring.core.diagnostics import Diagnostic, Severity
from mooring.planning.events import EphemeralEvent, PlanEvent, RefreshCompleted, RefreshStarted
from mooring.planning.model import Action, Drift, OpKind, PlannedChange, Reason
from mooring.reporting.diagnostics_json import diagnostic_json
from mooring.reporting.durations import format_duration
from mooring.reporting.outputs import Outputs, output_json
from mooring.reporting.product import PRODUCT, TERRAFORM_VERSION, UI_VERSION
from mooring.reporting.progress import applied_summary, skipped_text, stopping_text
from mooring.reporting.report import Counts, Report, planned_summary, told_action
from mooring.reporting.snippets import Snippets
from mooring.reporting.verbs import Words, operation_words

if TYPE_CHECKING:
    from mooring.planning.explanation import Explanation

Write = Callable[[str], None]
_OPERATIONS: Final = {
    OpKind.CREATE: "create",
    OpKind.UPDATE: "update",
    OpKind.DELETE: "delete",
    OpKind.READ: "read",
}
_REASONS: Final = {
    Reason.REPLACE_TAINTED: "tainted",
    Reason.REPLACE_BY_REQUEST: "requested",
    Reason.REPLACE_BY_TRIGGERS: "replace_triggered_by",
    Reason.REPLACE_CANNOT_UPDATE: "cannot_update",
}


_REFRESHING: Final = Words(participle="refreshed", progressive="Refreshing", noun="Refresh")


class JsonStream:
    """Writes messages, each with its time. `clock` gives aware times."""

    def __init__(self, write: Write, clock: Callable[[], datetime]) -> None:
        self._write: Final = write
        self._clock: Final = clock
        self._ids: dict[tuple[InstanceAddress, str | None], str] = {}

    def message(self, kind: str, text: str, fields: dict[str, Json], *, level: str = "info") -> None:
        """One line of the stream."""
        moment = self._clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        form: dict[str, Json] = {
            "@level": level,
            "@message": text,
            "@module": "terraform.ui",
            "@timestamp": moment,
            **fields,
            "type": kind,
        }
        self._write(dumps(form).decode() + "\n")

    def version(self, product_version: str) -> None:
        """The first line: what speaks, and in which version of the format."""
        fields: dict[str, Json] = {
            "terraform": TERRAFORM_VERSION,
            "mooring": product_version,
            "ui": UI_VERSION,
        }
        self.message("version", f"{PRODUCT} {product_version}", fields)

    def log(self, text: str) -> None:
        """Something worth saying that has no form of its own."""
        self.message("log", text, {})

    def diagnostics(self, diags: Iterable[Diagnostic]) -> None:
        """Problems, one line each."""
        snippets = Snippets()
        for diag in diags:
            is_error = diag.severity is Severity.ERROR
            title = f"{'Error' if is_error else 'Warning'}: {diag.summary}"
            form = diagnostic_json(diag, snippets)
            self.message("diagnostic", title, {"diagnostic": form}, level="error" if is_error else "warn")

    # -- planning --------------------------------------------------------------------------------

    def plan_event(self, event: PlanEvent) -> None:
        """Something happened while planning."""
        if isinstance(event, EphemeralEvent):
            self._ephemeral(event)
            return
        hook: dict[str, Json] = {"resource": resource_json(event.address)}
        suffix = f" [id={event.object_id}]" if event.object_id else ""
        if event.object_id:
            hook |= {"id_key": "id", "id_value": event.object_id}
        match event:
            case RefreshStarted():
                text = f"{event.address}: Refreshing state...{suffix}"
                self.message("refresh_start", text, {"hook": hook})
            case RefreshCompleted():
                self.message("refresh_complete", f"{event.address}: Refresh complete{suffix}", {"hook": hook})
            case _:
                assert_never(event)

    def _ephemeral(self, event: EphemeralEvent) -> None:
        kind = "ephemeral_op_complete" if event.is_done else "ephemeral_op_start"
        verb = "Opening" if event.work == "open" else "Closing"
        text = f"{event.address}: {verb} complete" if event.is_done else f"{event.address}: {verb}..."
        self.message(kind, text, {"hook": {"resource": resource_json(event.address), "action": event.work}})

    def plan(self, report: Report) -> None:
        """What is planned, as far as the plan got: drift, changes, their counts, outputs."""
        if report.plan.is_blank:
            return
        for drift in report.drift:
            action = "delete" if drift.actual is None else "update"
            form: dict[str, Json] = {"resource": resource_json(drift.address), "action": action}
            said = f"{drift.address}: Drift detected ({action})"
            self.message("resource_drift", said, {"change": _with_deposed(form, drift)})
        explained = {(each.address, each.deposed): each for each in report.explanations}
        for change in report.changes:
            self._planned(change, explained.get((change.address, change.deposed)))
        self._summary(planned_summary(report.counts), report.counts, "plan")
        outputs: dict[str, Json] = {
            output.name: {"sensitive": output.sensitive, "action": _ACTION_NAMES[told_action(output)]}
            for output in report.plan.outputs
        }
        if outputs:
            self.message("outputs", f"Outputs: {len(outputs)}", {"outputs": outputs})

    def planned_changes(self, report: Report) -> None:
        """What a saved plan does to objects; those that only move are left out."""
        for change in report.changes:
            if change.action is not Action.NO_OP:
                self._planned(change, None)

    def _planned(self, change: PlannedChange, explanation: Explanation | None) -> None:
        action = planned_action(change)
        form: dict[str, Json] = {"resource": resource_json(change.address)}
        if change.previous_address is not None:
            form["previous_resource"] = resource_json(change.previous_address)
        form["action"] = action
        if change.reason is not None:
            form["reason"] = _REASONS.get(change.reason, change.reason.value)
        if change.import_id is not None:
            form["importing"] = {"id": change.import_id}
        if explanation is not None:
            from mooring.reporting.explanation_text import explanation_json

            form["mooring_because"] = explanation_json(explanation)
        self.message("planned_change", f"{change.address}: Plan to {action}", {"change": form})

    # -- applying --------------------------------------------------------------------------------

    def operation_event(self, event: OpEvent) -> None:
        """Something happened while applying."""
        if isinstance(event, Provisioning | EphemeralEvent | RunStopping):
            self._happening(event)
            return
        if event.kind not in _OPERATIONS:
            return
        words = _REFRESHING if event.kind is OpKind.READ else operation_words(event.kind, event.verbs)
        hook: dict[str, Json] = {
            "resource": resource_json(event.address),
            "action": _OPERATIONS[event.kind],
        }
        key = event.address, event.deposed
        match event:
            case OpStarted():
                self._started(event, hook, words.progressive)
            case OpProgress():
                hook["elapsed_seconds"] = int(event.elapsed)
                if event.message:
                    hook["message"] = event.message
                elapsed = format_duration(event.elapsed)
                text = f"{event.address}: Still {words.progressive.lower()}... [{elapsed} elapsed]"
                self.message("apply_progress", text, {"hook": hook})
            case OpCompleted():
                self._completed(event, hook, words.noun)
            case OpFailed() if event.kind is OpKind.READ:
                pass  # the stream knows no failed reads: the diagnostic says it all
            case OpFailed():
                hook["elapsed_seconds"] = int(event.elapsed)
                text = f"{event.address}: {words.noun} errored after {format_duration(event.elapsed)}"
                self.message("apply_errored", text, {"hook": hook})
            case OpSkipped():
                hook["cause"] = str(event.cause) if event.cause else None
                hook["reason"] = event.reason.value if event.reason else None
                self.message("apply_skipped", f"{event.address}: {skipped_text(event)}", {"hook": hook})
            case _:
                assert_never(event)
        if not isinstance(event, OpStarted | OpProgress):
            self._ids.pop(key, None)

    def _happening(self, event: Provisioning | EphemeralEvent | RunStopping) -> None:
        """Something besides the operations themselves."""
        match event:
            case Provisioning():
                self._provisioning(event)
            case EphemeralEvent():
                self._ephemeral(event)
            case RunStopping():
                self.message("log", stopping_text(event), {"reason": event.reason.value}, level="warn")
            case _:
                assert_never(event)

    def _provisioning(self, event: Provisioning) -> None:
        hook: dict[str, Json] = {"resource": resource_json(event.address), "provisioner": event.provisioner}
        by = f"{event.address}: ({event.provisioner})"
        text = {
            "start": f"{event.address}: Provisioning with '{event.provisioner}'...",
            "progress": f"{by}: {event.output}",
            "complete": f"{by} Provisioning complete",
            "errored": f"{by} Provisioning errored",
        }[event.phase]
        if event.phase == "progress":
            hook["output"] = event.output
        self.message(f"provision_{event.phase}", text, {"hook": hook})

    def _started(self, event: OpStarted, hook: dict[str, Json], progressive: str) -> None:
        suffix = ""
        if event.object_id is not None and event.kind in {OpKind.UPDATE, OpKind.DELETE}:
            self._ids[event.address, event.deposed] = event.object_id
            hook |= {"id_key": "id", "id_value": event.object_id}
            suffix = f" [id={event.object_id}]"
        self.message("apply_start", f"{event.address}: {progressive}...{suffix}", {"hook": hook})

    def _completed(self, event: OpCompleted, hook: dict[str, Json], noun: str) -> None:
        suffix = ""
        if event.object_id is not None and event.kind is not OpKind.DELETE:
            hook |= {"id_key": "id", "id_value": event.object_id}
            suffix = f" [id={event.object_id}]"
        hook["elapsed_seconds"] = int(event.elapsed)
        text = f"{event.address}: {noun} complete after {format_duration(event.elapsed)}{suffix}"
        self.message("apply_complete", text, {"hook": hook})

    def applied(self, counts: Counts, outputs: Outputs, *, destroyed: bool) -> None:
        """The end of a successful apply; outputs follow unless it destroyed them."""
        operation = "destroy" if destroyed else "apply"
        self._summary(applied_summary(counts, destroyed=destroyed), counts, operation)
        if destroyed:
            return
        forms: dict[str, Json] = {}
        for name, output in sorted(outputs.items()):
            form: dict[str, Json] = {"sensitive": output.sensitive, "type": encode_type(output.type)}
            if not output.sensitive:
                form["value"] = output_json(output)
            forms[name] = form
        self.message("outputs", f"Outputs: {len(forms)}", {"outputs": forms})

    def _summary(self, text: str, counts: Counts, operation: str) -> None:
        changes: dict[str, Json] = {
            "add": counts.add,
            "change": counts.change,
            "import": counts.imported,
            "remove": counts.remove,
            "operation": operation,
        }
        if counts.attach or counts.detach:
            changes |= {"attach": counts.attach, "detach": counts.detach}
        self.message("change_summary", text, {"changes": changes})


_ACTION_NAMES: Final = {
    Action.NO_OP: "noop",
    Action.CREATE: "create",
    Action.READ: "read",
    Action.UPDATE: "update",
    Action.REPLACE: "replace",
    Action.DELETE: "delete",
    Action.FORGET: "remove",
}


def planned_action(change: PlannedChange) -> str:
    """The stream's name for what happens to an object."""
    if change.action is Action.NO_OP:
        if change.import_id is not None:
            return "import"
        return "move" if change.previous_address is not None else "noop"
    return _ACTION_NAMES[change.action]


def resource_json(address: InstanceAddress) -> dict[str, Json]:
    """An address, taken apart."""
    resource = address.resource
    return {
        "addr": str(address),
        "module": format_module(resource.module),
        "resource": str(address._replace(resource=resource._replace(module=()))),
        "implied_provider": resource.type.partition("_")[0],
        "resource_type": resource.type,
        "resource_name": resource.name,
        "resource_key": address.key,
    }


def _with_deposed(form: dict[str, Json], drift: Drift) -> dict[str, Json]:
    return {**form, "deposed": drift.deposed} if drift.deposed else form
