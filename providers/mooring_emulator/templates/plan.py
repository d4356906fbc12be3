"""Reading a template: parameters with their values, and the resources flattened, with full names and types.

Pure; raises ArmError InvalidTemplate for what cannot be understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mooring_emulator.arm.errors import ArmError
from mooring_emulator.templates.expressions import evaluate, invalid_template
from mooring_emulator.templates.scope import Scope, functions_of

if TYPE_CHECKING:
    from mooring_emulator.codec import Json, JsonObject

_MOST_COPIES = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One resource of a template: type and name are evaluated, `body` is as written."""

    type: str
    name: str
    api_version: str
    depends_on: tuple[str, ...]
    body: JsonObject
    copy_index: int = 0


def parameter_values(template: JsonObject, given: Mapping[str, Json], scope: Scope) -> Mapping[str, Json]:
    """Give the value of every parameter: what was given, or the default."""
    declared = _object(template.get("parameters"), "parameters")
    names = {name.lower(): name for name in declared}
    unknown = sorted(name for name in given if name.lower() not in names)
    if unknown:
        raise invalid_template(
            f"The following parameters were supplied, but do not correspond to any "
            f"parameters defined in the template: '{', '.join(unknown)}'"
        )
    values: dict[str, Json] = {}
    folded = {name.lower(): value for name, value in given.items()}
    for name, declaration in declared.items():
        values[name] = _parameter(name, _object(declaration, name), folded, scope, values)
    return values


def _parameter(
    name: str, declaration: JsonObject, given: Mapping[str, Json], scope: Scope, known: Mapping[str, Json]
) -> Json:
    sent = given.get(name.lower())
    is_null = isinstance(sent, dict) and sent.get("value", sent) is None
    if sent is not None and not (is_null and "defaultValue" in declaration):
        if not isinstance(sent, dict) or not sent.keys() & {"value", "reference"}:
            raise invalid_template(f"The parameter '{name}' has neither a value nor a reference")
        value = sent.get("value")
    elif "defaultValue" in declaration:
        inner = Scope(
            call=scope.call,
            subscription=scope.subscription,
            group=scope.group,
            deployment=scope.deployment,
            parameters=known,
        )
        value = evaluate(declaration["defaultValue"], functions_of(inner))
    else:
        raise invalid_template(f"The value for the template parameter '{name}' is not provided")
    allowed = declaration.get("allowedValues")
    if isinstance(allowed, list) and _folded(value) not in [_folded(each) for each in allowed]:
        raise invalid_template(
            f"The provided value for the template parameter '{name}' is not valid. The "
            f"parameter value must be one of '{allowed}'"
        )
    return value


def _folded(value: Json) -> Json:
    """Fold case: ARM compares allowed values without regard to it."""
    return value.lower() if isinstance(value, str) else value


def declared_resources(template: JsonObject, scope: Scope) -> Sequence[Declared]:
    """Give the resources whose condition holds, children and copies included."""
    resources = template.get("resources") or []
    listed = list(resources.values()) if isinstance(resources, dict) else resources
    if not isinstance(listed, list):
        raise invalid_template("resources is not an array")
    return [declared for written in listed for declared in _declare(_object(written, "resource"), scope)]


def _declare(written: JsonObject, scope: Scope, parent: Declared | None = None) -> Sequence[Declared]:
    count = _copies(written, scope)
    return [found for index in range(count) for found in _declare_one(written, scope, parent, index)]


def _copies(written: JsonObject, scope: Scope) -> int:
    copy = written.get("copy")
    count = evaluate(copy.get("count"), functions_of(scope)) if isinstance(copy, dict) else 1
    if not isinstance(count, int) or not 0 <= count <= _MOST_COPIES:
        raise invalid_template(f"The copy count must be between 0 and {_MOST_COPIES}")
    return count


def _declare_one(
    written: JsonObject, scope: Scope, parent: Declared | None, index: int
) -> Sequence[Declared]:
    functions = functions_of(scope, copy_index=index)
    if not evaluate(written.get("condition", True), functions):
        return []
    values = {name: evaluate(written.get(name), functions) for name in ("type", "name", "apiVersion")}
    if not all(isinstance(value, str) and value for value in values.values()):
        raise invalid_template("a resource needs type, name and apiVersion")
    type_name, name = values["type"], values["name"]
    if parent is not None:
        type_name, name = f"{parent.type}/{type_name}", f"{parent.name}/{name}"
    depends_on = evaluate(written.get("dependsOn") or [], functions)
    if not isinstance(depends_on, list) or not all(isinstance(each, str) for each in depends_on):
        raise invalid_template("dependsOn is not an array of names")
    declared = Declared(
        type=type_name,
        name=name,
        api_version=values["apiVersion"],
        depends_on=(*depends_on, *([_path(parent)] if parent else [])),
        body=written,
        copy_index=index,
    )
    children = written.get("resources") or []
    if not isinstance(children, list) or type_name.lower() == "microsoft.resources/deployments":
        return [declared]
    below = [found for child in children for found in _declare(_object(child, "resource"), scope, declared)]
    return [declared, *below]


def _path(declared: Declared) -> str:
    return f"{declared.type}/{declared.name}"


def is_before(declared: Declared, waiting: Sequence[Declared]) -> bool:
    """Say whether nothing that still waits is something the resource depends on."""
    others = [other for other in waiting if other is not declared]
    return not any(_is_meant(other, dependency) for other in others for dependency in declared.depends_on)


def _is_meant(other: Declared, dependency: str) -> bool:
    """Say whether a dependency, an id, `type/name` or a name, is this resource."""
    folded = dependency.lower()
    namespace, *types = other.type.lower().split("/")
    names = other.name.lower().split("/")
    pairs = [part for pair in zip(types, names, strict=False) for part in pair]
    end = "/".join((namespace, *pairs))
    return folded in {other.name.lower(), _path(other).lower()} or folded.endswith("/" + end) or folded == end


def _object(value: Json, what: str) -> JsonObject:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ArmError(
            400, "InvalidTemplate", f"Deployment template validation failed: '{what}' is no object."
        )
    return value
