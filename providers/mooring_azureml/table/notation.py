"""How the service writes a value, and when two spellings mean the same.

Each `Notation` has a source: what was seen between a PUT and the GET after it (facts.md section 3).
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mooring.core.codec import Json, Plain
from mooring_azureml.arm.ids import normal_id


def _as_it_is(value: Plain) -> Plain:
    return value


def _all_of_it(found: Plain, _reference: Plain) -> Plain:
    return found


def _to_json(value: Plain) -> Json:
    return value  # type: ignore[return-value]  # bodies are made of known values only


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """`normal` gives the form in which equal meanings are equal; the others convert to and from JSON.

    `part_of` takes from what was found the part that a reference speaks of.
    """

    normal: Callable[[Plain], Plain] = _as_it_is
    to_json: Callable[[Plain], Json] = _to_json
    from_json: Callable[[Plain], Plain] = _as_it_is
    part_of: Callable[[Plain, Plain], Plain] = _all_of_it

    def read(self, found: Plain, reference: Plain) -> Plain:
        """The value that a document's JSON stands for, as far as the reference speaks of it."""
        return self.part_of(self.from_json(found), reference)

    @property
    def is_partial(self) -> bool:
        """Whether a value may speak of a part of what is there."""
        return self.part_of is not _all_of_it

    def same(self, one: Plain, other: Plain) -> bool:
        """Whether both mean the same; null equals null alone."""
        if one is None or other is None:
            return one is other
        return self.normal(one) == self.normal(other)


def _caseless(value: Plain) -> Plain:
    return value.lower() if isinstance(value, str) else value


def _location(value: Plain) -> Plain:
    return value.replace(" ", "").lower() if isinstance(value, str) else value


def _id(value: Plain) -> Plain:
    return normal_id(value) if isinstance(value, str) else value


def _ids(value: Plain) -> Plain:
    return sorted(str(_id(one)) for one in items(value))


def _identity_type(value: Plain) -> Plain:
    return ",".join(sorted(value.replace(" ", "").lower().split(","))) if isinstance(value, str) else value


_DURATION: Final = re.compile(
    r"P(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)(?:\.\d+)?S)?)?"
)
_SHORT_DURATION: Final = re.compile(r"(?P<n>\d+)\s*(?P<unit>[smhd])")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(text: str) -> int | None:
    """The length of an ISO 8601 duration (`PT2M`), or of the short form of script timeouts (`20m`)."""
    short = _SHORT_DURATION.fullmatch(text.strip().lower())
    if short is not None:
        return int(short["n"]) * _UNITS[short["unit"]]
    match = _DURATION.fullmatch(text.strip().upper())
    if match is None or not any(match.groups()):
        return None
    return sum(int(count) * _UNITS[unit] for unit, count in match.groupdict().items() if count)


def _duration(value: Plain) -> Plain:
    length = seconds(value) if isinstance(value, str) else None
    return value if length is None else length


def items(value: Plain) -> Sequence[Plain]:
    """The elements of a list in plain form; nothing for anything else."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def members(value: Plain) -> Mapping[str, Plain]:
    """The members of an object in plain form; nothing for anything else."""
    return value if isinstance(value, Mapping) else {}


def _encode_text(value: Plain) -> Json:
    return b64encode(str(value).encode()).decode("ascii")


def _decode_text(value: Plain) -> Plain:
    try:
        return b64decode(str(value), validate=True).decode()
    except (Base64Error, UnicodeDecodeError):
        return value


def _keys_to_json(value: Plain) -> Json:
    return {str(key): {} for key in items(value)}


def _keys_from_json(value: Plain) -> Plain:
    return sorted(members(value)) or None


def _sorted_items(value: Plain) -> Plain:
    return sorted(str(_caseless(one)) for one in items(value))


def _yaml(value: Plain) -> Plain:
    """What a YAML text says; a text that is none stays as it is."""
    from yaml import YAMLError, safe_load

    try:
        return json.dumps(safe_load(str(value)), sort_keys=True, default=str)
    except YAMLError:
        return value


def held_in(member: str) -> Notation:
    """A set of texts that ARM keeps as objects with this one member: `[{"id": "..."}]`."""

    def to_json(value: Plain) -> Json:
        return [{member: str(one)} for one in items(value)]

    def from_json(value: Plain) -> Plain:
        return [members(one).get(member) for one in items(value)] or None

    return Notation(normal=_sorted_items, to_json=to_json, from_json=from_json)


def _own_members(found: Plain, reference: Plain) -> Plain:
    names = members(reference)
    return {name: value for name, value in members(found).items() if name in names} or None


EXACT: Final = Notation()
OWN_MEMBERS: Final = Notation(part_of=_own_members)
"""A map to which the service adds members of its own."""
CASELESS: Final = Notation(normal=_caseless)
"""Enumerations and VM sizes: the service answers with a casing of its own."""
LOCATION: Final = Notation(normal=_location)
"""`East US` is `eastus`."""
ID: Final = Notation(normal=_id)
"""ARM ids: the service rewrites their casing."""
ID_KEYS: Final = Notation(normal=_ids, to_json=_keys_to_json, from_json=_keys_from_json)
"""A set of ids that ARM keeps as the keys of an object: user-assigned identities."""
IDENTITY_TYPE: Final = Notation(normal=_identity_type)
"""`SystemAssigned, UserAssigned`, with any spacing and order."""
DURATION: Final = Notation(normal=_duration)
"""`PT120S` comes back as `PT2M`."""
YAML: Final = Notation(normal=_yaml)
"""The service writes conda specifications in a layout of its own."""
BASE64: Final = Notation(to_json=_encode_text, from_json=_decode_text)
"""Text in the configuration, base64 in the document."""
ID_SET: Final = Notation(normal=_ids)
"""A set of ARM ids."""
CASELESS_SET: Final = Notation(normal=_sorted_items)
"""A set of enumeration values."""
