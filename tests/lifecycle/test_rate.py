"""How many requests a run has under way, and how many it makes, as the cloud sees them."""

from __future__ import annotations

import time
from pathlib import Path

from tests.lifecycle.moor import Moor

from mooring_emulator import LoggedRequest, open_emulator

OPERATION_SECONDS = 0.5
NETWORKS = """
terraform {
  required_providers {
    azureml = { source = "mooring/azureml" }
  }
}

provider "azureml" {
  environment = "emulator"
}

resource "azureml_arm_resource" "network" {
  count     = 6
  type      = "Microsoft.Network/virtualNetworks@2024-05-01"
  parent_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-datascience-vms"
  name      = "vnet-${count.index}"
  location  = "eastus"
  body      = { properties = { addressSpace = { addressPrefixes = ["10.1.0.0/16"] } } }
}
"""


def requests(folder: Path, method: str) -> list[LoggedRequest]:
    """What the cloud of a folder was asked."""
    cloud = open_emulator(str(folder / ".terraform" / "emulator.sqlite"), clock=time.time)
    logged = [one for one in cloud.requests() if one.method == method]
    cloud.close()
    return logged


def test_no_more_writes_are_under_way_than_parallelism_allows(tmp_path: Path, moor_program: str) -> None:
    """An operation takes its time, so that the third write cannot begin before the first is over."""
    (tmp_path / "main.tf").write_text(NETWORKS)
    moor = Moor(moor_program, tmp_path, MOOR_EMULATOR_LRO_SECONDS=str(OPERATION_SECONDS))
    moor.run("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=2")
    begun = sorted(one.time for one in requests(tmp_path, "PUT"))

    assert len(begun) == 6
    assert all(third - first >= OPERATION_SECONDS for first, third in zip(begun, begun[2:], strict=False))
