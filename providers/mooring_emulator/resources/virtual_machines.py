"""Microsoft.Compute/virtualMachines: machines that people own and attach to a workspace."""

import re

from mooring_emulator.arm.kinds import NameRule, ResourceKind, location_links
from mooring_emulator.arm.shapes import Field, ListOf, Text, record, reference
from mooring_emulator.arm.versions import COMPUTE
from mooring_emulator.codec import JsonObject
from mooring_emulator.resources.replies import COMPUTE_STYLE
from mooring_emulator.resources.simple import Filling, SimpleType, simple_kind

_SHAPE = record(
    Field(name="hardwareProfile", shape=record(Field(name="vmSize", shape=Text(choices={})))),
    Field(name="storageProfile", shape=record(Field(name="imageReference", shape=record()))),
    Field(name="osProfile", shape=record()),
    Field(
        name="networkProfile",
        shape=record(Field(name="networkInterfaces", shape=ListOf(item=reference()))),
    ),
)


def virtual_machine_kind() -> ResourceKind:
    """Describe the type."""
    return simple_kind(
        SimpleType(
            type="Microsoft.Compute/virtualMachines",
            api_versions=COMPUTE,
            name_rule=NameRule(
                pattern=re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?"),
                code="InvalidParameter",
                message="The entity name '{name}' is invalid according to its validation rule: "
                "^[^_\\W][\\w-._]{{0,79}}(?<![-.])$.",
            ),
            replies=COMPUTE_STYLE,
            links=location_links("operations"),
            required=(
                "properties.hardwareProfile.vmSize",
                "properties.storageProfile.imageReference",
                "properties.networkProfile.networkInterfaces",
            ),
            shape=_SHAPE,
            defaults=_defaults,
            read_only=_read_only,
            top_level={"zones": None, "plan": None},
            secrets=("osProfile.adminPassword", "osProfile.customData"),
        )
    )


def _defaults(filling: Filling) -> JsonObject:
    disk = {
        "name": f"{filling.target.name}_OsDisk",
        "createOption": "FromImage",
        "osType": "Linux",
        "caching": "ReadWrite",
    }
    return {
        "storageProfile": {"osDisk": disk, "dataDisks": []},
        "osProfile": {"computerName": filling.target.name, "allowExtensionOperations": True, "secrets": []},
    }


def _read_only(filling: Filling) -> JsonObject:
    return {
        "vmId": filling.keep("vmId", filling.call.world.new_id),
        "timeCreated": filling.keep("timeCreated", lambda: filling.call.timestamp),
    }
