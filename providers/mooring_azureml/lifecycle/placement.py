"""Where resources of a type live in ARM: which attributes make an id, and which an id gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mooring_azureml.arm import ids
from mooring_azureml.table.model import Fields


class Placement(Protocol):
    """Makes ids from attributes and attributes from ids."""

    def id_of(self, subscription: str | None, fields: Fields) -> str | None:
        """The id; None while an attribute that it needs is unknown."""
        ...

    def locate(self, text: str) -> Fields | None:
        """The attributes that an id stands for, `id` among them; None for the id of something else."""
        ...


def _parsed(text: str, type_name: str) -> ids.ResourceId | None:
    parsed = ids.parse_id(text)
    return parsed if parsed is not None and parsed.is_a(type_name) else None


def _text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class InSubscription:
    """A resource group."""

    def id_of(self, subscription: str | None, fields: Fields) -> str | None:
        """`/subscriptions/{s}/resourceGroups/{name}`."""
        name = _text(fields, "name")
        return ids.group_id(subscription, name) if subscription and name else None

    def locate(self, text: str) -> Fields | None:
        """The name."""
        parsed = _parsed(text, ids.GROUP_TYPE)
        return None if parsed is None else {"id": str(parsed), "name": parsed.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class InGroup:
    """A top-level resource: `resource_group_name` and `name`."""

    arm_type: str

    def id_of(self, subscription: str | None, fields: Fields) -> str | None:
        """`/subscriptions/{s}/resourceGroups/{g}/providers/{type}/{name}`."""
        group, name = _text(fields, "resource_group_name"), _text(fields, "name")
        if not subscription or not group or not name:
            return None
        return ids.resource_id(subscription, group, self.arm_type, name)

    def locate(self, text: str) -> Fields | None:
        """The group and the name."""
        parsed = _parsed(text, self.arm_type)
        if parsed is None:
            return None
        return {"id": str(parsed), "resource_group_name": parsed.group, "name": parsed.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class InParent:
    """A child resource: `{parent_id}/{collection}/{name}`; `attribute` holds the parent's id."""

    attribute: str
    parent_type: str
    collection: str

    def id_of(self, _subscription: str | None, fields: Fields) -> str | None:
        """The parent's id with two more segments."""
        parent, name = _text(fields, self.attribute), _text(fields, "name")
        return ids.child_id(parent, self.collection, name) if parent and name else None

    def locate(self, text: str) -> Fields | None:
        """The parent's id and the name."""
        parsed = _parsed(text, f"{self.parent_type}/{self.collection}")
        if parsed is None:
            return None
        return {"id": str(parsed), self.attribute: str(parsed.parent), "name": parsed.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOf:
    """A part of another resource: it has that one's id, which `attribute` holds."""

    attribute: str
    host_type: str

    def id_of(self, _subscription: str | None, fields: Fields) -> str | None:
        """The id of the other resource."""
        return _text(fields, self.attribute)

    def locate(self, text: str) -> Fields | None:
        """The id of the other resource."""
        parsed = _parsed(text, self.host_type)
        return None if parsed is None else {"id": str(parsed), self.attribute: str(parsed)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned:
    """A version of an asset: `{parent_id}/{collection}/{name}/versions/{version}`."""

    attribute: str
    parent_type: str
    collection: str

    def id_of(self, _subscription: str | None, fields: Fields) -> str | None:
        """The parent's id with four more segments."""
        parent, name, version = (_text(fields, part) for part in (self.attribute, "name", "version"))
        if not parent or not name or not version:
            return None
        return ids.child_id(ids.child_id(parent, self.collection, name), "versions", version)

    def locate(self, text: str) -> Fields | None:
        """The parent's id, the name and the version."""
        parsed = _parsed(text, f"{self.parent_type}/{self.collection}/versions")
        if parsed is None:
            return None
        container = parsed.parent
        return {
            "id": str(parsed),
            self.attribute: str(container.parent),
            "name": container.name,
            "version": parsed.name,
        }
