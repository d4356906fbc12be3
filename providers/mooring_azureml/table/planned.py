"""What an object will be: pure, from the configuration and the object before.

The contract (design.md section 7): what the configuration says is planned as it says it, or as it was before
when it means the same; a default is planned explicitly; what the service decides is kept, or unknown when
there is nothing to keep.
"""

from __future__ import annotations

from typing import TypeAlias

from mooring.core.codec import Plain
from mooring.core.values import UNKNOWN, Unknown
from mooring_azureml.table.differences import same_part
from mooring_azureml.table.model import Block, Fields, Property, Table
from mooring_azureml.table.notation import items, members

_Object: TypeAlias = dict[str, Plain]


def planned_fields(table: Table, config: Fields, prior: Fields | None) -> _Object:
    """The planned object; `prior` is None for a create.

    Inside a nested block, what the service decides is unknown again as soon as the block changes (the
    principal of an identity); at the top it is kept.
    """
    return {part.name: _plan(part, config.get(part.name), prior) for part in table}


def _plan(part: Property | Block, config: Plain, prior: Fields | None) -> Plain:
    before = prior.get(part.name) if prior is not None else None
    if isinstance(part, Property):
        return _plan_property(part, config, before, is_new=prior is None)
    if config is None or isinstance(config, Unknown):
        return config
    if not part.is_list:
        return _plan_block(part, members(config), members(before) if before is not None else None)
    known = items(before)
    return [
        _plan_block(part, members(one), members(known[at]) if at < len(known) else None)
        for at, one in enumerate(items(config))
    ]


def _plan_block(part: Block, config: Fields, prior: Fields | None) -> _Object:
    planned = planned_fields(part.parts, config, prior)
    if prior is None or all(
        same_part(inner, planned.get(inner.name), prior.get(inner.name)) for inner in part.parts
    ):
        return planned
    decided = {inner.name for inner in part.parts if isinstance(inner, Property) and not inner.is_settable}
    return {name: UNKNOWN if name in decided else value for name, value in planned.items()}


def _plan_property(part: Property, config: Plain, before: Plain, *, is_new: bool) -> Plain:
    if part.write_only:
        return None
    if config is None and part.default is None:
        decided = part.computed or not part.is_settable
        return (UNKNOWN if is_new else before) if decided else None
    wanted = part.default if config is None else config
    if before is not None and same_part(part, wanted, before):
        return before
    return wanted
