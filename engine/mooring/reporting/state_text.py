"""A state for people: what `moor show` and `moor state show` print."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mooring.core.addresses import InstanceAddress, ProviderConfigAddress, instance_order
from mooring.core.types import DYNAMIC
from mooring.core.values import ONLY_SENSITIVE, Value
from mooring.reporting.change_text import SchemaLookup
from mooring.reporting.diff.bodies import compare_bodies
from mooring.reporting.diff.model import Change, Whole
from mooring.reporting.diff.render import Renderer
from mooring.reporting.outputs import Outputs, output_value
from mooring.reporting.style import Style
from mooring.state.model import InstanceState, ObjectState, State, Status

ObjectReader = Callable[[InstanceAddress, ProviderConfigAddress, ObjectState], Value]
"""The value of a stored object, sensitive parts marked."""


def state_text(state: State, read: ObjectReader, schemas: SchemaLookup, style: Style) -> str:
    """Everything recorded."""
    if state.is_empty:
        return "The state is empty: it records no resources and no outputs.\n"
    order = sorted(state.instances, key=instance_order)
    parts = [instance_text(each, state.instances[each], read, schemas, style) for each in order]
    text = "\n".join(parts)
    return f"{text}\n\n{_outputs(state.outputs, style)}" if state.outputs else text


def instance_text(
    address: InstanceAddress,
    instance: InstanceState,
    read: ObjectReader,
    schemas: SchemaLookup,
    style: Style,
) -> str:
    """One instance: its object, and those that wait to be deleted."""
    schema = schemas(instance.provider, address.resource)
    renderer = Renderer(style, symbols=False, everything=True)
    mode = "resource" if address.resource.mode == "managed" else address.resource.mode
    texts = []
    for title, stored in _objects(address, instance):
        value = read(address, instance.provider, stored)
        body = renderer.body(compare_bodies(value, value, schema), 1)
        header = f'{mode} "{address.resource.type}" "{address.resource.name}" {{'
        texts.append("\n".join([style.bold(f"# {title}:"), header, *body, "}", ""]))
    return "\n".join(texts)


def _objects(address: InstanceAddress, instance: InstanceState) -> Iterable[tuple[str, ObjectState]]:
    if instance.current is not None:
        tainted = " (tainted)" if instance.current.status is Status.TAINTED else ""
        yield f"{address}{tainted}", instance.current
    for key in sorted(instance.deposed):
        yield f"{address} (deposed object {key})", instance.deposed[key]


def _outputs(outputs: Outputs, style: Style) -> str:
    renderer = Renderer(style, symbols=False, everything=True)
    lines = ["Outputs:", ""]
    for name in sorted(outputs):
        value = output_value(outputs[name])
        marked = value.marked(ONLY_SENSITIVE) if outputs[name].sensitive else value
        first, *rest = (
            renderer.value(Whole(Change.NO_OP, marked), 0) if marked.type is not DYNAMIC else ["null"]
        )
        lines += [f"{name} = {first}", *rest]
    return "\n".join([*lines, ""])
