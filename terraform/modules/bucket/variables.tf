variable "aws" {
  description = "The partition of the stack."
  type        = object({ partition = string })
}

variable "name" {
  description = "The bucket's name."
  type        = string
}

variable "force_destroy" {
  description = "Whether a destroy also deletes the objects in the bucket."
  type        = bool
}

variable "retention" {
  description = "The number of days after which run files and models expire; null means never."
  type        = object({ run_days = number, model_days = number })
}

variable "objects_before_versioning" {
  description = "The keys of objects to create before versioning is enabled, because they are read immediately."
  type        = list(string)
  default     = []
}
