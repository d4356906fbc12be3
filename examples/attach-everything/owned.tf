# What other teams own: it has a life of its own, and is never deleted by detaching it.

resource "azureml_resource_group" "owned" {
  name     = "rg-owned-${var.name_suffix}"
  location = var.location
}

# -- A virtual machine with Ubuntu and a public IP address ---------------------------------------

resource "azureml_arm_resource" "network" {
  type      = "Microsoft.Network/virtualNetworks@2024-05-01"
  parent_id = azureml_resource_group.owned.id
  name      = "vnet-owned"
  location  = var.location

  body = {
    properties = {
      addressSpace = { addressPrefixes = ["10.20.0.0/16"] }
      subnets      = [{ name = "default", properties = { addressPrefix = "10.20.0.0/24" } }]
    }
  }
}

resource "azureml_arm_resource" "address" {
  type      = "Microsoft.Network/publicIPAddresses@2024-05-01"
  parent_id = azureml_resource_group.owned.id
  name      = "pip-owned"
  location  = var.location

  body = {
    sku        = { name = "Standard" }
    properties = { publicIPAllocationMethod = "Static" }
  }
}

resource "azureml_arm_resource" "interface" {
  type      = "Microsoft.Network/networkInterfaces@2024-05-01"
  parent_id = azureml_resource_group.owned.id
  name      = "nic-owned"
  location  = var.location

  body = {
    properties = {
      ipConfigurations = [{
        name = "public"
        properties = {
          subnet          = { id = "${azureml_arm_resource.network.id}/subnets/default" }
          publicIPAddress = { id = azureml_arm_resource.address.id }
        }
      }]
    }
  }
}

resource "azureml_arm_resource" "machine" {
  type      = "Microsoft.Compute/virtualMachines@2024-07-01"
  parent_id = azureml_resource_group.owned.id
  name      = "vm-owned"
  location  = var.location

  body = {
    properties = {
      hardwareProfile = { vmSize = "Standard_DS3_v2" }
      networkProfile  = { networkInterfaces = [{ id = azureml_arm_resource.interface.id }] }
      storageProfile = {
        imageReference = {
          publisher = "Canonical"
          offer     = "0001-com-ubuntu-server-jammy"
          sku       = "22_04-lts-gen2"
          version   = "latest"
        }
        osDisk = { createOption = "FromImage" }
      }
      osProfile = {
        computerName  = "vm-owned"
        adminUsername = "azureuser"
        linuxConfiguration = {
          disablePasswordAuthentication = true
          ssh = {
            publicKeys = [{ path = "/home/azureuser/.ssh/authorized_keys", keyData = var.ssh_public_key }]
          }
        }
      }
    }
  }
}

# -- Clusters ------------------------------------------------------------------------------------

resource "azureml_arm_resource" "kubernetes" {
  for_each = toset(["training", "inference"])

  type      = "Microsoft.ContainerService/managedClusters@2025-01-01"
  parent_id = azureml_resource_group.owned.id
  name      = "aks-${each.key}"
  location  = var.location

  identity {
    type = "SystemAssigned"
  }

  body = {
    properties = {
      dnsPrefix         = "aks-${each.key}-${var.name_suffix}"
      agentPoolProfiles = [{ name = "system", mode = "System", count = 3, vmSize = "Standard_DS3_v2" }]
    }
  }
}

resource "azureml_arm_resource" "hdinsight" {
  type      = "Microsoft.HDInsight/clusters@2021-06-01"
  parent_id = azureml_resource_group.owned.id
  name      = "hdi-${var.name_suffix}"
  location  = var.location

  body = {
    properties = {
      clusterVersion    = "5.1"
      osType            = "Linux"
      tier              = "Standard"
      clusterDefinition = { kind = "Spark" }
      computeProfile = {
        roles = [for role, count in { headnode = 2, workernode = 2 } : {
          name                = role
          targetInstanceCount = count
          hardwareProfile     = { vmSize = "Standard_E8_v3" }
        }]
      }
    }
  }

  # Laid over the body, and stored nowhere.
  sensitive_body = {
    properties = {
      clusterDefinition = {
        configurations = {
          gateway = {
            "restAuthCredential.isEnabled" = true
            "restAuthCredential.username"  = "admin"
            "restAuthCredential.password"  = var.cluster_password
          }
        }
      }
    }
  }
}

# -- Data services -------------------------------------------------------------------------------

resource "azureml_arm_resource" "databricks" {
  type      = "Microsoft.Databricks/workspaces@2024-05-01"
  parent_id = azureml_resource_group.owned.id
  name      = "dbw-owned"
  location  = var.location

  body = {
    sku        = { name = "premium" }
    properties = { managedResourceGroupId = "${azureml_resource_group.owned.id}-databricks" }
  }
}

resource "azureml_arm_resource" "synapse" {
  type      = "Microsoft.Synapse/workspaces@2021-06-01"
  parent_id = azureml_resource_group.owned.id
  name      = "syn-${var.name_suffix}"
  location  = var.location

  identity {
    type = "SystemAssigned"
  }

  body = {
    properties = {
      sqlAdministratorLogin = "sqladmin"
      defaultDataLakeStorage = {
        accountUrl = "https://st${var.name_suffix}.dfs.core.windows.net"
        filesystem = "synapse"
      }
    }
  }

  sensitive_body = {
    properties = { sqlAdministratorLoginPassword = var.cluster_password }
  }
}

resource "azureml_arm_resource" "spark_pool" {
  type      = "Microsoft.Synapse/workspaces/bigDataPools@2021-06-01"
  parent_id = azureml_arm_resource.synapse.id
  name      = "sparkpool"
  location  = var.location

  body = {
    properties = {
      sparkVersion   = "3.4"
      nodeCount      = 3
      nodeSize       = "Small"
      nodeSizeFamily = "MemoryOptimized"
    }
  }
}

resource "azureml_arm_resource" "batch" {
  type      = "Microsoft.Batch/batchAccounts@2024-07-01"
  parent_id = azureml_resource_group.owned.id
  name      = "batch${var.name_suffix}"
  location  = var.location
}

resource "azureml_arm_resource" "store" {
  type      = "Microsoft.DataLakeStore/accounts@2016-11-01"
  parent_id = azureml_resource_group.owned.id
  name      = "adls${var.name_suffix}"
  location  = var.location
}

resource "azureml_arm_resource" "analytics" {
  type      = "Microsoft.DataLakeAnalytics/accounts@2016-11-01"
  parent_id = azureml_resource_group.owned.id
  name      = "adla${var.name_suffix}"
  location  = var.location

  body = {
    properties = {
      defaultDataLakeStoreAccount = azureml_arm_resource.store.name
      dataLakeStoreAccounts       = [{ name = azureml_arm_resource.store.name }]
    }
  }
}

resource "azureml_arm_resource" "factory" {
  type      = "Microsoft.DataFactory/factories@2018-06-01"
  parent_id = azureml_resource_group.owned.id
  name      = "adf-${var.name_suffix}"
  location  = var.location
}
