"""Schemas for the tests of the schema layer, and bodies decoded with them as the engine does it."""

from __future__ import annotations

from collections.abc import Mapping

from mooring.core.diagnostics import Diagnostics
from mooring.core.spans import Source
from mooring.core.types import DYNAMIC, NUMBER, STRING, ListType, ObjectType
from mooring.core.values import DYNAMIC_UNKNOWN, Value
from mooring.lang.evaluation import evaluate_into
from mooring.lang.functions.model import Function
from mooring.lang.scope import Report, Variables
from mooring.schema.decode import decode_body
from mooring.schema.model import Attribute, BlockSchema, NestedAttributes, NestedBlock, Nesting
from mooring.schema.plan import plan_block
from mooring.syntax import parse_native
from mooring.syntax.nodes import Expression, Traversal

TERRAFORM_DATA = BlockSchema(
    attributes={
        "id": Attribute(type=STRING, computed=True),
        "input": Attribute(type=DYNAMIC, optional=True),
        "output": Attribute(type=DYNAMIC, computed=True),
        "triggers_replace": Attribute(type=DYNAMIC, optional=True),
    }
)
RULE = BlockSchema(
    attributes={
        "name": Attribute(type=STRING, required=True, forces_replacement=True),
        "port": Attribute(type=NUMBER, optional=True),
        "id": Attribute(type=STRING, computed=True),
        "secret": Attribute(type=STRING, optional=True, sensitive=True),
        "password": Attribute(type=STRING, optional=True, write_only=True),
    }
)
NODE = NestedAttributes(
    nesting=Nesting.LIST,
    attributes={
        "size": Attribute(type=STRING, required=True),
        "ip": Attribute(type=STRING, computed=True),
        "key": Attribute(type=STRING, optional=True, sensitive=True),
    },
)
NODE_TYPE = ObjectType({"ip": STRING, "key": STRING, "size": STRING})
NODES = Attribute(type=ListType(NODE_TYPE), optional=True, nested=NODE)


def rules(nesting: Nesting, **limits: int) -> BlockSchema:
    """A schema with one nested block type, `rule`."""
    return BlockSchema(
        attributes={"name": Attribute(type=STRING, optional=True)},
        blocks={"rule": NestedBlock(block=RULE, nesting=nesting, **limits)},
    )


class Names:
    """A scope that knows the given names."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.functions: Mapping[str, Function] = {}
        self._values = values

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        del report
        return self._values.get(reference.root, DYNAMIC_UNKNOWN), 0


def decode(schema: BlockSchema, text: str, **names: Value) -> tuple[Value, Diagnostics]:
    """The object that a body stands for, and what was reported."""
    body, diags = parse_native(Source("main.tf", text))
    assert diags == ()
    report, scope = Report(), Names(names)

    def evaluate(expression: Expression, iterators: Mapping[str, Value]) -> Value:
        return evaluate_into(expression, Variables(scope, iterators) if iterators else scope, report)

    return decode_body(body, plan_block(schema), evaluate, report.add), report.diagnostics


def config(schema: BlockSchema, text: str, **names: Value) -> Value:
    """The object that a body without mistakes stands for."""
    value, diags = decode(schema, text, **names)
    assert diags == ()
    return value
