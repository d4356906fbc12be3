"""What a function is: parameters, a rule for the type of its result, a body; and what holds for all of them.

In one place: an argument that is null is refused, one that is unknown makes the result unknown, marks of
arguments go to the result, unless a parameter says that the function sees to it itself. Bodies therefore deal
with plain known values. Knows nothing of expressions and spans: problems are raised as `ArgumentError` and
`CallError`, and told to the user by lang/calls.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, final

from mooring.core.records import field, record, replace
from mooring.core.types import DYNAMIC, ListType, MapType, ObjectType, Primitive, SetType, TupleType, Type
from mooring.core.values import (
    NO_MARKS,
    UNKNOWN_NOT_NULL,
    Marks,
    Unknown,
    Value,
    has_marks,
    unknown,
    unmark,
)

if TYPE_CHECKING:
    from datetime import datetime

    from mooring.lang.frames import Frame
    from mooring.syntax.nodes import FunctionCall


class CallError(Exception):
    """A call has no result; the text says why, to follow "Call to function ... failed:"."""


class ArgumentError(CallError):
    """An argument is not acceptable. `position` counts from 0, through the variadic arguments too."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position: Final = position


@record(kw_only=True)
class Outside:
    """What functions may know of the world. Paths in arguments are relative to `base_folder`.

    `now` is the clock and `random_bytes` gives that many random bytes: both are None while a plan is made,
    because what they give then would not be what apply gets. `plan_time` is when the plan was made (None
    where there is none).
    """

    base_folder: str = "."
    home_folder: str | None = None
    now: Callable[[], datetime] | None = None
    plan_time: datetime | None = None
    random_bytes: Callable[[int], bytes] | None = None


@record(kw_only=True)
class Parameter:
    """One parameter. An argument is converted to `type` before the call.

    The flags say what the body deals with itself: null; a value that is unknown; an unknown or null of no
    type (`DYNAMIC`); marks. With `whole`, an argument with an unknown part counts as unknown.
    `declared` is the type that signatures tell, where it is another one.
    """

    name: str
    description: str = ""
    type: Type = DYNAMIC
    declared: Type | None = None
    allow_null: bool = False
    allow_unknown: bool = False
    allow_dynamic: bool = False
    allow_marked: bool = False
    whole: bool = False


@final
class Call:
    """One call as the body sees it: arguments, the type that the result must have, the world outside."""

    __slots__ = ("arguments", "library", "outside", "returns")

    def __init__(self, arguments: Sequence[Value], function: Function) -> None:
        self.arguments: Final = arguments
        self.returns: Type = DYNAMIC
        self.outside: Final = function.outside
        self.library: Final = function.library

    def __getitem__(self, position: int) -> Value:
        return self.arguments[position]

    def __len__(self) -> int:
        return len(self.arguments)


_TYPES: Final = (Primitive, ListType, SetType, MapType, TupleType, ObjectType)
TypeRule = Callable[[Call], Type]
Body = Callable[[Call], Value]
Special = Callable[["Function", "FunctionCall", "Frame"], Value]


@record(kw_only=True)
class Function:
    """A function of the language.

    `returns` is the type of the result or a rule that finds it from the arguments, which may be unknown then.
    `nullable` says that the result may be null. A function with `special` gets its arguments unevaluated.
    `declared` is the type of the result that signatures tell, where `returns` is finer or a rule.
    """

    name: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    variadic: Parameter | None = None
    returns: Type | TypeRule = DYNAMIC
    declared: Type | None = None
    body: Body
    nullable: bool = False
    special: Special | None = None
    outside: Outside | None = None
    library: Mapping[str, Function] = field(default_factory=dict)

    def bound(self, outside: Outside | None, library: Mapping[str, Function]) -> Function:
        """The same function with the world it may know and the other functions it may call."""
        return replace(self, outside=outside, library=library)

    @property
    def declared_type(self) -> Type:
        """What a signature tells of the result: any type, if that depends on the arguments."""
        if self.declared is not None:
            return self.declared
        return self.returns if isinstance(self.returns, _TYPES) else DYNAMIC

    def parameter(self, position: int) -> Parameter:
        """The parameter that the argument at a position belongs to."""
        if position < len(self.parameters):
            return self.parameters[position]
        assert self.variadic is not None
        return self.variadic

    def call(self, arguments: Sequence[Value]) -> Value:
        """The result for arguments of the parameters' types. Raises `CallError`."""
        plain, marks, is_unknown, is_dynamic = self._prepare(arguments)
        call = Call(plain, self)
        if is_dynamic:
            return unknown(DYNAMIC).marked(marks)
        returns = self.returns
        call.returns = returns if isinstance(returns, _TYPES) else returns(call)
        if is_unknown:
            refinement = Unknown() if self.nullable else UNKNOWN_NOT_NULL
            return unknown(call.returns, refinement).marked(marks)
        return self.body(call).marked(marks)

    def _prepare(self, arguments: Sequence[Value]) -> tuple[list[Value], Marks, bool, bool]:
        """The arguments without the marks, nulls and unknowns that the body does not want to see."""
        plain: list[Value] = []
        marks: Marks = NO_MARKS
        is_unknown = is_dynamic = False
        for position, value in enumerate(arguments):
            parameter = self.parameter(position)
            if value.raw is None and not parameter.allow_null:
                raise ArgumentError(position, "it must not be null")
            if value.type is DYNAMIC and not parameter.allow_dynamic:
                is_dynamic = True
            if type(value.raw) is Unknown:
                is_unknown = is_unknown or not parameter.allow_unknown
            elif parameter.whole and not value.is_wholly_known:
                is_unknown = True
            kept = value
            if not parameter.allow_marked and has_marks(value):
                kept, found = unmark(value)
                marks |= found
            plain.append(kept)
        return plain, marks, is_unknown, is_dynamic


def plain(function: Callable[..., object]) -> Body:
    """A body from a Python function over the raw contents of primitive arguments; its result is raw too."""

    def body(call: Call) -> Value:
        found = function(*[each.raw for each in call.arguments])
        return Value(call.returns, found)  # type: ignore[arg-type]  # a content of the declared type

    return body
