"""Tags as a resource of their own: {scope}/providers/Microsoft.Resources/tags/default.

Source: Microsoft.Resources 2025-04-01, Tags_*AtScope: PUT replaces all, PATCH has the operations Merge,
Replace and Delete, DELETE removes all. The scope is a subscription, a resource group or any resource.
"""

from dataclasses import replace

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.errors import invalid_content, method_not_allowed, parent_not_found
from mooring_emulator.arm.locks import require_unlocked
from mooring_emulator.arm.targets import scope_target
from mooring_emulator.codec import Json, JsonObject
from mooring_emulator.messages import empty_response, json_response
from mooring_emulator.store.model import Document, Put, key_of


def answer_tags(call: Call) -> Outcome:
    """Answer any method on the tags of a scope."""
    scope = "/" + "/".join(call.url.segments[:-4])
    document = call.view.document(key_of(scope))
    if document is None:
        raise parent_not_found(scope.rpartition("/")[2])
    existing: JsonObject = document.body.get("tags") or {}
    match call.request.method:
        case "GET":
            return Outcome(response=json_response(200, _shown(document, existing)))
        case "HEAD":
            return Outcome(response=empty_response(204))
        case "PUT":
            return _write(call, document, _sent(call))
        case "PATCH":
            return _write(call, document, _merged(call, existing))
        case "DELETE":
            return _remove(call, document)
        case _:
            raise method_not_allowed(call.request.method)


def list_tag_names(call: Call) -> Outcome:
    """GET /subscriptions/{subscription}/tagNames: every tag name in use."""
    prefix = f"/subscriptions/{call.parameters['subscription']}/".lower()
    types = call.world.catalog.tracked_types
    names = sorted(
        {name for found in call.view.documents(prefix, types) for name in found.body["tags"] or {}}
    )
    values = [{"id": f"{prefix}tagNames/{name}", "tagName": name, "values": []} for name in names]
    return Outcome(response=json_response(200, {"value": values}))


def _sent(call: Call) -> JsonObject:
    properties = read_object(call).get("properties")
    tags = properties.get("tags") if isinstance(properties, dict) else None
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise invalid_content("properties.tags must be an object of strings")
    return tags


def _merged(call: Call, existing: JsonObject) -> JsonObject:
    operation: Json = read_object(call).get("operation")
    tags = _sent(call)
    match str(operation).lower():
        case "merge":
            return {**existing, **tags}
        case "replace":
            return tags
        case "delete":
            return {name: value for name, value in existing.items() if name not in tags}
        case _:
            raise invalid_content("operation must be Merge, Replace or Delete")


def _write(call: Call, document: Document, tags: JsonObject) -> Outcome:
    require_unlocked(call, scope_target(call, document))
    after = replace(document, body={**document.body, "tags": tags})
    return Outcome(response=json_response(200, _shown(document, tags)), writes=(Put(document=after),))


def _remove(call: Call, document: Document) -> Outcome:
    require_unlocked(call, scope_target(call, document))
    after = replace(document, body={**document.body, "tags": {}})
    return Outcome(response=empty_response(200), writes=(Put(document=after),))


def _shown(document: Document, tags: JsonObject) -> JsonObject:
    return {
        "id": f"{document.id}/providers/Microsoft.Resources/tags/default",
        "name": "default",
        "type": "Microsoft.Resources/tags",
        "properties": {"tags": tags},
    }
