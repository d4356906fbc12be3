"""Comparing two objects by meaning: what changed, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mooring.core.codec import Plain
from mooring.core.paths import Attr, Index, Path
from mooring.core.values import Unknown
from mooring_azureml.table.from_arm import means_absent
from mooring_azureml.table.model import Block, Fields, Property, Table
from mooring_azureml.table.notation import items, members


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One property that means something else; `top` is the part at the top of the table that it is in."""

    path: Path
    top: Property | Block
    part: Property
    before: Plain
    after: Plain


def differences(table: Table, before: Fields, after: Fields) -> tuple[Difference, ...]:
    """Every settable property whose meaning differs, in the order of the table.

    Unknown differs from anything, itself included: what it will be nobody knows.
    """
    return tuple(
        difference
        for part in table
        for difference in _compare(part, part, (), before.get(part.name), after.get(part.name))
    )


def same_part(part: Property | Block, one: Plain, other: Plain) -> bool:
    """Whether two values of a part mean the same."""
    return not any(True for _ in _compare(part, part, (), one, other))


def _compare(
    top: Property | Block, part: Property | Block, path: Path, one: Plain, other: Plain
) -> Iterator[Difference]:
    here = (*path, Attr(part.name))
    if isinstance(part, Property):
        if part.is_settable and not part.write_only and not _same(part, one, other):
            yield Difference(path=here, top=top, part=part, before=one, after=other)
    elif part.is_list:
        yield from _compare_lists(top, part, here, one, other)
    else:
        yield from _compare_blocks(top, part, here, one, other)


def _same(part: Property, one: Plain, other: Plain) -> bool:
    if not is_known(one) or not is_known(other):
        return False
    return part.notation.same(one, other)


def is_known(value: Plain) -> bool:
    """Whether no part of a plain value is unknown."""
    if isinstance(value, Unknown):
        return False
    return all(map(is_known, items(value))) and all(map(is_known, members(value).values()))


def _compare_blocks(
    top: Property | Block, part: Block, path: Path, one: Plain, other: Plain
) -> Iterator[Difference]:
    if one is None and other is None:
        return
    if one is None or other is None:
        present = members(other if one is None else one)
        if isinstance(one, Unknown) or isinstance(other, Unknown) or not means_absent(part, present):
            yield Difference(path=path, top=top, part=_standing_for(part), before=one, after=other)
        return
    for inner in part.parts:
        yield from _compare(top, inner, path, members(one).get(inner.name), members(other).get(inner.name))


def _compare_lists(
    top: Property | Block, part: Block, path: Path, one: Plain, other: Plain
) -> Iterator[Difference]:
    before, after = items(one), items(other)
    if len(before) != len(after) or isinstance(one, Unknown) or isinstance(other, Unknown):
        yield Difference(path=path, top=top, part=_standing_for(part), before=one, after=other)
        return
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        for inner in part.parts:
            here = (*path, Index(at))
            yield from _compare(top, inner, here, members(old).get(inner.name), members(new).get(inner.name))


def _standing_for(part: Block) -> Property:
    """The property that speaks for a block which comes or goes: the first that can be set."""
    for inner in part.parts:
        if isinstance(inner, Block):
            return _standing_for(inner)
        if inner.is_settable:
            return inner
    raise AssertionError(f"block {part.name} has nothing to set")
