"""The state as a file: Terraform's state format, version 4, both ways.

What Terraform 1.11.4 writes is read completely and written back with the same fields in the same order.
Fields that this version does not know are kept on the state and on objects (`extra`) and refused anywhere
else; only a resource without instances is left out, since nothing is recorded in it. Must not know where the
bytes are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final, cast

from mooring.core.addresses import (
    InstanceAddress,
    InstanceKey,
    Mode,
    ProviderConfigAddress,
    ResourceAddress,
    format_module,
    key_order,
)
from mooring.core.codec import Json, dumps, loads
from mooring.core.diagnostics import Diagnostics
from mooring.state.entries import EntryReader, decode_output, encode_object, encode_output
from mooring.state.fields import (
    UNSUPPORTED,
    Entry,
    Fields,
    StoredError,
    as_fields,
    count_of,
    fields_of,
    list_of,
    refuse_unknown,
    text_of,
)
from mooring.state.model import InstanceState, State

TERRAFORM_VERSION: Final = "1.11.4"
_STATE_FIELDS: Final = frozenset(
    {"version", "terraform_version", "serial", "lineage", "outputs", "resources", "check_results"}
)
_RESOURCE_FIELDS: Final = frozenset({"module", "mode", "type", "name", "each", "provider", "instances"})
_ESCAPES: Final = (
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    (b"&", b"\\u0026"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)


# -- writing -------------------------------------------------------------------------------------


def write_snapshot(state: State) -> bytes:
    """The snapshot of a state, byte for byte as Terraform would format it."""
    document: Entry = {
        "version": 4,
        "terraform_version": TERRAFORM_VERSION,
        "serial": state.serial,
        "lineage": state.lineage,
        "outputs": {name: encode_output(state.outputs[name]) for name in sorted(state.outputs)},
        "resources": _resources(state.instances),
        "check_results": state.check_results,
        **state.extra,
    }
    text = dumps(document, indent=True)
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text + b"\n"


_Group = tuple[ResourceAddress, ProviderConfigAddress]


def _resources(instances: Mapping[InstanceAddress, InstanceState]) -> list[Json]:
    groups: dict[_Group, list[tuple[InstanceAddress, InstanceState]]] = {}
    for address, instance in instances.items():
        groups.setdefault((address.resource, instance.provider), []).append((address, instance))
    return [_resource(group, groups[group]) for group in sorted(groups, key=_resource_order)]


def _resource_order(group: _Group) -> tuple[str, str, str, str, str]:
    address, provider = group
    return format_module(address.module), address.mode, address.type, address.name, str(provider)


def _resource(group: _Group, instances: Iterable[tuple[InstanceAddress, InstanceState]]) -> Entry:
    address, provider = group
    entries: list[Json] = []
    for each, instance in sorted(instances, key=lambda pair: key_order(pair[0].key)):
        if instance.current is not None:
            entries.append(encode_object(instance.current, _index_key(each.key)))
        entries += [
            encode_object(instance.deposed[deposed], _index_key(each.key), deposed)
            for deposed in sorted(instance.deposed)
        ]
    where: Entry = {"module": format_module(address.module)} if address.module else {}
    return where | {
        "mode": address.mode,
        "type": address.type,
        "name": address.name,
        "provider": str(provider),
        "instances": entries,
    }


def _index_key(key: InstanceKey) -> Entry:
    return {} if key is None else {"index_key": key}


# -- reading -------------------------------------------------------------------------------------


def read_snapshot(text: bytes, shown_as: str) -> tuple[State | None, Diagnostics]:
    """The state of a snapshot; None beside an error. `shown_as` names the file in messages."""
    try:
        return _state(_document(text)), ()
    except StoredError as problem:
        return None, (problem.diagnostic(shown_as),)


def _document(text: bytes) -> Fields:
    try:
        document = loads(text)
    except json.JSONDecodeError as problem:
        at_end = problem.pos >= len(problem.doc.rstrip()) or "Unterminated" in problem.msg
        hint = " It is cut off: it was not written to its end." if at_end else ""
        detail = f"it is not JSON ({problem.msg} at line {problem.lineno}, column {problem.colno}).{hint}"
        raise StoredError(detail, summary=UNSUPPORTED) from problem
    except (ValueError, RecursionError) as problem:
        raise StoredError(f"it is not JSON ({problem}).", summary=UNSUPPORTED) from problem
    if not isinstance(document, dict) or "version" not in document:
        raise StoredError('there is no "version" that says which format it has.', summary=UNSUPPORTED)
    _check_version(document["version"])
    return document


def _check_version(version: Json) -> None:
    if type(version) is not int or version < 1:
        raise StoredError("its version is not a positive whole number.", summary=UNSUPPORTED)
    if version < 4:
        detail = (
            f"it has format version {version}, of Terraform before 0.12. Bring it to version 4 first: run "
            '"terraform apply -refresh-only" with Terraform 1.x once.'
        )
        raise StoredError(detail, summary=UNSUPPORTED)
    if version > 4:
        detail = (
            f"it has format version {version}, and Mooring reads version 4. A newer version of Terraform or "
            "Mooring has written it; use that one."
        )
        raise StoredError(detail, summary=UNSUPPORTED)


def _state(document: Fields) -> State:
    reader = EntryReader()
    instances: dict[InstanceAddress, InstanceState] = {}
    for resource in list_of(document, "resources"):
        _read_resource(as_fields(resource, "resources"), reader, instances)
    outputs = fields_of(document, "outputs")
    return State(
        lineage=text_of(document, "lineage"),
        serial=count_of(document, "serial"),
        instances=instances,
        outputs={name: decode_output(name, as_fields(each, "outputs")) for name, each in outputs.items()},
        check_results=document.get("check_results"),
        extra={name: document[name] for name in document if name not in _STATE_FIELDS},
    )


def _read_resource(
    fields: Fields, reader: EntryReader, instances: dict[InstanceAddress, InstanceState]
) -> None:
    refuse_unknown(fields, _RESOURCE_FIELDS, "a resource")
    mode, type_, name = text_of(fields, "mode"), text_of(fields, "type"), text_of(fields, "name")
    if mode not in ("managed", "data") or not type_ or not name:
        detail = f'there is a resource with mode "{mode}", type "{type_}" and name "{name}".'
        raise StoredError(detail, summary="Invalid resource mode in state")
    entries = list_of(fields, "instances")
    if not entries:
        return
    module = reader.module(text_of(fields, "module"))
    address = ResourceAddress(module, cast("Mode", mode), type_, name)
    provider = reader.provider(text_of(fields, "provider"))
    for entry in entries:
        of = as_fields(entry, "instances")
        instance = InstanceAddress(address, _read_key(address, of.get("index_key")))
        before = instances.get(instance) or InstanceState(provider=provider)
        instances[instance] = _with_object(instance, before, provider, of, reader)


def _with_object(
    address: InstanceAddress,
    before: InstanceState,
    provider: ProviderConfigAddress,
    fields: Fields,
    reader: EntryReader,
) -> InstanceState:
    """The instance with the object of one more entry: its current one, or a deposed one."""
    key, deposed = text_of(fields, "deposed"), before.deposed
    if before.provider != provider or (key in deposed if key else before.current is not None):
        raise StoredError(
            f"{address} appears more than once.", summary="Duplicate resource instance in state"
        )
    recorded = reader.object(fields, address)
    if not key:
        return InstanceState(provider=provider, current=recorded, deposed=deposed)
    return InstanceState(provider=provider, current=before.current, deposed={**deposed, key: recorded})


def _read_key(resource: ResourceAddress, key: Json) -> InstanceKey:
    if key is None or isinstance(key, str) or type(key) is int:
        return key
    detail = f"an instance of {resource} has the invalid key {key!r}."
    raise StoredError(detail, summary="Invalid resource instance metadata in state")
