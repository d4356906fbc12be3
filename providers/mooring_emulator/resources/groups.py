"""Resource groups.

Source: Microsoft.Resources 2025-04-01. Deleting a group deletes everything in it: 202 with a Location, and
the group shows `Deleting` until then.
"""

import re

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.documents import in_state
from mooring_emulator.arm.errors import ArmError
from mooring_emulator.arm.kinds import (
    Change,
    NameRule,
    OperationLinks,
    Replies,
    Reply,
    ResourceKind,
    Target,
)
from mooring_emulator.arm.lifecycle import GROUP_TYPE, retire
from mooring_emulator.arm.paging import list_page
from mooring_emulator.arm.regions import require_location
from mooring_emulator.arm.versions import RESOURCES
from mooring_emulator.codec import JsonObject
from mooring_emulator.store.model import Document

_RESULT = "/subscriptions/{subscription}/operationresults/{operation}"
_DONE = Reply(status=200)


def resource_group_kind() -> ResourceKind:
    """Describe the type."""
    return ResourceKind(
        type=GROUP_TYPE,
        api_versions=RESOURCES,
        name_rule=NameRule(
            pattern=re.compile(r"[\w.()-]{0,89}[\w()-]"),
            code="InvalidResourceGroup",
            message="The provided resource group name '{name}' is invalid. The name can only be a letter, "
            "digit, '-', '.', '(', ')' or '_', at most 90 characters, and must not end with '.'.",
        ),
        replies=Replies(
            create=Reply(status=201),
            update=_DONE,
            patch=_DONE,
            delete=Reply(status=202, has_body=False, location=True),
        ),
        links=OperationLinks(status_path=_RESULT, result_path=_RESULT),
        compose=_compose,
        revise=_revise,
        retire=retire,
        is_tracked=False,
    )


def list_groups(call: Call) -> Outcome:
    """GET /subscriptions/{subscription}/resourcegroups."""
    prefix = f"/subscriptions/{call.parameters['subscription']}/resourcegroups/".lower()
    return list_page(call, prefix, frozenset({GROUP_TYPE}), render=lambda document: document.body)


def _compose(call: Call, target: Target, prior: Document | None) -> Change:
    body = read_object(call)
    location = require_location(body.get("location"), GROUP_TYPE)
    if prior is not None and prior.body["location"] != location:
        raise ArmError(
            409,
            "InvalidResourceGroupLocation",
            f"Invalid resource group location '{location}'. The Resource group already exists in location "
            f"'{prior.body['location']}'.",
        )
    return _change(group_document(target.id, target.name, location, body.get("tags")))


def _revise(call: Call, target: Target, prior: Document) -> Change:
    tags = read_object(call).get("tags", prior.body.get("tags"))
    return _change(group_document(target.id, target.name, prior.body["location"], tags))


def _change(document: Document) -> Change:
    return Change(after=document, during=in_state(document, "Succeeded"))


def group_document(group_id: str, name: str, location: str, tags: JsonObject | None) -> Document:
    """Build the document of a resource group."""
    body: JsonObject = {
        "id": group_id,
        "name": name,
        "type": GROUP_TYPE,
        "location": location,
        "tags": tags or {},
        "properties": {"provisioningState": "Succeeded"},
    }
    return Document(id=group_id, type=GROUP_TYPE, body=body)
