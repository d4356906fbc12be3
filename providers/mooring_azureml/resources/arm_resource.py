"""`azureml_arm_resource`: a resource of any ARM type, for what surrounds a workspace.

Networks, clusters, Databricks workspaces, virtual machines: the type with its API version is an argument, the
body an object. Sources: Azure/azure-resource-manager-rpc v1.0 (resource-api-reference): a PUT replaces, so
that an update sends what exists with the body laid over it; services ignore the read-only members of a PUT.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr, Path
from mooring.core.types import DYNAMIC, STRING, ListType
from mooring.core.values import UNKNOWN
from mooring_azureml.arm.port import Document
from mooring_azureml.common import identity, location, tags
from mooring_azureml.generic import BODY, Anywhere, exported, is_type, split_type, value_at
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.table.differences import differences, is_known
from mooring_azureml.table.model import WHOLE, Fields, Property, Route
from mooring_azureml.table.notation import EXACT, ID, items, members
from mooring_azureml.table.shorthand import secret, secret_version, text

_ENVELOPE: Final = ("id", "identity", "location", "name", "tags", "type")
_ANY_VERSION: Final = "2025-04-01"
"""Stands where a type has its API version until the object's own is known."""


def _of_its_type(definition: Definition, fields: Fields) -> Definition:
    """The definition with the type and the API version that the object names."""
    kind = fields.get("type")
    if not isinstance(kind, str):
        return definition
    type_name, version = split_type(kind)
    return replace(definition, arm_type=type_name, api_version=version, noun=type_name)


def _replaced(prior: Fields, planned: Fields) -> tuple[Path, ...]:
    """Another ARM type (another API version of it is none), and changes at one of the triggers."""
    before, after = (split_type(str(one.get("type")))[0].lower() for one in (prior, planned))
    other_type = ((Attr("type"),),) if before != after else ()
    paths = [str(path) for path in items(planned.get("replace_triggers"))]
    bodies = prior.get("body"), planned.get("body")
    if bodies[0] is None or not is_known(bodies[1]):
        return other_type
    is_triggered = any(not BODY.same(*(value_at(body, path) for body in bodies)) for path in paths)
    return (*other_type, (Attr("body"),)) if is_triggered else other_type


def _unsettled_output(_access: Access, prior: Fields | None, planned: Fields) -> Fields:
    """The output is open as soon as anything changes, and nothing where nothing is exported."""
    if planned.get("response_export_values") is None:
        return {**planned, "output": None}
    if prior is None or differences(DEFINITION.table, prior, planned):
        return {**planned, "output": UNKNOWN}
    return planned


def _output(document: Document, fields: Fields) -> Fields:
    return {"output": exported(document, fields.get("response_export_values"))}


def _envelope_stays_out(config: Fields) -> Diagnostics:
    """What has an argument of its own is not said a second time in the body."""
    said = {name.lower() for name in members(config.get("body"))}
    return tuple(
        Diagnostic(
            summary="Invalid argument value",
            detail=f'"{name}" has no place in "body": '
            + ("ARM decides it." if name == "id" else f'use the argument "{name}".'),
            path=(Attr("body"),),
            code="azureml.body_envelope",
        )
        for name in _ENVELOPE
        if name in said
    )


def _body_is_an_object(value: object) -> str | None:
    return None if isinstance(value, dict) else "must be an object"


DEFINITION: Final = Definition(
    type_name="azureml_arm_resource",
    noun="ARM resource",
    arm_type="NAMESPACE/TYPE",
    api_version=_ANY_VERSION,
    placement=Anywhere(),
    description="A resource of any ARM type, compared by what its body says.",
    secret_version="sensitive_body_version",  # noqa: S106  (the name of an attribute)
    keeps_rest=True,
    specific=_of_its_type,
    import_suffix="?api-version=VERSION",
    replaces=_replaced,
    derive=_unsettled_output,
    observe=_output,
    rules=(_envelope_stays_out,),
    table=(
        text(
            "type",
            "",
            "The type with its API version, such as `Microsoft.Network/virtualNetworks@2024-05-01`.",
            route=Route.LOCAL,
            checks=(is_type,),
            required=True,
        ),
        text(
            "parent_id",
            "",
            "The id of what it is in: a subscription, a resource group or a resource.",
            route=Route.PLACE,
            notation=ID,
            required=True,
        ),
        text("name", "", "The name.", route=Route.PLACE, required=True),
        replace(location(is_computed=True), description="The region, for types that have one."),
        Property(
            name="body",
            type=DYNAMIC,
            arm=WHOLE,
            route=Route.PUT,
            notation=BODY,
            checks=(_body_is_an_object,),
            description="The rest of the document: `properties`, `sku`, `kind`, `zones` ...",
        ),
        secret(
            "sensitive_body",
            WHOLE,
            "Laid over the body: passwords and keys.",
            route=Route.PUT,
            kind=DYNAMIC,
        ),
        secret_version("sensitive_body_version"),
        Property(
            name="replace_triggers",
            type=ListType(STRING),
            route=Route.LOCAL,
            notation=EXACT,
            description="Paths in the body whose change replaces the resource: `properties.addressSpace`.",
        ),
        Property(
            name="response_export_values",
            type=DYNAMIC,
            route=Route.LOCAL,
            notation=EXACT,
            description="What `output` shows: a list of paths, or a map of names to paths; `*` is all.",
        ),
        Property(
            name="output",
            type=DYNAMIC,
            route=Route.DECIDED,
            description="What was asked for with `response_export_values`.",
        ),
        identity(Route.PUT),
        tags(Route.PUT),
    ),
)
