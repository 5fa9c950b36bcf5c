variable "aws" {
  description = "Where the stack lives."
  type        = object({ partition = string })
}

variable "name" {
  description = "The bucket's name."
  type        = string
}

variable "force_destroy" {
  description = "Whether destroying the bucket also deletes what it holds."
  type        = bool
}

variable "retention" {
  description = "After how many days the files of runs and the models expire; null makes no lifecycle rules."
  type        = object({ run_days = number, model_days = number })
}
