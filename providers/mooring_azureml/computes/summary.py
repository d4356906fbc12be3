"""What all types of computes have, in short."""

from __future__ import annotations

from typing import Final

from mooring_azureml.arm.port import Document
from mooring_azureml.table.model import Fields
from mooring_azureml.table.to_arm import get_at

_PLACES: Final = {
    "id": "id",
    "name": "name",
    "location": "location",
    "compute_type": "properties.computeType",
    "provisioning_state": "properties.provisioningState",
    "resource_id": "properties.resourceId",
    "state": "properties.properties.state",
    "vm_size": "properties.properties.vmSize",
}
COLUMNS: Final = tuple(_PLACES)


def summary(document: Document) -> Fields:
    """The attributes of a compute that do not depend on its type."""
    return {name: get_at(document, path) for name, path in _PLACES.items()}
