"""Type constraint expressions: `list(string)`, `object({ a = optional(number, 3) })`, `any`.

Owns what such an expression means: a type, and the defaults of its optional attributes. Knows nothing of
variables and modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mooring.core.conversion import Defaults, Mismatch, convert, with_defaults
from mooring.core.diagnostics import Diagnostics, error
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.suggest import suggest
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from mooring.core.values import DYNAMIC_UNKNOWN, Value
from mooring.lang.evaluation import bare_word, evaluate_into
from mooring.lang.functions.model import Function
from mooring.lang.scope import Report
from mooring.syntax.nodes import (
    Expression,
    FunctionCall,
    Literal,
    ObjectConstructor,
    Traversal,
    TupleConstructor,
)
from mooring.syntax.static import function_calls

__all__ = ["Defaults", "TypeConstraint", "parse_type", "parse_type_without_defaults"]

_SUMMARY: Final = "Invalid type specification"
_KEYWORDS: Final[Mapping[str, Type]] = MappingProxyType(
    {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
)
_LEGACY: Final[Mapping[str, Type]] = MappingProxyType(
    {"string": STRING, "list": ListType(DYNAMIC), "map": MapType(DYNAMIC)}
)
_NEEDS_ARGUMENT: Final = ("list", "set", "map", "object", "tuple")


@record(kw_only=True)
class TypeConstraint:
    """A type as it was asked for: optional attributes are marked in `type`, their defaults are apart."""

    type: Type
    defaults: Defaults | None = None


def parse_type(expr: Expression) -> tuple[TypeConstraint, Diagnostics]:
    """The constraint that an expression stands for, `any` where it is wrong."""
    parser = _Parser(allows_defaults=True)
    kind, defaults = parser.parse_whole(expr)
    return TypeConstraint(type=kind, defaults=defaults), parser.report.diagnostics


def parse_type_without_defaults(expr: Expression) -> tuple[Type, Diagnostics]:
    """The type that an expression stands for, where `optional` has no place."""
    parser = _Parser(allows_defaults=False)
    return parser.parse(expr)[0], parser.report.diagnostics


_Parsed = tuple[Type, Defaults | None]
_ANYTHING: Final[_Parsed] = (DYNAMIC, None)


class _NoNames:
    """The scope of a default: constants only."""

    functions: Final[Mapping[str, Function]] = MappingProxyType({})

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        detail = "A default must be a constant: it cannot refer to anything."
        report.add(error("Variables not allowed", detail, reference.root_span))
        return DYNAMIC_UNKNOWN, len(reference.steps)


class _Parser:
    """One constraint under way. Collects the problems found in it."""

    def __init__(self, *, allows_defaults: bool) -> None:
        self.report: Final = Report()
        self._allows_defaults = allows_defaults

    def parse_whole(self, expr: Expression) -> _Parsed:
        """A whole constraint may have the forms of before version 0.12 too."""
        match expr:
            case Traversal(root=("list" | "map") as word, steps=()):
                return _LEGACY[word], None
            case Literal(value=value, quoted=True) if isinstance(value.raw, str):
                return self._quoted(value.raw, expr.span)
            case _:
                return self.parse(expr)

    def parse(self, expr: Expression) -> _Parsed:
        """A constraint or a part of one."""
        match expr:
            case Traversal(root=word, steps=()):
                return self._keyword(word, expr.span)
            case FunctionCall():
                return self._constructor(expr)
            case _:
                detail = (
                    "A type is one of string, number, bool and any, or a constructor with its argument, "
                    "such as list(string)."
                )
                return self._fail(detail, expr.span)

    def _fail(self, detail: str, span: Span) -> _Parsed:
        self.report.add(error(_SUMMARY, detail, span))
        return _ANYTHING

    def _keyword(self, word: str, span: Span) -> _Parsed:
        found = _KEYWORDS.get(word)
        if found is not None:
            return found, None
        if word in _NEEDS_ARGUMENT:
            return self._fail(f"{word} needs an argument: {_example(word)}.", span)
        if word == "optional":
            return self._fail('"optional" has a place only at an attribute of object(...).', span)
        nearest = suggest(word, [*_KEYWORDS, *_NEEDS_ARGUMENT])
        close = f' Did you mean "{nearest}"?' if nearest else ""
        return self._fail(f'There is no type named "{word}".{close}', span)

    def _quoted(self, word: str, span: Span) -> _Parsed:
        """Types in quotation marks, as before version 0.12."""
        found = _LEGACY.get(word)
        if found is None:
            detail = f'A type is not written in quotation marks, and "{word}" was none before version 0.12.'
            self.report.add(error("Invalid legacy variable type hint", detail, span))
            return _ANYTHING
        detail = "Types in quotation marks were written before version 0.12. Remove the quotation marks"
        advice = (
            detail + "." if word == "string" else f"{detail} and name the type of elements: {word}(string)."
        )
        self.report.add(error("Invalid quoted type constraints", advice, span))
        return found, None

    # -- constructors ----------------------------------------------------------------------------

    def _constructor(self, call: FunctionCall) -> _Parsed:
        name = call.name
        if name in _KEYWORDS:
            subject = call.open_paren.to(call.close_paren)
            return self._fail(f'The type "{name}" takes no argument.', subject)
        if name == "optional":
            detail = '"optional" has a place only at an attribute of object(...).'
            return self._fail(detail, call.name_span)
        if name not in _NEEDS_ARGUMENT:
            nearest = suggest(name, _NEEDS_ARGUMENT)
            close = f' Did you mean "{nearest}"?' if nearest else ""
            return self._fail(f'There is no type constructor "{name}".{close}', call.span)
        if len(call.arguments) != 1:
            detail = f"{name} takes exactly one argument: {_example(name)}."
            extra = call.arguments[1:]
            span = extra[0].span.to(extra[-1].span) if extra else call.open_paren.to(call.close_paren)
            return self._fail(detail, span)
        argument = call.arguments[0]
        if name == "object":
            return self._object(argument)
        return self._tuple(argument) if name == "tuple" else self._collection(name, argument)

    def _collection(self, name: str, argument: Expression) -> _Parsed:
        element, defaults = self.parse(argument)
        inner = Defaults(parts={None: defaults}) if defaults is not None else None
        match name:
            case "list":
                return ListType(element), inner
            case "set":
                return SetType(element), inner
            case _:
                return MapType(element), inner

    def _tuple(self, argument: Expression) -> _Parsed:
        if not isinstance(argument, TupleConstructor):
            detail = f"tuple takes a list of types: {_example('tuple')}."
            return self._fail(detail, argument.span)
        parsed = [self.parse(each) for each in argument.elements]
        parts: dict[str | int | None, Defaults] = {
            at: defaults for at, (_, defaults) in enumerate(parsed) if defaults is not None
        }
        return TupleType(tuple([kind for kind, _ in parsed])), Defaults(parts=parts) if parts else None

    # -- objects ---------------------------------------------------------------------------------

    def _object(self, argument: Expression) -> _Parsed:
        if not isinstance(argument, ObjectConstructor):
            detail = f"object takes attributes with their types: {_example('object')}."
            return self._fail(detail, argument.span)
        attributes: dict[str, Type] = {}
        optional: set[str] = set()
        values: dict[str, Value] = {}
        parts: dict[str | int | None, Defaults] = {}
        for item in argument.items:
            name = self._attribute_name(item.key, attributes)
            if name is None:
                continue
            wanted: Expression | None = item.value
            default: Expression | None = None
            if isinstance(wanted, FunctionCall) and wanted.name == "optional":
                optional.add(name)
                wanted, default = self._optional(wanted)
            kind, defaults = self.parse(wanted) if wanted is not None else _ANYTHING
            attributes[name] = kind
            if defaults is not None:
                parts[name] = defaults
            if default is not None:
                value = self._default(default, kind, defaults)
                if value is not None:
                    values[name] = value
        ordered = {name: attributes[name] for name in sorted(attributes)}
        found = Defaults(values=values, parts=parts) if values or parts else None
        return ObjectType(ordered, frozenset(optional)), found

    def _attribute_name(self, key: Expression, taken: Mapping[str, Type]) -> str | None:
        name = bare_word(key)
        if name is None:
            detail = "The name of an attribute is a plain word here, not a string or a reference."
            self._fail(detail, key.span)
        elif name in taken:
            self._fail(f'The attribute "{name}" is there already.', key.span)
            return None
        return name

    def _optional(self, call: FunctionCall) -> tuple[Expression | None, Expression | None]:
        """The type and the default that `optional(...)` holds."""
        if not call.arguments:
            detail = "optional needs the type of the attribute: optional(string)."
            self._fail(detail, call.open_paren.to(call.close_paren))
            return None, None
        if len(call.arguments) > 2:
            detail = "optional takes a type and a default, nothing more."
            self._fail(detail, call.open_paren.to(call.close_paren))
        default = call.arguments[1] if len(call.arguments) > 1 else None
        if not self._allows_defaults:
            self._fail("Attributes cannot be optional here.", call.span)
            default = None
        return call.arguments[0], default

    def _default(self, expr: Expression, kind: Type, defaults: Defaults | None) -> Value | None:
        own = Report()
        for call in function_calls(expr):
            detail = "A default must be a constant: it cannot call functions."
            own.add(error("Function calls not allowed", detail, call.span))
        value = DYNAMIC_UNKNOWN if own.has_errors else evaluate_into(expr, _NoNames(), own)
        self.report.extend(own.diagnostics)
        if own.has_errors:
            return None
        complete = with_defaults(value, defaults) if defaults is not None else value
        converted = convert(complete, kind)
        if isinstance(converted, Mismatch):
            detail = f"This default is not of the type of the attribute: {converted}."
            self.report.add(error("Invalid default value for optional attribute", detail, expr.span))
            return None
        return converted


def _example(name: str) -> str:
    inside = {"object": "({ name = string })", "tuple": "([string, number])"}
    return name + inside.get(name, "(string)")
