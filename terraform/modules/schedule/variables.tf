variable "aws" {
  description = "Where the stack lives."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "name" {
  description = "The schedule's name."
  type        = string
}

variable "schedule" {
  description = "The expression, its time zone, and whether it fires."
  type        = object({ expression = string, timezone = string, enabled = bool })
}

variable "state_machine_arn" {
  description = "The state machine to start."
  type        = string
}

variable "permissions_boundary" {
  description = "The ARN of the policy that bounds every role made here; null bounds none."
  type        = string
}
