variable "aws" {
  description = "Where the stack lives."
  type        = object({ account_id = string })
}

variable "name" {
  description = "The state machine's name."
  type        = string
}

variable "arn" {
  description = "The state machine's ARN, which derives from its name."
  type        = string
}

variable "definition_file" {
  description = "The path of the built state_machine.asl.json."
  type        = string
}

variable "substitutions" {
  description = "What Terraform fills into the definition."
  type        = map(string)
}

variable "function_arns" {
  description = "The functions that the state machine may invoke."
  type        = list(string)
}

variable "statements" {
  description = "What the state machine may do beside invoking its functions and delivering its logs: IAM statements, as JSON."
  type        = string
}

variable "log_retention_days" {
  description = "How many days the logs are kept."
  type        = number
}

variable "permissions_boundary" {
  description = "The ARN of the policy that bounds every role made here; null bounds none."
  type        = string
}
