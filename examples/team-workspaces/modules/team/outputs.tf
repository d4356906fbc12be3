output "workspace_id" {
  description = "The workspace."
  value       = azureml_workspace.this.id
}

output "instances" {
  description = "The names of the instances by member."
  value       = { for member, instance in azureml_compute_instance.member : member => instance.name }
}
