"""The data source `azureml_computes`: the computes of a workspace."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.computes.summary import COLUMNS, summary
from mooring_azureml.inquiry import Inquiry, asked, rows
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields


def _answer(access: Access, ctx: CallContext, config: Fields) -> Fields | ArmError | Diagnostic:
    workspace, wanted = str(config["workspace_id"]), config.get("compute_type")
    found = access.arm.list_pages(ctx, Target(id=f"{workspace}/computes", api_version=ML_API_VERSION))
    if isinstance(found, ArmError):
        return found
    all_of_them = sorted(map(summary, found), key=lambda one: str(one["name"]))
    chosen = [one for one in all_of_them if wanted is None or _is_of(one, str(wanted))]
    return {"id": f"{workspace}/computes", "computes": chosen}


def _is_of(compute: Fields, wanted: str) -> bool:
    return str(compute["compute_type"]).lower() == wanted.lower()


DEFINITION: Final = Inquiry(
    type_name="azureml_computes",
    noun="the computes",
    description="The computes of a workspace, by name.",
    attributes={
        "workspace_id": asked("The ARM id of the workspace."),
        "compute_type": asked("Only those of this type, such as `AmlCompute`.", required=False),
        "computes": rows("The computes.", texts=COLUMNS),
    },
    answer=_answer,
)
