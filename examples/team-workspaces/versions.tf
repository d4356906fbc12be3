terraform {
  required_providers {
    azureml = {
      source = "mooring/azureml"
    }
  }
}

provider "azureml" {
  environment = var.environment
}
