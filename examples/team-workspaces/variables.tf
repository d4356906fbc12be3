variable "environment" {
  description = "Where to work: \"emulator\", or \"public\" for Azure."
  type        = string
  default     = "emulator"
}

variable "location" {
  description = "The region of what all teams share."
  type        = string
  default     = "westeurope"
}

variable "tenant_id" {
  description = "The Entra ID tenant of the members."
  type        = string
  default     = "11111111-1111-1111-1111-111111111111"
}

variable "teams" {
  description = "The teams by name. Members are object ids of users, by a short name."
  type = map(object({
    location  = optional(string, "westeurope")
    members   = map(string)
    max_nodes = optional(number, 2)
    time_zone = optional(string, "W. Europe Standard Time")
  }))
}
