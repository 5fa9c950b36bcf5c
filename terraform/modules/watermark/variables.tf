variable "name" {
  description = "The parameter's name, with its leading slash."
  type        = string
}

variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}
