"""Files that `moor` reads: a workspace with what it needs, and a cluster in it."""

from __future__ import annotations

from typing import Final

BASE: Final = """\
terraform {
  required_providers {
    azureml = { source = "mooring/azureml" }
  }
}

resource "azureml_resource_group" "lab" {
  name     = "rg-lab"
  location = "eastus"
}

resource "azureml_storage_account" "lab" {
  name                = "stlab"
  resource_group_name = azureml_resource_group.lab.name
  location            = "eastus"
}

resource "azureml_key_vault" "lab" {
  name                = "kv-lab"
  resource_group_name = azureml_resource_group.lab.name
  location            = "eastus"
}

resource "azureml_application_insights" "lab" {
  name                = "appi-lab"
  resource_group_name = azureml_resource_group.lab.name
  location            = "eastus"
}

resource "azureml_workspace" "lab" {
  name                    = "mlw-lab"
  resource_group_name     = azureml_resource_group.lab.name
  location                = "eastus"
  storage_account_id      = azureml_storage_account.lab.id
  key_vault_id            = azureml_key_vault.lab.id
  application_insights_id = azureml_application_insights.lab.id

  identity {
    type = "SystemAssigned"
  }
}
"""


def cluster_block(name: str, nodes: int = 2, workspace: str = "azureml_workspace.lab.id") -> str:
    """A cluster; `workspace` is an expression."""
    return (
        f'resource "azureml_compute_cluster" "{name}" {{\n  name         = "{name}"\n'
        f'  workspace_id = {workspace}\n  vm_size      = "Standard_DS3_v2"\n\n'
        f"  scale_settings {{\n    max_node_count = {nodes}\n  }}\n}}\n"
    )
