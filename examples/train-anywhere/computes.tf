# Where a run can be, beside this machine and what Azure provides by itself.

resource "azureml_compute_cluster" "cpu" {
  name         = "cpu-cluster"
  workspace_id = azureml_workspace.ml.id
  vm_size      = "Standard_DS3_v2"

  scale_settings {
    max_node_count = 2
  }
}

resource "azureml_attached_virtual_machine" "machine" {
  name               = "team-machine"
  workspace_id       = azureml_workspace.ml.id
  virtual_machine_id = var.machine_id
  username           = "azureuser"
  private_key        = var.ssh_private_key
}

locals {
  computes = {
    cluster  = azureml_compute_cluster.cpu.id
    attached = azureml_attached_virtual_machine.machine.id
  }
}
