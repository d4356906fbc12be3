"""`azureml_resource_group`: Microsoft.Resources/resourceGroups.

Name rule: "Naming rules and restrictions for Azure resources". Only tags can change.
"""

from __future__ import annotations

from typing import Final

from mooring_azureml.arm.ids import GROUP_TYPE
from mooring_azureml.common import location, name_property, tags
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InSubscription
from mooring_azureml.preflight.regions import known_region
from mooring_azureml.table.checks import matching
from mooring_azureml.table.model import Route

DEFINITION: Final = Definition(
    type_name="azureml_resource_group",
    noun="resource group",
    arm_type=GROUP_TYPE,
    api_version="2025-04-01",
    placement=InSubscription(),
    description="A resource group. Deleting it deletes everything in it.",
    guards=(known_region(),),
    table=(
        name_property(
            matching(
                r"[\w.()-]{0,89}[\w()-]",
                "must have 1 to 90 letters, digits and any of - _ . ( ), and not end with a dot",
            ),
            description="The name.",
        ),
        location(),
        tags(Route.PATCH),
    ),
)
