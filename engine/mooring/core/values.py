"""Values of the language: a type, a content, and marks.

Content (`raw`) by type, for a known value that is not null:

| type | raw |
| --- | --- |
| string, number, bool | `str` (NFC), `Number` (see numbers.py), `bool` |
| list, tuple | `tuple[Value, ...]` |
| set | `tuple[Value, ...]`: distinct, unmarked elements in Terraform's order of iteration |
| map, object | `dict[str, Value]`, keys in code point order, never changed |

A null has `None`; a value not known before apply has an `Unknown`. A value of type `DYNAMIC` is either null
or unknown. Marks (`SENSITIVE`, `EPHEMERAL`) stand on any value, at any depth; elements of sets carry none,
their marks are on the set. Values never change after they are made, and comparing or printing one never
fails and never shows a sensitive content. The class is written by hand, without `dataclass`, because every
expression, plan and state makes values by the hundred thousand (0.2 us instead of 0.8 us each).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final, cast, final

from mooring.core.numbers import Number
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    EMPTY_OBJECT,
    EMPTY_TUPLE,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)

Mark = str
Marks = frozenset[Mark]
NO_MARKS: Final[Marks] = frozenset()
_LARGEST_FLOAT: Final = 10**308
SENSITIVE: Final[Mark] = "sensitive"
EPHEMERAL: Final[Mark] = "ephemeral"
ONLY_SENSITIVE: Final[Marks] = frozenset({SENSITIVE})


@final
class Unknown:
    """The content of a value that is not known yet, with what is known about it (its refinement).

    `prefix` holds for strings; `min_length` and `max_length` for collections.
    """

    __slots__ = ("max_length", "min_length", "not_null", "prefix")

    def __init__(
        self,
        *,
        not_null: bool = False,
        prefix: str = "",
        min_length: int = 0,
        max_length: int | None = None,
    ) -> None:
        self.not_null: Final = not_null
        self.prefix: Final = prefix
        self.min_length: Final = min_length
        self.max_length: Final = max_length

    def _key(self) -> tuple[bool, str, int, int | None]:
        return self.not_null, self.prefix, self.min_length, self.max_length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return "UNKNOWN" if self == UNKNOWN else f"Unknown{self._key()}"


UNKNOWN: Final = Unknown()
UNKNOWN_NOT_NULL: Final = Unknown(not_null=True)

Elements = tuple["Value", ...]
Attributes = Mapping[str, "Value"]
Raw = None | Unknown | bool | str | Number | Elements | Attributes


@final
class Value:
    """A value of the language; the module's table says what `raw` holds for each type."""

    __slots__ = ("marks", "raw", "type")

    def __init__(self, type_: Type, raw: Raw, marks: Marks = NO_MARKS) -> None:
        self.type: Final = type_
        self.raw: Final = raw
        self.marks: Final = marks

    # -- what it is ------------------------------------------------------------------------------

    @property
    def is_null(self) -> bool:
        """Whether it is null (an unknown value is not: nobody knows)."""
        return self.raw is None

    @property
    def is_known(self) -> bool:
        """Whether the value itself is known; its parts may not be."""
        return type(self.raw) is not Unknown

    @property
    def is_wholly_known(self) -> bool:
        """Whether the value and all its parts are known."""
        if type(self.raw) is Unknown:
            return False
        return all(part.is_wholly_known for part in parts(self))

    @property
    def is_sensitive(self) -> bool:
        """Whether the value as a whole is sensitive; its parts are not looked at."""
        return SENSITIVE in self.marks

    # -- content, for code that has checked the type, known and null -----------------------------

    @property
    def text(self) -> str:
        """Content of a known string."""
        assert type(self.raw) is str
        return self.raw

    @property
    def number(self) -> Number:
        """Content of a known number."""
        return cast("Number", self.raw)

    @property
    def truth(self) -> bool:
        """Content of a known bool."""
        assert type(self.raw) is bool
        return self.raw

    @property
    def elements(self) -> Elements:
        """Content of a known list, set or tuple."""
        assert type(self.raw) is tuple
        return self.raw

    @property
    def attributes(self) -> Attributes:
        """Content of a known map or object."""
        return cast("Attributes", self.raw)

    # -- marks -----------------------------------------------------------------------------------

    def marked(self, marks: Marks) -> Value:
        """The same value with these marks added to its own."""
        if not marks or marks <= self.marks:
            return self
        return Value(self.type, self.raw, self.marks | marks)

    def unmarked(self) -> Value:
        """The same value without marks of its own; its parts keep theirs."""
        return Value(self.type, self.raw) if self.marks else self

    # -- object protocol -------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        """Structural: type, content and marks are the same. Not the language's `==`."""
        if self is other:
            return True
        if not isinstance(other, Value):
            return NotImplemented
        raw, theirs = self.raw, other.raw
        if type(raw) is not type(theirs) and (isinstance(raw, bool) or isinstance(theirs, bool)):
            return False
        return raw == theirs and self.marks == other.marks and self.type == other.type

    def __hash__(self) -> int:
        raw = self.raw
        return hash(frozenset(raw.items()) if type(raw) is dict else raw)

    def __repr__(self) -> str:
        if self.marks:
            return f"<{'+'.join(sorted(self.marks))} {self.type}>"
        return f"{self.type}({self.raw!r})" if isinstance(self.type, type(STRING)) else repr(self.raw)


# -- making values -------------------------------------------------------------------------------

TRUE: Final = Value(BOOL, True)  # noqa: FBT003
FALSE: Final = Value(BOOL, False)  # noqa: FBT003
NULL: Final = Value(DYNAMIC, None)
DYNAMIC_UNKNOWN: Final = Value(DYNAMIC, UNKNOWN)
EMPTY_OBJECT_VALUE: Final = Value(EMPTY_OBJECT, {})
EMPTY_TUPLE_VALUE: Final = Value(EMPTY_TUPLE, ())


def string(text: str) -> Value:
    """A string; `text` must be NFC already (`lang` and the codecs see to it)."""
    return Value(STRING, text)


def number(of: Number) -> Value:
    """A number."""
    return Value(NUMBER, of)


def boolean(of: bool) -> Value:  # noqa: FBT001
    """A bool."""
    return TRUE if of else FALSE


def null(of: Type) -> Value:
    """The null of a type."""
    return NULL if of is DYNAMIC else Value(of, None)


def unknown(of: Type, refinement: Unknown = UNKNOWN) -> Value:
    """A value of a type that is not known yet."""
    return Value(of, UNKNOWN if of is DYNAMIC else refinement)


def object_value(attributes: Mapping[str, Value]) -> Value:
    """An object of these attributes; its type is theirs."""
    ordered = {name: attributes[name] for name in sorted(attributes)}
    return Value(ObjectType({name: value.type for name, value in ordered.items()}), ordered)


def tuple_value(elements: Iterable[Value]) -> Value:
    """A tuple of these elements; its type is theirs."""
    content = tuple(elements)
    return Value(TupleType(tuple([element.type for element in content])), content)


def list_value(element: Type, elements: Iterable[Value]) -> Value:
    """A list; every element must be of type `element`."""
    return Value(ListType(element), tuple(elements))


def map_value(element: Type, items: Mapping[str, Value]) -> Value:
    """A map; every value must be of type `element`."""
    return Value(MapType(element), {key: items[key] for key in sorted(items)})


def set_value(element: Type, elements: Iterable[Value]) -> Value:
    """A set: repeats are dropped, marks of elements move to the set, elements are put in order.

    A set with an element that is not wholly known has an unknown number of elements but is itself known.
    """
    distinct: dict[Value, None] = {}
    marks = NO_MARKS
    for each in elements:
        plain, found = unmark(each)
        marks |= found
        distinct[plain] = None
    return Value(SetType(element), tuple(sorted(distinct, key=set_order)), marks)


def set_order(element: Value) -> tuple[int, object]:
    """Sort key of a set element: primitives by value, others by their trace; unknown and then null come last.

    Terraform orders structures by a hash of theirs; the trace is its text, byte by byte.
    """
    raw = element.raw
    if raw is None or type(raw) is Unknown:
        return (2, "") if raw is None else (1, repr(raw))
    if type(raw) is tuple or type(raw) is dict:
        return 0, _trace(element).encode("utf-8", "surrogatepass")
    return 0, raw


def _trace(value: Value) -> str:
    raw = value.raw
    if type(raw) is tuple:
        opening, closing = "<>" if isinstance(value.type, TupleType) else "[]"
        return opening + "".join([_trace(part) + ";" for part in raw]) + closing
    if type(raw) is dict:
        if isinstance(value.type, ObjectType):
            return "<" + "".join([_trace(part) + ";" for part in raw.values()]) + ">"
        pairs = [f"{json.dumps(key, ensure_ascii=False)}:{_trace(part)};" for key, part in raw.items()]
        return "{" + "".join(pairs) + "}"
    if raw is None or type(raw) is Unknown:
        return "~" if raw is None else "?"
    if isinstance(raw, bool):
        return "T" if raw else "F"
    return json.dumps(raw, ensure_ascii=False) if isinstance(raw, str) else _number_trace(value.number)


def _number_trace(number: Number) -> str:
    """Ten significant digits, with an exponent where Go's `%.10g` has one."""
    if isinstance(number, int) and -(10**10) < number < 10**10:
        return str(number)
    return f"{float(number):.10g}" if -_LARGEST_FLOAT < number < _LARGEST_FLOAT else str(number)


# -- parts and their marks -----------------------------------------------------------------------


def parts(value: Value) -> Iterable[Value]:
    """The direct parts: elements of a sequence or set, values of a map or object; nothing otherwise."""
    raw = value.raw
    if type(raw) is tuple:
        return raw
    if type(raw) is dict:
        return raw.values()
    return ()


def with_parts(value: Value, transform: Callable[[Value], Value]) -> Value:
    """The same value with each direct part transformed; the type follows the parts for tuples and objects.

    A list, set or map keeps its element type unless the parts' type changed.
    """
    raw = value.raw
    if type(raw) is tuple:
        elements = tuple([transform(part) for part in raw])
        if all(new is old for new, old in zip(elements, raw, strict=True)):
            return value
        if isinstance(value.type, SetType):
            return set_value(elements[0].type, elements).marked(value.marks)
        if isinstance(value.type, ListType):
            return Value(ListType(elements[0].type), elements, value.marks)
        return Value(_tuple_type(value, elements), elements, value.marks)
    if type(raw) is dict:
        items = {name: transform(part) for name, part in raw.items()}
        if all(items[name] is part for name, part in raw.items()):
            return value
        if isinstance(value.type, MapType):
            return Value(MapType(next(iter(items.values())).type), items, value.marks)
        return Value(_object_type(value, items), items, value.marks)
    return value


def _tuple_type(value: Value, elements: Elements) -> Type:
    """The tuple's type with changed elements; one whose type is as before keeps what was declared of it."""
    assert isinstance(value.type, TupleType)
    old = zip(value.type.elements, value.elements, elements, strict=True)
    types = [declared if after.type == before.type else after.type for declared, before, after in old]
    return value.type if types == list(value.type.elements) else TupleType(tuple(types))


def _object_type(value: Value, items: Attributes) -> Type:
    """The same for an object: an attribute declared `dynamic` stays so."""
    assert isinstance(value.type, ObjectType)
    declared, before = value.type.attributes, value.attributes
    types = {
        name: declared[name] if part.type == before[name].type else part.type for name, part in items.items()
    }
    return value.type if types == declared else ObjectType(types)


def unmark(value: Value) -> tuple[Value, Marks]:
    """The value with no mark at any depth, and all the marks that it had."""
    if not has_marks(value):
        return value, NO_MARKS
    found: set[Mark] = set()

    def strip(part: Value) -> Value:
        found.update(part.marks)
        return with_parts(part.unmarked(), strip)

    return strip(value), frozenset(found)


def has_marks(value: Value) -> bool:
    """Whether the value or a part of it, at any depth, is marked."""
    if value.marks:
        return True
    raw = value.raw
    if type(raw) is dict:
        return any(map(has_marks, raw.values()))
    return type(raw) is tuple and any(map(has_marks, raw))
