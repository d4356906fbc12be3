"""A state for programs: Terraform's `show -json`, format version 1.0. Sensitive values as they are.

Dependencies are told as Terraform records them: with everything that they depend on in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mooring.core.addresses import (
    ROOT,
    ConfigAddress,
    InstanceAddress,
    ModuleInstance,
    format_module,
    instance_order,
    key_order,
    parse_instance,
)
from mooring.core.codec import Json, encode_type
from mooring.core.values import Value
from mooring.reporting.outputs import Outputs, output_value
from mooring.reporting.product import STATE_FORMAT, TERRAFORM_VERSION
from mooring.reporting.state_text import ObjectReader
from mooring.reporting.values_json import content, sensitives
from mooring.state.model import InstanceState, ObjectState, State, Status

Placed = tuple[ModuleInstance, dict[str, Json]]


def state_json(state: State, read: ObjectReader) -> dict[str, Json]:
    """The whole document; without `values` if nothing is recorded."""
    form: dict[str, Json] = {"format_version": STATE_FORMAT}
    if state.is_empty:
        return form
    form["terraform_version"] = TERRAFORM_VERSION
    form["values"] = state_values(state, read)
    if state.check_results:
        form["checks"] = checks_json(state.check_results)
    return form


def state_values(state: State, read: ObjectReader) -> dict[str, Json]:
    """Outputs and resources."""
    values: dict[str, Json] = {}
    if state.outputs:
        values["outputs"] = _outputs(state.outputs)
    values["root_module"] = modules_json(list(_resources(state, read)))
    return values


def _outputs(outputs: Outputs) -> dict[str, Json]:
    return {
        name: {
            "sensitive": output.sensitive,
            "value": content(output_value(output)),
            "type": encode_type(output.type),
        }
        for name, output in sorted(outputs.items())
    }


def _resources(state: State, read: ObjectReader) -> Iterable[Placed]:
    closure = _closure(state)
    for address in sorted(state.instances, key=instance_order):
        instance = state.instances[address]
        for deposed, stored in _objects(instance):
            value = read(address, instance.provider, stored)
            form = resource_json(address, str(instance.provider.provider), stored.schema_version, value)
            depends = sorted({str(each) for direct in stored.dependencies for each in closure(direct)})
            if depends:
                form["depends_on"] = depends
            if stored.status is Status.TAINTED:
                form["tainted"] = True
            if deposed is not None:
                form["deposed_key"] = deposed
            yield address.resource.module, form


def _objects(instance: InstanceState) -> Iterable[tuple[str | None, ObjectState]]:
    if instance.current is not None:
        yield None, instance.current
    yield from sorted(instance.deposed.items())


class _Closure:
    """What a resource depends on, itself included, directly or not."""

    def __init__(self, direct: Mapping[ConfigAddress, set[ConfigAddress]]) -> None:
        self._direct = direct
        self._known: dict[ConfigAddress, frozenset[ConfigAddress]] = {}

    def __call__(self, start: ConfigAddress) -> frozenset[ConfigAddress]:
        known = self._known.get(start)
        if known is None:
            found, todo = {start}, [start]
            while todo:
                new = self._direct.get(todo.pop(), set()) - found
                found |= new
                todo += new
            known = self._known[start] = frozenset(found)
        return known


def _closure(state: State) -> _Closure:
    direct: dict[ConfigAddress, set[ConfigAddress]] = {}
    for address, instance in state.instances.items():
        if instance.current is not None:
            direct.setdefault(address.resource.in_config, set()).update(instance.current.dependencies)
    return _Closure(direct)


# -- shared with plans ---------------------------------------------------------------------------


def resource_json(
    address: InstanceAddress, provider: str, schema_version: int, value: Value | None
) -> dict[str, Json]:
    """One object: its address taken apart, its content, what of it is sensitive."""
    resource = address.resource
    form: dict[str, Json] = {
        "address": str(address),
        "mode": resource.mode,
        "type": resource.type,
        "name": resource.name,
    }
    if address.key is not None:
        form["index"] = address.key
    form |= {"provider_name": provider, "schema_version": schema_version}
    if value is not None:
        form["values"] = content(value)
    form["sensitive_values"] = sensitives(value)
    return form


def modules_json(resources: list[Placed]) -> dict[str, Json]:
    """Resources as a tree of modules, the root first; modules without any are left out."""
    by_module: dict[ModuleInstance, list[Json]] = {}
    for module, form in resources:
        by_module.setdefault(module, []).append(form)
    parents = {module[:length] for module in by_module for length in range(len(module))}
    return _module_json(ROOT, by_module, parents | by_module.keys())


def _module_json(
    module: ModuleInstance, resources: Mapping[ModuleInstance, list[Json]], known: set[ModuleInstance]
) -> dict[str, Json]:
    form: dict[str, Json] = {}
    if module in resources:
        form["resources"] = resources[module]
    if module:
        form["address"] = format_module(module)
    below = sorted(
        (each for each in known if len(each) == len(module) + 1 and each[:-1] == module),
        key=lambda each: (each[-1].name, key_order(each[-1].key)),
    )
    if below:
        form["child_modules"] = [_module_json(each, resources, known) for each in below]
    return form


_CHECKED_KINDS: Final = {"output": "output_value"}


def checks_json(recorded: Json) -> list[Json]:
    """Check results as a state file has them, in the form of `show -json`."""
    results = recorded if isinstance(recorded, list) else []
    return [_check_json(each) for each in results if isinstance(each, Mapping)]


def _check_json(result: Mapping[str, Json]) -> Json:
    kind, address = str(result.get("object_kind")), str(result.get("config_addr"))
    objects = result.get("objects")
    return {
        "address": {
            "kind": _CHECKED_KINDS.get(kind, kind),
            "to_display": address,
            **_check_address(kind, address),
        },
        "status": result.get("status"),
        "instances": [
            _instance_json(each, kind) for each in (objects if isinstance(objects, list) else []) if each
        ],
    }


def _check_address(kind: str, address: str) -> dict[str, Json]:
    parts = address.split(".")
    own = 2 if kind != "resource" else 3 if parts[-3:-2] == ["data"] else 2
    form: dict[str, Json] = {"module": ".".join(parts[:-own])} if len(parts) > own else {}
    if kind == "resource":
        form |= {"mode": "managed" if own == 2 else "data", "type": parts[-2]}
    return {**form, "name": parts[-1]}


def _instance_json(each: Json, kind: str) -> Json:
    fields = each if isinstance(each, Mapping) else {}
    address = str(fields.get("object_addr"))
    form: dict[str, Json] = {
        "address": {"to_display": address, **_instance_address(kind, address)},
        "status": fields.get("status"),
    }
    messages = fields.get("failure_messages")
    if isinstance(messages, list) and messages:
        form["problems"] = [{"message": message} for message in messages]
    return form


def _instance_address(kind: str, address: str) -> dict[str, Json]:
    """What an address has beside its name: the module instance it is in, and an instance's own key."""
    instance = parse_instance(address)
    if instance is None:
        return {}
    module = format_module(instance.resource.module)
    form: dict[str, Json] = {"module": module} if module else {}
    return form | ({"instance_key": instance.key} if kind == "resource" and instance.key is not None else {})
