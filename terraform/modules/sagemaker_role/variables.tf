variable "aws" {
  description = "Where the stack lives."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "name" {
  description = "The role's name."
  type        = string
}

variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}

variable "bucket" {
  description = "The name of the pipeline's bucket."
  type        = string
}

variable "readable_prefixes" {
  description = "The prefixes in the bucket that training and serving read and list."
  type        = list(string)
}

variable "models_prefix" {
  description = "The prefix in the bucket that training writes its model to."
  type        = string
}

variable "endpoint" {
  description = "The endpoint's name, which names its log group."
  type        = string
}

variable "image" {
  description = "The image in Amazon ECR; null is AWS's Linear Learner."
  type        = string
}

variable "alarm_arns" {
  description = "The alarms that SageMaker watches during a deployment."
  type        = list(string)
}

variable "permissions_boundary" {
  description = "The ARN of the policy that bounds every role made here; null bounds none."
  type        = string
}
