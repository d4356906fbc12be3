"""From a document of the service to an object in plain form.

The object takes the spelling of a reference (what is in the state, or what was planned) wherever the
service's value means the same, so that only a difference in meaning shows as drift.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from mooring.core.codec import Json, Plain
from mooring.core.values import Unknown
from mooring_azureml.arm.port import Document
from mooring_azureml.table.model import WHOLE, Block, Fields, Property, Table
from mooring_azureml.table.notation import items, members
from mooring_azureml.table.to_arm import get_at

_Object: TypeAlias = dict[str, Plain]
_EMPTY: Final[tuple[Plain, ...]] = (None, "", {}, [])


def fields_of(table: Table, document: Document, reference: Fields) -> _Object:
    """The object a document stands for. Properties without a place in it are taken from the reference."""
    return _read_all(table, document, reference)


def _read_all(table: Table, document: Plain | Document, reference: Fields) -> _Object:
    return {part.name: _read(part, document, _known(reference.get(part.name, _open(part)))) for part in table}


def _open(part: Property | Block) -> Plain:
    """What to compare with where there is no reference: an empty list stays one."""
    return [] if isinstance(part, Block) and part.is_list else None


def _known(value: Plain) -> Plain:
    return None if isinstance(value, Unknown) else value


def _read(part: Property | Block, document: Plain | Document, reference: Plain) -> Plain:
    if isinstance(part, Block):
        return (
            _read_list(part, document, reference) if part.is_list else _read_block(part, document, reference)
        )
    if part.write_only:
        return None
    if not part.arm:
        return part.default if reference is None else reference
    found = document if part.arm == WHOLE else get_at(document, part.arm)
    return _read_property(part, found, reference)


def _read_property(part: Property, found: Plain, reference: Plain) -> Plain:
    if found is None and not part.echoed:
        return reference
    value = part.notation.read(found, reference) if found is not None else part.default
    if reference is not None and part.notation.same(value, reference):
        return reference
    if value in _EMPTY and reference in _EMPTY:
        return reference
    return None if value in _EMPTY else value


def _read_block(part: Block, document: Plain | Document, reference: Plain) -> Plain:
    found = document if part.arm == WHOLE else get_at(document, part.arm)
    if not isinstance(found, Mapping) or not _implied(part, document):
        return None if reference is None or _is_echoed(part) else reference
    value = _read_all(part.parts, found, members(reference))
    return None if reference is None and means_absent(part, value) else value


def _implied(part: Block, document: Plain | Document) -> bool:
    return all(_same_text(get_at(document, name), wanted) for name, wanted in part.implies.items())


def _same_text(found: Plain, wanted: Json) -> bool:
    return found is None or str(found).lower() == str(wanted).lower()


def _is_echoed(part: Block) -> bool:
    """Whether a GET tells of a block that is there: whether it answers with any part of it."""
    return any(
        inner.echoed and not inner.write_only if isinstance(inner, Property) else _is_echoed(inner)
        for inner in part.parts
    )


def _read_list(part: Block, document: Plain | Document, reference: Plain) -> Plain:
    known = [members(one) for one in items(reference)]
    if part.keyed_by:
        read = _read_keyed(part, members(get_at(document, part.arm)), known)
    else:
        read = _read_elements(part, items(get_at(document, part.arm)), known)
    return None if reference is None and not read else read


def _read_elements(part: Block, found: Sequence[Plain], known: list[Fields]) -> list[Plain]:
    return [_read_all(part.parts, one, known[at] if at < len(known) else {}) for at, one in enumerate(found)]


def _read_keyed(part: Block, found: Mapping[str, Plain], known: list[Fields]) -> list[Plain]:
    """The members of an object as a list: in the order of the reference, then what is new by name."""
    references = {str(one.get(part.keyed_by)): one for one in known}
    new = sorted(key for key in found if key not in references and _is_users(part, key, found[key]))
    return [
        {**_read_all(part.parts, found[key], references.get(key, {})), part.keyed_by: key}
        for key in (*(key for key in references if key in found), *new)
    ]


def _is_users(part: Block, key: str, member: Plain) -> bool:
    """Whether a member was not added by the service."""
    says = all(_same_text(get_at(member, name), wanted) for name, wanted in part.only.items())
    return key not in part.added_by_service and says


def means_absent(part: Block, fields: Fields) -> bool:
    """Whether a block says no more than its absence would: every settable part has its default or nothing."""
    return all(_is_default(inner, fields.get(inner.name)) for inner in part.parts)


def _is_default(part: Property | Block, value: Plain) -> bool:
    if value in _EMPTY:
        return True
    if isinstance(part, Block):
        return not part.is_list and means_absent(part, members(value))
    return not part.is_settable or part.notation.same(value, part.default)
