"""Objects between the state, where they are JSON, and the planner, where they are values."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.core.addresses import ConfigAddress, InstanceAddress
from mooring.core.codec import CodecError, Json, decode, dumps, encode
from mooring.core.diagnostics import Diagnostics, error
from mooring.core.paths import Path
from mooring.core.values import DYNAMIC_UNKNOWN, ONLY_SENSITIVE, SENSITIVE, Marks, Value, has_marks
from mooring.core.walking import mark_at, unmark_with_paths
from mooring.planning.providers import Providers, TypeInfo
from mooring.schema.types import mark_sensitive, without_write_only
from mooring.sdk.abilities import can_upgrade
from mooring.sdk.calls import guarded
from mooring.sdk.protocols import ResourceType
from mooring.sdk.requests import Upgrade, UpgradeResult
from mooring.state.model import InstanceState, ObjectState, Status


def recorded_value(
    stored: ObjectState, info: TypeInfo, kind: ResourceType | None
) -> tuple[Value | None, Diagnostics]:
    """The value of a stored object, with its sensitive marks; one of an older schema version is upgraded."""
    if stored.schema_version != info.schema.version:
        return _upgraded(stored, info, kind)
    try:
        value = decode(stored.attributes, info.type)
    except CodecError as problem:
        detail = (
            f"What the state holds does not have the form of a {info.name}: {problem}. Was it written by "
            "another version of the provider?"
        )
        return None, (error("Invalid resource instance data in state", detail),)
    return mark_all(value, stored.sensitive, info), ()


def value_in_state(instance: InstanceState | None, address: InstanceAddress, providers: Providers) -> Value:
    """What is recorded of an instance that a run is not about; unknown if nothing is."""
    resource = address.resource
    if instance is None or instance.current is None:
        return DYNAMIC_UNKNOWN
    info = providers.type_info(instance.provider.provider, resource.mode, resource.type)
    value = recorded_value(instance.current, info, None)[0] if info is not None else None
    return value if value is not None else DYNAMIC_UNKNOWN


def lasting_marks(config: Value, info: TypeInfo) -> tuple[tuple[Path, Marks], ...]:
    """Where the object that a configuration describes is marked; of write-only arguments nothing remains."""
    if not has_marks(config):
        return ()
    stored = without_write_only(config, info.schema.block) if info.plan.has_write_only else config
    return unmark_with_paths(stored)[1]


def mark_all(value: Value, paths: Iterable[Path], info: TypeInfo) -> Value:
    """The value with sensitive marks at `paths` and where the schema says so."""
    for path in paths:
        value = mark_at(value, path, ONLY_SENSITIVE)
    return mark_sensitive(value, info.schema.block) if info.plan.has_sensitive else value


def object_state(
    value: Value,
    info: TypeInfo,
    *,
    private: bytes,
    dependencies: tuple[ConfigAddress, ...],
    status: Status = Status.READY,
    create_before_destroy: bool = False,
) -> ObjectState:
    """The stored form of a wholly known object."""
    plain, marks = unmark_with_paths(value)
    attributes = encode(plain, info.type)
    assert isinstance(attributes, dict)
    return ObjectState(
        attributes=attributes,
        schema_version=info.schema.version,
        sensitive=tuple(path for path, found in marks if SENSITIVE in found),
        private=private,
        dependencies=dependencies,
        status=status,
        create_before_destroy=create_before_destroy,
    )


def object_id(value: Value | None) -> str | None:
    """The object's `id`, if it has a known one."""
    if value is None or type(value.raw) is not dict:
        return None
    found = value.raw.get("id")
    return found.raw if found is not None and isinstance(found.raw, str) else None


def _upgraded(
    stored: ObjectState, info: TypeInfo, kind: ResourceType | None
) -> tuple[Value | None, Diagnostics]:
    if stored.schema_version > info.schema.version:
        detail = (
            f"The state holds version {stored.schema_version} of {info.name}, the provider knows "
            f"{info.schema.version} at most. Install the newer version of the provider."
        )
        return None, (error("Resource instance managed by newer provider version", detail),)
    if kind is None or not can_upgrade(kind):
        detail = (
            f"The state holds version {stored.schema_version} of {info.name}, and the provider cannot bring "
            f"it to version {info.schema.version}."
        )
        return None, (error("Resource state cannot be upgraded", detail),)
    attributes: Json = stored.attributes
    request = Upgrade(version=stored.schema_version, stored=dumps(attributes))
    result = guarded(
        info.provider.type, lambda: kind.upgrade(request), lambda crash: UpgradeResult(diagnostics=(crash,))
    )
    return result.upgraded, result.diagnostics
