"""One cloud, two programs: what azure-ai-ml made is no change to `moor`, and it sees what `moor` made."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.clients.conftest import Served, client_environment, run_program
from tests.lifecycle.moor import Moor

PROGRAM = Path(__file__).with_name("mlclient_shared_program.py")
STORE = ".terraform/emulator.sqlite"
GROUP = "rg-datascience-vms"
HEAD = """
terraform {
  required_providers {
    azureml = { source = "mooring/azureml" }
  }
}

provider "azureml" {
  environment = "emulator"
}
"""
SECRETS = (
    ("  password = null", '  password = "hunter2"'),
    ("    key = null", '    key = "c2VjcmV0"'),
)
NOTE = "  # credentials has write-only arguments. Nobody can read whether it is there; if so, add it.\n"
EVERYTHING = """
locals {
  machine = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-datascience-vms/providers/Microsoft.Compute/virtualMachines/vm-dsvm-ubuntu"
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

resource "azureml_compute_cluster" "cpu" {
  name         = "cpu-cluster"
  workspace_id = azureml_workspace.lab.id
  vm_size      = "Standard_DS3_v2"

  scale_settings {
    min_node_count = 1
    max_node_count = 3
  }
}

resource "azureml_compute_instance" "mine" {
  name         = "my-instance"
  workspace_id = azureml_workspace.lab.id
  vm_size      = "Standard_DS11_v2"
}

resource "azureml_attached_virtual_machine" "vm" {
  name               = "my-vm"
  workspace_id       = azureml_workspace.lab.id
  virtual_machine_id = local.machine
  username           = "azureuser"
  password           = "hunter2"
}

resource "azureml_datastore" "store" {
  name           = "store"
  workspace_id   = azureml_workspace.lab.id
  datastore_type = "AzureBlob"
  account_name   = "acct"
  container_name = "c"

  credentials {
    credentials_type = "AccountKey"
    key              = "c2VjcmV0"
  }
}

resource "azureml_environment" "env" {
  name         = "env"
  version      = "7"
  workspace_id = azureml_workspace.lab.id
  image        = "ubuntu:24.04"
}

resource "azureml_online_endpoint" "scoring" {
  name         = "an-endpoint"
  workspace_id = azureml_workspace.lab.id
  auth_mode    = "Key"

  identity {
    type = "SystemAssigned"
  }
}

resource "azureml_connection" "git" {
  name         = "git"
  workspace_id = azureml_workspace.lab.id
  category     = "Git"
  auth_type    = "PAT"
  target       = "https://example.org"

  credentials {
    pat = "a-pat"
  }
}
"""  # noqa: E501 - an id is long


@pytest.fixture
def ask_mlclient(
    serve: Callable[..., Served], azure_ai_ml_python: str, tmp_path: Path
) -> Callable[[str, str, str], Any]:
    """Have azure-ai-ml do something in the cloud of the test's folder."""

    def ask(verb: str, group: str, workspace: str) -> Any:
        server = serve(f"-store={tmp_path / STORE}")
        environment = client_environment(server, by_proxy=False)
        arguments = (verb, server.endpoint, group, workspace)
        return run_program(azure_ai_ml_python, PROGRAM, *arguments, environment=environment)

    return ask


def import_blocks(ids: dict[str, str]) -> str:
    return "\n".join(
        f'import {{\n  to = azureml_{kind}.found\n  id = "{found}"\n}}' for kind, found in ids.items()
    )


def with_secrets(generated: str) -> str:
    """The generated declarations with what nobody can read back."""
    for null, secret in SECRETS:
        generated = generated.replace(null, secret, 1)
    start = generated.index('resource "azureml_connection"')
    given = generated[start:].replace(NOTE, '  credentials {\n    pat = "a-pat"\n  }\n')
    return generated[:start] + given


def test_what_azure_ai_ml_made_is_imported_and_no_change(
    ask_mlclient: Callable[[str, str, str], Any], moor_program: str, tmp_path: Path
) -> None:
    ids = ask_mlclient("make", GROUP, "ws-ml")
    (tmp_path / "main.tf").write_text(HEAD + import_blocks(ids))
    moor = Moor(moor_program, tmp_path)
    moor.outcome("plan", "-input=false", "-generate-config-out=generated.tf")
    generated = tmp_path / "generated.tf"
    generated.write_text(with_secrets(generated.read_text()))
    assert len(ids) == 8
    assert "8 imported, 0 added, 0 changed, 0 destroyed" in moor.run("apply", "-auto-approve", "-no-color")
    assert "No changes." in moor.run("plan", "-detailed-exitcode", "-no-color")


def test_what_moor_made_azure_ai_ml_lists_with_the_same_properties(
    ask_mlclient: Callable[[str, str, str], Any], moor_program: str, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(HEAD + EVERYTHING)
    moor = Moor(moor_program, tmp_path)
    moor.run("apply", "-auto-approve", "-no-color")
    shown = json.loads(moor.run("show", "-json"))["values"]["root_module"]["resources"]
    made = {each["type"].removeprefix("azureml_"): each["values"] for each in shown}
    seen = ask_mlclient("look", "rg-lab", "mlw-lab")
    links = [made["workspace"][name] for name in ("storage_account_id", "key_vault_id")]
    assert [link.lower() for link in seen.pop("workspace")[2:]] == [link.lower() for link in links]
    computes = seen.pop("computes")
    scale = made["compute_cluster"]["scale_settings"]
    assert computes["cpu-cluster"]["size"] == made["compute_cluster"]["vm_size"]
    assert computes["cpu-cluster"]["min_instances"] == scale["min_node_count"] == 1
    assert computes["cpu-cluster"]["max_instances"] == scale["max_node_count"] == 3
    assert computes["my-instance"]["size"] == made["compute_instance"]["vm_size"]
    machine = made["attached_virtual_machine"]["virtual_machine_id"]
    assert computes["my-vm"]["resource_id"].lower() == machine.lower()
    blobs = seen["datastores"].pop("workspaceblobstore")
    assert blobs.startswith("azureml-blobstore-")
    assert seen == {
        "datastores": {"store": "c", "workspacefilestore": None},
        "environments": {"env": ["7", "ubuntu:24.04"]},
        "endpoints": {"an-endpoint": "key"},
        "connections": {"git": "https://example.org"},
    }
