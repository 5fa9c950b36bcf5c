variable "archive" {
  description = "The path of the built source.tar.gz."
  type        = string
}

variable "bucket" {
  description = "The name of the pipeline's bucket."
  type        = string
}
