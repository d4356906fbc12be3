"""`azureml_attached_databricks`: computeType Databricks. Somebody's Databricks workspace.

Sources: specs/compute-schema-2026-05-01.json; facts.md section 1: it needs an access token, and Contributor
on a workspace in another subscription.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring.core.types import STRING
from mooring_azureml.computes.attaching import ATTACHED, CREDENTIALS_VERSION, SECRET_VERSION, attached_id
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.underlying import existing, own_subscription
from mooring_azureml.table.model import Property, Route
from mooring_azureml.table.shorthand import secret

_SETTINGS: Final = "properties.properties"

DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_attached_databricks",
    noun="attached Databricks workspace",
    discriminator={"properties.computeType": "Databricks"},
    attaches="databricks_workspace_id",
    description="An existing Databricks workspace, attached. Detaching leaves it as it is.",
    guards=(
        existing("databricks_workspace_id", "Databricks workspace", "2024-05-01"),
        own_subscription("databricks_workspace_id"),
        free_to_attach("databricks_workspace_id"),
    ),
    secret_version=SECRET_VERSION,
    table=(
        *ATTACHED.table,
        attached_id(
            "databricks_workspace_id",
            "Microsoft.Databricks/workspaces",
            description="The ARM id of the Databricks workspace.",
        ),
        secret(
            "access_token",
            f"{_SETTINGS}.databricksAccessToken",
            "A personal access token.",
            route=Route.FIXED,
            required=True,
        ),
        CREDENTIALS_VERSION,
        Property(
            name="workspace_url",
            type=STRING,
            arm=f"{_SETTINGS}.workspaceUrl",
            route=Route.DECIDED,
            description="The host of the Databricks workspace.",
        ),
    ),
)
