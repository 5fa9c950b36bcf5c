variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}
