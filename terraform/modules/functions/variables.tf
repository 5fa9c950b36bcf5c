variable "aws" {
  description = "Where the stack lives."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "name" {
  description = "What the names of the functions, their roles and their log groups start with."
  type        = string
}

variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}

variable "handlers" {
  description = "The Lambdas that the pipeline has."
  type        = set(string)
}

variable "statements" {
  description = "What each handler may do beside writing its own logs: handler to IAM statements, as JSON."
  type        = map(string)
}

variable "environment" {
  description = "Handler to its environment variables, which hold no secret; most have none."
  type        = map(map(string))
}

variable "zip" {
  description = "The path of the built lambdas.zip."
  type        = string
}

variable "bucket" {
  description = "The name of the pipeline's bucket."
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
