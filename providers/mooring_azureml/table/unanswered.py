"""What no GET answers with: credentials, and how an object is treated here. Pure."""

from __future__ import annotations

from mooring.core.codec import Plain
from mooring.core.values import Unknown
from mooring_azureml.table.differences import is_known
from mooring_azureml.table.model import Block, Fields, Property, Table
from mooring_azureml.table.notation import items, members


def unanswered(table: Table, config: Fields) -> Fields:
    """The parts of a block that no GET answers with, as far as they are known; everything else is null."""
    return {part.name: _unanswered(part, config.get(part.name)) for part in table}


def _unanswered(part: Property | Block, value: Plain) -> Plain:
    if value is None or isinstance(value, Unknown):
        return None
    if isinstance(part, Property):
        is_answered = part.echoed and bool(part.arm)
        return value if not is_answered and not part.write_only and is_known(value) else None
    if part.is_list:
        return [_element(part, members(one)) for one in items(value)]
    return unanswered(part.parts, members(value))


def _element(part: Block, config: Fields) -> Fields:
    """An element of a list, with the key by which its answer is found."""
    fields = unanswered(part.parts, config)
    return {**fields, part.keyed_by: config.get(part.keyed_by)} if part.keyed_by else fields
