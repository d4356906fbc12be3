"""The data source `azureml_compute`: a compute of any type, by workspace and name."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.core.types import DYNAMIC, STRING, MapType
from mooring.sdk import CallContext
from mooring_azureml.arm.ids import child_id
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.computes.summary import summary
from mooring_azureml.inquiry import Inquiry, asked, told
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields
from mooring_azureml.table.to_arm import get_at


def _answer(access: Access, ctx: CallContext, config: Fields) -> Fields | ArmError | Diagnostic:
    compute = child_id(str(config["workspace_id"]), "computes", str(config["name"]))
    found = access.arm.get(ctx, Target(id=compute, api_version=ML_API_VERSION))
    if isinstance(found, ArmError):
        return found
    return {
        **summary(found),
        "name": config["name"],
        "id": compute,
        "description": get_at(found, "properties.description"),
        "tags": get_at(found, "tags"),
        "properties": get_at(found, "properties.properties"),
    }


DEFINITION: Final = Inquiry(
    type_name="azureml_compute",
    noun="the compute",
    description="A compute of a workspace, of any type.",
    attributes={
        "workspace_id": asked("The ARM id of the workspace."),
        "name": asked("The name."),
        "compute_type": told("ARM's computeType, such as `AmlCompute` or `Kubernetes`."),
        "location": told("The region."),
        "provisioning_state": told("How its making ended."),
        "state": told("Whether it runs, for types that can be stopped."),
        "vm_size": told("The size of its machines."),
        "resource_id": told("The ARM id of what is attached."),
        "description": told("The description."),
        "tags": told("Tags.", kind=MapType(STRING)),
        "properties": told("What ARM has of its type: `properties.properties`.", kind=DYNAMIC),
    },
    answer=_answer,
)
