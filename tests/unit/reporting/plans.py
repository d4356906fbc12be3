"""Short ways to make the values that reports are tested with."""

from __future__ import annotations

from collections.abc import Mapping

from recorded_plans import PROVIDER, address

from mooring.core.addresses import ProviderConfigAddress, ResourceAddress
from mooring.core.codec import implied
from mooring.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType
from mooring.core.values import SENSITIVE, UNKNOWN_NOT_NULL, Value, list_value, object_value, unknown
from mooring.planning.model import Action, Plan, PlannedChange
from mooring.reporting.diagnostics_text import Layout
from mooring.reporting.plan_text import write_plan
from mooring.reporting.report import build_report
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting
from mooring.state.model import State

SECRET = frozenset({SENSITIVE})
UNKNOWN_TEXT = unknown(STRING, UNKNOWN_NOT_NULL)

DISK = BlockSchema(
    attributes={
        "size": Attribute(type=NUMBER, optional=True),
        "kind": Attribute(type=STRING, optional=True),
    },
    blocks={
        "key": NestedBlock(
            block=BlockSchema(attributes={"id": Attribute(type=STRING, optional=True)}),
            nesting=Nesting.SINGLE,
        )
    },
)
MACHINE = BlockSchema(
    attributes={
        "id": Attribute(type=STRING, computed=True),
        "name": Attribute(type=STRING, required=True),
        "tags": Attribute(type=MapType(STRING), optional=True),
        "zones": Attribute(type=ListType(STRING), optional=True),
        "password": Attribute(type=STRING, optional=True, sensitive=True),
        "spot": Attribute(type=BOOL, optional=True),
        "status": Attribute(type=STRING, computed=True),
    },
    blocks={
        "boot": NestedBlock(block=DISK, nesting=Nesting.SINGLE),
        "disk": NestedBlock(block=DISK, nesting=Nesting.LIST),
        "port": NestedBlock(block=DISK, nesting=Nesting.MAP),
    },
)


def machine_schema(_provider: ProviderConfigAddress, _resource: ResourceAddress) -> BlockSchema:
    """The one schema of these tests."""
    return MACHINE


def obj(**attributes: object) -> Value:
    """An object; plain Python is taken as JSON, values as they are."""
    return object_value({name: value_of(each) for name, each in attributes.items()})


def value_of(content: object) -> Value:
    """A value of plain Python with values in it."""
    if isinstance(content, Value):
        return content
    if isinstance(content, Mapping):
        return object_value({str(key): value_of(each) for key, each in content.items()})
    if isinstance(content, list):
        return list_value(DYNAMIC, [value_of(each) for each in content])
    return implied(content)  # type: ignore[arg-type]


def change(before: Value | None, after: Value | None, action: Action, **fields: object) -> PlannedChange:
    """A change of `cloud_machine.a`."""
    defaults: dict[str, object] = {
        "address": address("cloud_machine.a"),
        "action": action,
        "provider": PROVIDER,
        "before": before,
        "after": after,
    }
    return PlannedChange(**(defaults | fields))  # type: ignore[arg-type]


def plan_of(*changes: PlannedChange, **fields: object) -> Plan:
    """A plan of these changes."""
    return Plan(changes=changes, prior_state=State(), **fields)  # type: ignore[arg-type]


def plan_text(plan: Plan, *, with_schemas: bool = True) -> str:
    """What is printed for a plan."""
    written: list[str] = []
    schemas = machine_schema if with_schemas else lambda _provider, _resource: None
    write_plan(build_report(plan), schemas, Layout(), written.append)
    return "".join(written)


def changes_text(plan: Plan) -> str:
    """The part of the text that tells changes."""
    text = plan_text(plan)
    return text[text.index("  #") : text.index("\nPlan: ")]
