"""Where resources of a type live in ARM: which attributes make an id, and which an id gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from mooring.core.codec import Plain
from mooring_azureml import ids
from mooring_azureml.table.model import Fields


class Placement(Protocol):
    """Makes ids from attributes and attributes from ids."""

    def id_of(self, subscription: str | None, fields: Fields) -> str | None:
        """The id; None while an attribute that it needs is unknown."""
        ...

    def fields_of(self, parsed: ids.ResourceId) -> Mapping[str, Plain] | None:
        """The attributes that an id stands for; None for the id of something else."""
        ...


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

    def fields_of(self, parsed: ids.ResourceId) -> Mapping[str, Plain] | None:
        """The name."""
        return {"name": parsed.name} if parsed.is_a(ids.GROUP_TYPE) else None


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

    def fields_of(self, parsed: ids.ResourceId) -> Mapping[str, Plain] | None:
        """The group and the name."""
        if not parsed.is_a(self.arm_type):
            return None
        return {"resource_group_name": parsed.group, "name": parsed.name}


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

    def fields_of(self, parsed: ids.ResourceId) -> Mapping[str, Plain] | None:
        """The parent's id and the name."""
        if not parsed.is_a(f"{self.parent_type}/{self.collection}"):
            return None
        return {self.attribute: str(parsed.parent), "name": parsed.name}
