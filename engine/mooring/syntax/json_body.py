"""Bodies of JSON configuration: `*.tf.json`, `*.tfvars.json`.

Owns the mapping from JSON's structure to arguments and blocks: labels are the names of nested objects,
several blocks of a type stand in an array, `"//"` is a comment. What is an argument and what a block only
`Names` can say, so a body keeps the JSON tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.spans import Source, Span
from mooring.core.suggest import suggest
from mooring.syntax.body import Attribute, Block, Body, Content, Names
from mooring.syntax.json_expressions import to_expression
from mooring.syntax.json_reader import (
    JsonArray,
    JsonKeyword,
    JsonMember,
    JsonObject,
    JsonString,
    JsonValue,
    read_json,
)

_COMMENT: Final = "//"


def parse_json(source: Source) -> tuple[Body, Diagnostics]:
    """The body of a JSON text: an object, or an array of objects that are taken together."""
    value, diags = read_json(source)
    if isinstance(value, JsonObject | JsonArray):
        return JsonBody(value), diags
    nothing = Span(source, 0, 0)
    detail = "JSON configuration is an object, or an array of objects."
    diags = (*diags, error("Root value must be object", detail, value.span))
    return JsonBody(JsonObject((), nothing, nothing, nothing)), diags


@final
class JsonBody:
    """The members of an object, or of the objects in an array; see `Body`. `hidden` ones were read before."""

    __slots__ = ("_hidden", "_value")

    def __init__(self, value: JsonObject | JsonArray, hidden: frozenset[str] = frozenset()) -> None:
        self._value: Final = value
        self._hidden: Final = hidden

    @property
    def missing_item(self) -> Span:
        """The closing brace."""
        return self._value.closing

    def content(self, names: Names) -> tuple[Content, Diagnostics]:
        """The named content; anything else, anything missing, wrong labels: diagnostics."""
        content, unexpected, diags = self._read(names)
        known = sorted({*names.attributes, *names.blocks})
        diags += [_extraneous(member, known) for member in unexpected if member.name.text not in self._hidden]
        return content, tuple(diags)

    def partial(self, names: Names) -> tuple[Content, Body, Diagnostics]:
        """The named content, and a body with what was not named."""
        content, _, diags = self._read(names)
        hidden = self._hidden | names.attributes | names.blocks.keys()
        return content, JsonBody(self._value, hidden), tuple(diags)

    def just_attributes(self, *, verbatim: bool = False) -> tuple[Mapping[str, Attribute], Diagnostics]:
        """Everything as attributes; in JSON nothing looks like a block."""
        attributes: dict[str, Attribute] = {}
        diags: list[Diagnostic] = []
        for member in self._members(diags):
            if member.name.text in self._hidden:
                continue
            if member.name.text in attributes:
                diags.append(_repeated("Duplicate attribute definition", member, attributes))
            else:
                attributes[member.name.text] = _attribute(member, diags, verbatim=verbatim)
        return attributes, tuple(diags)

    def _read(self, names: Names) -> tuple[Content, list[JsonMember], list[Diagnostic]]:
        """The named content and the members that have no such name."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        unexpected: list[JsonMember] = []
        diags: list[Diagnostic] = []
        for member in self._members(diags):
            name = member.name.text
            if name in names.blocks:
                _Unpacking(member, names.blocks[name], blocks, diags).unpack(member.value, ())
            elif name not in names.attributes:
                unexpected.append(member)
            elif name in attributes:
                diags.append(_repeated("Duplicate argument", member, attributes))
            else:
                attributes[name] = _attribute(member, diags, verbatim=name in names.verbatim)
        diags += [_missing(name, self.missing_item) for name in sorted(names.required - attributes.keys())]
        return Content(attributes, tuple(blocks), self.missing_item), unexpected, diags

    def _members(self, diags: list[Diagnostic]) -> Iterator[JsonMember]:
        for value in self._value.items if isinstance(self._value, JsonArray) else (self._value,):
            if isinstance(value, JsonObject):
                yield from [member for member in value.members if member.name.text != _COMMENT]
            else:
                diags.append(_wrong_type("an object with arguments and blocks", value))


class _Unpacking:
    """The blocks that one member stands for: their type and the label names they need."""

    def __init__(
        self, member: JsonMember, names: tuple[str, ...], blocks: list[Block], diags: list[Diagnostic]
    ) -> None:
        self._type = member.name
        self._names = names
        self._blocks = blocks
        self._diags = diags

    def unpack(self, value: JsonValue, labels: tuple[JsonString, ...]) -> None:
        """Adds the blocks of `value`, inside of objects named by `labels`."""
        if len(labels) < len(self._names):
            self._unpack_label(value, labels)
        elif _is_null(value):
            return
        elif isinstance(value, JsonObject):
            self._add(value, labels)
        elif isinstance(value, JsonArray):
            self._unpack_array(value, labels)
        else:
            what = f'an object, or an array of objects, for the "{self._type.text}" blocks'
            self._diags.append(_wrong_type(what, value))

    def _unpack_label(self, value: JsonValue, labels: tuple[JsonString, ...]) -> None:
        """One level of labels: each name in the object, or in the objects of an array, is a label."""
        members: list[JsonMember] = []
        for part in value.items if isinstance(value, JsonArray) else (value,):
            if isinstance(part, JsonObject):
                members += part.members
            elif isinstance(value, JsonArray) or not _is_null(part):
                what = f'an object whose names are labels of the "{self._type.text}" blocks'
                self._diags.append(_wrong_type(what, part))
        for member in members:
            self.unpack(member.value, (*labels, member.name))
        if not members:
            detail = (
                f"The {self._names[len(labels)]} of a {self._type.text} block is the name of a property here."
            )
            self._diags.append(error("Missing block label", detail, _start(value)))

    def _unpack_array(self, value: JsonArray, labels: tuple[JsonString, ...]) -> None:
        for item in value.items:
            if isinstance(item, JsonObject):
                self._add(item, labels)
            else:
                what = f'an object with the arguments of a "{self._type.text}" block'
                self._diags.append(_wrong_type(what, item))

    def _add(self, value: JsonObject, labels: tuple[JsonString, ...]) -> None:
        block_type = self._type
        texts, spans = tuple([label.text for label in labels]), tuple([label.span for label in labels])
        self._blocks.append(
            Block(block_type.text, texts, JsonBody(value), value.opening, block_type.span, spans)
        )


def _attribute(member: JsonMember, diags: list[Diagnostic], *, verbatim: bool) -> Attribute:
    expression = to_expression(member.value, diags, verbatim=verbatim)
    return Attribute(member.name.text, expression, member.span, member.name.span)


def _is_null(value: JsonValue) -> bool:
    return isinstance(value, JsonKeyword) and value.value is None


def _start(value: JsonValue) -> Span:
    return value.opening if isinstance(value, JsonObject | JsonArray) else value.span


def _wrong_type(expected: str, found: JsonValue) -> Diagnostic:
    return error("Incorrect JSON value type", f"Here must stand {expected}.", _start(found))


def _repeated(summary: str, member: JsonMember, attributes: Mapping[str, Attribute]) -> Diagnostic:
    first = attributes[member.name.text]
    detail = (
        f'The argument "{first.name}" has a value already, at {first.span}. Each argument may be set once.'
    )
    return error(summary, detail, member.name.span)


def _extraneous(member: JsonMember, known: list[str]) -> Diagnostic:
    meant = suggest(member.name.text, known)
    hint = f' Did you mean "{meant}"?' if meant else ""
    detail = f'No argument or block named "{member.name.text}" is expected here.{hint}'
    return error("Extraneous JSON object property", detail, member.name.span)


def _missing(name: str, where: Span) -> Diagnostic:
    detail = (
        f'The argument "{name}" is required here, but it is not set. Add a property "{name}" to this object.'
    )
    return error("Missing required argument", detail, where)
