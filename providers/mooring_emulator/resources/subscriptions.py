"""Subscriptions: those that are there from the start, and those that somebody creates.

Sources: Microsoft.Resources 2022-12-01 (subscriptions); Microsoft.Subscription 2021-10-01, aliases: a PUT
creates a subscription, here without billing and at once, with the `subscriptionId` that it asks for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mooring_emulator.arm.access import may_see
from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.errors import ArmError, bad_request, resource_not_found
from mooring_emulator.arm.paging import list_all
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document, Put, key_of

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject

SUBSCRIPTION_TYPE = "Microsoft.Resources/subscriptions"
ALIAS_TYPE = "Microsoft.Subscription/aliases"
ALIAS_VERSIONS = ("2020-09-01", "2021-10-01", "2024-08-01-preview")

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def subscription_document(subscription: str, name: str, tenant_id: str) -> Document:
    """Build the document of a subscription."""
    body: JsonObject = {
        "id": f"/subscriptions/{subscription}",
        "subscriptionId": subscription,
        "tenantId": tenant_id,
        "displayName": name,
        "state": "Enabled",
        "subscriptionPolicies": {"locationPlacementId": "Public_2014-09-01", "spendingLimit": "Off"},
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
    }
    return Document(id=body["id"], type=SUBSCRIPTION_TYPE, body=body)


def is_subscription_id(text: str) -> bool:
    """Say whether a text is a GUID."""
    return _GUID.fullmatch(text) is not None


def list_subscriptions(call: Call) -> Outcome:
    """GET /subscriptions: those in which the principal has a role."""
    found = call.view.documents("/subscriptions/", frozenset({SUBSCRIPTION_TYPE}))
    return list_all([each.body for each in found if may_see(call, each.body["subscriptionId"])])


def get_subscription(call: Call) -> Outcome:
    """GET /subscriptions/{subscription}."""
    document = call.view.document(key_of(f"/subscriptions/{call.parameters['subscription']}"))
    return Outcome(response=json_response(200, document.body if document else {}))


def put_alias(call: Call) -> Outcome:
    """PUT /providers/Microsoft.Subscription/aliases/{alias}: create a subscription."""
    prior = call.view.document(_alias_key(call))
    if prior is not None:
        return Outcome(response=json_response(200, prior.body))
    sent = read_object(call).get("properties")
    wanted = sent if isinstance(sent, dict) else {}
    subscription = wanted.get("subscriptionId") or call.world.new_id()
    if not isinstance(subscription, str) or not is_subscription_id(subscription):
        raise bad_request("The subscriptionId must be a GUID.", target="properties.subscriptionId")
    name = str(wanted.get("displayName") or call.parameters["alias"])
    alias = _alias(call, subscription, name)
    created = subscription_document(subscription.lower(), name, call.world.principal.tenant_id)
    writes = () if call.view.document(created.key) is not None else (Put(document=created),)
    return Outcome(response=json_response(201, alias.body), writes=(*writes, Put(document=alias)))


def get_alias(call: Call) -> Outcome:
    """GET /providers/Microsoft.Subscription/aliases/{alias}."""
    document = call.view.document(_alias_key(call))
    if document is None:
        raise resource_not_found(f"{ALIAS_TYPE}/{call.parameters['alias']}", "")
    return Outcome(response=json_response(200, document.body))


def refuse_to_cancel(_call: Call) -> Outcome:
    """DELETE of an alias would leave its subscription, which nobody could find again."""
    raise ArmError(409, "Conflict", "The emulator's subscriptions stay: delete their resource groups.")


def _alias_key(call: Call) -> str:
    return key_of(f"/providers/{ALIAS_TYPE}/{call.parameters['alias']}")


def _alias(call: Call, subscription: str, name: str) -> Document:
    body: JsonObject = {
        "id": f"/providers/{ALIAS_TYPE}/{call.parameters['alias']}",
        "name": call.parameters["alias"],
        "type": ALIAS_TYPE,
        "properties": {
            "subscriptionId": subscription.lower(),
            "displayName": name,
            "provisioningState": "Succeeded",
            "acceptOwnershipState": "Completed",
        },
    }
    return Document(id=body["id"], type=ALIAS_TYPE, body=body)
