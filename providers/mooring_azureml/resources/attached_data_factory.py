"""`azureml_attached_data_factory`: computeType DataFactory. A factory, attached or made by the service.

Sources: facts.md section 2 (the service can delete the factory) and section 5 (a request without a resource
id makes one); specs/request-examples-2021-04-01.json.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring_azureml.computes.attaching import ATTACHED, ON_DESTROY, attached_id, ends_as_told
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.underlying import existing

DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_attached_data_factory",
    noun="attached Data Factory",
    discriminator={"properties.computeType": "DataFactory"},
    attaches="data_factory_id",
    description="A Data Factory, attached to a workspace; without an id the service makes a new one.",
    guards=(existing("data_factory_id", "Data Factory", "2018-06-01"), free_to_attach("data_factory_id")),
    delete_parameters=ends_as_told,
    table=(
        *ATTACHED.table,
        attached_id(
            "data_factory_id",
            "Microsoft.DataFactory/factories",
            description="The ARM id of the factory; left out, one is made in the workspace's resource group.",
            required=False,
            computed=True,
        ),
        ON_DESTROY,
    ),
)
