"""What the tests of the language share: evaluating a text with names set, and plain views of results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from mooring.core.codec import Plain, to_python
from mooring.core.diagnostics import Diagnostics, error
from mooring.core.spans import Source
from mooring.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, ObjectType, SetType
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    EPHEMERAL,
    SENSITIVE,
    UNKNOWN_NOT_NULL,
    Value,
    list_value,
    map_value,
    null,
    number,
    object_value,
    set_value,
    string,
    unknown,
)
from mooring.lang.evaluation import evaluate
from mooring.lang.functions import Library, Outside
from mooring.lang.scope import Report
from mooring.syntax.nodes import Expression, Traversal
from mooring.syntax.parser import parse_expression

NOON = datetime(2024, 2, 29, 12, 0, 0, tzinfo=UTC)
SENSITIVE_MARK = frozenset({SENSITIVE})
EPHEMERAL_MARK = frozenset({EPHEMERAL})


def a_library(folder: str = ".") -> Library:
    """The functions over a world that stands still."""
    return Library(
        Outside(
            base_folder=folder,
            home_folder="/home/ana",
            now=lambda: NOON,
            plan_time=NOON,
            random_bytes=lambda count: bytes(range(count)),
        )
    )


class Names:
    """A scope of plain names: `x`, not `var.x`."""

    def __init__(self, values: Mapping[str, Value], library: Library) -> None:
        self.functions = library
        self._values = values

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        value = self._values.get(reference.root)
        if value is None:
            report.add(error("No such name", f'"{reference.root}" is not set.', reference.root_span))
            return DYNAMIC_UNKNOWN, len(reference.steps)
        return value, 0


SAMPLES: Mapping[str, Value] = {
    "text": string("hello"),
    "count": number(3),
    "names": list_value(STRING, [string("a"), string("b"), string("c")]),
    "none": list_value(STRING, []),
    "labels": map_value(STRING, {"a": string("one"), "b": string("two")}),
    "numbers": set_value(NUMBER, [number(10), number(9)]),
    "person": object_value({"name": string("ana"), "age": number(30), "nick": null(STRING)}),
    "people": list_value(
        ObjectType({"name": STRING}), [object_value({"name": string(name)}) for name in ("ana", "bob")]
    ),
    "nothing": null(DYNAMIC),
    "no_text": null(STRING),
    "no_list": null(ListType(STRING)),
    "secret": string("s3cr3t").marked(SENSITIVE_MARK),
    "fleeting": string("temp").marked(EPHEMERAL_MARK),
    "some_text": unknown(STRING, UNKNOWN_NOT_NULL),
    "some_number": unknown(NUMBER, UNKNOWN_NOT_NULL),
    "some_truth": unknown(BOOL, UNKNOWN_NOT_NULL),
    "some_list": unknown(ListType(STRING), UNKNOWN_NOT_NULL),
    "some_map": unknown(MapType(STRING), UNKNOWN_NOT_NULL),
    "some_set": unknown(SetType(STRING), UNKNOWN_NOT_NULL),
    "anything": unknown(DYNAMIC),
}


def parse(text: str) -> Expression:
    """The expression of a text without syntax errors."""
    expression, diags = parse_expression(Source("test.tf", text))
    assert diags == ()
    return expression


def run(text: str, values: Mapping[str, Value] = SAMPLES, *, folder: str = ".") -> tuple[Value, Diagnostics]:
    """The value of an expression, and its diagnostics."""
    return evaluate(parse(text), Names(values, a_library(folder)))


def value_of(text: str, values: Mapping[str, Value] = SAMPLES, *, folder: str = ".") -> Value:
    """The value of an expression without errors."""
    value, diags = run(text, values, folder=folder)
    assert diags == ()
    return value


def plain(text: str, values: Mapping[str, Value] = SAMPLES, *, folder: str = ".") -> Plain:
    """The value of an expression as plain Python."""
    return to_python(value_of(text, values, folder=folder))


def problem(text: str, values: Mapping[str, Value] = SAMPLES) -> tuple[str, str]:
    """Summary of the first error, and the text that it points to."""
    _, diags = run(text, values)
    assert diags != ()
    subject = diags[0].subject
    return diags[0].summary, "" if subject is None else subject.text


Evaluate = Callable[[str], Value]
