"""From an object in plain form to the body of a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mooring.core.codec import Json, Plain
from mooring.core.types import STRING, MapType
from mooring.core.values import Unknown
from mooring_azureml.table.model import Block, Fields, Property, Table
from mooring_azureml.table.notation import EXACT, items, members

Body = dict[str, Json]


def body_of(table: Table, fields: Fields) -> Body:
    """The whole body: everything that has a value and a place in the document."""
    body: Body = {}
    for part in table:
        value = fields.get(part.name)
        if value is None or isinstance(value, Unknown) or not part.arm:
            continue
        if isinstance(part, Property):
            set_at(body, part.arm, part.notation.to_json(value))
        else:
            _write_block(body, part, value)
    return body


def body_of_parts(parts: Iterable[Property | Block], fields: Fields) -> Body:
    """A body that changes these top-level parts and nothing else; one without a value is set back to null."""
    body: Body = {}
    for part in parts:
        if fields.get(part.name) is None:
            set_at(body, part.arm, _cleared(part))
        else:
            _merge(body, body_of((part,), fields))
    return body


def _cleared(part: Property | Block) -> Json:
    """What to send for a value that is gone: a null is taken for "leave it as it is" by many services.

    Texts and maps are emptied, a block is sent with its defaults; an id is set to null.
    """
    if isinstance(part, Block):
        return body_of(part.parts, _defaults(part))
    if isinstance(part.type, MapType):
        return {}
    return "" if part.type is STRING and part.notation is EXACT else None


def _defaults(part: Block) -> Fields:
    return {inner.name: inner.default for inner in part.parts if isinstance(inner, Property)}


def _write_block(body: Body, part: Block, value: Plain) -> None:
    if part.is_list:
        set_at(body, part.arm, [_block_body(part, members(one)) for one in items(value)])
        return
    _merge(body, part.implies)
    written = body_of(part.parts, members(value))
    if part.arm == ".":
        _merge(body, written)
        return
    holder: Body = {}
    set_at(holder, part.arm, written)
    _merge(body, holder)


def _block_body(part: Block, fields: Fields) -> Json:
    return body_of(part.parts, fields)


def set_at(body: Body, path: str, value: Json) -> None:
    """Put a value at a dotted path, making the objects on the way."""
    *steps, last = path.split(".")
    for step in steps:
        inner = body.setdefault(step, {})
        assert isinstance(inner, dict)
        body = inner
    body[last] = value


def get_at(document: Plain | Json, path: str) -> Plain:
    """The value at a dotted path; None where the path leads nowhere. Names match without regard to case."""
    for step in path.split("."):
        if not isinstance(document, Mapping):
            return None
        document = _member(document, step)
    return document


def _member(document: Mapping[str, Json] | Mapping[str, Plain], name: str) -> Plain:
    if name in document:
        return document[name]
    folded = name.lower()
    return next((value for key, value in document.items() if key.lower() == folded), None)


def _merge(body: Body, other: Mapping[str, Json]) -> None:
    for name, value in other.items():
        below = body.get(name)
        if isinstance(below, dict) and isinstance(value, Mapping):
            _merge(below, value)
        else:
            body[name] = dict(value) if isinstance(value, Mapping) else value
