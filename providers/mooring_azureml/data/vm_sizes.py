"""The data source `azureml_vm_sizes`: the sizes of machines that a region offers."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.core.types import NUMBER
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.inquiry import Inquiry, asked, rows
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.regional import Size, sizes
from mooring_azureml.table.model import Fields


def _answer(access: Access, ctx: CallContext, config: Fields) -> Fields | ArmError | Diagnostic:
    location = str(config["location"])
    found = sizes(access, ctx, location)
    if isinstance(found, ArmError):
        return found
    chosen = sorted((one for one in found if _fits(one, config)), key=lambda one: (one.cores, one.name))
    return {"id": location, "vm_sizes": [_row(one) for one in chosen]}


def _fits(size: Size, config: Fields) -> bool:
    family = config.get("family")
    if family is not None and size.family.lower() != str(family).lower():
        return False
    least = {"min_cores": size.cores, "min_memory_gb": size.memory, "min_gpus": size.gpus}
    return all(
        not isinstance(wanted := config.get(name), int | float) or has >= wanted
        for name, has in least.items()
    )


def _row(size: Size) -> Fields:
    return {
        "name": size.name,
        "family": size.family,
        "cores": size.cores,
        "memory_gb": size.memory,
        "gpus": size.gpus,
    }


DEFINITION: Final = Inquiry(
    type_name="azureml_vm_sizes",
    noun="the sizes of machines",
    description="The sizes of machines that Azure Machine Learning offers in a region, the smallest first.",
    attributes={
        "location": asked("The region."),
        "family": asked("Only those of this quota family.", required=False),
        "min_cores": asked("Only those with as many cores.", required=False, kind=NUMBER),
        "min_memory_gb": asked("Only those with as much memory.", required=False, kind=NUMBER),
        "min_gpus": asked("Only those with as many GPUs.", required=False, kind=NUMBER),
        "vm_sizes": rows("The sizes.", texts=("name", "family"), numbers=("cores", "memory_gb", "gpus")),
    },
    answer=_answer,
)
