"""What exists now: the cells of recorded objects, read again through their providers.

An operation that a crash interrupted is resolved here too: its provider finds out what became of it, and the
plan starts from what it found. Nothing is written: applying records what refresh found before anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeVar, cast

from mooring.core.codec import decode
from mooring.core.diagnostics import Diagnostic, error, has_errors, warning
from mooring.core.records import record
from mooring.core.values import Value, unmark
from mooring.lang.cells import Cells, Failed
from mooring.planning.asking import Question, ask_provider
from mooring.planning.decide import Prior, invalid_object
from mooring.planning.events import PlanEvent, RefreshCompleted, RefreshStarted
from mooring.planning.objects import mark_all, object_id, recorded_value
from mooring.planning.records import ObjectKey, Record, object_key
from mooring.schema.form import check_known_object
from mooring.schema.timeouts import timeouts_of
from mooring.sdk.abilities import can_read_many, can_resume
from mooring.sdk.context import CallContext
from mooring.sdk.protocols import Connection, ReadsMany, ResourceType
from mooring.sdk.requests import ApplyResult, Read, ReadMany, ReadManyResult, ReadResult, Resume
from mooring.state.model import ObjectState, Status
from mooring.state.store import OpenIntent

if TYPE_CHECKING:
    from mooring.core.addresses import InstanceAddress, ProviderConfigAddress
    from mooring.lang.scope import Report
    from mooring.planning.providers import Providers, TypeInfo

T = TypeVar("T")


@record(kw_only=True)
class Found:
    """An object as it was recorded (None: it was being made when a run was interrupted), and as it is now.

    `prior` is None when there is nothing.
    """

    recorded: Value | None
    prior: Prior | None

    @property
    def is_as_recorded(self) -> bool:
        """Whether nothing happened to it since it was recorded."""
        return self.prior is not None and self.prior.value == self.recorded


@record
class _Case:
    """One object with everything that its rule works on."""

    key: ObjectKey
    record: Record
    info: TypeInfo
    connection: Connection
    kind: ResourceType
    recorded: Value | None

    @property
    def provider_name(self) -> str:
        return self.record.provider.provider.type


class Refresh:
    """The rules of objects. Part of one planning run.

    Objects of a type that reads many at once are read together: one call for each provider configuration.
    """

    def __init__(
        self,
        records: Mapping[ObjectKey, Record],
        providers: Providers,
        cells: Cells,
        observe: Callable[[PlanEvent], None],
        *,
        enabled: bool,
    ) -> None:
        self._records: Final = records
        self._providers: Final = providers
        self._cells: Final = cells
        self._observe: Final = observe
        self._enabled: Final = enabled
        self._groups: dict[tuple[ProviderConfigAddress, str], dict[ObjectKey, int]] = {}
        for key, known in records.items():
            if known.intent is None and providers.stand_in(known.provider, key.address) is None:
                group = self._groups.setdefault((known.provider, key.address.resource.type), {})
                group[key] = len(group)

    def find(self, address: InstanceAddress, deposed: str | None, report: Report) -> Found:
        """The `Found` of an object. May raise `NotReady` or `Failed`."""
        case = self._case(object_key(address, deposed), report)
        if case.record.intent is not None and (can_resume(case.kind) or not case.connection.is_blocking):
            return self._resume(case, case.record.intent, report)
        if case.record.intent is not None:
            report.add(_cannot_resume(case.key, case.record.intent))
        recorded, stored = case.recorded, case.record.stored
        if recorded is None or stored is None:
            return Found(recorded=None, prior=None)
        if not self._enabled:
            return Found(recorded=recorded, prior=_as_stored(recorded, stored))
        result = self._read(case, recorded, stored)
        _report(report, case.key, result.diagnostics)
        if has_errors(result.diagnostics):
            raise Failed
        if result.current is None:
            return Found(recorded=recorded, prior=None)
        if result.current is not recorded:
            _require_object(case, result.current, report)
        current = mark_all(result.current, stored.sensitive, case.info)
        tainted = stored.status is Status.TAINTED
        prior = Prior(value=current, private=result.private or stored.private, tainted=tainted)
        return Found(recorded=recorded, prior=prior)

    def _case(self, key: ObjectKey, report: Report) -> _Case:
        record, resource = self._records[key], key.address.resource
        info = self._providers.type_info(record.provider.provider, resource.mode, resource.type)
        if info is None:
            _report(report, key, (_no_type(record, resource.type),))
            raise Failed
        stand_in = self._providers.stand_in(record.provider, key.address)
        connection = stand_in or cast("Connection", self._cells.get(("connection", record.provider)))
        kind = connection.resource(info.name)
        recorded: Value | None = None
        if record.stored is not None:
            recorded, diags = recorded_value(record.stored, info, kind)
            _report(report, key, diags)
            if recorded is None:
                raise Failed
        return _Case(key, record, info, connection, kind, recorded)

    # -- reading ---------------------------------------------------------------------------------

    def _read(self, case: _Case, recorded: Value, stored: ObjectState) -> ReadResult:
        kind = case.kind
        if can_read_many(kind):
            return self._read_together(case, kind)
        request = Read(current=unmark(recorded)[0], private=stored.private)

        return self._call(
            case,
            Question(
                provider=case.provider_name,
                asked=f"read {case.key.address}",
                seconds=timeouts_of(case.info.schema, recorded).read,
                is_blocking=case.connection.is_blocking,
            ),
            lambda ctx: kind.read(ctx, request),
            lambda problem: ReadResult(diagnostics=(problem,)),
        )

    def _call(
        self,
        case: _Case,
        question: Question,
        call: Callable[[CallContext], T],
        failed: Callable[[Diagnostic], T],
    ) -> T:
        """The result of a call about one object, told to the observer. May raise `NotReady`."""
        cell, address, known = ("read", case.key), case.key.address, object_id(case.recorded)
        is_brief = not question.is_blocking
        if is_brief or not self._cells.is_asked(cell):
            self._observe(RefreshStarted(address=address, object_id=known, is_brief=is_brief))
        result = ask_provider(self._cells, cell, question, call, failed)
        self._observe(RefreshCompleted(address=address, object_id=known, is_brief=is_brief))
        return result

    def _read_together(self, case: _Case, kind: ReadsMany) -> ReadResult:
        group = case.record.provider, case.key.address.resource.type
        members = self._groups[group]
        cell = ("read many", *group)
        if not self._cells.is_asked(cell):
            for member in members:
                self._observe(RefreshStarted(address=member.address))

        def call(ctx: CallContext) -> ReadManyResult:
            request = ReadMany(objects=tuple([self._request(member) for member in members]))
            return kind.read_many(ctx, request)

        question = Question(
            provider=case.provider_name,
            asked=f"read all objects of type {case.info.name}",
            seconds=case.info.schema.timeouts.read,
            is_blocking=True,
        )
        result = ask_provider(
            self._cells,
            cell,
            question,
            call,
            lambda problem: ReadManyResult(results=(ReadResult(diagnostics=(problem,)),) * len(members)),
        )
        self._observe(RefreshCompleted(address=case.key.address))
        return result.results[members[case.key]]

    def _request(self, key: ObjectKey) -> Read:
        """The request for one of many; objects that cannot be decoded have been reported by their cell."""
        record, resource = self._records[key], key.address.resource
        info = self._providers.type_info(record.provider.provider, resource.mode, resource.type)
        assert info is not None
        assert record.stored is not None
        value, _ = recorded_value(record.stored, info, None)
        assert value is not None
        return Read(current=unmark(value)[0], private=record.stored.private)

    # -- interrupted operations ------------------------------------------------------------------

    def _resume(self, case: _Case, interrupted: OpenIntent, report: Report) -> Found:
        """What became of an interrupted operation."""
        stored, kind = case.record.stored, case.kind
        if not case.connection.is_blocking:  # nothing had left the process that ended
            prior = _as_stored(case.recorded, stored) if case.recorded and stored else None
            return Found(recorded=case.recorded, prior=prior)
        assert can_resume(kind)
        request = _resume_request(case, interrupted)
        question = Question(
            provider=case.provider_name,
            asked=f"find out what became of the {interrupted.intent.action} of {case.key.address}",
            seconds=case.info.schema.timeouts.update,
            is_blocking=True,
        )
        result = self._call(
            case,
            question,
            lambda ctx: kind.resume(ctx, request),
            lambda problem: ApplyResult(diagnostics=(problem,)),
        )
        failed = has_errors(result.diagnostics)
        if result.current is None:
            _report(report, case.key, result.diagnostics)
            if failed:
                raise Failed
            return Found(recorded=case.recorded, prior=None)
        _require_object(case, result.current, report)
        current = mark_all(result.current, stored.sensitive if stored is not None else (), case.info)
        was_tainted = stored is not None and stored.status is Status.TAINTED
        tainted = was_tainted or (failed and interrupted.intent.action == "create")
        prior = Prior(value=current, private=result.private or request.private, tainted=tainted)
        return Found(recorded=case.recorded, prior=prior)


def _resume_request(case: _Case, interrupted: OpenIntent) -> Resume:
    stored, planned = case.record.stored, interrupted.intent.planned
    return Resume(
        action=interrupted.intent.action,
        prior=unmark(case.recorded)[0] if case.recorded is not None else None,
        planned=decode(planned, case.info.type) if planned is not None else None,
        note=interrupted.note,
        private=stored.private if stored is not None else b"",
    )


def _as_stored(value: Value, stored: ObjectState) -> Prior:
    return Prior(value=value, private=stored.private, tainted=stored.status is Status.TAINTED)


def _report(report: Report, key: ObjectKey, diags: tuple[Diagnostic, ...]) -> None:
    report.extend(diag.of(str(key.address)) for diag in diags)


def _require_object(case: _Case, value: Value, report: Report) -> None:
    """Raises `Failed` after telling where a provider's object breaks the schema."""
    violations = check_known_object(value, case.info.type)
    if violations:
        diag = invalid_object(str(case.key.address), case.provider_name, violations)
        _report(report, case.key, (diag,))
        raise Failed


def _no_type(record: Record, type_name: str) -> Diagnostic:
    detail = (
        f"The state holds an object of type {type_name}, which provider {record.provider.provider} does not "
        "have. Was it made with another version of the provider?"
    )
    return error("Unsupported resource type in state", detail)


def _cannot_resume(key: ObjectKey, open_intent: OpenIntent) -> Diagnostic:
    intent = open_intent.intent
    where = f" Its id would be {intent.object_id}." if intent.object_id else ""
    detail = (
        f"A run ended in the middle of the {intent.action} of {key.address}, and the provider cannot tell "
        f"what became of it.{where} Look for it yourself before you go on; if it exists and is not in the "
        "state, take it in with an import block."
    )
    return warning("Interrupted operation", detail).of(str(key.address))
