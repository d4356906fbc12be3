"""The data source `azureml_workspace`: everything the resource type knows, by group and name."""

from __future__ import annotations

from mooring_azureml.resources.workspace import DEFINITION

__all__ = ["DEFINITION"]
