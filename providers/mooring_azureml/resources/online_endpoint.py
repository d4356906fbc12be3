"""`azureml_online_endpoint`: workspaces/onlineEndpoints. A stable address for deployments.

Sources: specs/types-2025-12-01.md (OnlineEndpointProperties), operations-2025-12-01.json. How clients
authenticate and where the endpoint runs cannot change. Keys can be given once, at the start; they never come
back. Traffic names deployments, which come after their endpoint: see `azureml_online_deployment`.
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import STRING, MapType
from mooring_azureml.common import (
    ML_API_VERSION,
    WORKSPACE_ID,
    WORKSPACES,
    identity,
    in_workspace_location,
    location,
    name_property,
    tags,
)
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.table.checks import arm_id, matching
from mooring_azureml.table.model import Block, Property, Route
from mooring_azureml.table.notation import ID
from mooring_azureml.table.shorthand import choice, decided, secret, secret_version, text

ENDPOINTS: Final = f"{WORKSPACES}/onlineEndpoints"
ENDPOINT_NAME: Final = matching(
    r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,30}[a-zA-Z0-9]",
    "must have 3 to 32 letters, digits and single dashes, and start with a letter",
)
"""facts.md section 2."""

DEFINITION: Final = Definition(
    type_name="azureml_online_endpoint",
    noun="online endpoint",
    arm_type=ENDPOINTS,
    api_version=ML_API_VERSION,
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="onlineEndpoints"),
    description="An address that scores: requests to it go to its deployments.",
    secret_version="keys_version",  # noqa: S106  (the name of an attribute)
    listed=True,
    keeps_rest=True,
    prepare=in_workspace_location,
    table=(
        name_property(ENDPOINT_NAME, description="The name, unique in the region."),
        WORKSPACE_ID,
        location(is_computed=True),
        identity(Route.PUT),
        tags(Route.PUT),
        text("description", "properties.description", "A description.", route=Route.PUT),
        choice(
            "auth_mode",
            "properties.authMode",
            "How clients authenticate.",
            "Key",
            "AMLToken",
            "AADToken",
            route=Route.FIXED,
            default="Key",
        ),
        text(
            "compute_id",
            "properties.compute",
            "The ARM id of the Kubernetes compute it runs on; left out, Azure runs it.",
            route=Route.FIXED,
            notation=ID,
            checks=(arm_id(f"{WORKSPACES}/computes"),),
        ),
        choice(
            "public_network_access",
            "properties.publicNetworkAccess",
            "Whether it can be reached from the internet.",
            "Enabled",
            "Disabled",
            route=Route.PUT,
            default="Enabled",
        ),
        Property(
            name="properties",
            type=MapType(STRING),
            arm="properties.properties",
            route=Route.PUT,
            description="Properties of one's own; they can be added, not removed.",
        ),
        Block(
            name="keys",
            arm="properties.keys",
            parts=(
                secret("primary_key", "primaryKey", "The first key.", route=Route.FIXED),
                secret("secondary_key", "secondaryKey", "The second key.", route=Route.FIXED),
            ),
            description="The keys to start with, instead of ones that Azure makes.",
        ),
        secret_version("keys_version"),
        decided("scoring_uri", "properties.scoringUri", "Where requests go."),
        decided("swagger_uri", "properties.swaggerUri", "The description of what it takes."),
    ),
)
