"""YAML text to values. PyYAML splits the text into events; what scalars mean is decided here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from mooring.core.conversion import Mismatch, convert
from mooring.core.numbers import parse_number
from mooring.core.text import composed
from mooring.core.types import BOOL, DYNAMIC, NUMBER, STRING, Primitive, friendly_name
from mooring.core.values import Value, boolean, null, number, object_value, string, tuple_value
from mooring.lang.functions.model import CallError

if TYPE_CHECKING:
    from yaml.events import AliasEvent, Event, MappingStartEvent, ScalarEvent, SequenceStartEvent

_STANDARD: Final = "tag:yaml.org,2002:"
_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE: Final = frozenset(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
_FALSE: Final = frozenset(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
_BASED_INTEGER: Final = re.compile(r"0x([0-9a-fA-F]+)|0o([0-7]+)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITY: Final = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_TAGGED: Final = {"int": NUMBER, "float": NUMBER, "bool": BOOL, "timestamp": STRING}
_NOT_A_NUMBER: Final = frozenset((".nan", ".NaN", ".NAN"))
_TIMESTAMP: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ ])(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d\d:\d\d)?)?"
)


def read_yaml(text: str) -> Value:
    """The value of the one document in a text. Raises `CallError`."""
    import yaml

    try:
        return _Reader(yaml.parse(text, Loader=yaml.SafeLoader)).document()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        raise CallError(f"it is not YAML: {problem.problem}{where}") from problem
    except yaml.YAMLError as problem:
        raise CallError("it is not YAML: it has characters that YAML does not allow") from problem


class _Reader:
    """Builds values from events. Mutable, private to one document."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events: Final = events
        self._anchors: Final[dict[str, Value | None]] = {}

    def document(self) -> Value:
        from yaml.events import StreamEndEvent

        next(self._events)
        if isinstance(next(self._events), StreamEndEvent):
            raise CallError("there is no document in it")
        value = self._value(next(self._events))
        next(self._events)
        if not isinstance(next(self._events), StreamEndEvent):
            raise CallError("there is more than one document in it")
        return value

    def _value(self, event: Event) -> Value:
        from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

        if isinstance(event, AliasEvent):
            return self._alias(event)
        if isinstance(event, ScalarEvent):
            return self._anchored(event, scalar_value(event))
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event)
        assert isinstance(event, MappingStartEvent)
        return self._mapping(event)

    def _anchored(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent, value: Value) -> Value:
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _alias(self, event: AliasEvent) -> Value:
        if event.anchor not in self._anchors:
            raise CallError(f'the anchor "{event.anchor}" is not defined')
        value = self._anchors[event.anchor]
        if value is None:
            raise CallError(f'the anchor "{event.anchor}" is used inside itself')
        return value

    def _open(self, event: SequenceStartEvent | MappingStartEvent, kind: str) -> None:
        if event.tag not in (None, _STANDARD + kind):
            raise CallError(f'the tag "{event.tag}" has no meaning for a {kind}')
        if event.anchor is not None:
            self._anchors[event.anchor] = None

    def _sequence(self, event: SequenceStartEvent) -> Value:
        from yaml.events import SequenceEndEvent

        self._open(event, "seq")
        elements: list[Value] = []
        while not isinstance(part := next(self._events), SequenceEndEvent):
            elements.append(self._value(part))
        return self._anchored(event, tuple_value(elements))

    def _mapping(self, event: MappingStartEvent) -> Value:
        from yaml.events import MappingEndEvent, ScalarEvent

        self._open(event, "map")
        items: dict[str, Value] = {}
        while not isinstance(part := next(self._events), MappingEndEvent):
            is_merge = isinstance(part, ScalarEvent) and part.value == "<<"
            key = "" if is_merge else _key(self._value(part))
            value = self._value(next(self._events))
            if is_merge:
                items.update(_merged(value))
            else:
                items[key] = value
        return self._anchored(event, object_value(items))


def _key(value: Value) -> str:
    if not isinstance(value.type, Primitive):
        raise CallError("a key of a mapping must be text")
    if value.is_null:
        raise CallError("a key of a mapping must not be null")
    converted = convert(value, STRING)
    assert not isinstance(converted, Mismatch)
    return converted.text


def _merged(value: Value) -> dict[str, Value]:
    if not isinstance(value.raw, dict):
        raise CallError(f"a {friendly_name(value.type)} cannot be merged into a mapping")
    return value.raw


# -- scalars -------------------------------------------------------------------------------------


def scalar_value(event: ScalarEvent) -> Value:
    """The value of a scalar: what its tag says, else what a plain one looks like."""
    text, tag = event.value, event.tag
    if tag in (None, "!") and (event.style or not event.implicit[0]):
        if tag == "!" and not event.style:
            raise CallError('the tag "!" has no meaning for a scalar')
        return string(composed(text))
    if tag is None:
        return plain_value(text)
    kind = tag.removeprefix(_STANDARD)
    if kind == tag:
        raise CallError(f'there is no tag "{tag}"')
    if kind == "null":
        return null(DYNAMIC)
    if kind in ("str", "binary") or event.style:
        return string(composed(text))
    if kind not in _TAGGED:
        raise CallError(f'there is no tag "{tag}"')
    value = plain_value(text)
    if value.type is not _TAGGED[kind]:
        raise CallError(f'"{text}" is not a value for the tag "{tag}"')
    return value


def plain_value(text: str) -> Value:
    """The value of a scalar that is written plain."""
    if text in _NULLS:
        return null(DYNAMIC)
    if text in _TRUE or text in _FALSE:
        return boolean(text in _TRUE)
    if text[0] in "+-.0123456789":
        found = _numeric(text)
        if found is not None:
            return found
    return string(composed(text))


def _numeric(text: str) -> Value | None:
    based = _BASED_INTEGER.fullmatch(text)
    if based is not None:
        magnitude = int(based[1] or based[2], 16 if based[1] else 8)
        if magnitude >= 2**64:
            raise CallError(f"the number {text} is too large")
        return number(magnitude)
    if _FLOAT.fullmatch(text):
        read = parse_number(text)
        return None if read is None else number(read)
    infinity = _INFINITY.fullmatch(text)
    if infinity is not None:
        return number(float(f"{infinity[1]}inf"))
    if text in _NOT_A_NUMBER:
        raise CallError("a number that is not a number is not supported")
    return _timestamp(text)


def _timestamp(text: str) -> Value | None:
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(match[at] or 0) for at in range(1, 7))
    zone = match[8] or "Z"
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return string(f"{moment:%Y-%m-%dT%H:%M:%S}{zone}")
