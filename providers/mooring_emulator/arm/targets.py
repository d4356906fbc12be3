"""From a path below `/providers/` to the resource type and the resource it names.

Owns the alternation of types and names, the scopes (subscription, resource group, any resource) and the
canonical spelling of ids: names are spelled as the existing ancestors are. Source:
Azure/azure-resource-manager-rpc v1.0 (addressing, extension resources).
"""

from dataclasses import dataclass, replace

from mooring_emulator.arm import errors
from mooring_emulator.arm.call import Call
from mooring_emulator.arm.kinds import ResourceKind, Target
from mooring_emulator.store.model import Document, key_of

_GROUP_TYPE = "microsoft.resources/resourcegroups"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePath:
    """What follows the last `/providers/`: pairs of type and name below a scope that exists.

    A last type without a name is a list, or with POST an action; then `kind` is that of the resource acted
    on. `scope_kind` is "subscription", "group" or "resource".
    """

    kind: ResourceKind
    scope: str
    scope_kind: str
    names: tuple[str, ...]
    last_type: str


def read_path(call: Call) -> ResourcePath:
    """Read the path of a request; raises ArmError for a namespace, type or version that does not exist."""
    scope, scope_kind, namespace, rest = _split_scope(call)
    types, names = rest[0::2], tuple(rest[1::2])
    last_type = types[-1] if len(types) > len(names) else ""
    acts_on = types[: len(names)]
    kind = _find_acted_on(call, namespace, "/".join(acts_on), last_type)
    if kind is None:
        kind = _find_kind(call, namespace, "/".join(types))
    _require_version(call, kind)
    return ResourcePath(kind=kind, scope=scope, scope_kind=scope_kind, names=names, last_type=last_type)


def resource_target(call: Call, path: ResourcePath) -> Target:
    """Make the target of a path that names a resource."""
    scope = f"{path.scope}/providers/{path.kind.namespace}"
    segments = path.kind.path.split("/")
    for segment, name in zip(segments[:-1], path.names[:-1], strict=True):
        scope = _known_spelling(call, f"{scope}/{segment}/{name}")
    parent = scope if len(path.names) > 1 else path.scope
    is_in_group = path.scope.lower().split("/")[3:4] == ["resourcegroups"]
    target = plain_target(call, path.kind, scope, path.names[-1])
    return replace(
        target,
        subscription=path.scope.split("/")[2],
        group=path.scope.split("/")[4] if is_in_group else "",
        parent_key=key_of(parent),
    )


def parent_path(call: Call, path: ResourcePath) -> ResourcePath:
    """Give the path of the resource whose children a list names."""
    parent = call.world.catalog.kinds[path.kind.type.lower().rpartition("/")[0]]
    return replace(path, kind=parent, last_type="")


def plain_target(call: Call, kind: ResourceKind, scope: str, name: str) -> Target:
    """Make a target directly below a scope, which is its parent."""
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


def _split_scope(call: Call) -> tuple[str, str, str, list[str]]:
    base, base_kind = _base(call)
    parts = [call.parameters["namespace"], *call.parameters["rest"].split("/")]
    marks = [position for position, part in enumerate(parts) if part.lower() == "providers" and position % 2]
    if not marks:
        return base, base_kind, parts[0], parts[1:]
    last = marks[-1]
    scope = _known_spelling(call, "/".join((base, "providers", *parts[:last])))
    if call.view.document(key_of(scope)) is None:
        raise errors.parent_not_found(scope.rpartition("/")[2])
    if len(parts) < last + 3:
        raise errors.path_not_found(call.url.path)
    return scope, "resource", parts[last + 1], parts[last + 2 :]


def _base(call: Call) -> tuple[str, str]:
    subscription = f"/subscriptions/{call.parameters['subscription']}"
    group = call.parameters.get("group")
    if group is None:
        return _known_spelling(call, subscription), "subscription"
    document = call.view.document(key_of(f"{subscription}/resourceGroups/{group}"))
    if document is None:
        raise errors.group_not_found(group)
    return document.id, "group"


def _find_acted_on(call: Call, namespace: str, type_path: str, last_type: str) -> ResourceKind | None:
    """Give the kind whose action (POST) or sub-read (GET) the last segment is."""
    kind = call.world.catalog.kind(f"{namespace}/{type_path}") if last_type and type_path else None
    if kind is None or call.request.method == "POST":
        return kind
    is_read = call.request.method == "GET" and last_type.lower() in kind.reads
    return kind if is_read else None


def _find_kind(call: Call, namespace: str, type_path: str) -> ResourceKind:
    catalog = call.world.catalog
    if namespace.lower() not in catalog.namespaces:
        raise errors.invalid_namespace(namespace)
    kind = catalog.kind(f"{namespace}/{type_path}")
    if kind is None:
        raise errors.invalid_type(namespace, type_path, call.url.api_version)
    return kind


def _require_version(call: Call, kind: ResourceKind) -> None:
    version = call.url.api_version
    if version.lower() not in kind.api_versions:
        raise errors.no_registered_provider(kind.path, version, kind.api_versions)


def _known_spelling(call: Call, resource_id: str) -> str:
    document = call.view.document(key_of(resource_id))
    return document.id if document else resource_id


def scope_target(call: Call, document: Document) -> Target:
    """Make the target that a document itself is."""
    kind = call.world.catalog.kind(document.type) or call.world.catalog.kinds[_GROUP_TYPE]
    return Target(
        kind=kind,
        id=document.id,
        key=document.key,
        name=document.id.rpartition("/")[2],
        subscription="",
        group="",
        parent_key="",
    )
