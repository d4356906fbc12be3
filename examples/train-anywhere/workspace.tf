# The workspace that runs belong to.

resource "azureml_resource_group" "ml" {
  name     = "rg-ml-${var.name_suffix}"
  location = var.location
}

resource "azureml_storage_account" "ml" {
  name                = "st${var.name_suffix}"
  resource_group_name = azureml_resource_group.ml.name
  location            = var.location
}

resource "azureml_key_vault" "ml" {
  name                = "kv-${var.name_suffix}"
  resource_group_name = azureml_resource_group.ml.name
  location            = var.location
}

resource "azureml_application_insights" "ml" {
  name                = "appi-${var.name_suffix}"
  resource_group_name = azureml_resource_group.ml.name
  location            = var.location
}

resource "azureml_workspace" "ml" {
  name                    = "mlw-${var.name_suffix}"
  resource_group_name     = azureml_resource_group.ml.name
  location                = var.location
  storage_account_id      = azureml_storage_account.ml.id
  key_vault_id            = azureml_key_vault.ml.id
  application_insights_id = azureml_application_insights.ml.id

  identity {
    type = "SystemAssigned"
  }
}
