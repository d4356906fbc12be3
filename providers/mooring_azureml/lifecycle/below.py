"""What an attachment stands on may be gone while the attachment is still there: looked at with every read.

Source: "Set up compute targets": Azure Machine Learning neither owns nor watches what is attached, so an
attachment outlives its machine and fails only when a job is sent to it.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity
from mooring.core.paths import Attr
from mooring.sdk import CallContext
from mooring_azureml.arm.ids import parse_id
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.table.model import Fields

_API_VERSIONS: Final = {
    "microsoft.batch/batchaccounts": "2024-07-01",
    "microsoft.compute/virtualmachines": "2024-07-01",
    "microsoft.containerservice/managedclusters": "2025-01-01",
    "microsoft.databricks/workspaces": "2024-05-01",
    "microsoft.datafactory/factories": "2018-06-01",
    "microsoft.datalakeanalytics/accounts": "2016-11-01",
    "microsoft.hdinsight/clusters": "2021-06-01",
    "microsoft.kubernetes/connectedclusters": "2024-01-01",
    "microsoft.synapse/workspaces/bigdatapools": "2021-06-01",
}


def warn_if_gone(definition: Definition, access: Access, ctx: CallContext, fields: Fields) -> Diagnostics:
    """A warning when Azure says that the attached resource does not exist; silence if it cannot be asked."""
    resource_id = fields.get(definition.attaches) if definition.attaches else None
    parsed = parse_id(resource_id) if isinstance(resource_id, str) else None
    version = _API_VERSIONS.get(parsed.type.lower()) if parsed is not None else None
    if version is None:
        return ()
    found = access.arm.get(ctx, Target(id=str(resource_id), api_version=version))
    if not isinstance(found, ArmError) or not found.is_absent:
        return ()
    name = str(fields["id"]).rpartition("/")[2]
    return (
        Diagnostic(
            severity=Severity.WARNING,
            summary="Attached resource is gone",
            detail=f'The {definition.noun} "{name}" is still there, but what it attaches does not exist any '
            f"more: {resource_id}. No job can run on it. Remove the attachment from the configuration, or "
            "give it another resource.",
            path=(Attr(definition.attaches),),
            code="azureml.attached_gone",
        ),
    )
