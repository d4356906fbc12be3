resource "azureml_resource_group" "shared" {
  name     = "rg-ml-shared"
  location = var.location
}

# The data that all teams work on; each workspace has it as the datastore "shared".
resource "azureml_storage_account" "shared" {
  name                = "stmlshareddata"
  resource_group_name = azureml_resource_group.shared.name
  location            = azureml_resource_group.shared.location
}

module "team" {
  source   = "./modules/team"
  for_each = var.teams

  name      = each.key
  location  = each.value.location
  members   = each.value.members
  max_nodes = each.value.max_nodes
  time_zone = each.value.time_zone
  tenant_id = var.tenant_id

  shared_storage_account = azureml_storage_account.shared.name
}
