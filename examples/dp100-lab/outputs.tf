output "workspace_id" {
  description = "The ARM id of the workspace."
  value       = azureml_workspace.labs.id
}

output "mlflow_tracking_uri" {
  description = "Where runs are tracked."
  value       = azureml_workspace.labs.mlflow_tracking_uri
}

output "compute_ids" {
  description = "The ARM ids of the computes."
  value = {
    instance = azureml_compute_instance.workstation.id
    cluster  = azureml_compute_cluster.cpu.id
    attached = azureml_attached_virtual_machine.dsvm.id
  }
}

output "dsvm_ssh" {
  description = "How the workspace reaches the attached virtual machine."
  value       = "ssh -p ${azureml_attached_virtual_machine.dsvm.ssh_port} ${azureml_attached_virtual_machine.dsvm.username}@${azureml_attached_virtual_machine.dsvm.address}"
}
