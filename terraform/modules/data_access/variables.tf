variable "aws" {
  description = "The partition, the region and the account of the stack."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}

variable "bucket" {
  description = "The name of the existing bucket with the data; null means the stack's own bucket."
  type        = string
}

variable "bucket_owner" {
  description = "The account that must own the bucket; null means any account."
  type        = string
}

variable "kms_key_arn" {
  description = "The KMS key that encrypts the data; null means a key of S3."
  type        = string
}

variable "prefix" {
  description = "The prefix in the bucket where the daily data arrives."
  type        = string
}

variable "listers" {
  description = "The ARNs of the roles that only list the data."
  type        = list(string)
}

variable "readers" {
  description = "The ARNs of the roles that list and read the data."
  type        = list(string)
}
