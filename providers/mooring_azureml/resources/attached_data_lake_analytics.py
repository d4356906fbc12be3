"""`azureml_attached_data_lake_analytics`: computeType DataLakeAnalytics. Somebody's Analytics account.

Sources: specs/compute-schema-2026-05-01.json; facts.md section 2: the service can delete the account, so
`on_destroy` says whether it does; section 1: pipelines use the account's default store only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring.core.types import STRING
from mooring_azureml.computes.attaching import ATTACHED, ON_DESTROY, attached_id, ends_as_told
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.underlying import existing
from mooring_azureml.table.model import Property, Route

DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_attached_data_lake_analytics",
    noun="attached Data Lake Analytics account",
    discriminator={"properties.computeType": "DataLakeAnalytics"},
    attaches="data_lake_analytics_account_id",
    description="An existing Data Lake Analytics account, attached to a workspace.",
    guards=(
        existing("data_lake_analytics_account_id", "Data Lake Analytics account", "2016-11-01"),
        free_to_attach("data_lake_analytics_account_id"),
    ),
    delete_parameters=ends_as_told,
    table=(
        *ATTACHED.table,
        attached_id(
            "data_lake_analytics_account_id",
            "Microsoft.DataLakeAnalytics/accounts",
            description="The ARM id of the Data Lake Analytics account.",
        ),
        Property(
            name="data_lake_store_account_name",
            type=STRING,
            arm="properties.properties.dataLakeStoreAccountName",
            route=Route.DECIDED,
            description="The account's default store, the only one that pipelines use.",
        ),
        ON_DESTROY,
    ),
)
