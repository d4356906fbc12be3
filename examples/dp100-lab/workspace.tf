# The workspace and the three resources that every workspace rests on.

locals {
  tags = {
    course = "dp-100"
    source = "mooring"
  }
}

resource "azureml_resource_group" "labs" {
  name     = "rg-dp100-labs"
  location = var.location
  tags     = local.tags
}

resource "azureml_storage_account" "labs" {
  name                = "st${var.name_suffix}"
  resource_group_name = azureml_resource_group.labs.name
  location            = var.location
  tags                = local.tags
}

resource "azureml_key_vault" "labs" {
  name                = "kv-${var.name_suffix}"
  resource_group_name = azureml_resource_group.labs.name
  location            = var.location
  tags                = local.tags
}

resource "azureml_application_insights" "labs" {
  name                = "appi-dp100-labs"
  resource_group_name = azureml_resource_group.labs.name
  location            = var.location
  tags                = local.tags
}

resource "azureml_workspace" "labs" {
  name                    = "mlw-dp100-labs"
  resource_group_name     = azureml_resource_group.labs.name
  location                = var.location
  description             = "Labs of the course DP-100"
  storage_account_id      = azureml_storage_account.labs.id
  key_vault_id            = azureml_key_vault.labs.id
  application_insights_id = azureml_application_insights.labs.id
  tags                    = local.tags

  identity {
    type = "SystemAssigned"
  }
}
