"""How an operation is told while it goes on: as text for people, or as a stream of JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from mooring import __version__
from mooring.applying.events import OpEvent
from mooring.cli.command import Call
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.spans import Span
from mooring.planning.events import PlanEvent, is_brief
from mooring.reporting.change_text import SchemaLookup
from mooring.reporting.live import LiveFooter
from mooring.reporting.outputs import Outputs, outputs_section
from mooring.reporting.plan_text import write_explanations, write_plan
from mooring.reporting.progress import ProgressText, applied_summary, attachments_summary
from mooring.reporting.report import Counts, Report


class View(Protocol):
    """What an operation has to tell, in the order in which it may happen."""

    def begin(self) -> None:
        """Before anything else."""
        ...

    def say(self, text: str) -> None:
        """A remark: for people, or a log line for programs."""
        ...

    def tell(self, diags: Iterable[Diagnostic]) -> None:
        """Problems."""
        ...

    def plan_event(self, event: PlanEvent) -> None:
        """Something happened while planning."""
        ...

    def plan(self, report: Report, schemas: SchemaLookup) -> None:
        """What is planned."""
        ...

    def saved_plan(self, report: Report) -> None:
        """What a plan that was made before will do now."""
        ...

    def operation_event(self, event: OpEvent) -> None:
        """Something happened while applying."""
        ...

    def applied(self, counts: Counts, outputs: Outputs) -> None:
        """Everything that was planned has been done."""
        ...

    def end(self) -> None:
        """Nothing follows; also after a failure."""
        ...


class Told:
    """The warnings that were told: planning and applying evaluate again what validation has evaluated."""

    def __init__(self) -> None:
        self._known: Final[set[tuple[str, str, Span | None]]] = set()

    def news(self, diags: Iterable[Diagnostic]) -> Diagnostics:
        """All of them but warnings that an earlier step of the command has given in the same words."""
        fresh = tuple(diag for diag in diags if diag.is_error or _said(diag) not in self._known)
        self._known.update(_said(diag) for diag in fresh if not diag.is_error)
        return fresh


def _said(diag: Diagnostic) -> tuple[str, str, Span | None]:
    return diag.summary, diag.detail, diag.subject


class TextView:
    """For people."""

    def __init__(self, call: Call) -> None:
        self._terminal: Final = call.terminal
        self._destroys: Final = call.name == "destroy"
        self._compact: Final = call.arguments.is_on("compact-warnings")
        self._explains: Final = call.arguments.is_on("explain")
        self._footer: Final = LiveFooter(self._terminal.stream) if self._terminal.is_live else None
        write = self._footer.printing(self._terminal.write_now) if self._footer else self._terminal.write_now
        self._progress: Final = ProgressText(self._terminal.layout.style, write)
        self._told: Final = Told()

    def begin(self) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """As it is."""
        self._terminal.write(text)

    def tell(self, diags: Iterable[Diagnostic]) -> None:
        """Warnings to standard output, errors to standard error."""
        self._stop_footer()
        self._terminal.tell(self._told.news(diags), compact=self._compact)

    def plan_event(self, event: PlanEvent) -> None:
        """A line, and the footer's count."""
        if is_brief(event):
            return
        self._progress.plan_event(event)
        if self._footer:
            self._footer.plan_event(event)

    def plan(self, report: Report, schemas: SchemaLookup) -> None:
        """Terraform's plan text."""
        self._stop_footer()
        write_plan(report, schemas, self._terminal.layout, self._terminal.write)
        if self._explains:
            write_explanations(report, self._terminal.layout, self._terminal.write)

    def saved_plan(self, report: Report) -> None:
        """Nothing: whoever names a plan has seen it."""

    def operation_event(self, event: OpEvent) -> None:
        """A line, and the footer's count."""
        self._progress.operation_event(event)
        if self._footer:
            self._footer.operation_event(event)

    def applied(self, counts: Counts, outputs: Outputs) -> None:
        """The summary and the outputs."""
        self._stop_footer()
        style = self._terminal.layout.style
        attachments = attachments_summary(counts)
        more = f"{attachments}\n" if attachments else ""
        self._terminal.write(
            f"\n{style.green(style.bold(applied_summary(counts, destroyed=self._destroys)))}\n{more}"
        )
        if not self._destroys:
            self._terminal.write(outputs_section(outputs, style))

    def end(self) -> None:
        """Takes the footer away."""
        self._stop_footer()

    def _stop_footer(self) -> None:
        if self._footer:
            self._footer.stop()


class JsonView:
    """For programs: one JSON object a line, on standard output alone."""

    def __init__(self, call: Call) -> None:
        from mooring.reporting.stream_json import JsonStream

        self._terminal: Final = call.terminal
        self._destroys: Final = call.name == "destroy"
        self._stream: Final = JsonStream(call.terminal.write, call.clock)
        self._told: Final = Told()

    def begin(self) -> None:
        """The version of the format."""
        self._stream.version(__version__)

    def say(self, text: str) -> None:
        """A log line."""
        if text.strip():
            self._stream.log(text.strip())

    def tell(self, diags: Iterable[Diagnostic]) -> None:
        """Each as a message."""
        self._stream.diagnostics(self._told.news(diags))

    def plan_event(self, event: PlanEvent) -> None:
        """As a message."""
        self._stream.plan_event(event)

    def plan(self, report: Report, schemas: SchemaLookup) -> None:  # noqa: ARG002 - the text needs schemas
        """A message for each change, and the counts."""
        self._stream.plan(report)

    def saved_plan(self, report: Report) -> None:
        """A message for each change."""
        self._stream.planned_changes(report)

    def operation_event(self, event: OpEvent) -> None:
        """As a message, at once: somebody follows the stream."""
        self._stream.operation_event(event)
        self._terminal.flush()

    def applied(self, counts: Counts, outputs: Outputs) -> None:
        """The counts and the outputs."""
        self._stream.applied(counts, outputs, destroyed=self._destroys)

    def end(self) -> None:
        """Nothing."""


def view_of(call: Call) -> View:
    """The view that the call asks for."""
    return JsonView(call) if call.arguments.is_on("json") else TextView(call)


class QuietView(TextView):
    """For commands whose answer is one document: says nothing on the way but problems, to standard error."""

    def say(self, text: str) -> None:
        """Nothing."""

    def tell(self, diags: Iterable[Diagnostic]) -> None:
        """To standard error, warnings too."""
        self._stop_footer()
        self._terminal.tell_apart(self._told.news(diags))

    def plan_event(self, event: PlanEvent) -> None:
        """The footer's count alone."""
        if self._footer and not is_brief(event):
            self._footer.plan_event(event)


def quiet_view_of(call: Call) -> View:
    """A view that leaves standard output to the command."""
    return QuietView(call)
