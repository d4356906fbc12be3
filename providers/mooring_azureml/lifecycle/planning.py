"""Planning and validating: pure."""

from __future__ import annotations

from mooring.core.codec import Plain, to_python
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr, Index, Path
from mooring.core.types import ObjectType
from mooring.core.values import UNKNOWN, Unknown, Value
from mooring.sdk import PlanRequest, PlanResult
from mooring_azureml.arm.ids import same_id
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.lifecycle.secrets import has_changed, is_made_here, replaces_secrets, secrets_in
from mooring_azureml.lifecycle.values import object_value
from mooring_azureml.table.differences import Difference, differences
from mooring_azureml.table.model import Block, Fields, Property, Table
from mooring_azureml.table.notation import items, members
from mooring_azureml.table.planned import planned_fields


def plain(value: Value | None) -> Fields | None:
    """The plain form of an object; None for none."""
    if value is None or value.is_null:
        return None
    return members(to_python(value))


def plan(definition: Definition, access: Access, object_type: ObjectType, request: PlanRequest) -> PlanResult:
    """The planned object, and what of it cannot be changed in place."""
    config, prior = plain(request.config) or {}, plain(request.prior)
    planned = dict(planned_fields(definition.table, config, prior))
    planned["id"] = _planned_id(definition, access, planned, prior)
    version, found = definition.secret_version, secrets_in(definition.table, config)
    is_rekeyed = version is not None and has_changed(found, request.private)
    if version is not None and (is_rekeyed or prior is None):
        planned[version] = UNKNOWN if found else None
    final = definition.derive(access, prior, planned)
    replaced = _replaced(definition, prior, final, is_imported=not is_made_here(request.private))
    if version is not None and is_rekeyed and replaces_secrets(definition.table):
        replaced = (*replaced, (Attr(version),))
    return PlanResult(
        planned=object_value(final, object_type, request.config, request.prior),
        requires_replace=replaced,
        private=request.private,
    )


def _planned_id(definition: Definition, access: Access, planned: Fields, prior: Fields | None) -> Plain:
    built = definition.placement.id_of(access.subscription_id, planned)
    if built is None:
        return UNKNOWN
    before = prior.get("id") if prior is not None else None
    return before if isinstance(before, str) and same_id(before, built) else built


def _replaced(
    definition: Definition, prior: Fields | None, planned: Fields, *, is_imported: bool
) -> tuple[Path, ...]:
    if prior is None:
        return ()
    fixed = tuple(
        one.path
        for one in differences(definition.table, prior, planned)
        if one.part.forces_replacement and not (is_imported and _was_left_open(one))
    )
    return (*fixed, *definition.replaces(prior, planned))


def _was_left_open(one: Difference) -> bool:
    """Whether nothing was known before, because a GET does not tell: an imported object."""
    return one.before is None and not one.part.echoed


def validate(definition: Definition, config: Fields) -> Diagnostics:
    """What is wrong with a configuration: the checks of the table, then the rules of the type."""
    found = [*_check_table(definition.table, config, ())]
    if config.get("id") is not None:
        found.append(_read_only_attribute((Attr("id"),)))
    for rule in definition.rules:
        found.extend(rule(config))
    return tuple(found)


def _check_table(table: Table, fields: Fields, path: Path) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for part in table:
        value, here = fields.get(part.name), (*path, Attr(part.name))
        if value is None or isinstance(value, Unknown):
            continue
        if isinstance(part, Property):
            found.extend(_check_property(part, value, here))
        else:
            found.extend(_check_block(part, value, here))
    return found


def _check_block(part: Block, value: Plain, path: Path) -> list[Diagnostic]:
    if not part.is_list:
        return _check_table(part.parts, members(value), path)
    return [
        diag
        for at, one in enumerate(items(value))
        for diag in _check_table(part.parts, members(one), (*path, Index(at)))
    ]


def _check_property(part: Property, value: Plain, path: Path) -> list[Diagnostic]:
    if not part.is_settable:
        return [_read_only_attribute(path)]
    problems = filter(None, (check(value) for check in part.checks))
    return [
        Diagnostic(summary="Invalid argument value", detail=f'"{part.name}" {problem}.', path=path)
        for problem in problems
    ]


def _read_only_attribute(path: Path) -> Diagnostic:
    return Diagnostic(
        summary="Invalid Configuration for Read-Only Attribute",
        detail="Azure decides the value of this attribute. Remove the argument.",
        path=path,
    )
