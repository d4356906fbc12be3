variable "name" {
  description = "The team: lower-case letters, they become part of names."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{3,10}$", var.name))
    error_message = "The name of a team has 3 to 10 lower-case letters."
  }
}

variable "location" {
  description = "The region."
  type        = string
}

variable "members" {
  description = "Who gets an instance: object ids by short names."
  type        = map(string)
}

variable "max_nodes" {
  description = "How far the cluster grows."
  type        = number
}

variable "time_zone" {
  description = "The team's time zone, with its Windows name."
  type        = string
}

variable "tenant_id" {
  description = "The members' tenant."
  type        = string
}

variable "shared_storage_account" {
  description = "The storage account that all teams share."
  type        = string
}
