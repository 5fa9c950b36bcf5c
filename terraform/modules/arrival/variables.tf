variable "name" {
  description = "The rule's name."
  type        = string
}

variable "bucket" {
  description = "The name of the bucket where the data lands."
  type        = string
}

variable "data_prefix" {
  description = "The prefix in the bucket whose new objects count."
  type        = string
}

variable "function" {
  description = "The Lambda that is told."
  type        = object({ name = string, arn = string })
}
