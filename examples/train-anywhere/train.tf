# One run: the same code and command, wherever it is.

data "azureml_code_snapshot" "src" {
  path = "src"
}

resource "azureml_environment" "train" {
  name         = "train"
  version      = "1"
  workspace_id = azureml_workspace.ml.id
  image        = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
}

resource "azureml_command_job" "train" {
  workspace_id    = azureml_workspace.ml.id
  experiment_name = "train-anywhere"
  environment_id  = azureml_environment.train.id
  command         = "python train.py --rate $${{inputs.rate}} --steps $${{inputs.steps}} --model $${{outputs.model}}"

  code_path   = data.azureml_code_snapshot.src.path
  code_digest = data.azureml_code_snapshot.src.digest

  compute    = var.target == "local" ? "local" : null
  compute_id = lookup(local.computes, var.target, null)

  input {
    name  = "rate"
    value = tostring(var.rate)
  }

  input {
    name  = "steps"
    value = "500"
  }

  output {
    name = "model"
  }

  limits {
    timeout = "PT30M"
  }
}
