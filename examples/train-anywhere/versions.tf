terraform {
  required_providers {
    azureml = {
      source = "mooring/azureml"
    }
  }
}

provider "azureml" {
  environment     = var.environment
  subscription_id = var.subscription_id
}
