"""Virtual networks and their subnets: each subnet is a resource, and a member of its network's list.

Sources: Microsoft.Network 2024-05-01; NetcfgInvalidSubnet and NetcfgSubnetRangesOverlap as quoted in public
issues. A PUT of a network with a list makes its subnets those of the list; without one they stay.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

from mooring_emulator.arm.documents import in_state, with_properties
from mooring_emulator.arm.errors import ArmError
from mooring_emulator.arm.kinds import Change, ResourceKind
from mooring_emulator.arm.shapes import Field, ListOf, Text, record
from mooring_emulator.resources.network import network_guid, network_type
from mooring_emulator.resources.simple import Filling, simple_kind
from mooring_emulator.store.model import Document, Put, RemoveTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mooring_emulator.arm.call import Call
    from mooring_emulator.arm.kinds import Compose, Target
    from mooring_emulator.codec import Json, JsonObject
    from mooring_emulator.store.model import Effect

SUBNET_TYPE = "Microsoft.Network/virtualNetworks/subnets"

_TYPES = frozenset({SUBNET_TYPE})
_SUBNET = record(Field(name="addressPrefix", shape=Text(choices={})))
_LISTED = record(
    Field(name="name", shape=Text(choices={}), is_required=True), Field(name="properties", shape=_SUBNET)
)
_NETWORK = record(
    Field(
        name="addressSpace",
        shape=record(Field(name="addressPrefixes", shape=ListOf(item=Text(choices={})))),
    ),
    Field(name="subnets", shape=ListOf(item=_LISTED)),
)
_DEFAULTS: JsonObject = {
    "delegations": [],
    "privateEndpointNetworkPolicies": "Disabled",
    "privateLinkServiceNetworkPolicies": "Enabled",
}


def virtual_network_kind() -> ResourceKind:
    """Describe a virtual network."""
    simple = network_type("virtualNetworks", lambda _filling: {"enableDdosProtection": False}, _read_only)
    required = ("properties.addressSpace.addressPrefixes",)
    kind = simple_kind(replace(simple, required=required, shape=_NETWORK))
    return replace(kind, compose=_with_list(kind.compose), show=_show)


def subnet_kind() -> ResourceKind:
    """Describe a subnet."""
    simple = network_type("virtualNetworks/subnets", lambda _filling: _DEFAULTS, lambda _filling: {})
    kind = simple_kind(replace(simple, shape=_SUBNET, is_located=False))
    return replace(kind, compose=_within_network(kind.compose))


def _read_only(filling: Filling) -> JsonObject:
    return {"resourceGuid": network_guid(filling)}


def _with_list(compose: Compose) -> Compose:
    """Make the subnets of a network's list documents of their own."""

    def composed(call: Call, target: Target, prior: Document | None) -> Change:
        change = compose(call, target, prior)
        listed = change.during.properties.get("subnets")
        wanted = [_listed(target, each) for each in listed or []]
        kept = _subnets(call, target.key) if listed is None else wanted
        _require_fitting(change.during, kept)
        return replace(
            change,
            during=_without_list(change.during),
            after=_without_list(change.after) if change.after else None,
            also=(*change.also, *_effects(call, target, wanted, is_listed=listed is not None)),
        )

    return composed


def _within_network(compose: Compose) -> Compose:
    """Hold a subnet against its network and the other subnets."""

    def composed(call: Call, target: Target, prior: Document | None) -> Change:
        change = compose(call, target, prior)
        network = call.view.document(target.parent_key)
        others = [each for each in _subnets(call, target.parent_key) if each.key != target.key]
        if network is not None:
            _require_fitting(network, [*others, change.during])
        return change

    return composed


def _effects(
    call: Call, target: Target, wanted: Sequence[Document], *, is_listed: bool
) -> tuple[Effect, ...]:
    keys = {each.key for each in wanted}
    existing = _subnets(call, target.key) if is_listed else ()
    gone = (RemoveTree(key=each.key) for each in existing if each.key not in keys)
    return (*gone, *(Put(document=each) for each in wanted))


def _listed(target: Target, member: JsonObject) -> Document:
    subnet_id = f"{target.id}/subnets/{member['name']}"
    properties: JsonObject = {**_DEFAULTS, **(member.get("properties") or {})}
    body = {"id": subnet_id, "name": member["name"], "type": SUBNET_TYPE, "properties": properties}
    return in_state(Document(id=subnet_id, type=SUBNET_TYPE, body=body), "Succeeded")


def _without_list(network: Document) -> Document:
    properties = {name: value for name, value in network.properties.items() if name != "subnets"}
    return replace(network, body={**network.body, "properties": properties})


def _show(call: Call, network: Document) -> JsonObject:
    return with_properties(network, subnets=[each.body for each in _subnets(call, network.key)]).body


def _subnets(call: Call, network_key: str) -> Sequence[Document]:
    return call.view.documents(f"{network_key}/subnets/", _TYPES)


def _require_fitting(network: Document, subnets: Sequence[Document]) -> None:
    """Raise 400 for a subnet outside its network's address space, or over another one."""
    name = network.body["name"]
    space = [_range(prefix) for prefix in network.properties["addressSpace"].get("addressPrefixes") or []]
    placed: list[tuple[str, IPv4Network | IPv6Network]] = []
    for subnet in subnets:
        prefix = subnet.properties.get("addressPrefix")
        if not prefix:
            continue
        own = _range(prefix)
        if not any(_is_within(own, part) for part in space):
            message = f"Subnet '{subnet.body['name']}' is not valid in virtual network '{name}'."
            raise ArmError(400, "NetcfgInvalidSubnet", message)
        over = [other for other, taken in placed if own.version == taken.version and own.overlaps(taken)]
        if over:
            message = (
                f"Subnet '{subnet.body['name']}' is not valid because its IP address range overlaps with "
            )
            raise ArmError(
                400,
                "NetcfgSubnetRangesOverlap",
                f"{message}that of an existing subnet in virtual network '{name}': '{over[0]}'.",
            )
        placed.append((subnet.body["name"], own))


def _range(prefix: Json) -> IPv4Network | IPv6Network:
    try:
        return ip_network(prefix, strict=False)
    except ValueError as problem:
        message = f"Address prefix '{prefix}' is not valid. It must be in CIDR form, such as 10.0.0.0/16."
        raise ArmError(400, "InvalidAddressPrefixFormat", message) from problem


def _is_within(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    first, last = inner.network_address, inner.broadcast_address
    return inner.version == outer.version and first in outer and last in outer
