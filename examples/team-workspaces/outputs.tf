output "workspaces" {
  description = "The workspaces by team."
  value       = { for name, team in module.team : name => team.workspace_id }
}

output "instances" {
  description = "Who has which compute instance, by team."
  value       = { for name, team in module.team : name => team.instances }
}
