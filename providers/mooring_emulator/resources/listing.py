"""The generic lists: every tracked resource of a subscription or of a resource group.

Source: Microsoft.Resources 2025-04-01. A list item has no properties. `$filter` knows `name eq 'x'`,
`resourceType eq 'x'` and `resourceGroup eq 'x'`, joined by `and`; anything else is refused, not ignored.
"""

import re
from collections.abc import Mapping

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import ArmError, group_not_found
from mooring_emulator.arm.paging import list_all, list_page
from mooring_emulator.codec import JsonObject
from mooring_emulator.store.model import Document

_COMPARISON = re.compile(r"\s*(name|resourceType|resourceGroup)\s+eq\s+'([^']*)'\s*", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_MEMBERS = ("id", "name", "type", "kind", "location", "tags", "sku", "identity", "plan", "zones")


def list_in_subscription(call: Call) -> Outcome:
    """GET /subscriptions/{subscription}/resources."""
    return _list(call, f"/subscriptions/{call.parameters['subscription']}/")


def list_in_group(call: Call) -> Outcome:
    """GET /subscriptions/{subscription}/resourceGroups/{group}/resources."""
    group = call.parameters["group"]
    key = f"/subscriptions/{call.parameters['subscription']}/resourcegroups/{group}".lower()
    if call.view.document(key) is None:
        raise group_not_found(group)
    return _list(call, key + "/")


def _list(call: Call, prefix: str) -> Outcome:
    wanted = _read_filter(call.url.query.get("$filter", ""))
    if "resourcegroup" in wanted:
        prefix = f"/subscriptions/{call.parameters['subscription']}/resourcegroups/{wanted['resourcegroup']}/"
    catalog = call.world.catalog
    types = catalog.tracked_types
    if "resourcetype" in wanted:
        kind = catalog.kind(wanted["resourcetype"])
        types = types & ({kind.type} if kind else set())
    if "name" not in wanted:
        return list_page(call, prefix.lower(), types, render=_item)
    found = call.view.documents(prefix.lower(), types)
    return list_all(
        [_item(document) for document in found if document.body["name"].lower() == wanted["name"].lower()]
    )


def _item(document: Document) -> JsonObject:
    return {name: document.body[name] for name in _MEMBERS if name in document.body}


def _read_filter(text: str) -> Mapping[str, str]:
    comparisons = [_COMPARISON.fullmatch(part) for part in _AND.split(text)] if text else []
    wanted = {match[1].lower(): match[2] for match in comparisons if match}
    if len(wanted) != len(comparisons):
        raise ArmError(
            400, "InvalidFilterInQueryString", f"Invalid $filter '{text}' specified in the query string."
        )
    return wanted
