"""`azureml_attached_virtual_machine`: computeType VirtualMachine. Somebody's VM, attached and detached.

Sources: specs/compute-schema-2026-05-01.json (administratorAccount); facts.md section 1 for the rules
(Ubuntu, public IP, one attachment per VM, password XOR private key, re-attaching needs a detach) and
section 4 for DELETE, here always with `underlyingResourceAction=Detach`: the VM is never deleted. The
passphrase is not in the specification; azureml-core sends it.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import NUMBER, STRING
from mooring.core.values import Unknown
from mooring.sdk import ATTACH_AND_DETACH
from mooring_azureml.common import (
    COMPUTES,
    ML_API_VERSION,
    WORKSPACES,
    compute_envelope,
    in_workspace_location,
)
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.machines import suitable_machine
from mooring_azureml.table.checks import arm_id, between
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.notation import ID

_ACCOUNT: Final = "properties.properties.administratorAccount"


def _password_xor_key(config: Fields) -> Diagnostics:
    """Exactly one of password and private key (azureml-core refuses anything else; so does the service)."""
    given = [name for name in ("password", "private_key") if config.get(name) is not None]
    if any(isinstance(config.get(name), Unknown) for name in given) or len(given) == 1:
        return ()
    problem = "both are given" if given else "none is given"
    return (
        Diagnostic(
            summary="Invalid combination of arguments",
            detail=f'Exactly one of "password" and "private_key" must be given; {problem}.',
            path=(Attr(given[-1]),) if given else (),
            code="azureml.password_xor_key",
        ),
    )


def _passphrase_needs_key(config: Fields) -> Diagnostics:
    """A passphrase is that of a private key."""
    if config.get("passphrase") is None or config.get("private_key") is not None:
        return ()
    return (
        Diagnostic(
            summary="Invalid combination of arguments",
            detail='"passphrase" belongs to "private_key", which is not given.',
            path=(Attr("passphrase"),),
            code="azureml.passphrase_without_key",
        ),
    )


def _secret(name: str, member: str, description: str) -> Property:
    return Property(
        name=name,
        type=STRING,
        arm=f"{_ACCOUNT}.{member}",
        write_only=True,
        sensitive=True,
        description=description,
    )


DEFINITION: Final = Definition(
    type_name="azureml_attached_virtual_machine",
    noun="attached virtual machine",
    arm_type=COMPUTES,
    api_version=ML_API_VERSION,
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="computes"),
    description="An existing Ubuntu VM, attached to a workspace. Detaching leaves the VM as it is.",
    discriminator={"properties.computeType": "VirtualMachine"},
    delete_parameters={"underlyingResourceAction": "Detach"},
    verbs=ATTACH_AND_DETACH,
    secret_version="credentials_version",  # noqa: S106  (the name of an attribute)
    listed=True,
    attaches="virtual_machine_id",
    rules=(_password_xor_key, _passphrase_needs_key),
    prepare=in_workspace_location,
    guards=(suitable_machine, free_to_attach),
    table=(
        *compute_envelope(Route.PUT),
        Property(
            name="virtual_machine_id",
            type=STRING,
            arm="properties.resourceId",
            required=True,
            notation=ID,
            checks=(arm_id("Microsoft.Compute/virtualMachines"),),
            description="The ARM id of the VM.",
        ),
        Property(
            name="ssh_port",
            type=NUMBER,
            arm="properties.properties.sshPort",
            default=22,
            checks=(between(1, 65535),),
            description="The port of the VM's SSH server.",
        ),
        Property(
            name="username",
            type=STRING,
            arm=f"{_ACCOUNT}.username",
            required=True,
            echoed=False,
            description="The administrator on the VM.",
        ),
        _secret("password", "password", "The administrator's password; stored nowhere."),
        _secret("private_key", "privateKeyData", "The administrator's private key; stored nowhere."),
        _secret("passphrase", "passphrase", "The private key's passphrase; stored nowhere."),
        Property(
            name="credentials_version",
            type=STRING,
            route=Route.DECIDED,
            description="Changes whenever the write-only credentials do.",
        ),
        Property(
            name="address",
            type=STRING,
            arm="properties.properties.address",
            route=Route.DECIDED,
            description="The public address that the workspace uses.",
        ),
    ),
)
