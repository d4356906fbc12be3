"""From a request to its handler.

Owns the two steps: a path finds a `Route`; below `/providers/{namespace}/` the alternation of types and names
finds a `ResourceKind` and makes a `Target`. Sources: Azure/azure-resource-manager-rpc v1.0 (addressing,
api-version rules).
"""

from dataclasses import dataclass, replace

from mooring_emulator.arm import errors, lifecycle
from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.catalog import ANY, Catalog, Route
from mooring_emulator.arm.kinds import ResourceKind, Target
from mooring_emulator.arm.urls import Url
from mooring_emulator.store.model import key_of


def dispatch(call: Call) -> Outcome:
    """Answer a request; raises ArmError."""
    route, parameters = _find_route(call)
    _require_api_version(call.url, route)
    _require_subscription(call, parameters.get("subscription"))
    return route.handler(replace(call, parameters=parameters))


def answer_group(call: Call) -> Outcome:
    """Answer a request for a resource group, which is a resource too."""
    subscription, group = call.parameters["subscription"], call.parameters["group"]
    kind = call.world.catalog.kinds[lifecycle.GROUP_TYPE.lower()]
    scope = f"/subscriptions/{subscription}"
    target = _target(call, kind, scope, group)
    return _apply_method(call, replace(target, subscription=subscription))


def answer_resource(call: Call) -> Outcome:
    """Answer a request below `.../resourceGroups/{group}/providers/{namespace}/`."""
    subscription, group = call.parameters["subscription"], call.parameters["group"]
    path = _read_path(call)
    if path.last_type and call.request.method == "POST":
        return lifecycle.act(call, _resource_target(call, path), path.last_type)
    scope = _group_id(call, subscription, group)
    if path.last_type:
        return _list(call, path, scope)
    return _apply_method(call, _resource_target(call, path))


def answer_subscription_list(call: Call) -> Outcome:
    """Answer a list of one type in the whole subscription."""
    path = _read_path(call)
    if not path.last_type or path.names:
        raise errors.path_not_found(call.url.path)
    return _list(call, path, f"/subscriptions/{call.parameters['subscription']}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ResourcePath:
    """What follows `/providers/`: pairs of type and name.

    A last type without a name is a list, or with POST an action.
    """

    kind: ResourceKind
    names: tuple[str, ...]
    last_type: str


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


def _read_path(call: Call) -> _ResourcePath:
    namespace = call.parameters["namespace"]
    rest = call.parameters["rest"].split("/")
    types, names = rest[0::2], tuple(rest[1::2])
    last_type = types[-1] if len(types) > len(names) else ""
    of_resource = types[: len(names)] if last_type and call.request.method == "POST" else types
    kind = _find_kind(call, namespace, "/".join(of_resource))
    return _ResourcePath(kind=kind, names=names, last_type=last_type)


def _find_kind(call: Call, namespace: str, type_path: str) -> ResourceKind:
    catalog, version = call.world.catalog, call.url.api_version
    if namespace.lower() not in catalog.namespaces:
        raise errors.invalid_namespace(namespace)
    kind = catalog.kind(f"{namespace}/{type_path}")
    if kind is None:
        raise errors.invalid_type(namespace, type_path, version)
    if version.lower() not in kind.api_versions:
        raise errors.no_registered_provider(kind.path, version, kind.api_versions)
    return kind


def _apply_method(call: Call, target: Target) -> Outcome:
    method = lifecycle.METHODS.get(call.request.method)
    if method is None:
        raise errors.method_not_allowed(call.request.method)
    return method(call, target)


def _list(call: Call, path: _ResourcePath, scope: str) -> Outcome:
    if call.request.method != "GET":
        raise errors.method_not_allowed(call.request.method)
    if not path.names:
        return lifecycle.list_resources(call, path.kind, key_of(scope))
    parent_kind = _parent_kind(call.world.catalog, path.kind)
    parent = _resource_target(call, _ResourcePath(kind=parent_kind, names=path.names, last_type=""))
    if call.view.document(parent.key) is None:
        raise errors.parent_not_found(parent.name)
    return lifecycle.list_resources(call, path.kind, parent.key)


def _parent_kind(catalog: Catalog, kind: ResourceKind) -> ResourceKind:
    return catalog.kinds[kind.type.lower().rpartition("/")[0]]


def _group_id(call: Call, subscription: str, group: str) -> str:
    document = call.view.document(key_of(f"/subscriptions/{subscription}/resourceGroups/{group}"))
    if document is None:
        raise errors.group_not_found(group)
    return document.id


def _resource_target(call: Call, path: _ResourcePath) -> Target:
    """Make the target, with ids spelled as the existing ancestors are."""
    subscription, group = call.parameters["subscription"], call.parameters["group"]
    scope = f"{_group_id(call, subscription, group)}/providers/{path.kind.namespace}"
    segments = path.kind.path.split("/")
    for segment, name in zip(segments[:-1], path.names[:-1], strict=True):
        scope = _known_spelling(call, f"{scope}/{segment}/{name}")
    target = _target(call, path.kind, scope, path.names[-1])
    is_nested = len(path.names) > 1
    parent = scope if is_nested else scope.partition("/providers/")[0]
    spelled_group = scope.split("/")[4]
    return replace(target, subscription=subscription, group=spelled_group, parent_key=key_of(parent))


def _target(call: Call, kind: ResourceKind, scope: str, name: str) -> Target:
    segment = kind.type.rpartition("/")[2]
    resource_id = _known_spelling(call, f"{scope}/{segment}/{name}")
    return Target(
        kind=kind,
        id=resource_id,
        key=key_of(resource_id),
        name=resource_id.rpartition("/")[2],
        subscription="",
        group="",
        parent_key=key_of(scope),
    )


def _known_spelling(call: Call, resource_id: str) -> str:
    document = call.view.document(key_of(resource_id))
    return document.id if document else resource_id
