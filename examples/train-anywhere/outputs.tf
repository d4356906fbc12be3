output "run" {
  description = "The name of the run."
  value       = azureml_command_job.train.name
}

output "status" {
  description = "How it ended."
  value       = azureml_command_job.train.status
}

output "where_to_look" {
  description = "The run's page in the studio; for a local run what it wrote."
  value       = coalesce(azureml_command_job.train.studio_url, azureml_command_job.train.log_path)
}
