"""`azureml_compute_instance`: computeType ComputeInstance.

Sources: specs/compute-schema-2026-05-01.json; facts.md section 2: size, SSH, schedules and scripts cannot
change (a PUT with other schedules is accepted and ignored, bicep-types-az#2543, and the body of
updateSchedules is not published); the idle time changes through POST updateIdleShutdownSetting (since
2021-07-01); at most 4 schedules.
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
from mooring_azureml.computes.instance_steps import (
    RUNNING,
    STATE,
    STOPPED,
    one_source,
    seen,
    start_or_stop,
    with_sources,
)
from mooring_azureml.computes.schedules import SCHEDULE, one_trigger
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.preflight.names import name_is_free_in_region
from mooring_azureml.preflight.regions import region_of_workspace
from mooring_azureml.preflight.sizes import size_and_quota
from mooring_azureml.table.checks import arm_id, duration, one_of
from mooring_azureml.table.model import Action, Block, Fields, Property, Route
from mooring_azureml.table.notation import BASE64, CASELESS, DURATION, ID, members
from mooring_azureml.table.shorthand import choice

_SSH: Final = Block(
    name="ssh_settings",
    arm="properties.properties.sshSettings",
    parts=(
        Property(
            name="ssh_public_access",
            type=STRING,
            arm="sshPublicAccess",
            default="Disabled",
            route=Route.FIXED,
            notation=CASELESS,
            checks=(one_of("Enabled", "Disabled"),),
            description="Whether the SSH port is public.",
        ),
        Property(
            name="admin_public_key",
            type=STRING,
            arm="adminPublicKey",
            route=Route.FIXED,
            echoed=False,
            description="The administrator's public key.",
        ),
        Property(name="admin_user_name", type=STRING, arm="adminUserName", route=Route.DECIDED),
        Property(name="ssh_port", type=NUMBER, arm="sshPort", route=Route.DECIDED),
    ),
    description="SSH access.",
)

_ASSIGNED_USER: Final = Block(
    name="assigned_user",
    arm="properties.properties.personalComputeInstanceSettings.assignedUser",
    parts=(
        Property(
            name="object_id",
            type=STRING,
            arm="objectId",
            required=True,
            route=Route.FIXED,
            description="The user's object id.",
        ),
        Property(
            name="tenant_id",
            type=STRING,
            arm="tenantId",
            required=True,
            route=Route.FIXED,
            description="The user's tenant.",
        ),
    ),
    description="The user it is created on behalf of.",
)


def _script(name: str, member: str, description: str) -> Block:
    return Block(
        name=name,
        arm=member,
        parts=(
            Property(
                name="script",
                type=STRING,
                arm="scriptData",
                route=Route.FIXED,
                notation=BASE64,
                echoed=False,
                description="The text of the script.",
            ),
            Property(
                name="storage_path",
                type=STRING,
                route=Route.FIXED,
                echoed=False,
                description="Instead of the text, the script's path on the workspace's file share.",
            ),
            Property(
                name="arguments",
                type=STRING,
                arm="scriptArguments",
                route=Route.FIXED,
                echoed=False,
                description="Arguments of the script, as one text.",
            ),
            Property(
                name="timeout",
                type=STRING,
                arm="timeout",
                route=Route.FIXED,
                notation=DURATION,
                echoed=False,
                checks=(duration("PT1M", "P1D"),),
                description="How long it may run, such as `20m`.",
            ),
        ),
        description=description,
    )


_SETUP_SCRIPTS: Final = Block(
    name="setup_scripts",
    arm="properties.properties.setupScripts.scripts",
    parts=(
        _script("creation_script", "creationScript", "Runs once, when the instance is created."),
        _script("startup_script", "startupScript", "Runs at every start."),
    ),
    description="Scripts that set the instance up.",
)


def _needs_key(config: Fields) -> Diagnostics:
    """Public SSH access needs a key (the service's 400 on sshSettings)."""
    ssh = members(config.get("ssh_settings"))
    if str(ssh.get("ssh_public_access")).lower() != "enabled" or ssh.get("admin_public_key") is not None:
        return ()
    return (
        Diagnostic(
            summary="Missing required argument",
            detail='"admin_public_key" is required when "ssh_public_access" is "Enabled".',
            path=(Attr("ssh_settings"),),
        ),
    )


def _setting(name: str, member: str, description: str, *, default: str | bool) -> Property:
    kind = BOOL if isinstance(default, bool) else STRING
    return Property(
        name=name,
        type=kind,
        arm=f"properties.properties.{member}",
        default=default,
        route=Route.FIXED,
        notation=CASELESS,
        description=description,
    )


DEFINITION: Final = Definition(
    type_name="azureml_compute_instance",
    noun="compute instance",
    arm_type=COMPUTES,
    api_version=ML_API_VERSION,
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="computes"),
    description="A managed workstation for one user.",
    discriminator={"properties.computeType": "ComputeInstance"},
    delete_parameters=deletes_underlying,
    listed=True,
    rules=(one_trigger, _needs_key, one_source),
    guards=(name_is_free_in_region, region_of_workspace, size_and_quota),
    prepare=in_workspace_location,
    finish=with_sources,
    observe=seen,
    accompany=start_or_stop,
    table=(
        *compute_envelope(Route.PUT),
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
            description="The size of the machine.",
        ),
        _setting(
            "application_sharing_policy",
            "applicationSharingPolicy",
            "Who may use its applications.",
            default="Shared",
        ),
        _setting(
            "compute_instance_authorization_type",
            "computeInstanceAuthorizationType",
            "Who may use it.",
            default="personal",
        ),
        _setting("enable_node_public_ip", "enableNodePublicIp", "Whether it has a public IP.", default=True),
        _setting("enable_sso", "enableSSO", "Whether single sign-on works.", default=True),
        Property(
            name="subnet_id",
            type=STRING,
            arm="properties.properties.subnet.id",
            route=Route.FIXED,
            notation=ID,
            checks=(arm_id("Microsoft.Network/virtualNetworks/subnets"),),
            description="The subnet of the machine.",
        ),
        Property(
            name="idle_time_before_shutdown",
            type=STRING,
            arm="properties.properties.idleTimeBeforeShutdown",
            route=Action(name="updateIdleShutdownSetting", member="idleTimeBeforeShutdown"),
            notation=DURATION,
            checks=(duration("PT15M", "P3D"),),
            description="It stops after so much time without use: 15 minutes to 3 days (ISO 8601).",
        ),
        choice(
            STATE,
            "",
            "Whether it runs; left out, schedules and people decide. Stopped, it keeps its quota.",
            RUNNING,
            STOPPED,
            route=Route.LOCAL,
        ),
        _SSH,
        _ASSIGNED_USER,
        _SETUP_SCRIPTS,
        SCHEDULE,
        identity(Route.PUT),
    ),
)
