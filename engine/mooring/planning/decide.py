"""What happens to one object: what is desired against what is there. Pure but for the provider's plan."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.core.addresses import ConfigAddress, InstanceAddress, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.paths import Index, Path, format_path
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.types import MapType, ObjectType
from mooring.core.values import NO_MARKS, Value, null, unmark
from mooring.core.walking import mark_at, value_at
from mooring.planning.model import Action, PlannedChange, Reason
from mooring.planning.objects import lasting_marks
from mooring.planning.providers import TypeInfo
from mooring.schema.changes import replacement_paths
from mooring.schema.contract import check_planned
from mooring.schema.form import Violation, check_form
from mooring.schema.proposed import planned_create, proposed_object
from mooring.schema.types import mark_sensitive
from mooring.sdk.abilities import can_plan
from mooring.sdk.calls import guarded
from mooring.sdk.protocols import ResourceType
from mooring.sdk.requests import PlanRequest, PlanResult


@record(kw_only=True)
class Prior:
    """The object as it is now, with its sensitive marks. `tainted`: it must be replaced."""

    value: Value
    private: bytes = b""
    tainted: bool = False


@record(kw_only=True)
class Desired:
    """An instance as its block describes it.

    `ignored` are paths that keep their prior values (None: all of them). `replace` is set when the
    configuration or the command line asks for a replacement.
    """

    address: InstanceAddress
    provider: ProviderConfigAddress
    info: TypeInfo
    kind: ResourceType
    config: Value
    ignored: tuple[Path, ...] | None = ()
    replace: Reason | None = None
    prevent_destroy: bool = False
    create_before_destroy: bool = False
    dependencies: tuple[ConfigAddress, ...] = ()
    definition: Span | None = None


def decide(desired: Desired, prior: Prior | None) -> tuple[PlannedChange | None, Diagnostics]:
    """The change that turns `prior` into what is desired; None only beside an error."""
    config, marks = unmark(desired.config)[0], lasting_marks(desired.config, desired.info)
    if prior is None:
        planned, diags = plan_object(desired, config, None, b"")
        return _change(desired, None, planned, Action.CREATE, marks), diags
    before = unmark(prior.value)[0]
    config = keep_ignored(config, before, desired.ignored)
    planned, diags = plan_object(desired, config, before, prior.private)
    if planned is None:
        return None, diags
    paths = replacement_paths(desired.info.schema.block, before, planned.planned, planned.requires_replace)
    reason = _replace_reason(prior, paths, desired)
    if reason is not None:
        return _replacement(desired, prior, config, paths=paths, reason=reason, marks=marks, diags=diags)
    after = _marked(planned.planned, marks, desired.info)
    same = planned.planned == before and after == prior.value
    return _change(desired, prior, planned, Action.NO_OP if same else Action.UPDATE, marks), diags


Marks = Iterable[tuple[Path, frozenset[str]]]


def _replace_reason(prior: Prior, paths: tuple[Path, ...], desired: Desired) -> Reason | None:
    if prior.tainted:
        return Reason.REPLACE_TAINTED
    if desired.replace is Reason.REPLACE_BY_REQUEST or not paths:
        return desired.replace
    return Reason.REPLACE_CANNOT_UPDATE


def _replacement(
    desired: Desired,
    prior: Prior,
    config: Value,
    *,
    paths: tuple[Path, ...],
    reason: Reason,
    marks: Marks,
    diags: Diagnostics,
) -> tuple[PlannedChange | None, Diagnostics]:
    planned, more = plan_object(desired, config, None, b"")
    found = (*diags, *(diag for diag in more if diag not in diags))
    if desired.prevent_destroy:
        found = (*found, refuse_destroy(desired.address, desired.definition, paths))
    change = _change(desired, prior, planned, Action.REPLACE, marks, reason=reason, paths=paths)
    return change, found


def refuse_destroy(
    address: InstanceAddress, definition: Span | None, paths: tuple[Path, ...] = ()
) -> Diagnostic:
    """The error of an instance with `prevent_destroy` that the plan would destroy."""
    because = f" Changing {', '.join(map(format_path, paths))} cannot be done in place." if paths else ""
    detail = (
        f"The plan would destroy {address}, whose lifecycle says prevent_destroy.{because} "
        "Take prevent_destroy away if that is meant, or leave the instance out with -target."
    )
    return error("Instance cannot be destroyed", detail, definition)


def plan_object(
    desired: Desired, config: Value, prior: Value | None, private: bytes
) -> tuple[PlanResult | None, Diagnostics]:
    """What the provider plans, checked against the contract. Everything is without marks."""
    block = desired.info.schema.block
    proposed = planned_create(block, config) if prior is None else proposed_object(block, prior, config)
    kind = desired.kind
    if can_plan(kind):
        request = PlanRequest(config=config, prior=prior, proposed=proposed, private=private)
        result = guarded(
            desired.info.provider.type,
            lambda: kind.plan(request),
            lambda crash: PlanResult(planned=proposed, diagnostics=(crash,)),
        )
    else:
        result = PlanResult(planned=proposed, private=private)
    if has_errors(result.diagnostics):
        return None, result.diagnostics
    violations = check_form(result.planned, desired.info.type) or check_planned(
        block, prior, config, result.planned
    )
    if violations:
        return None, (*result.diagnostics, blame("Provider produced invalid plan", desired, violations))
    return result, result.diagnostics


def invalid_object(address: str, provider: str, violations: tuple[Violation, ...]) -> Diagnostic:
    """The error of a provider that reads an object which its own schema does not allow."""
    lines = "\n".join(f"  - {violation}" for violation in violations)
    detail = f"For {address} the provider read:\n{lines}\nThis is a bug in provider {provider}."
    return error("Provider produced invalid object", detail)


def blame(summary: str, desired: Desired, violations: tuple[Violation, ...]) -> Diagnostic:
    """The error of a provider that broke the contract."""
    provider = desired.info.provider.type
    lines = "\n".join(f"  - {violation}" for violation in violations)
    detail = f"For {desired.address} the provider answered:\n{lines}\nThis is a bug in provider {provider}."
    return error(summary, detail)


def keep_ignored(config: Value, prior: Value, ignored: tuple[Path, ...] | None) -> Value:
    """The configuration with prior values where `ignore_changes` says so."""
    if ignored is None:
        return prior
    for path in ignored:
        wanted = _ignorable(config, path)
        config = _replaced_at(config, wanted, value_at(prior, wanted))
    return config


def _ignorable(config: Value, path: Path) -> Path:
    """The part that can be ignored: a key of a map, but of anything else with keys only the whole."""
    last = path[-1]
    if not isinstance(last, Index) or not isinstance(last.key, str):
        return path
    container = value_at(config, path[:-1])
    return path if container is not None and isinstance(container.type, MapType) else path[:-1]


def _replaced_at(value: Value, path: Path, by: Value | None) -> Value:
    """The value with the part at `path` replaced; where the path leads nowhere, nothing changes."""
    if not path:
        return by if by is not None else null(value.type)
    raw, step = value.raw, path[0]
    if type(raw) is dict:
        key = step[0]
        if isinstance(value.type, ObjectType) and key not in raw:
            return value
        parts = {**raw, key: _replaced_at(raw.get(key, null(value.type)), path[1:], by)}
        if by is None and len(path) == 1 and not isinstance(value.type, ObjectType):
            del parts[key]
        return Value(value.type, {name: parts[name] for name in sorted(parts)}, value.marks)
    if type(raw) is tuple and isinstance(step[0], int) and step[0] < len(raw):
        index = step[0]
        part = _replaced_at(raw[index], path[1:], by)
        return Value(value.type, (*raw[:index], part, *raw[index + 1 :]), value.marks)
    return value


def _change(
    desired: Desired,
    prior: Prior | None,
    planned: PlanResult | None,
    action: Action,
    marks: Marks,
    *,
    reason: Reason | None = None,
    paths: tuple[Path, ...] = (),
) -> PlannedChange | None:
    if planned is None:
        return None
    return PlannedChange(
        address=desired.address,
        action=action,
        provider=desired.provider,
        before=prior.value if prior is not None else None,
        after=_marked(planned.planned, marks, desired.info),
        reason=reason,
        create_before_destroy=desired.create_before_destroy,
        replace_paths=paths,
        private=planned.private,
        schema_version=desired.info.schema.version,
        dependencies=desired.dependencies,
        verbs=desired.info.schema.verbs,
        definition=desired.definition,
    )


def _marked(planned: Value, marks: Marks, info: TypeInfo) -> Value:
    """The planned object with the marks of its configuration and of its schema."""
    for path, found in marks:
        if found is not NO_MARKS:
            planned = mark_at(planned, path, found)
    return mark_sensitive(planned, info.schema.block) if info.plan.has_sensitive else planned
