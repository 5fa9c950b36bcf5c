variable "aws" {
  description = "The account of the stack."
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
  description = "The values of the placeholders in the definition."
  type        = map(string)
}

variable "function_arns" {
  description = "The ARNs of the functions that the state machine may invoke."
  type        = list(string)
}

variable "refit_version" {
  description = "The version of Refit that built the stack."
  type        = string
}

variable "statements" {
  description = "The IAM statements of the role as JSON, without those for its functions and its logs."
  type        = string
}

variable "log_retention_days" {
  description = "The retention of the logs in days."
  type        = number
}

variable "permissions_boundary" {
  description = "The ARN of the permissions boundary for every role in this module; null means none."
  type        = string
}
