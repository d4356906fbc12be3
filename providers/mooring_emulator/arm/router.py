"""From a request to its handler.

Owns the two steps: a path finds a `Route`; below `/providers/{namespace}/` the path finds a resource type
and a target (`targets`). Sources: Azure/azure-resource-manager-rpc v1.0 (addressing, api-version rules).
"""

from dataclasses import replace

from mooring_emulator.arm import errors, lifecycle
from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.catalog import ANY, Route
from mooring_emulator.arm.kinds import Target
from mooring_emulator.arm.tags import answer_tags
from mooring_emulator.arm.targets import ResourcePath, parent_path, plain_target, read_path, resource_target
from mooring_emulator.arm.urls import Url
from mooring_emulator.store.model import key_of

_TAGS = ("providers", "microsoft.resources", "tags", "default")


def dispatch(call: Call) -> Outcome:
    """Answer a request; raises ArmError."""
    route, parameters = _find_route(call)
    if route.needs_api_version:
        _require_api_version(call.url, route)
    _require_subscription(call, parameters.get("subscription"))
    return route.handler(replace(call, parameters=parameters))


def answer_group(call: Call) -> Outcome:
    """Answer a request for a resource group, which is a resource too."""
    subscription, group = call.parameters["subscription"], call.parameters["group"]
    kind = call.world.catalog.kinds[lifecycle.GROUP_TYPE.lower()]
    target = plain_target(call, kind, f"/subscriptions/{subscription}", group)
    return _apply_method(call, replace(target, subscription=subscription))


def answer_resource(call: Call) -> Outcome:
    """Answer a request below `.../providers/{namespace}/` of a group, a subscription or a resource."""
    if tuple(segment.lower() for segment in call.url.segments[-4:]) == _TAGS:
        return answer_tags(call)
    path = read_path(call)
    if call.request.method == "GET" and path.last_type.lower() in path.kind.reads and path.names:
        return lifecycle.read_part(call, resource_target(call, path), path.last_type)
    if path.last_type and call.request.method == "POST":
        _require_scope(call, path)
        return lifecycle.act(call, resource_target(call, path), path.last_type)
    if path.last_type:
        return _list(call, path)
    _require_scope(call, path)
    return _apply_method(call, resource_target(call, path))


def _find_route(call: Call) -> tuple[Route, dict[str, str]]:
    segments = call.url.segments
    lowered = tuple(segment.lower() for segment in segments)
    is_known_path = False
    for compiled in call.world.catalog.routes:
        parameters = compiled.match(segments, lowered)
        if parameters is not None and compiled.route.method in {ANY, call.request.method}:
            return compiled.route, parameters
        is_known_path = is_known_path or parameters is not None
    if is_known_path:
        raise errors.method_not_allowed(call.request.method)
    raise errors.path_not_found(call.url.path)


def _require_api_version(url: Url, route: Route) -> None:
    if not url.api_version:
        raise errors.missing_api_version()
    if route.api_versions and url.api_version.lower() not in route.api_versions:
        raise errors.invalid_api_version(url.api_version, route.api_versions)


def _require_subscription(call: Call, subscription: str | None) -> None:
    if subscription and call.view.document(f"/subscriptions/{subscription.lower()}") is None:
        raise errors.subscription_not_found(subscription)


def _require_scope(call: Call, path: ResourcePath) -> None:
    if path.scope_kind not in path.kind.scopes or not path.names:
        raise errors.path_not_found(call.url.path)


def _apply_method(call: Call, target: Target) -> Outcome:
    method = lifecycle.METHODS.get(call.request.method)
    if method is None:
        raise errors.method_not_allowed(call.request.method)
    return method(call, target)


def _list(call: Call, path: ResourcePath) -> Outcome:
    if call.request.method != "GET":
        raise errors.method_not_allowed(call.request.method)
    if not path.names:
        return lifecycle.list_resources(call, path.kind, key_of(path.scope))
    if path.scope_kind not in path.kind.scopes:
        raise errors.path_not_found(call.url.path)
    parent = resource_target(call, parent_path(call, path))
    if call.view.document(parent.key) is None:
        raise errors.parent_not_found(parent.name)
    return lifecycle.list_resources(call, path.kind, parent.key)
