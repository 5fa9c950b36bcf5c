variable "name" {
  description = "The rule's name."
  type        = string
}

variable "bucket" {
  description = "The name of the bucket where the data arrives."
  type        = string
}

variable "own_bucket" {
  description = "Whether the bucket is the stack's own, whose notifications Terraform manages."
  type        = bool
}

variable "data_prefix" {
  description = "The prefix in the bucket of the objects that the rule matches."
  type        = string
}

variable "function" {
  description = "The Lambda function that the rule invokes."
  type        = object({ name = string, arn = string })
}
