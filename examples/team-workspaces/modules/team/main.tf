locals {
  tags = { team = var.name }
}

resource "azureml_resource_group" "this" {
  name     = "rg-ml-${var.name}"
  location = var.location
  tags     = local.tags
}

resource "azureml_storage_account" "this" {
  name                = "stml${var.name}"
  resource_group_name = azureml_resource_group.this.name
  location            = var.location
  tags                = local.tags
}

resource "azureml_key_vault" "this" {
  name                = "kv-ml-${var.name}"
  resource_group_name = azureml_resource_group.this.name
  location            = var.location
  tags                = local.tags
}

resource "azureml_application_insights" "this" {
  name                = "appi-ml-${var.name}"
  resource_group_name = azureml_resource_group.this.name
  location            = var.location
  tags                = local.tags
}

resource "azureml_workspace" "this" {
  name                    = "mlw-${var.name}"
  resource_group_name     = azureml_resource_group.this.name
  location                = var.location
  storage_account_id      = azureml_storage_account.this.id
  key_vault_id            = azureml_key_vault.this.id
  application_insights_id = azureml_application_insights.this.id
  tags                    = local.tags

  identity {
    type = "SystemAssigned"
  }
}

resource "azureml_datastore" "shared" {
  name           = "shared"
  workspace_id   = azureml_workspace.this.id
  datastore_type = "AzureBlob"
  account_name   = var.shared_storage_account
  container_name = "data"
}

resource "azureml_compute_cluster" "this" {
  name         = "${var.name}-cpu"
  workspace_id = azureml_workspace.this.id
  vm_size      = "Standard_DS3_v2"
  tags         = local.tags

  scale_settings {
    max_node_count                   = var.max_nodes
    node_idle_time_before_scale_down = "PT5M"
  }
}

# One instance for each member: it starts and stops with the working day, and stops when nobody uses it.
resource "azureml_compute_instance" "member" {
  for_each = var.members

  name                      = "ci-${var.name}-${each.key}"
  workspace_id              = azureml_workspace.this.id
  vm_size                   = "Standard_DS11_v2"
  idle_time_before_shutdown = "PT1H"
  tags                      = local.tags

  assigned_user {
    object_id = each.value
    tenant_id = var.tenant_id
  }

  schedule {
    action = "Start"

    cron {
      expression = "0 8 * * 1-5"
      time_zone  = var.time_zone
    }
  }

  schedule {
    action = "Stop"

    cron {
      expression = "0 18 * * *"
      time_zone  = var.time_zone
    }
  }
}
