"""VirtualMachine: somebody's VM, attached.

Sources: specs/compute-2026-05-01.json; "set up compute targets", for what a VM must be: Ubuntu, with a public
IP address, with an administrator account by password or by key; and for the rule that each new attachment of
a VM removes the previous one. The service finds out about the VM while the operation runs, so an unsuitable
one leaves a Failed compute.
"""

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import bad_request, error_object
from mooring_emulator.arm.kinds import Target
from mooring_emulator.codec import Json, JsonObject
from mooring_emulator.machinelearning.compute_types import ComputeRequest, ComputeType, Draft
from mooring_emulator.machinelearning.linked_ids import respell
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document, key_of
from mooring_emulator.store.protocol import View

_VM_TYPE = "Microsoft.Compute/virtualMachines"
_DEFAULT_SSH_PORT = 22


def attach(request: ComputeRequest) -> Draft:
    """Draft an attachment by resource id or, as of old, by address."""
    settings = {"sshPort": _DEFAULT_SSH_PORT, "isNotebookInstanceCompute": False, **request.settings}
    _require_credentials(settings.get("administratorAccount") or {})
    resource_id = request.sent.get("resourceId")
    if resource_id:
        return _by_resource(request, settings, respell(resource_id))
    if not settings.get("address"):
        raise bad_request("Either properties.resourceId or properties.properties.address is required.")
    claim = f"attachment:{settings['address']}:{settings['sshPort']}"
    return Draft(settings=settings, compute_location=request.location, claims=(claim,))


def reattach(request: ComputeRequest, prior: Document) -> Draft:
    """Draft a PUT over an attachment: new credentials are taken over, another VM needs a detach first."""
    existing = prior.properties["resourceId"]
    wanted = request.sent.get("resourceId")
    if key_of(existing or "") != key_of(wanted or ""):
        raise bad_request(
            f"The compute is attached to '{existing}'. "
            "Detach it before attaching another resource under its name."
        )
    return attach(request)


def list_keys(_call: Call, _target: Target, prior: Document) -> Outcome:
    """POST .../listKeys: the administrator account, secrets included."""
    account = prior.private["settings"].get("administratorAccount") or {}
    names = ("username", "password", "publicKeyData", "privateKeyData")
    secrets = {name: account.get(name) for name in names}
    return Outcome(
        response=json_response(200, {"computeType": "VirtualMachine", "administratorAccount": secrets})
    )


def _by_resource(request: ComputeRequest, settings: JsonObject, resource_id: str) -> Draft:
    machine = request.call.view.document(key_of(resource_id))
    if machine is None or machine.type != _VM_TYPE:
        raise bad_request(
            f"The virtual machine '{resource_id}' could not be found.", target="properties.resourceId"
        )
    address = find_public_address(request.call.view, machine)
    size = (machine.properties.get("hardwareProfile") or {}).get("vmSize")
    return Draft(
        settings={**settings, "address": address, "virtualMachineSize": size},
        during={"address": None, "virtualMachineSize": None},
        resource_id=resource_id,
        compute_location=machine.body["location"],
        claims=(f"attachment:{machine.key}",),
        error=_unsuitable(machine, address),
    )


def _unsuitable(machine: Document, address: str | None) -> JsonObject | None:
    if not _is_ubuntu(machine):
        message = (
            f"The virtual machine '{machine.id}' does not run Ubuntu. Only Ubuntu machines can be attached."
        )
        return error_object("UnsupportedOperatingSystem", message, target="properties.resourceId")
    if address is None:
        message = f"The virtual machine '{machine.id}' has no public IP address, which attaching needs."
        return error_object("PublicIpAddressRequired", message, target="properties.resourceId")
    return None


def _is_ubuntu(machine: Document) -> bool:
    image: JsonObject = (machine.properties.get("storageProfile") or {}).get("imageReference") or {}
    words = " ".join(str(image.get(name) or "") for name in ("publisher", "offer", "sku")).lower()
    return "ubuntu" in words or str(image.get("publisher") or "").lower() == "canonical"


def find_public_address(view: View, machine: Document) -> str | None:
    """Give the first public IP address of a VM's network interfaces."""
    interfaces = (machine.properties.get("networkProfile") or {}).get("networkInterfaces") or []
    for interface in filter(None, (_follow(view, reference) for reference in interfaces)):
        for configuration in interface.properties.get("ipConfigurations") or []:
            public = _follow(view, configuration["properties"].get("publicIPAddress"))
            if public is not None and public.properties.get("ipAddress"):
                return str(public.properties["ipAddress"])
    return None


def _follow(view: View, reference: Json) -> Document | None:
    return view.document(key_of(reference["id"])) if reference else None


def _require_credentials(account: JsonObject) -> None:
    if not account.get("username"):
        raise bad_request("The properties.properties.administratorAccount.username field is required.")
    has_password, has_key = bool(account.get("password")), bool(account.get("privateKeyData"))
    if has_password == has_key:
        raise bad_request("administratorAccount must have either a password or privateKeyData, and not both.")


VIRTUAL_MACHINE = ComputeType(
    name="VirtualMachine",
    is_attached=True,
    underlying_actions=frozenset({"detach"}),
    returned_secrets=("administratorAccount",),
    create=attach,
    update=reattach,
    actions={"listKeys": list_keys},
)
