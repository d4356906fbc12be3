"""Microsoft.Network: public IP addresses and network interfaces; the networks they are in are `subnets`."""

import re
from dataclasses import replace
from zlib import crc32

from mooring_emulator.arm.kinds import NameRule, ResourceKind, location_links
from mooring_emulator.arm.shapes import Field, ListOf, Text, record, reference
from mooring_emulator.arm.versions import NETWORK
from mooring_emulator.codec import JsonObject
from mooring_emulator.resources.replies import COMPUTE_STYLE
from mooring_emulator.resources.simple import Fill, Filling, SimpleType, simple_kind

NAME_RULE = NameRule(
    pattern=re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?"),
    code="InvalidResourceName",
    message="Resource name {name} is invalid. The name can be up to 80 characters long. It must begin with a "
    "word character, and it must end with a word character or with '_'.",
)


_SKU = {"sku": {"name": "Standard", "tier": "Regional"}}
_NAMED = Field(name="name", shape=Text(choices={}), is_required=True)
_CONFIGURATION = record(
    _NAMED,
    Field(name="properties", shape=record(Field(name="publicIPAddress", shape=reference()))),
)
_INTERFACE = record(Field(name="ipConfigurations", shape=ListOf(item=_CONFIGURATION)))


def public_ip_kind() -> ResourceKind:
    """Describe a public IP address."""
    return simple_kind(
        replace(network_type("publicIPAddresses", _public_ip_defaults, _public_ip_read_only), top_level=_SKU)
    )


def network_interface_kind() -> ResourceKind:
    """Describe a network interface."""
    simple = network_type("networkInterfaces", _interface_defaults, _interface_read_only)
    required = ("properties.ipConfigurations",)
    return simple_kind(replace(simple, required=required, shape=_INTERFACE))


def network_type(name: str, defaults: Fill, read_only: Fill) -> SimpleType:
    """Describe what the types of Microsoft.Network share."""
    return SimpleType(
        type=f"Microsoft.Network/{name}",
        api_versions=NETWORK,
        name_rule=NAME_RULE,
        replies=COMPUTE_STYLE,
        links=location_links("operations"),
        shape=record(),
        defaults=defaults,
        read_only=read_only,
        top_level={},
    )


def _interface_defaults(_filling: Filling) -> JsonObject:
    return {"enableAcceleratedNetworking": False, "enableIPForwarding": False}


def _public_ip_defaults(_filling: Filling) -> JsonObject:
    return {"publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4", "idleTimeoutInMinutes": 4}


def _public_ip_read_only(filling: Filling) -> JsonObject:
    return {
        "ipAddress": _address("20.", filling.target.key),
        "ipTags": [],
        "resourceGuid": network_guid(filling),
    }


def _interface_read_only(filling: Filling) -> JsonObject:
    configurations = filling.properties["ipConfigurations"]
    return {
        "ipConfigurations": [_configuration(filling, configuration) for configuration in configurations],
        "macAddress": "00-0D-3A-{:02X}-{:02X}-{:02X}".format(*_digest(filling.target.key)),
        "resourceGuid": network_guid(filling),
    }


def _configuration(filling: Filling, configuration: JsonObject) -> JsonObject:
    resource_id = f"{filling.target.id}/ipConfigurations/{configuration['name']}"
    defaults = {
        "primary": True,
        "privateIPAddress": _address("10.", resource_id.lower()),
        "privateIPAllocationMethod": "Dynamic",
        "privateIPAddressVersion": "IPv4",
    }
    properties = {**defaults, **(configuration.get("properties") or {}), "provisioningState": "Succeeded"}
    return {**configuration, "id": resource_id, "properties": properties}


def network_guid(filling: Filling) -> str:
    """Give the resourceGuid, which stays what it was."""
    guid: str = filling.keep("resourceGuid", filling.call.world.new_id)
    return guid


def _digest(text: str) -> tuple[int, int, int]:
    number = crc32(text.encode())
    return (number >> 16) & 0xFF, (number >> 8) & 0xFF, number & 0xFF


def _address(network: str, key: str) -> str:
    """Give an address that depends on the resource alone, so that a run can be repeated."""
    return network + ".".join(str(part % 254 + 1) for part in _digest(key))
