variable "target" {
  description = "Where the training runs: \"local\", \"cluster\", \"attached\" or \"serverless\"."
  type        = string
  default     = "local"

  validation {
    condition     = contains(["local", "cluster", "attached", "serverless"], var.target)
    error_message = "The target must be local, cluster, attached or serverless."
  }
}

variable "rate" {
  description = "The learning rate."
  type        = number
  default     = 0.05
}

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
  default     = "anywhere"
}

variable "machine_id" {
  description = "A virtual machine with Ubuntu and a public address, to attach. The emulator has this one."
  type        = string
  default     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-datascience-vms/providers/Microsoft.Compute/virtualMachines/vm-dsvm-ubuntu"
}

variable "ssh_private_key" {
  description = "The key of its administrator. The workspace gets it; it is stored nowhere else."
  type        = string
  default     = "only-for-the-emulator"
  sensitive   = true
}
