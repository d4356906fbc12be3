"""The template functions that depend on where a template is deployed: ids, the scope, parameters, references.

Source: "Resource functions", "Deployment functions" and "Scope functions" of ARM templates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mooring_emulator.store.model import key_of
from mooring_emulator.templates.expressions import Function, Functions, evaluate, invalid_template
from mooring_emulator.templates.functions import PURE

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call
    from mooring_emulator.codec import Json, JsonObject


class NotDeployedError(Exception):
    """A reference to a resource that does not exist (yet): control flow of one deployment."""

    def __init__(self, resource_id: str) -> None:
        super().__init__(resource_id)
        self.resource_id = resource_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a template is deployed, and the values it was given. `group` is empty at subscription scope."""

    call: Call
    subscription: str
    group: str
    deployment: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    variables: Mapping[str, Json] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Give the id of the scope."""
        subscription = f"/subscriptions/{self.subscription}"
        return f"{subscription}/resourceGroups/{self.group}" if self.group else subscription


def functions_of(scope: Scope, *, copy_index: int = 0) -> Functions:
    """Give all the functions that an expression in this scope may call."""
    own: Mapping[str, Function] = {
        "copyindex": lambda v: copy_index + next((value for value in v if isinstance(value, int)), 0),
        "deployment": lambda _: {"name": scope.deployment, "properties": {"mode": "Incremental"}},
        "environment": lambda _: {"name": "AzureCloud", "resourceManager": f"{scope.call.url.origin}/"},
        "extensionresourceid": lambda v: f"{v[0]}/providers/{_typed(v[1], v[2:])}",
        "listkeys": lambda v: _list_keys(scope, v),
        "newguid": lambda _: scope.call.world.new_id(),
        "parameters": lambda v: _named(scope.parameters, v[0], "parameter"),
        "reference": lambda v: _reference(scope, v),
        "resourcegroup": lambda _: _group(scope),
        "resourceid": lambda v: resource_id(scope, v),
        "subscription": lambda _: _subscription(scope),
        "subscriptionresourceid": lambda v: _subscription_resource_id(scope, v),
        "tenant": lambda _: {"tenantId": scope.call.world.principal.tenant_id},
        "tenantresourceid": lambda v: f"/providers/{_typed(v[0], v[1:])}",
        "utcnow": lambda _: scope.call.timestamp,
        "variables": lambda v: _variable(scope, v[0]),
    }
    return {**PURE, **own}


def resource_id(scope: Scope, values: Sequence[Json]) -> str:
    """Give an id: [subscription], [group], type, names. The type is the first value that has a slash."""
    position = next(i for i, value in enumerate(values) if "/" in value)
    before, type_name, names = values[:position], values[position], values[position + 1 :]
    subscription = before[0] if len(before) == 2 else scope.subscription
    group = before[-1] if before else scope.group
    return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{_typed(type_name, names)}"


def _typed(type_name: str, names: Sequence[str]) -> str:
    namespace, *types = type_name.split("/")
    parts = [segment for name in names for segment in name.split("/")]
    if len(parts) != len(types):
        raise ValueError("the type and the names have different lengths")
    pairs = [part for pair in zip(types, parts, strict=True) for part in pair]
    return "/".join((namespace, *pairs))


def _subscription_resource_id(scope: Scope, values: Sequence[Json]) -> str:
    has_subscription = "/" not in values[0]
    subscription = values[0] if has_subscription else scope.subscription
    type_name, *names = values[1:] if has_subscription else values
    return f"/subscriptions/{subscription}/providers/{_typed(type_name, names)}"


def _named(values: Mapping[str, Json], name: Json, what: str) -> Json:
    for known, value in values.items():
        if known.lower() == str(name).lower():
            return value
    raise invalid_template(f"The template {what} '{name}' is not found")


def _variable(scope: Scope, name: Json) -> Json:
    """Evaluate a variable when it is asked for; one that nobody needs may be wrong."""
    return evaluate(_named(scope.variables, name, "variable"), functions_of(scope))


def _group(scope: Scope) -> JsonObject:
    document = scope.call.view.document(key_of(scope.path))
    if document is None or not scope.group:
        raise invalid_template("The template function 'RESOURCEGROUP' is not expected at this location")
    return document.body


def _subscription(scope: Scope) -> JsonObject:
    return {
        "id": f"/subscriptions/{scope.subscription}",
        "subscriptionId": scope.subscription,
        "tenantId": scope.call.world.principal.tenant_id,
        "displayName": "Emulated subscription",
    }


def _reference(scope: Scope, values: Sequence[Json]) -> Json:
    wanted: str = values[0]
    document = scope.call.view.document(key_of(wanted)) if wanted.startswith("/") else _by_name(scope, wanted)
    if document is None:
        raise NotDeployedError(wanted)
    is_full = len(values) > 2 and str(values[2]).lower() == "full"
    return document.body if is_full else dict(document.properties)


def _by_name(scope: Scope, name: str) -> Document | None:
    prefix = key_of(scope.path) + "/"
    types = scope.call.world.catalog.all_types
    found = scope.call.view.documents(prefix, types)
    return next((each for each in found if each.key.endswith("/" + name.lower())), None)


def _list_keys(scope: Scope, values: Sequence[Json]) -> Json:
    document = scope.call.view.document(key_of(values[0]))
    if document is None:
        raise NotDeployedError(values[0])
    keys: Json = document.private.get("keys") or []
    return {"keys": keys, **(keys if isinstance(keys, dict) else {})}


if TYPE_CHECKING:
    from mooring_emulator.store.model import Document
