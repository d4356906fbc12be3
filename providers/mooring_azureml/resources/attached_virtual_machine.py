"""`azureml_attached_virtual_machine`: computeType VirtualMachine. Somebody's VM, attached and detached.

Sources: specs/compute-schema-2026-05-01.json; facts.md section 1 for the rules (Ubuntu, public IP, one
attachment per VM). A VM outside of Azure, or in a subscription that cannot be read, is attached by its
address.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring_azureml.combinations import exactly_one
from mooring_azureml.computes.administrator import SSH_ACCESS, SSH_RULES
from mooring_azureml.computes.attaching import ATTACHED, SECRET_VERSION, attached_id
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.machines import suitable_machine

DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_attached_virtual_machine",
    noun="attached virtual machine",
    discriminator={"properties.computeType": "VirtualMachine"},
    attaches="virtual_machine_id",
    description="An existing Ubuntu VM, attached to a workspace. Detaching leaves the VM as it is.",
    rules=(exactly_one("azureml.id_xor_address", "virtual_machine_id", "address"), *SSH_RULES),
    guards=(suitable_machine, free_to_attach("virtual_machine_id")),
    secret_version=SECRET_VERSION,
    table=(
        *ATTACHED.table,
        attached_id(
            "virtual_machine_id",
            "Microsoft.Compute/virtualMachines",
            description="The ARM id of the VM.",
            required=False,
        ),
        *SSH_ACCESS,
    ),
)
