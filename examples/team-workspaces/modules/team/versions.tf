terraform {
  required_providers {
    azureml = {
      source = "mooring/azureml"
    }
  }
}
