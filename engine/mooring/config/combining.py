"""Values made of several cells: all instances of a block together, and what an output says of its value."""

from __future__ import annotations

from mooring.config.ephemerals import EPHEMERAL_NOT_ALLOWED
from mooring.config.model import ModuleCall, Output, Resource
from mooring.config.scopes import COUNTED, FOR_EACH, ONCE, Repetition
from mooring.core.addresses import InstanceKey
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.values import EPHEMERAL, SENSITIVE, Value, has_marks, object_value, tuple_value, unmark


def any_of(block: ModuleCall | Resource) -> Repetition:
    """The repetition that stands for every instance of a block."""
    if block.count is not None:
        return COUNTED
    return FOR_EACH if block.for_each is not None else ONCE


def rows_of(values: list[object], names: tuple[str, ...], count: int) -> list[Value]:
    """One object for each of `count` module instances, from its outputs in a row."""
    width = len(names)
    rows = [values[at * width : (at + 1) * width] for at in range(count)]
    return [
        object_value(
            {name: value for name, value in zip(names, row, strict=True) if isinstance(value, Value)}
        )
        for row in rows
    ]


def combine(block: ModuleCall | Resource, keys: tuple[InstanceKey, ...], values: list[Value]) -> Value:
    """The value of a block with these instances: a tuple with `count`, an object with `for_each`."""
    if block.count is not None:
        return tuple_value(values)
    if block.for_each is not None:
        return object_value({str(key): value for key, value in zip(keys, values, strict=True)})
    return values[0]


def leaks(output: Output, value: Value) -> list[Diagnostic]:
    """What a root output must say about itself because of its value."""
    if not has_marks(value):
        return []
    marks = unmark(value)[1]
    found = [*ephemeral_leak(output, value)]
    if SENSITIVE in marks and not output.sensitive:
        detail = (
            "The value comes from something sensitive. If it may be shown to whoever asks for outputs, use "
            'nonsensitive(); otherwise add "sensitive = true", and it will be masked.'
        )
        found.append(error("Output refers to sensitive values", detail, output.span))
    return found


def ephemeral_leak(output: Output, value: Value) -> Diagnostics:
    """An error if an output, of any module, has an ephemeral value and does not say so."""
    if output.ephemeral or not has_marks(value) or EPHEMERAL not in unmark(value)[1]:
        return ()
    detail = (
        "The value comes from something ephemeral, which exists during one run only. Add "
        '"ephemeral = true" to the output of a module that is called; an output of the root module is '
        "stored, so there only ephemeralasnull() helps."
    )
    return (error(EPHEMERAL_NOT_ALLOWED, detail, output.expression.span),)
