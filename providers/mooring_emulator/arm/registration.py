"""Resource providers of a subscription: which there are, and whether they are registered.

Source: Microsoft.Resources 2025-04-01, providers. Every provider of the catalog is registered until somebody
unregisters it; a PUT to one that is not answers 409 MissingSubscriptionRegistration, on which clients with
azure-mgmt-core's ARMAutoResourceProviderRegistrationPolicy register it and try again.
"""

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import ArmError, invalid_namespace
from mooring_emulator.arm.kinds import ResourceKind, Target
from mooring_emulator.arm.paging import list_all
from mooring_emulator.arm.regions import REGIONS
from mooring_emulator.codec import JsonObject
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document, Put, RemoveTree

REGISTRATION_TYPE = "Microsoft.Resources/providers"

_ALWAYS = frozenset({"microsoft.resources", "microsoft.authorization"})


def require_registered(call: Call, target: Target) -> None:
    """Raise 409 when the subscription has unregistered the target's provider."""
    namespace = target.kind.namespace
    if target.subscription and call.view.document(_key(target.subscription, namespace)) is not None:
        raise ArmError(
            409,
            "MissingSubscriptionRegistration",
            f"The subscription is not registered to use namespace '{namespace}'. "
            "See https://aka.ms/rps-not-found for how to register subscriptions.",
            target=namespace,
        )


def list_providers(call: Call) -> Outcome:
    """GET /subscriptions/{subscription}/providers."""
    namespaces = call.world.catalog.namespaces.values()
    return list_all([_provider(call, kinds) for kinds in namespaces])


def get_provider(call: Call) -> Outcome:
    """GET /subscriptions/{subscription}/providers/{namespace}."""
    return Outcome(response=json_response(200, _provider(call, _kinds(call))))


def register(call: Call) -> Outcome:
    """POST .../providers/{namespace}/register; at once, so the answer is Registered already."""
    kinds = _kinds(call)
    key = _key(call.parameters["subscription"], kinds[0].namespace)
    body = {**_provider(call, kinds), "registrationState": "Registered"}
    return Outcome(response=json_response(200, body), writes=(RemoveTree(key=key),))


def unregister(call: Call) -> Outcome:
    """POST .../providers/{namespace}/unregister."""
    kinds = _kinds(call)
    if kinds[0].namespace.lower() in _ALWAYS:
        raise ArmError(
            409, "CannotUnregister", f"The provider '{kinds[0].namespace}' cannot be unregistered."
        )
    body = {**_provider(call, kinds), "registrationState": "Unregistered"}
    document = Document(id=body["id"], type=REGISTRATION_TYPE, body=body)
    return Outcome(response=json_response(200, body), writes=(Put(document=document),))


def list_tenant_providers(call: Call) -> Outcome:
    """GET /providers: the same without a subscription, so without registration."""
    return list_all([_described(kinds) for kinds in call.world.catalog.namespaces.values()])


def _kinds(call: Call) -> tuple[ResourceKind, ...]:
    namespace = call.parameters["namespace"]
    kinds = call.world.catalog.namespaces.get(namespace.lower())
    if not kinds:
        raise invalid_namespace(namespace)
    return kinds


def _provider(call: Call, kinds: tuple[ResourceKind, ...]) -> JsonObject:
    subscription, namespace = call.parameters["subscription"], kinds[0].namespace
    is_registered = call.view.document(_key(subscription, namespace)) is None
    return {
        "id": f"/subscriptions/{subscription}/providers/{namespace}",
        **_described(kinds),
        "registrationPolicy": "RegistrationRequired",
        "registrationState": "Registered" if is_registered else "Unregistered",
    }


def _described(kinds: tuple[ResourceKind, ...]) -> JsonObject:
    return {"namespace": kinds[0].namespace, "resourceTypes": [_resource_type(kind) for kind in kinds]}


def _resource_type(kind: ResourceKind) -> JsonObject:
    return {
        "resourceType": kind.path,
        "locations": list(REGIONS) if kind.is_tracked else [],
        "apiVersions": list(reversed(kind.api_versions)),
        "defaultApiVersion": kind.default_api_version,
        "capabilities": "SupportsTags, SupportsLocation" if kind.is_tracked else "None",
    }


def _key(subscription: str, namespace: str) -> str:
    return f"/subscriptions/{subscription}/providers/{namespace}".lower()
