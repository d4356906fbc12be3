variable "environment" {
  description = "Where everything is built: \"emulator\" needs no Azure account, \"public\" is Azure itself."
  type        = string
  default     = "emulator"
}

variable "subscription_id" {
  description = "The Azure subscription; the emulator has one of its own. ARM_SUBSCRIPTION_ID does as well."
  type        = string
  default     = null
}

variable "location" {
  description = "The Azure region of everything."
  type        = string
  default     = "eastus"
}

variable "name_suffix" {
  description = "Makes the names unique that all of Azure shares. Letters and digits."
  type        = string
  default     = "everything"

  validation {
    condition     = can(regex("^[a-z0-9]{3,12}$", var.name_suffix))
    error_message = "The suffix must have 3 to 12 lower-case letters and digits."
  }
}

variable "ssh_public_key" {
  description = "The public key of the administrator of the virtual machine and the HDInsight cluster."
  type        = string
  default     = "ssh-ed25519 AAAA-any-key-will-do-there"
}

variable "ssh_private_key" {
  description = "The private key that belongs to it. The workspace gets it; it is stored nowhere else."
  type        = string
  default     = "only-for-the-emulator"
  sensitive   = true
}

variable "databricks_token" {
  description = "A personal access token of the Databricks workspace. It is stored nowhere."
  type        = string
  default     = "only-for-the-emulator"
  sensitive   = true
}

variable "cluster_password" {
  description = "The password of the HDInsight cluster's gateway and of the Synapse workspace."
  type        = string
  default     = "only-4-the-Emulator"
  sensitive   = true
}
