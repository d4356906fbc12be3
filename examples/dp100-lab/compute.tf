# What the labs run on: a workstation, a cluster, and a virtual machine that somebody owns already.

resource "azureml_compute_instance" "workstation" {
  name         = "ci-dp100-labs"
  workspace_id = azureml_workspace.labs.id
  vm_size      = "Standard_DS11_v2"
  description  = "Workstation of the labs"

  setup_scripts {
    creation_script {
      script = templatefile("${path.module}/setup.sh", {
        repository = var.repository
      })
      timeout = "20m"
    }
  }

  # Nobody works after 18:00, and a running machine costs money.
  schedule {
    action = "Stop"

    cron {
      expression = "0 18 * * *"
      time_zone  = var.stop_time_zone
    }
  }
}

resource "azureml_compute_cluster" "cpu" {
  name         = "cpu-cluster"
  workspace_id = azureml_workspace.labs.id
  vm_size      = "Standard_DS11_v2"

  scale_settings {
    min_node_count                   = 0
    max_node_count                   = 2
    node_idle_time_before_scale_down = "PT2M"
  }
}

locals {
  # The machine of the emulator has no real administrator: any password will do there.
  no_credential            = var.virtual_machine_password == null && var.virtual_machine_private_key == null
  any_password             = var.environment == "emulator" && local.no_credential ? "only-for-the-emulator" : null
  virtual_machine_password = local.any_password != null ? local.any_password : var.virtual_machine_password
}

resource "azureml_attached_virtual_machine" "dsvm" {
  name               = "dsvm-ubuntu"
  workspace_id       = azureml_workspace.labs.id
  virtual_machine_id = var.virtual_machine_id
  ssh_port           = 22
  username           = var.virtual_machine_username
  password           = local.virtual_machine_password
  private_key        = var.virtual_machine_private_key
}
