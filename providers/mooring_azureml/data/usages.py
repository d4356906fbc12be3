"""The data source `azureml_usages`: the quota of a region, and what is used of it."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.inquiry import Inquiry, asked, rows
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.regional import Usage, usages
from mooring_azureml.table.model import Fields


def _answer(access: Access, ctx: CallContext, config: Fields) -> Fields | ArmError | Diagnostic:
    location = str(config["location"])
    found = usages(access, ctx, location)
    if isinstance(found, ArmError):
        return found
    return {"id": location, "usages": [_row(one) for one in sorted(found, key=lambda one: one.name)]}


def _row(usage: Usage) -> Fields:
    return {
        "name": usage.name,
        "title": usage.title,
        "unit": usage.unit,
        "current_value": usage.used,
        "limit": usage.limit,
        "available": max(0, usage.limit - usage.used),
    }


DEFINITION: Final = Inquiry(
    type_name="azureml_usages",
    noun="the quota",
    description="The quota of a region by family of sizes; clusters and instances share it.",
    attributes={
        "location": asked("The region."),
        "usages": rows(
            "The quota.",
            texts=("name", "title", "unit"),
            numbers=("current_value", "limit", "available"),
        ),
    },
    answer=_answer,
)
