variable "aws" {
  description = "The partition, the region and the account of the stack."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "name" {
  description = "The prefix of the names of the functions, roles and log groups."
  type        = string
}

variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}

variable "handlers" {
  description = "The handlers of the pipeline, each with its memory and timeout."
  type        = map(object({ memory_mb = number, timeout_seconds = number }))
}

variable "statements" {
  description = "The IAM statements of each handler's role as JSON, without those for its logs."
  type        = map(string)
}

variable "layers" {
  description = "The ARN of the layer of each handler that needs one."
  type        = map(string)
}

variable "environment" {
  description = "The environment variables of each handler that has any; they contain no secrets."
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
  description = "The retention of the logs in days."
  type        = number
}

variable "permissions_boundary" {
  description = "The ARN of the permissions boundary for every role in this module; null means none."
  type        = string
}
