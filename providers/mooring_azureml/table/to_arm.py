"""From an object in plain form to the body of a request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from mooring.core.codec import Json, Plain
from mooring.core.types import STRING, MapType
from mooring.core.values import Unknown
from mooring_azureml.table.model import WHOLE, Block, Fields, Property, Table
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
            _write_property(body, part, value)
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
            merge(body, body_of((part,), fields))
    return body


def _cleared(part: Property | Block) -> Json:
    """What to send for a value that is gone: a null is taken for "leave it as it is" by many services.

    Texts and maps are emptied, a block is sent with its defaults; an id is set to null.
    """
    if isinstance(part, Block):
        return _cleared_block(part)
    if isinstance(part.type, MapType):
        return {}
    return "" if part.type is STRING and part.notation is EXACT else None


def _cleared_block(part: Block) -> Body:
    body = body_of(part.parts, _defaults(part))
    for inner in part.parts:
        if isinstance(inner, Property) and _is_emptied(inner):
            set_at(body, inner.arm, _cleared(inner))
    return body


def _is_emptied(part: Property) -> bool:
    """Whether a property without a value is sent as an empty one: not what the service fills in then."""
    is_open = part.arm and part.default is None and not part.computed and not part.write_only
    return bool(is_open and part.is_settable)


def clear_inside(body: Body, top: Block, names: Sequence[str]) -> None:
    """Say that a property inside single blocks is gone, given the names on the way to it."""
    block, steps = top, [top.arm]
    for name in names:
        part = next(one for one in block.parts if one.name == name)
        steps.append(part.arm)
        if isinstance(part, Property):
            if _is_emptied(part):
                set_at(body, ".".join(step for step in steps if step != WHOLE), _cleared(part))
            return
        block = part


def _defaults(part: Block) -> Fields:
    return {inner.name: inner.default for inner in part.parts if isinstance(inner, Property)}


def _write_property(body: Body, part: Property, value: Plain) -> None:
    written = part.notation.to_json(value)
    if part.arm == WHOLE:
        merge(body, written if isinstance(written, Mapping) else {})
    else:
        set_at(body, part.arm, written)


def _write_block(body: Body, part: Block, value: Plain) -> None:
    if part.is_list:
        set_at(body, part.arm, _list_body(part, items(value)))
        return
    for name, implied in part.implies.items():
        set_at(body, name, implied)
    written = body_of(part.parts, members(value))
    if part.arm == WHOLE:
        merge(body, written)
        return
    holder: Body = {}
    set_at(holder, part.arm, written)
    merge(body, holder)


def _list_body(part: Block, blocks: Sequence[Plain]) -> Json:
    bodies = [body_of(part.parts, members(one)) for one in blocks]
    if not part.keyed_by:
        return list(bodies)
    keys = [str(members(one).get(part.keyed_by)) for one in blocks]
    return dict(zip(keys, bodies, strict=True))


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


def without(document: Mapping[str, Json], paths: Collection[str]) -> Body:
    """A document without what stands at these dotted paths."""
    below = {path.partition(".")[0] for path in paths if "." in path}
    rest: Body = {}
    for name, value in document.items():
        if name in paths:
            continue
        if name in below and isinstance(value, Mapping):
            inner = {path.partition(".")[2] for path in paths if path.startswith(f"{name}.")}
            rest[name] = without(value, inner)
        else:
            rest[name] = value
    return rest


def merge(body: Body, other: Mapping[str, Json]) -> None:
    """Lay an object over another, member by member at any depth; the other one stays as it is."""
    for name, value in other.items():
        if not isinstance(value, Mapping):
            body[name] = value
            continue
        below = body.get(name)
        inner = below if isinstance(below, dict) else {}
        merge(inner, value)
        body[name] = inner
