# One attachment for each kind of compute that people own.

resource "azureml_attached_virtual_machine" "machine" {
  name               = "machine"
  workspace_id       = azureml_workspace.ml.id
  virtual_machine_id = azureml_arm_resource.machine.id
  username           = "azureuser"
  private_key        = var.ssh_private_key
}

resource "azureml_attached_hdinsight" "spark" {
  name                 = "hdinsight"
  workspace_id         = azureml_workspace.ml.id
  hdinsight_cluster_id = azureml_arm_resource.hdinsight.id
  username             = "sshuser"
  private_key          = var.ssh_private_key
}

resource "azureml_attached_databricks" "databricks" {
  name                    = "databricks"
  workspace_id            = azureml_workspace.ml.id
  databricks_workspace_id = azureml_arm_resource.databricks.id
  access_token            = var.databricks_token
}

resource "azureml_attached_synapse_spark" "synapse" {
  name          = "synapse"
  workspace_id  = azureml_workspace.ml.id
  spark_pool_id = azureml_arm_resource.spark_pool.id

  identity {
    type = "SystemAssigned"
  }
}

resource "azureml_attached_kubernetes" "training" {
  name                  = "kubernetes"
  workspace_id          = azureml_workspace.ml.id
  kubernetes_cluster_id = azureml_arm_resource.kubernetes["training"].id
  namespace             = "training"
  default_instance_type = "small"

  identity {
    type = "SystemAssigned"
  }

  instance_type {
    name     = "small"
    requests = { cpu = "1", memory = "2Gi" }
    limits   = { cpu = "2", memory = "4Gi" }
  }

  instance_type {
    name          = "gpu"
    node_selector = { accelerator = "nvidia" }
    requests      = { cpu = "4", memory = "16Gi" }
    limits        = { cpu = "8", memory = "32Gi", "nvidia.com/gpu" = "1" }
  }
}

# The first generation of AKS in a workspace: model deployments, with a certificate of Microsoft's.
resource "azureml_inference_cluster" "inference" {
  name                  = "inference"
  workspace_id          = azureml_workspace.ml.id
  kubernetes_cluster_id = azureml_arm_resource.kubernetes["inference"].id
  cluster_purpose       = "DevTest"

  ssl_configuration {
    status            = "Auto"
    leaf_domain_label = var.name_suffix
  }
}

resource "azureml_attached_batch" "batch" {
  name             = "batch"
  workspace_id     = azureml_workspace.ml.id
  batch_account_id = azureml_arm_resource.batch.id
}

resource "azureml_attached_data_lake_analytics" "analytics" {
  name                           = "analytics"
  workspace_id                   = azureml_workspace.ml.id
  data_lake_analytics_account_id = azureml_arm_resource.analytics.id
  on_destroy                     = "detach"
}

resource "azureml_attached_data_factory" "factory" {
  name            = "factory"
  workspace_id    = azureml_workspace.ml.id
  data_factory_id = azureml_arm_resource.factory.id
}
