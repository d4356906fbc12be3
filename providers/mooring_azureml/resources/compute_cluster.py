"""`azureml_compute_cluster`: computeType AmlCompute.

Sources: specs/compute-schema-2026-05-01.json; facts.md section 2: PATCH takes scaleSettings and nothing else;
tags, description and identity go by PUT; VM size, network and SSH cannot change. Defaults and what the
service rewrites: section 3.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import BOOL, NUMBER, STRING
from mooring_azureml.common import (
    COMPUTES,
    ML_API_VERSION,
    WORKSPACES,
    compute_envelope,
    deletes_underlying,
    identity,
    in_workspace_location,
)
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.preflight.names import name_is_free_in_region
from mooring_azureml.preflight.regions import known_region, region_of_workspace
from mooring_azureml.preflight.sizes import size_and_quota
from mooring_azureml.table.checks import arm_id, between, duration, one_of
from mooring_azureml.table.model import Block, Fields, Property, Route
from mooring_azureml.table.notation import CASELESS, DURATION, ID, LOCATION, members

_SCALE_SETTINGS: Final = Block(
    name="scale_settings",
    arm="properties.properties.scaleSettings",
    required=True,
    parts=(
        Property(
            name="min_node_count",
            type=NUMBER,
            arm="minNodeCount",
            default=0,
            route=Route.PATCH,
            checks=(between(0, 10_000),),
            description="Nodes that are kept when there is nothing to do.",
        ),
        Property(
            name="max_node_count",
            type=NUMBER,
            arm="maxNodeCount",
            required=True,
            route=Route.PATCH,
            checks=(between(0, 10_000),),
            description="The most nodes it grows to.",
        ),
        Property(
            name="node_idle_time_before_scale_down",
            type=STRING,
            arm="nodeIdleTimeBeforeScaleDown",
            default="PT2M",
            route=Route.PATCH,
            notation=DURATION,
            checks=(duration("PT1S", "P30D"),),
            description="How long a node idles before it is given back (ISO 8601).",
        ),
    ),
    description="How it grows and shrinks.",
)

_CREDENTIALS: Final = Block(
    name="user_account_credentials",
    arm="properties.properties.userAccountCredentials",
    parts=(
        Property(
            name="admin_user_name",
            type=STRING,
            arm="adminUserName",
            required=True,
            route=Route.FIXED,
            echoed=False,
            description="The administrator on each node.",
        ),
        Property(
            name="admin_user_ssh_public_key",
            type=STRING,
            arm="adminUserSshPublicKey",
            route=Route.FIXED,
            echoed=False,
            sensitive=True,
            description="The administrator's public key.",
        ),
        Property(
            name="admin_user_password",
            type=STRING,
            arm="adminUserPassword",
            route=Route.FIXED,
            write_only=True,
            sensitive=True,
            description="The administrator's password; stored nowhere.",
        ),
    ),
    description="SSH access to the nodes.",
)


def _node_counts(config: Fields) -> Diagnostics:
    """The least must not exceed the most (the service's 400 on scaleSettings)."""
    scale = members(config.get("scale_settings"))
    least, most = scale.get("min_node_count"), scale.get("max_node_count")
    if not isinstance(least, int) or not isinstance(most, int) or least <= most:
        return ()
    return (
        Diagnostic(
            summary="Invalid argument value",
            detail=f'"min_node_count" ({least}) must not be greater than "max_node_count" ({most}).',
            path=(Attr("scale_settings"), Attr("min_node_count")),
        ),
    )


def _fixed(name: str, member: str, description: str, default: str, *allowed: str) -> Property:
    return Property(
        name=name,
        type=STRING,
        arm=f"properties.properties.{member}",
        default=default,
        route=Route.FIXED,
        notation=CASELESS,
        checks=(one_of(*allowed),),
        description=description,
    )


DEFINITION: Final = Definition(
    type_name="azureml_compute_cluster",
    noun="compute cluster",
    arm_type=COMPUTES,
    api_version=ML_API_VERSION,
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="computes"),
    description="A managed cluster that grows and shrinks with the jobs (AmlCompute).",
    discriminator={"properties.computeType": "AmlCompute"},
    delete_parameters=deletes_underlying,
    secret_version="credentials_version",  # noqa: S106  (the name of an attribute)
    listed=True,
    rules=(_node_counts,),
    guards=(name_is_free_in_region, region_of_workspace, known_region("compute_location"), size_and_quota),
    prepare=in_workspace_location,
    table=(
        *compute_envelope(Route.PUT),
        Property(
            name="compute_location",
            type=STRING,
            arm="properties.computeLocation",
            computed=True,
            route=Route.FIXED,
            notation=LOCATION,
            description="The region of the nodes, if not that of the workspace.",
        ),
        Property(
            name="disable_local_auth",
            type=BOOL,
            arm="properties.disableLocalAuth",
            default=False,
            route=Route.FIXED,
            description="Whether only Entra ID is accepted.",
        ),
        Property(
            name="vm_size",
            type=STRING,
            arm="properties.properties.vmSize",
            required=True,
            route=Route.FIXED,
            notation=CASELESS,
            description="The size of the nodes.",
        ),
        _fixed("vm_priority", "vmPriority", "The price class.", "Dedicated", "Dedicated", "LowPriority"),
        _fixed("os_type", "osType", "The operating system.", "Linux", "Linux", "Windows"),
        _SCALE_SETTINGS,
        Property(
            name="subnet_id",
            type=STRING,
            arm="properties.properties.subnet.id",
            route=Route.FIXED,
            notation=ID,
            checks=(arm_id("Microsoft.Network/virtualNetworks/subnets"),),
            description="The subnet of the nodes.",
        ),
        Property(
            name="enable_node_public_ip",
            type=BOOL,
            arm="properties.properties.enableNodePublicIp",
            default=True,
            route=Route.FIXED,
            description="Whether nodes have public addresses.",
        ),
        Property(
            name="isolated_network",
            type=BOOL,
            arm="properties.properties.isolatedNetwork",
            default=False,
            route=Route.FIXED,
            description="Whether the network is isolated.",
        ),
        Property(
            name="remote_login_port_public_access",
            type=STRING,
            arm="properties.properties.remoteLoginPortPublicAccess",
            computed=True,
            route=Route.FIXED,
            notation=CASELESS,
            checks=(one_of("Enabled", "Disabled"),),
            description="Whether the SSH port is public; left out, it follows from the network.",
        ),
        Property(
            name="virtual_machine_image_id",
            type=STRING,
            arm="properties.properties.virtualMachineImage.id",
            route=Route.FIXED,
            notation=ID,
            description="A custom image (Windows only).",
        ),
        _CREDENTIALS,
        identity(Route.PUT),
        Property(
            name="credentials_version",
            type=STRING,
            route=Route.DECIDED,
            description="Changes whenever the write-only password does.",
        ),
    ),
)
