variable "aws" {
  description = "The partition, the region and the account of the stack."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "name" {
  description = "The schedule's name."
  type        = string
}

variable "schedule" {
  description = "The expression, its time zone, and whether the schedule is enabled."
  type        = object({ expression = string, timezone = string, enabled = bool })
}

variable "state_machine_arn" {
  description = "The ARN of the state machine to start."
  type        = string
}

variable "permissions_boundary" {
  description = "The ARN of the permissions boundary for every role in this module; null means none."
  type        = string
}
