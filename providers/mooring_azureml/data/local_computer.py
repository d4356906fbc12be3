"""The data source `azureml_local_computer`: the machine at hand, the local target of the documents.

Source: "Set up compute targets", local computer: Docker runs images and serves models for a test, conda makes
environments (facts.md section 1: no resource stands for it).
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.core.types import BOOL, NUMBER
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.inquiry import Inquiry, told
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields

_GIB: Final = 2**30


def _answer(access: Access, _ctx: CallContext, _config: Fields) -> Fields | ArmError | Diagnostic:
    machine = access.machine
    memory = machine.memory_bytes()
    return {
        "id": "local",
        "operating_system": machine.system(),
        "cores": machine.cores(),
        "memory_gb": None if memory is None else round(memory / _GIB, 1),
        "has_docker": machine.has_program("docker"),
        "has_conda": machine.has_program("conda"),
    }


DEFINITION: Final = Inquiry(
    type_name="azureml_local_computer",
    noun="this machine",
    description="The machine that runs Mooring, as a local compute target.",
    attributes={
        "operating_system": told("`Linux`, `Darwin` or `Windows`."),
        "cores": told("The cores that may be used.", kind=NUMBER),
        "memory_gb": told("The memory, in GiB.", kind=NUMBER),
        "has_docker": told("Whether there is Docker.", kind=BOOL),
        "has_conda": told("Whether there is conda.", kind=BOOL),
    },
    answer=_answer,
)
