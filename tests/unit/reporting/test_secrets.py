"""I10: no sensitive value in any output for people, nor in the live stream."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from plans import SECRET, change, obj, plan_of, plan_text
from recorded_plans import address

from mooring.core.paths import Attr
from mooring.core.types import DYNAMIC, STRING, ListType
from mooring.core.values import (
    NULL,
    TRUE,
    Value,
    list_value,
    map_value,
    number,
    object_value,
    set_value,
    string,
    tuple_value,
    unknown,
)
from mooring.planning.model import Action, OutputChange
from mooring.reporting.drift_report import Difference, Drifted, DriftReport
from mooring.reporting.drift_text import drift_json, drift_text
from mooring.reporting.inline import inline
from mooring.reporting.report import build_report
from mooring.reporting.stream_json import JsonStream
from mooring.reporting.style import PLAIN, Style
from mooring.reporting.values_text import format_value

CANARY = "hunter2"
LEAVES = st.one_of(
    st.sampled_from([string("plain"), string("two\nlines"), string('{"json": [1]}'), number(1), NULL]),
    st.just(TRUE),
    st.just(unknown(STRING)),
    st.sampled_from([CANARY, f"{CANARY}\nmore", f'{{"a": "{CANARY}"}}', f'[1, "{CANARY}"]']).map(
        lambda text: string(text).marked(SECRET)
    ),
    st.just(obj(inner=string(CANARY)).marked(SECRET)),
    st.just(set_value(STRING, [string(CANARY).marked(SECRET), string("b")])),
    st.just(map_value(STRING, {"k": string(CANARY)}).marked(SECRET)),
)


def containers(parts: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    names = st.sampled_from(["id", "name", "tags", "a b", "z"])
    return st.one_of(
        st.lists(parts, max_size=4).map(tuple_value),
        st.lists(parts, max_size=4).map(lambda each: list_value(DYNAMIC, each)),
        st.dictionaries(names, parts, max_size=4).map(object_value),
    )


VALUES = st.recursive(LEAVES, containers, max_leaves=8)
OBJECTS = st.fixed_dictionaries({"name": VALUES, "input": VALUES, "boot": VALUES, "disk": VALUES}).map(
    object_value
)
ACTIONS = st.sampled_from([Action.UPDATE, Action.REPLACE, Action.CREATE, Action.DELETE, Action.FORGET])


@given(OBJECTS, OBJECTS, ACTIONS, st.sampled_from(["with schemas", "without"]))
def test_no_plan_text_shows_a_sensitive_value(
    before: Value, after: Value, action: Action, which: str
) -> None:
    had = None if action is Action.CREATE else before
    gets = None if action in {Action.DELETE, Action.FORGET} else after
    output = OutputChange(name="o", action=Action.UPDATE, before=before, after=after)
    plan = plan_of(change(had, gets, action), outputs=(output,))
    assert CANARY not in plan_text(plan, with_schemas=which == "with schemas")


@given(OBJECTS, OBJECTS)
def test_the_stream_of_a_plan_shows_no_sensitive_value(before: Value, after: Value) -> None:
    written: list[str] = []
    stream = JsonStream(written.append, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    stream.plan(build_report(plan_of(change(before, after, Action.UPDATE))))
    assert CANARY not in "".join(written)


@given(VALUES)
def test_no_printed_value_is_sensitive(value: Value) -> None:
    assert CANARY not in format_value(value)
    assert CANARY not in inline(value)
    assert "\n" not in inline(value)


@given(VALUES, VALUES)
def test_no_drift_report_shows_a_sensitive_value(before: Value, after: Value) -> None:

    difference = Difference(path=(Attr("x"),), before=before, after=after)
    report = DriftReport(changed=(Drifted(address=address("a.b"), place=None, differences=(difference,)),))
    assert CANARY not in drift_text(report, PLAIN)
    assert CANARY not in drift_text(report, Style(colour=True))
    assert CANARY not in json.dumps(drift_json(report))


def test_a_set_of_which_one_element_is_sensitive_is_not_shown() -> None:
    value = set_value(STRING, [string(CANARY).marked(SECRET), string("b")])
    assert format_value(value) == "(sensitive value)"
    assert ListType(STRING) != value.type
