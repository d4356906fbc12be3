variable "environment" {
  description = "Where the lab is built: \"emulator\" needs no Azure account, \"public\" is Azure itself."
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
  description = "Makes the names unique that all of Azure shares (storage account, key vault). Letters and digits."
  type        = string
  default     = "dp100labs"

  validation {
    condition     = can(regex("^[a-z0-9]{3,12}$", var.name_suffix))
    error_message = "The suffix must have 3 to 12 lower-case letters and digits."
  }
}

variable "repository" {
  description = "The repository that the setup script clones onto the compute instance."
  type        = string
  default     = "https://github.com/MicrosoftLearning/mslearn-dp100"
}

variable "stop_time_zone" {
  description = "The time zone of the daily stop at 18:00, by its Windows name."
  type        = string
  default     = "Eastern Standard Time"
}

variable "virtual_machine_id" {
  description = "The Ubuntu Data Science VM to attach. It exists before the lab and stays after it."
  type        = string
  default     = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-datascience-vms/providers/Microsoft.Compute/virtualMachines/vm-dsvm-ubuntu"
}

variable "virtual_machine_username" {
  description = "The administrator on that VM."
  type        = string
  default     = "azureuser"
}

variable "virtual_machine_password" {
  description = "The administrator's password; give this or a private key. Set it with TF_VAR_virtual_machine_password."
  type        = string
  default     = null
  sensitive   = true
}

variable "virtual_machine_private_key" {
  description = "The administrator's private SSH key; give this or a password."
  type        = string
  default     = null
  sensitive   = true
}
