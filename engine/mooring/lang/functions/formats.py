"""`format` and `formatlist`: the verbs of Terraform, which are nearly those of C's printf."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Final

from mooring.core.conversion import Mismatch, convert
from mooring.core.numbers import PRECISION, Number, decimal_exponent, shortest_digits
from mooring.core.records import record
from mooring.core.text import composed
from mooring.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, SetType, TupleType, Type
from mooring.core.values import UNKNOWN_NOT_NULL, Unknown, Value, list_value, string, unknown
from mooring.lang.functions.json_text import write_json
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter
from mooring.lang.functions.strings import graphemes

_VERB: Final = re.compile(
    r"%(?P<flags>[ #0+-]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]*))?(?:\[(?P<index>[1-9][0-9]*)\])?"
    r"(?P<verb>[A-Za-z%])"
)


@record
class Verb:
    """One verb of a format: `text` is how it is written, `index` which argument it takes, from 1."""

    text: str
    letter: str
    flags: str
    width: int
    precision: int | None
    index: int

    def padded(self, text: str, size: int | None = None) -> str:
        """Filled up to the width, on the left unless the flag `-` is set."""
        fill = max(0, self.width - (len(text) if size is None else size))
        padding = ("0" if "0" in self.flags else " ") * fill
        return text + padding if "-" in self.flags else padding + text

    def padded_number(self, sign: str, digits: str) -> str:
        """A number filled up to the width; zeros go between sign and digits, and never after them."""
        fill = self.width - len(sign) - len(digits)
        if fill <= 0:
            return sign + digits
        if "-" in self.flags:
            return sign + digits + " " * fill
        return sign + "0" * fill + digits if "0" in self.flags else " " * fill + sign + digits

    def sign(self, of: Number) -> str:
        """What stands before the digits of a number; `%v` shows no sign but a minus."""
        if of < 0:
            return "-"
        if self.letter == "v":
            return ""
        return "+" if "+" in self.flags else " " if " " in self.flags else ""


_Piece = str | Verb


def parse_format(text: str) -> list[_Piece]:
    """Literal text and verbs in order. Raises `CallError`."""
    pieces: list[_Piece] = []
    at, next_index = 0, 1
    while (found := text.find("%", at)) >= 0:
        pieces.append(text[at:found])
        match = _VERB.match(text, found)
        if match is None:
            raise CallError(f"the verb at character {found} of the format is not valid")
        at = match.end()
        if match["verb"] == "%":
            pieces.append("%")
            continue
        index = int(match["index"] or next_index)
        next_index = index + 1
        pieces.append(_verb(match, index))
    return [*pieces, text[at:]]


def _verb(match: re.Match[str], index: int) -> Verb:
    precision = match["precision"]
    return Verb(
        text=match[0],
        letter=match["verb"],
        flags=match["flags"],
        width=int(match["width"] or 0),
        precision=None if precision is None else int(precision or 0),
        index=index,
    )


def format_values(pieces: Sequence[_Piece], arguments: Sequence[Value]) -> str:
    """The format with the arguments in it. Raises `CallError`; what is left over is the caller's concern."""
    result: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            result.append(piece)
            continue
        if piece.index > len(arguments):
            raise CallError(
                f'"{piece.text}" needs argument {piece.index}, but there are only {len(arguments)}'
            )
        result.append(_format_value(piece, arguments[piece.index - 1]))
    return composed("".join(result))


def arguments_used(pieces: Sequence[_Piece]) -> int:
    """How many arguments a format asks for."""
    return max((piece.index for piece in pieces if isinstance(piece, Verb)), default=0)


# -- verbs ---------------------------------------------------------------------------------------


def _format_value(verb: Verb, value: Value) -> str:
    formatter = _VERBS.get(verb.letter)
    if formatter is None:
        raise CallError(f'there is no verb "{verb.text}"')
    if value.is_null and verb.letter != "v":
        raise CallError(f'the argument for "{verb.text}" is null, and null has no text')
    return formatter(verb, value)


def _converted(verb: Verb, value: Value, to: Type) -> Value:
    converted = convert(value, to)
    if isinstance(converted, Mismatch):
        raise CallError(f'the argument for "{verb.text}" is unsuitable: {converted}')
    return converted


def _natural(verb: Verb, value: Value) -> str:
    if "#" in verb.flags or value.is_null:
        return verb.padded(write_json(value))
    if value.type is STRING:
        return _text(verb, value)
    if value.type is NUMBER:
        return _shortest(verb, value)
    return verb.padded(write_json(value))


def _text(verb: Verb, value: Value) -> str:
    clusters = graphemes(_converted(verb, value, STRING).text)
    kept = clusters if verb.precision is None or verb.letter != "s" else clusters[: verb.precision]
    return verb.padded("".join(kept), len(kept))


def _quoted(verb: Verb, value: Value) -> str:
    quoted = write_json(_converted(verb, value, STRING))
    return verb.padded(quoted, len(graphemes(quoted)))


def _truth(verb: Verb, value: Value) -> str:
    return "true" if _converted(verb, value, BOOL).truth else "false"


def _integer(verb: Verb, value: Value) -> str:
    of = _converted(verb, value, NUMBER).number
    if isinstance(of, float) and of.is_integer():
        of = int(of)
    if not isinstance(of, int):
        raise CallError(f'the argument for "{verb.text}" is unsuitable: a whole number is required')
    code, prefix = _BASES[verb.letter]
    digits = f"{abs(of):{code}}".rjust(verb.precision or 0, "0")
    if verb.precision == 0 and of == 0:
        digits = ""
    sign = verb.sign(of) + (prefix if "#" in verb.flags else "")
    if verb.precision is not None:
        return verb.padded(sign + digits) if "0" not in verb.flags else (sign + digits).rjust(verb.width)
    return verb.padded_number(sign, digits)


_BASES: Final = {"d": ("d", ""), "b": ("b", "0b"), "o": ("o", "0"), "x": ("x", "0x"), "X": ("X", "0X")}


# -- numbers with a point ------------------------------------------------------------------------


def _number(verb: Verb, value: Value, write: Callable[[Fraction], str]) -> str:
    of = _converted(verb, value, NUMBER).number
    if isinstance(of, float) and math.isinf(of):
        return verb.padded(("-" if of < 0 else "+") + "Inf")
    digits = write(abs(Fraction(of)))
    return verb.padded_number(verb.sign(of), digits.upper() if verb.letter.isupper() else digits)


def _fixed(verb: Verb, value: Value) -> str:
    places = 6 if verb.precision is None else verb.precision
    return _number(verb, value, lambda magnitude: _write_fixed(magnitude, places))


def _scientific(verb: Verb, value: Value) -> str:
    places = 6 if verb.precision is None else verb.precision
    return _number(verb, value, lambda magnitude: _write_scientific(magnitude, places))


def _shortest(verb: Verb, value: Value) -> str:
    precision = 53 if isinstance(value.raw, float) else PRECISION
    digits = verb.precision if verb.letter != "v" else None
    return _number(verb, value, lambda magnitude: _write_general(magnitude, digits, precision))


def _write_fixed(magnitude: Fraction, places: int) -> str:
    digits = str(round(magnitude * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _write_scientific(magnitude: Fraction, places: int) -> str:
    exponent = decimal_exponent(magnitude) - 1 if magnitude else 0
    digits = str(round(magnitude * Fraction(10) ** (places - exponent)))
    if len(digits) > places + 1:
        digits, exponent = digits[:-1], exponent + 1
    return _with_exponent(digits.rjust(places + 1, "0"), exponent)


def _with_exponent(digits: str, exponent: int) -> str:
    significand = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{significand}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _write_general(magnitude: Fraction, count: int | None, precision: int) -> str:
    """The shorter of both notations: with an exponent below -4 and from the number of digits (or 6) up."""
    if not magnitude:
        return "0"
    if count is None:
        significant, power = shortest_digits(magnitude, precision)
    else:
        power = decimal_exponent(magnitude) - max(1, count)
        significant = round(magnitude / Fraction(10) ** power)
    digits = str(significant)
    exponent = power + len(digits) - 1
    digits = digits.rstrip("0") or "0"
    if exponent < -4 or exponent >= _exponent_limit(count, len(digits), exponent):
        return _with_exponent(digits, exponent)
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    digits = digits.ljust(exponent + 1, "0")
    whole, part = digits[: exponent + 1], digits[exponent + 1 :]
    return f"{whole}.{part}" if part else whole


def _exponent_limit(count: int | None, digits: int, exponent: int) -> int:
    if count is None:
        return 6
    limit = max(1, count)
    return digits if limit > digits > exponent else limit


_VERBS: Final[dict[str, Callable[[Verb, Value], str]]] = {
    "v": _natural,
    "s": _text,
    "q": _quoted,
    "t": _truth,
    **dict.fromkeys("dboxX", _integer),
    **dict.fromkeys("f", _fixed),
    **dict.fromkeys("eE", _scientific),
    **dict.fromkeys("gG", _shortest),
}


# -- format --------------------------------------------------------------------------------------


def _format(call: Call) -> Value:
    pieces = parse_format(call[0].text)
    arguments = call.arguments[1:]
    text = format_values(pieces, arguments)
    used = arguments_used(pieces)
    if used < len(arguments):
        raise ArgumentError(used + 1, f"the format uses only {used} of the {len(arguments)} arguments")
    return string(text)


# -- formatlist ----------------------------------------------------------------------------------


def _format_list(call: Call) -> Value:
    if any(type(each.raw) is Unknown and _may_be_list(each.type) for each in call.arguments):
        return unknown(call.returns, UNKNOWN_NOT_NULL)
    pieces = parse_format(call[0].text)
    rows = _rows(call.arguments[1:])
    used = arguments_used(pieces)
    texts: list[Value] = []
    for at, row in enumerate(rows):
        if not all(each.is_wholly_known for each in row):
            texts.append(unknown(STRING, UNKNOWN_NOT_NULL))
            continue
        try:
            texts.append(string(format_values(pieces, row)))
        except CallError as problem:
            raise CallError(f"in turn {at}, {problem}") from problem
        if used < len(row):
            raise CallError(f"in turn {at}, the format uses only {used} of the {len(row)} arguments")
    return list_value(STRING, texts)


def _rows(arguments: Sequence[Value]) -> list[list[Value]]:
    """The arguments of each turn: lists give one element a turn, anything else is the same every turn."""
    lengths = {at: len(each.elements) for at, each in enumerate(arguments) if _is_list(each)}
    if not lengths:
        return [list(arguments)]
    first = next(iter(lengths))
    for at, length in lengths.items():
        if length != lengths[first]:
            raise ArgumentError(
                at + 1,
                f"it has {length} elements, but argument {first + 1} of the format has {lengths[first]}",
            )
    return [
        [each.elements[turn] if at in lengths else each for at, each in enumerate(arguments)]
        for turn in range(lengths[first])
    ]


def _is_list(value: Value) -> bool:
    return isinstance(value.type, ListType | SetType | TupleType) and not value.is_null


def _may_be_list(of: Type) -> bool:
    return isinstance(of, ListType | SetType | TupleType)


_FORMAT: Final = Parameter(name="format", description="A text with verbs such as %s, %d and %v.", type=STRING)

FUNCTIONS: Final = (
    Function(
        name="format",
        description="A text with values written into it.",
        parameters=(_FORMAT,),
        variadic=Parameter(
            name="args", description="The values, one for each verb.", allow_null=True, whole=True
        ),
        returns=STRING,
        declared=DYNAMIC,
        body=_format,
    ),
    Function(
        name="formatlist",
        description="A text written once for each element of the lists given.",
        parameters=(_FORMAT,),
        variadic=Parameter(
            name="args",
            description="Lists of one length; any other value is used each time.",
            allow_null=True,
            allow_unknown=True,
        ),
        returns=ListType(STRING),
        declared=DYNAMIC,
        body=_format_list,
    ),
)
