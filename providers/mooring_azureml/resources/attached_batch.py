"""`azureml_attached_batch`: computeType Batch. Somebody's Batch account.

Sources: facts.md section 2: no published API version has this type; azureml-core attaches it with the
unpublished 2020-02-02, and so does this. Whether the service still takes it was not seen (section 6).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring_azureml.computes.attaching import ATTACHED, attached_id
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.underlying import existing

DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_attached_batch",
    noun="attached Batch account",
    discriminator={"properties.computeType": "Batch"},
    api_version="2020-02-02",
    attaches="batch_account_id",
    description="An existing Batch account, attached to a workspace. Detaching leaves the account as it is.",
    guards=(existing("batch_account_id", "Batch account", "2024-07-01"), free_to_attach("batch_account_id")),
    listed=False,
    table=(
        *ATTACHED.table,
        attached_id(
            "batch_account_id",
            "Microsoft.Batch/batchAccounts",
            description="The ARM id of the Batch account.",
        ),
    ),
)
