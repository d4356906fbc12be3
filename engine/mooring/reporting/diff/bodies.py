"""Compares two objects of a resource: attributes and nested blocks as its schema names them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.core.paths import Attr, Index
from mooring.core.types import DYNAMIC, SetType
from mooring.core.values import NULL, ONLY_SENSITIVE, SENSITIVE, Value, parts
from mooring.reporting.diff.model import BlockDiff, BodyDiff, Change, Diff
from mooring.reporting.diff.sequences import align
from mooring.reporting.diff.values import Paths, below, compare, is_secret, present, set_pairs
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting

_ANY: Final = BlockSchema()
_OPEN_TYPE: Final = Attribute(type=DYNAMIC, optional=True)


def compare_bodies(
    before: Value | None, after: Value | None, schema: BlockSchema | None, replaced: Paths = ()
) -> BodyDiff:
    """How one object becomes another. What the schema does not know is an attribute of any type."""
    schema = schema or _ANY
    old, new = _fields(before), _fields(after)
    attributes: list[tuple[str, Diff]] = []
    blocks: list[tuple[str, tuple[BlockDiff, ...]]] = []
    for name in sorted(old.keys() | new.keys()):
        was, will, paths = old.get(name), new.get(name), below(replaced, Attr(name))
        nested = schema.blocks.get(name)
        if nested is not None and _fits(was, nested) and _fits(will, nested):
            blocks.append((name, tuple(_compare_blocks(was, will, nested, paths))))
            continue
        diff = _compare_attribute(was, will, schema.attributes.get(name, _OPEN_TYPE), paths)
        if diff is not None:
            attributes.append((name, diff))
    return BodyDiff(_change(before, after, attributes, blocks), tuple(attributes), tuple(blocks))


def _fields(value: Value | None) -> Mapping[str, Value]:
    return value.attributes if value is not None and type(value.raw) is dict else {}


def _fits(value: Value | None, nested: NestedBlock) -> bool:
    """Whether a value has the shape of these blocks; one of another schema version may not have it."""
    if value is None or value.raw is None or not value.is_known or SENSITIVE in value.marks:
        return True
    if nested.nesting in {Nesting.SINGLE, Nesting.GROUP}:
        return type(value.raw) is dict
    is_map = nested.nesting is Nesting.MAP
    return type(value.raw) is (dict if is_map else tuple) and all(
        type(part.raw) is dict or SENSITIVE in part.marks for part in parts(value)
    )


def _change(
    before: Value | None,
    after: Value | None,
    attributes: list[tuple[str, Diff]],
    blocks: list[tuple[str, tuple[BlockDiff, ...]]],
) -> Change:
    if before is None or after is None:
        return Change.CREATE if before is None else Change.DELETE
    changes = [diff.change for _, diff in attributes] + [each.change for _, group in blocks for each in group]
    return Change.NO_OP if all(change is Change.NO_OP for change in changes) else Change.UPDATE


def _compare_attribute(
    before: Value | None, after: Value | None, attribute: Attribute, replaced: Paths
) -> Diff | None:
    was, will = present(before), present(after)
    if was is None and will is None:
        return None
    if attribute.sensitive:
        was, will = was and was.marked(ONLY_SENSITIVE), will and will.marked(ONLY_SENSITIVE)
    return compare(was, will, strict=attribute.type is not DYNAMIC, replaced=replaced)


def _compare_blocks(
    before: Value | None, after: Value | None, nested: NestedBlock, replaced: Paths
) -> list[BlockDiff]:
    was, will = present(before), present(after)
    if will is not None and not will.is_known:
        return [BlockDiff(Change.CREATE if was is None else Change.UPDATE, None)]
    if is_secret(was) or is_secret(will):
        return [_secret_block(was, will)]
    if isinstance((will or was or NULL).raw, dict):
        if nested.nesting is Nesting.MAP:
            return _compare_map_blocks(was, will, nested, replaced)
        return [_compare_block(was, will, nested, replaced)]
    return _compare_block_list(was, will, nested, replaced)


def _secret_block(before: Value | None, after: Value | None) -> BlockDiff:
    if before is None or after is None:
        change = Change.CREATE if before is None else Change.DELETE
    else:
        change = Change.NO_OP if before == after else Change.UPDATE
    return BlockDiff(change, None, is_sensitive=True)


def _compare_block(
    before: Value | None,
    after: Value | None,
    nested: NestedBlock,
    replaced: Paths,
    key: str | None = None,
) -> BlockDiff:
    if is_secret(before) or is_secret(after):
        return _secret_block(before, after)._replace(key=key)
    body = compare_bodies(before, after, nested.block, replaced)
    return BlockDiff(body.change, body, key, replaces=() in replaced)


def _compare_map_blocks(
    before: Value | None, after: Value | None, nested: NestedBlock, replaced: Paths
) -> list[BlockDiff]:
    old, new = _fields(before), _fields(after)
    return [
        _compare_block(old.get(key), new.get(key), nested, below(replaced, Index(key)), key)
        for key in sorted(old.keys() | new.keys())
    ]


def _compare_block_list(
    before: Value | None, after: Value | None, nested: NestedBlock, replaced: Paths
) -> list[BlockDiff]:
    old = before.elements if before is not None else ()
    new = after.elements if after is not None else ()
    is_set = isinstance((after or before or NULL).type, SetType)
    pairs = set_pairs(old, new) if is_set else align(old, new, _always)
    return [
        _compare_block(
            None if i is None else old[i],
            None if j is None else new[j],
            nested,
            _below_element(replaced, i if j is None else j),
        )
        for i, j in pairs
    ]


def _always(_before: Value, _after: Value) -> bool:
    return True


def _below_element(replaced: Paths, position: int | None) -> Paths:
    """A path that ends at the collection of blocks concerns each of them."""
    if position is None or not replaced:
        return ()
    whole: Paths = ((),) if () in replaced else ()
    return whole + below(replaced, Index(position))
