"""A VM that is to be attached must exist, run Ubuntu and have a public IP address.

Source: "Set up compute targets", remote virtual machines (facts.md section 1). The service finds out only
while the operation runs, and leaves a failed compute that holds its name.
"""

from __future__ import annotations

from typing import Final

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity
from mooring.core.paths import Attr
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError, Document, Target
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.preflight.underlying import Underlying, look_below
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import items, members
from mooring_azureml.table.to_arm import get_at

_NETWORK_API: Final = "2024-05-01"
_MACHINE: Final = Underlying("virtual_machine_id", "virtual machine", "2024-07-01", "azureml.vm_missing")
_ATTRIBUTE: Final = (Attr(_MACHINE.attribute),)


def suitable_machine(access: Access, ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
    """Look at the VM before it is attached; an attachment that exists is not checked again."""
    machine = look_below(_MACHINE, access, ctx, prior, planned)
    if machine is None or isinstance(machine, Diagnostic):
        return () if machine is None else (machine,)
    machine_id = str(planned[_MACHINE.attribute])
    return (*_is_ubuntu(machine, machine_id), *_has_public_address(access, ctx, machine, machine_id))


def _is_ubuntu(machine: Document, machine_id: str) -> Diagnostics:
    image = members(get_at(machine, "properties.storageProfile.imageReference"))
    words = " ".join(str(image.get(name) or "") for name in ("publisher", "offer", "sku")).lower().strip()
    system = str(get_at(machine, "properties.storageProfile.osDisk.osType") or "").lower()
    if "ubuntu" in words or "canonical" in words:
        return ()
    if system == "windows" or words:
        what = words or "Windows"
        return (
            _problem(
                "azureml.vm_not_ubuntu",
                f"{machine_id} runs {what}. Only virtual machines with Ubuntu can be attached.",
            ),
        )
    return (
        _unsure(
            f"{machine_id} was made from an image that does not say whether it is Ubuntu, as it must be."
        ),
    )


def _has_public_address(access: Access, ctx: CallContext, machine: Document, machine_id: str) -> Diagnostics:
    interfaces = items(get_at(machine, "properties.networkProfile.networkInterfaces"))
    for reference in interfaces:
        target = Target(id=str(members(reference).get("id")), api_version=_NETWORK_API)
        interface = access.arm.get(ctx, target)
        if isinstance(interface, ArmError):
            return (_unsure(f"The network interface {target.id} could not be read: {interface.message}"),)
        if any(map(_is_public, items(get_at(interface, "properties.ipConfigurations")))):
            return ()
    return (
        _problem(
            "azureml.vm_without_public_ip",
            f"{machine_id} has no public IP address. A virtual machine needs one to be attached.",
        ),
    )


def _is_public(configuration: Plain) -> bool:
    return get_at(configuration, "properties.publicIPAddress.id") is not None


def _problem(code: str, detail: str) -> Diagnostic:
    return Diagnostic(summary="Virtual machine cannot be attached", detail=detail, path=_ATTRIBUTE, code=code)


def _unsure(detail: str) -> Diagnostic:
    return Diagnostic(
        severity=Severity.WARNING,
        summary="Virtual machine could not be checked",
        detail=detail,
        path=_ATTRIBUTE,
        code="azureml.vm_unchecked",
    )
