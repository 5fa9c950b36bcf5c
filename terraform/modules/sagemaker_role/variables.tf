variable "aws" {
  description = "The partition, the region and the account of the stack."
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

variable "read_data" {
  description = "The statements for an existing bucket with the data; empty if the data is in the pipeline's bucket."
  type        = any
}

variable "models_prefix" {
  description = "The prefix in the bucket to which training writes its model."
  type        = string
}

variable "endpoint" {
  description = "The endpoint's name, which is part of the name of its log group."
  type        = string
}

variable "algorithm" {
  description = "AWS's algorithm, which trains unless there is an image: linear-learner or xgboost."
  type        = string
}

variable "image" {
  description = "The image in Amazon ECR; null means that of the algorithm."
  type        = string
}

variable "alarm_arns" {
  description = "The ARNs of the alarms that SageMaker monitors during a deployment."
  type        = list(string)
}

variable "permissions_boundary" {
  description = "The ARN of the permissions boundary for every role in this module; null means none."
  type        = string
}
