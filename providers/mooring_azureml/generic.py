"""Resources of any ARM type: the type as an argument, the body as an object, and comparing by what it says.

Rules of comparison: what the body does not say is not compared; casing does not count (ARM rewrites it,
facts.md section 3); a null, and a member that a GET does not answer with, say nothing. Elements of lists are
matched by their `name` or `id`, those without one by their position.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mooring.core.codec import Plain
from mooring_azureml.arm import ids
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import Notation, items, members

_TYPE: Final = re.compile(r"(?P<type>[\w.]+(?:/\w+)+)@(?P<version>\d{4}-\d{2}-\d{2}(?:-preview)?)")
_VERSION_IN_ID: Final = re.compile(r"[?&]api-version=(?P<version>[\w-]+)")
_INDEX: Final = re.compile(r"\[(\d+)\]")
EVERYTHING: Final = "*"
"""The export path of the whole document."""


def is_type(value: Plain) -> str | None:
    """The check of a type with its API version."""
    if _TYPE.fullmatch(str(value)):
        return None
    return (
        "must be an ARM type with its API version, such as Microsoft.Network/virtualNetworks@2024-05-01, not "
        f"{str(value)!r}"
    )


def split_type(text: str) -> tuple[str, str]:
    """The ARM type and the API version."""
    type_name, _, version = text.partition("@")
    return type_name, version


@dataclass(frozen=True, slots=True, kw_only=True)
class Anywhere:
    """The place of a resource of any type: below `parent_id`, a subscription, a group or a resource."""

    def id_of(self, _subscription: str | None, fields: Fields) -> str | None:
        """The parent's id with what the type adds to it."""
        kind, parent, name = (fields.get(one) for one in ("type", "parent_id", "name"))
        if not isinstance(kind, str) or not isinstance(parent, str) or not isinstance(name, str):
            return None
        type_name = split_type(kind)[0]
        if type_name.lower() == ids.GROUP_TYPE.lower():
            return f"{parent.rstrip('/')}/resourceGroups/{name}"
        above, _, last = type_name.rpartition("/")
        if ids.type_of(parent).lower() == above.lower():
            return ids.child_id(parent, last, name)
        return f"{parent.rstrip('/')}/providers/{type_name}/{name}"

    def locate(self, text: str) -> Fields | None:
        """The attributes that `{id}?api-version=...` stands for."""
        version, path = _VERSION_IN_ID.search(text), text.partition("?")[0].rstrip("/")
        type_name = ids.type_of(path)
        if version is None or not type_name:
            return None
        return {
            "id": path,
            "type": f"{type_name}@{version['version']}",
            "parent_id": ids.parent_of(path),
            "name": path.rpartition("/")[2],
        }


# -- bodies --------------------------------------------------------------------------------------


def _folded(value: Plain) -> Plain:
    """The form in which equal meanings are equal."""
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, Mapping):
        return {key: _folded(one) for key, one in value.items() if one is not None}
    return [_folded(one) for one in items(value)] if _is_list(value) else value


def _is_list(value: Plain) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def spoken_of(found: Plain, reference: Plain) -> Plain:
    """What was found of that which a reference says, in the reference's spelling where it means the same."""
    if reference is None or found is None:
        return reference
    if isinstance(reference, Mapping) and isinstance(found, Mapping):
        by_name = {key.lower(): value for key, value in found.items()}
        return {key: spoken_of(by_name.get(key.lower()), said) for key, said in reference.items()}
    if _is_list(reference) and _is_list(found):
        return _elements(items(found), items(reference))
    return reference if _folded(found) == _folded(reference) else found


def _elements(found: Sequence[Plain], said: Sequence[Plain]) -> Plain:
    """Lists by their elements; another number of elements is what was found, as far as it is spoken of."""
    named = {name: one for one in found if (name := _name(one)) is not None}
    if len(found) != len(said):
        known = {name: one for one in said if (name := _name(one)) is not None}
        return [spoken_of(one, known.get(_name(one) or "", one)) for one in found]
    return [spoken_of(named.get(_name(one) or "", found[at]), one) for at, one in enumerate(said)]


def _name(value: Plain) -> str | None:
    held = members(value)
    name = held.get("name") or held.get("id")
    return name.lower() if isinstance(name, str) else None


BODY: Final = Notation(normal=_folded, part_of=spoken_of)
"""A body that is compared by what it says."""


# -- paths ---------------------------------------------------------------------------------------


def value_at(value: Plain, path: str) -> Plain:
    """The value at a path such as `properties.subnets[0].id`; None where it leads nowhere."""
    for step in _INDEX.sub(r".\1", path).strip(".").split("."):
        if isinstance(value, Mapping):
            value = {key.lower(): one for key, one in value.items()}.get(step.lower())
        elif _is_list(value) and step.isdecimal() and int(step) < len(items(value)):
            value = items(value)[int(step)]
        else:
            return None
    return value


def exported(document: Plain, wanted: Plain) -> Plain:
    """What `output` shows: with a map the values by its names, with a list the paths as they are nested."""
    if isinstance(wanted, Mapping):
        return {name: _at(document, str(path)) for name, path in wanted.items()}
    paths = [str(path) for path in items(wanted)]
    if not paths:
        return None
    if EVERYTHING in paths:
        return document
    shown: dict[str, Plain] = {}
    for path in paths:
        _nest(shown, path.split("."), _at(document, path))
    return shown


def _at(document: Plain, path: str) -> Plain:
    return document if path == EVERYTHING else value_at(document, path)


def _nest(into: dict[str, Plain], steps: Sequence[str], value: Plain) -> None:
    *above, last = steps
    for step in above:
        below = into.setdefault(step, {})
        if not isinstance(below, dict):
            return
        into = below
    into[last] = value
