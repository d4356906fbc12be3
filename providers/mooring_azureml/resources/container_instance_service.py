"""`azureml_container_instance_service`: workspaces/services with computeType ACI.

A model on a container instance.

Sources: specs/services-schema-2021-04-01.json, the last API version that has it (facts.md section 2); the
request is flat, the answer has the members under `properties`. A container instance is never
attached, only ever made by such a deployment; Azure recommends it for development and tests. A change is
a new PUT over the service.
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import NUMBER, STRING, ListType, MapType
from mooring.sdk import Nesting
from mooring_azureml.common import (
    WORKSPACE_ID,
    WORKSPACES,
    in_workspace_location,
    location,
    name_property,
)
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.table.checks import matching
from mooring_azureml.table.model import Block, Fields, Property, Route
from mooring_azureml.table.shorthand import decided, flag, secret, secret_version, text
from mooring_azureml.table.to_arm import Body

_FIXED: Final = Route.FIXED
_PUT: Final = Route.PUT
_REQUEST: Final = "properties.environmentImageRequest"


def _flat(_fields: Fields, body: Body) -> Body:
    """The request has no `properties` around its members; the answer has."""
    inner = body.pop("properties", {})
    assert isinstance(inner, dict)
    return {**inner, **body}


def _number(name: str, member: str, description: str) -> Property:
    return Property(
        name=name,
        type=NUMBER,
        arm=f"properties.containerResourceRequirements.{member}",
        required=True,
        route=_FIXED,
        description=description,
    )


def _not_echoed(name: str, arm: str, description: str, *, required: bool = False) -> Property:
    return Property(
        name=name,
        type=STRING,
        arm=arm,
        required=required,
        route=_PUT,
        echoed=False,
        description=description,
    )


_ENVIRONMENT: Final = (
    _not_echoed(
        "driver_program",
        f"{_REQUEST}.driverProgram",
        "The script that answers requests, one of the assets.",
        required=True,
    ),
    _not_echoed(
        "environment_name",
        f"{_REQUEST}.environmentReference.name",
        "The environment it runs in.",
        required=True,
    ),
    _not_echoed(
        "environment_version", f"{_REQUEST}.environmentReference.version", "Its version.", required=True
    ),
    Property(
        name="model_ids",
        type=ListType(STRING),
        arm=f"{_REQUEST}.modelIds",
        route=_PUT,
        echoed=False,
        description="The models it loads, as `name:version`.",
    ),
    Block(
        name="asset",
        arm=f"{_REQUEST}.assets",
        nesting=Nesting.LIST,
        parts=(
            _not_echoed("url", "url", "Where it is: `aml://storage/...`.", required=True),
            _not_echoed("mime_type", "mimeType", "Its type, like `application/x-python`.", required=True),
        ),
        description="A file beside the script.",
    ),
)

DEFINITION: Final = Definition(
    type_name="azureml_container_instance_service",
    noun="container instance service",
    arm_type=f"{WORKSPACES}/services",
    api_version="2021-04-01",
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="services"),
    description="A model deployed to a container instance: for development and tests.",
    discriminator={"properties.computeType": "ACI"},
    secret_version="secrets_version",  # noqa: S106  (the name of an attribute)
    prepare=in_workspace_location,
    finish=_flat,
    table=(
        name_property(
            matching(
                r"[a-z][-a-z0-9]{1,30}[a-z0-9]",
                "must have 3 to 32 lower-case letters, digits and dashes, and start with a letter",
            ),
            description="The name.",
        ),
        WORKSPACE_ID,
        location(is_computed=True),
        text("description", "properties.description", "A description.", route=_PUT),
        Property(name="tags", type=MapType(STRING), arm="properties.kvTags", route=_PUT, description="Tags."),
        Property(
            name="properties",
            type=MapType(STRING),
            arm="properties.properties",
            route=_FIXED,
            description="Properties of one's own.",
        ),
        _number("cpu", "cpu", "Virtual CPUs."),
        _number("memory_in_gb", "memoryInGB", "Memory in GB."),
        *_ENVIRONMENT,
        flag("auth_enabled", "properties.authEnabled", "Clients need a key.", default=False, route=_PUT),
        flag(
            "app_insights_enabled",
            "properties.appInsightsEnabled",
            "It logs to Application Insights.",
            default=False,
            route=_PUT,
        ),
        text("dns_name_label", "properties.dnsNameLabel", "The first part of its address.", route=_FIXED),
        flag("ssl_enabled", "properties.sslEnabled", "It answers over TLS.", default=False, route=_PUT),
        text("cname", "properties.cname", "The name on the certificate.", route=_PUT),
        secret("ssl_certificate", "properties.sslCertificate", "The certificate, PEM.", route=_PUT),
        secret("ssl_key", "properties.sslKey", "The certificate's private key, PEM.", route=_PUT),
        Block(
            name="keys",
            arm="properties.keys",
            parts=(
                secret("primary_key", "primaryKey", "The first key.", route=_PUT),
                secret("secondary_key", "secondaryKey", "The second key.", route=_PUT),
            ),
            description="The keys of clients, instead of ones that Azure makes.",
        ),
        secret_version("secrets_version"),
        decided("state", "properties.state", "`Healthy` when it answers."),
        decided("scoring_uri", "properties.scoringUri", "Where requests go."),
        decided("swagger_uri", "properties.swaggerUri", "The description of what it takes."),
    ),
)
