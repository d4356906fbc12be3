"""Template expressions: text in brackets to a small tree, and evaluating the tree.

Grammar: a call `name(argument, ...)`, a string in single quotes (a quote is doubled), an integer; after any
of them `.name` and `[expression]`. `[[` at the start is an escaped bracket. Values of objects and arrays are
evaluated member by member.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from mooring_emulator.arm.errors import ArmError

if TYPE_CHECKING:
    from mooring_emulator.codec import Json

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_][\w-]*)|(?P<mark>[().,\[\]]))"
)
_DEEPEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A string or an integer."""

    value: str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """A function with its arguments; names are compared in lower case."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of an object or an item of an array."""

    value: Node
    index: Node


Node: TypeAlias = Constant | FunctionCall | Member
Function: TypeAlias = Callable[[Sequence["Json"]], "Json"]
Functions: TypeAlias = Mapping[str, Function]


def invalid_template(reason: str) -> ArmError:
    """A template that cannot be understood or evaluated."""
    return ArmError(400, "InvalidTemplate", f"Unable to process template language expressions: '{reason}'.")


def evaluate(value: Json, functions: Functions, depth: int = 0) -> Json:
    """Evaluate every expression in a JSON value; raises ArmError."""
    if depth > _DEEPEST:
        raise invalid_template("the template is nested too deeply")
    match value:
        case str():
            return _evaluate_text(value, functions)
        case list():
            return [evaluate(item, functions, depth + 1) for item in value]
        case dict():
            return {
                _evaluate_text(name, functions): evaluate(member, functions, depth + 1)
                for name, member in value.items()
            }
        case _:
            return value


def _evaluate_text(text: str, functions: Functions) -> Json:
    if text.startswith("[[") or not (text.startswith("[") and text.endswith("]")):
        return text.removeprefix("[") if text.startswith("[[") else text
    return _compute(parse(text[1:-1]), functions)


def _compute(node: Node, functions: Functions) -> Json:
    match node:
        case Constant(value=value):
            return value
        case Member(value=value, index=index):
            return _member(_compute(value, functions), _compute(index, functions))
        case FunctionCall(name="if", arguments=(condition, yes, no)):
            return _compute(yes if _compute(condition, functions) else no, functions)
        case FunctionCall(name=name, arguments=arguments):
            return _call(name, [_compute(argument, functions) for argument in arguments], functions)


def _call(name: str, arguments: Sequence[Json], functions: Functions) -> Json:
    function = functions.get(name)
    if function is None:
        raise invalid_template(f"The template function '{name}' is not valid")
    try:
        return function(arguments)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError, OverflowError) as problem:
        raise invalid_template(f"The template function '{name}' cannot take these arguments") from problem


def _member(value: Json, index: Json) -> Json:
    if isinstance(value, dict) and isinstance(index, str):
        for name, member in value.items():
            if name.lower() == index.lower():
                return member
    if isinstance(value, list) and isinstance(index, int) and 0 <= index < len(value):
        return value[index]
    raise invalid_template(f"The language expression property '{index}' doesn't exist")


def parse(text: str) -> Node:
    """Parse what is between the outer brackets; raises ArmError."""
    tokens = _tokens(text)
    node, at = _parse_node(tokens, 0)
    if at != len(tokens):
        raise invalid_template(f"unexpected '{tokens[at][1]}' in '{text}'")
    return node


def _tokens(text: str) -> Sequence[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise invalid_template(f"unexpected character in '{text}'")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _parse_node(tokens: Sequence[tuple[str, str]], at: int) -> tuple[Node, int]:
    kind, text = _token(tokens, at)
    node: Node
    match kind:
        case "text":
            node, at = Constant(value=text[1:-1].replace("''", "'")), at + 1
        case "number":
            node, at = Constant(value=int(text)), at + 1
        case "name":
            node, at = _parse_call(tokens, at)
        case _:
            raise invalid_template(f"unexpected '{text}'")
    return _parse_members(tokens, node, at)


def _parse_members(tokens: Sequence[tuple[str, str]], node: Node, at: int) -> tuple[Node, int]:
    while at < len(tokens) and tokens[at][1] in {".", "["} and tokens[at][0] == "mark":
        if tokens[at][1] == ".":
            node, at = Member(value=node, index=Constant(value=_token(tokens, at + 1)[1])), at + 2
            continue
        index, at = _parse_node(tokens, at + 1)
        node, at = Member(value=node, index=index), _expect(tokens, at, "]")
    return node, at


def _parse_call(tokens: Sequence[tuple[str, str]], at: int) -> tuple[Node, int]:
    name = tokens[at][1].lower()
    at = _expect(tokens, at + 1, "(")
    arguments: list[Node] = []
    while _token(tokens, at)[1] != ")":
        argument, at = _parse_node(tokens, at)
        arguments.append(argument)
        if _token(tokens, at)[1] != ")":
            at = _expect(tokens, at, ",")
    return FunctionCall(name=name, arguments=tuple(arguments)), at + 1


def _expect(tokens: Sequence[tuple[str, str]], at: int, mark: str) -> int:
    if _token(tokens, at) != ("mark", mark):
        raise invalid_template(f"expected '{mark}', found '{_token(tokens, at)[1]}'")
    return at + 1


def _token(tokens: Sequence[tuple[str, str]], at: int) -> tuple[str, str]:
    return tokens[at] if at < len(tokens) else ("end", "the end")
