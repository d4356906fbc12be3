"""What differs between two objects, and which of the differences force a replacement.

Values are compared by content: marks do not count, nor does whether the type of an object says `DYNAMIC` of
an attribute of any type or the type that the attribute happens to have. Must not know actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mooring.core.paths import Attr, Index, Path
from mooring.core.types import ObjectType, SetType, TupleType
from mooring.core.values import NULL, Unknown, Value, null
from mooring.core.walking import value_at
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting
from mooring.schema.parts import is_present, map_nested, parts_by_key
from mooring.schema.types import rewrite_attributes


def is_same(one: Value, other: Value) -> bool:
    """Whether two values have the same content. Nulls are alike, and so are two values not known yet."""
    if one is other:
        return True
    raw, theirs = one.raw, other.raw
    if raw is None or theirs is None:
        return raw is theirs
    if type(raw) is Unknown or type(theirs) is Unknown:
        return type(raw) is type(theirs)
    if type(raw) is dict and type(theirs) is dict:
        if not _is_same_shape(one, other) or raw.keys() != theirs.keys():
            return False
        return all(is_same(part, theirs[name]) for name, part in raw.items())
    if type(raw) is tuple and type(theirs) is tuple:
        if not _is_same_shape(one, other) or len(raw) != len(theirs):
            return False
        return all(map(is_same, raw, theirs))
    return raw == theirs and one.type == other.type


def _is_same_shape(one: Value, other: Value) -> bool:
    """Whether both are lists, both sets ...; what is in them is compared part by part, if there is any."""
    mine, theirs = one.type, other.type
    if mine is theirs:
        return True
    if type(mine) is not type(theirs):
        return False
    return bool(one.raw) or isinstance(mine, ObjectType | TupleType) or mine == theirs


# -- paths ---------------------------------------------------------------------------------------


def changed_paths(before: Value | None, after: Value | None) -> tuple[Path, ...]:
    """The innermost parts that differ, in order; `()` stands for the whole object made or gone.

    Elements of lists are compared by position, those of maps by key; a set differs as a whole.
    """
    if before is None or after is None:
        return () if before is after else ((),)
    return tuple(_changed(before, after, ()))


def _changed(before: Value, after: Value, path: Path) -> Iterator[Path]:
    if is_same(before, after):
        return
    if not (is_present(before) and is_present(after) and _is_same_shape(before, after)):
        yield path
    elif type(before.raw) is dict:
        yield from _changed_items(before, after, path)
    elif type(before.raw) is tuple and not isinstance(before.type, SetType):
        yield from _changed_elements(before.elements, after.elements, path)
    else:
        yield path


def _changed_items(before: Value, after: Value, path: Path) -> Iterator[Path]:
    was, becomes = before.attributes, after.attributes
    is_object = isinstance(before.type, ObjectType)
    for name in sorted(was.keys() | becomes.keys()):
        inner = (*path, Attr(name) if is_object else Index(name))
        if name in was and name in becomes:
            yield from _changed(was[name], becomes[name], inner)
        else:
            yield inner


def _changed_elements(before: tuple[Value, ...], after: tuple[Value, ...], path: Path) -> Iterator[Path]:
    common = min(len(before), len(after))
    for position in range(common):
        yield from _changed(before[position], after[position], (*path, Index(position)))
    for position in range(common, max(len(before), len(after))):
        yield (*path, Index(position))


# -- replacement ---------------------------------------------------------------------------------


def replacement_paths(
    block: BlockSchema, prior: Value, planned: Value, requested: Iterable[Path] = ()
) -> tuple[Path, ...]:
    """The paths whose change cannot be made in place.

    Those are the attributes that the schema says so of, and the paths that the provider requested, as far as
    they really differ. A nested block that comes or goes changes its attributes from or to null.
    """
    found = dict.fromkeys(_forcing(block.attributes, block.blocks, prior, planned, ()))
    for path in requested:
        if not is_same(value_at(prior, path) or NULL, value_at(planned, path) or NULL):
            found[path] = None
    return tuple(found)


def _forcing(
    attributes: Mapping[str, Attribute],
    blocks: Mapping[str, NestedBlock],
    prior: Value,
    planned: Value,
    path: Path,
) -> Iterator[Path]:
    for name, attribute in attributes.items():
        nested = attribute.nested
        if not attribute.forces_replacement and nested is None:
            continue
        was, becomes, inner = _part(prior, name), _part(planned, name), (*path, Attr(name))
        if attribute.forces_replacement:
            if not is_same(was, becomes):
                yield inner
        elif nested is not None:
            object_schema = BlockSchema(attributes=nested.attributes)
            yield from _forcing_nested(nested.nesting, object_schema, was, becomes, inner)
    for name, each in blocks.items():
        was, becomes = _part(prior, name), _part(planned, name)
        yield from _forcing_nested(each.nesting, each.block, was, becomes, (*path, Attr(name)))


def _forcing_nested(
    nesting: Nesting, block: BlockSchema, prior: Value, planned: Value, path: Path
) -> Iterator[Path]:
    if is_same(prior, planned):
        return
    match nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            yield from _forcing(block.attributes, block.blocks, prior, planned, path)
        case Nesting.SET:
            if not is_same(_only_forcing(prior, block), _only_forcing(planned, block)):
                yield path
        case Nesting.LIST | Nesting.MAP:
            was, becomes = parts_by_key(prior), parts_by_key(planned)
            for key in dict.fromkeys((*was, *becomes)):
                pair = was.get(key, NULL), becomes.get(key, NULL)
                yield from _forcing(block.attributes, block.blocks, *pair, (*path, Index(key)))


def _part(value: Value, name: str) -> Value:
    return value.attributes[name] if is_present(value) else NULL


def _only_forcing(value: Value, block: BlockSchema) -> Value:
    """A set of objects reduced to the attributes whose change forces a replacement."""

    def reduce(part: Value, attribute: Attribute) -> Value:
        return part if attribute.forces_replacement else null(attribute.type)

    return map_nested(value, Nesting.SET, lambda each: rewrite_attributes(each, block, reduce))
