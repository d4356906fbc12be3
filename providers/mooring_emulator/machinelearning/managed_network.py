"""The managed network of a workspace: its outbound rules are children, and it is made on demand.

Sources: specs operations-2025-12-01 (provisionManagedNetwork: 202 with a Location; outboundRules); "Workspace
managed network isolation": the service adds rules of its own, of the category Required, for what belongs to
the workspace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_emulator.arm.documents import with_properties
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.kinds import Change, Reply
from mooring_emulator.arm.lifecycle import require_idle
from mooring_emulator.arm.operations import carry_out
from mooring_emulator.store.model import Document, Put

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call, Outcome
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import Json, JsonObject
    from mooring_emulator.store.model import Effect

RULE_TYPE = "Microsoft.MachineLearningServices/workspaces/outboundRules"
_MODES = ("Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound")
_ACTIVE = {"status": "Active", "sparkReady": True}


def without_rules(properties: JsonObject) -> JsonObject:
    """Give the properties of a workspace as they are stored: the rules are documents of their own."""
    network = properties.get("managedNetwork")
    if not isinstance(network, dict):
        return properties
    kept = {name: value for name, value in network.items() if name != "outboundRules"}
    return {**properties, "managedNetwork": kept}


def require_no_opening(prior: Document, sent: JsonObject) -> None:
    """Raise 400 for an isolation that is less than the workspace has: it can only grow."""
    network = sent.get("managedNetwork")
    wanted = network.get("isolationMode") if isinstance(network, dict) else None
    existing = (prior.properties.get("managedNetwork") or {}).get("isolationMode") or _MODES[0]
    if wanted in _MODES and _MODES.index(wanted) < _MODES.index(existing):
        message = f"The isolation mode cannot be changed from {existing} to {wanted}."
        raise bad_request(message, target="managedNetwork.isolationMode")


def put_rules(workspace_id: str, sent: JsonObject) -> tuple[Effect, ...]:
    """Give the rules that a PUT or PATCH of the workspace names; those it does not name stay."""
    network = sent.get("managedNetwork")
    rules = network.get("outboundRules") if isinstance(network, dict) else None
    return tuple(_rule(workspace_id, name, rule) for name, rule in (rules or {}).items())


def _rule(workspace_id: str, name: str, rule: Json) -> Effect:
    properties = {"category": "UserDefined", "status": "Inactive", **rule}
    rule_id = f"{workspace_id}/outboundRules/{name}"
    body: JsonObject = {"id": rule_id, "name": name, "type": RULE_TYPE, "properties": properties}
    return Put(document=Document(id=rule_id, type=RULE_TYPE, body=body))


def with_rules(call: Call, workspace: Document) -> Document:
    """Give the workspace as it is shown, with its rules by name."""
    rules = call.view.documents(f"{workspace.key}/outboundrules/", frozenset({RULE_TYPE}))
    if not rules:
        return workspace
    shown = {str(rule.body["name"]): rule.properties for rule in rules}
    network = {**(workspace.properties.get("managedNetwork") or {}), "outboundRules": shown}
    return with_properties(workspace, managedNetwork=network)


def provision(call: Call, target: Target, prior: Document) -> Outcome:
    """POST .../provisionManagedNetwork."""
    require_idle(call, target)
    network = prior.properties.get("managedNetwork") or {}
    if network.get("isolationMode") in {None, "Disabled"}:
        raise bad_request("The managed network of the workspace is disabled.", target="managedNetwork")
    done = with_properties(prior, managedNetwork={**network, "status": _ACTIVE})
    storage = str(prior.properties.get("storageAccount"))
    own = {
        "type": "PrivateEndpoint",
        "category": "Required",
        "status": "Active",
        "destination": {"serviceResourceId": storage, "subresourceTarget": "blob", "sparkEnabled": False},
    }
    rule = _rule(prior.id, f"__SYS_PE_{storage.rpartition('/')[2]}_blob", own)
    change = Change(after=done, during=prior, also=(rule,))
    return carry_out(call, target, change, Reply(status=202, has_body=False, location=True))
