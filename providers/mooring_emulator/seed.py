"""What a new cloud holds: a subscription, and a resource group that is somebody else's.

The group has an Ubuntu Data Science VM to attach, with its network interface and public IP address, so that
attaching can be tried before anything is created. Owns the constants of that world. The resources are made by
the types' own `compose`, and no request is logged for them.
"""

from collections.abc import Sequence

from mooring_emulator.arm.call import Call, World
from mooring_emulator.arm.kinds import Target
from mooring_emulator.arm.principals import Principal
from mooring_emulator.arm.urls import parse_url
from mooring_emulator.codec import JsonObject, encode
from mooring_emulator.messages import Request
from mooring_emulator.resources.groups import group_document
from mooring_emulator.resources.subscriptions import subscription_document
from mooring_emulator.store.model import Document, Put, key_of
from mooring_emulator.store.protocol import Session, Store

SUBSCRIPTION_ID = "00000000-0000-0000-0000-000000000000"
TENANT_ID = "11111111-1111-1111-1111-111111111111"
PRINCIPAL = Principal(
    tenant_id=TENANT_ID,
    object_id="22222222-2222-2222-2222-222222222222",
    name="user@example.com",
)
GROUP_NAME = "rg-datascience-vms"
LOCATION = "eastus"

_SUBSCRIPTION = f"/subscriptions/{SUBSCRIPTION_ID}"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/{GROUP_NAME}"
_NETWORK = f"{_GROUP}/providers/Microsoft.Network"
_NAME = "Emulated subscription"
_OWNER = {"owner": "data-science-team"}


def plant(store: Store, world: World, now: float, subscriptions: Sequence[str] = ()) -> None:
    """Fill a store that is new, and add the subscriptions that it does not have."""
    with store.session() as session:
        is_new = session.document(key_of(_SUBSCRIPTION)) is None
        for subscription in (SUBSCRIPTION_ID, *subscriptions):
            document = subscription_document(subscription.lower(), _NAME, TENANT_ID)
            if session.document(document.key) is None:
                session.apply((Put(document=document),))
        if not is_new:
            return
        session.apply((Put(document=_group()),))
        for type_name, name, properties in _RESOURCES:
            _create(session, world, now, (type_name, name, properties))


def _create(session: Session, world: World, now: float, resource: tuple[str, str, JsonObject]) -> None:
    type_name, name, properties = resource
    kind = world.catalog.kinds[type_name.lower()]
    resource_id = f"{_GROUP}/providers/{type_name}/{name}"
    body = encode({"location": LOCATION, "tags": _OWNER, "properties": properties})
    call = Call(
        request=Request(method="PUT", url=resource_id, body=body),
        url=parse_url(resource_id),
        view=session,
        now=now,
        world=world,
    )
    target = Target(
        kind=kind,
        id=resource_id,
        key=key_of(resource_id),
        name=name,
        subscription=SUBSCRIPTION_ID,
        group=GROUP_NAME,
        parent_key=key_of(_GROUP),
    )
    session.apply(kind.compose(call, target, None).effects)


def _group() -> Document:
    return group_document(_GROUP, GROUP_NAME, LOCATION, _OWNER)


_RESOURCES: tuple[tuple[str, str, JsonObject], ...] = (
    (
        "Microsoft.Network/virtualNetworks",
        "vnet-datascience",
        {
            "addressSpace": {"addressPrefixes": ["10.10.0.0/16"]},
            "subnets": [{"name": "default", "properties": {"addressPrefix": "10.10.0.0/24"}}],
        },
    ),
    ("Microsoft.Network/publicIPAddresses", "pip-dsvm-ubuntu", {}),
    (
        "Microsoft.Network/networkInterfaces",
        "nic-dsvm-ubuntu",
        {
            "ipConfigurations": [
                {
                    "name": "ipconfig1",
                    "properties": {
                        "publicIPAddress": {"id": f"{_NETWORK}/publicIPAddresses/pip-dsvm-ubuntu"},
                        "subnet": {"id": f"{_NETWORK}/virtualNetworks/vnet-datascience/subnets/default"},
                    },
                }
            ],
        },
    ),
    (
        "Microsoft.Compute/virtualMachines",
        "vm-dsvm-ubuntu",
        {
            "hardwareProfile": {"vmSize": "Standard_DS3_v2"},
            "storageProfile": {
                "imageReference": {
                    "publisher": "microsoft-dsvm",
                    "offer": "ubuntu-2204",
                    "sku": "2204-gen2",
                    "version": "latest",
                },
            },
            "osProfile": {
                "computerName": "vm-dsvm-ubuntu",
                "adminUsername": "azureuser",
                "linuxConfiguration": {"disablePasswordAuthentication": False},
            },
            "networkProfile": {
                "networkInterfaces": [{"id": f"{_NETWORK}/networkInterfaces/nic-dsvm-ubuntu"}]
            },
        },
    ),
)
