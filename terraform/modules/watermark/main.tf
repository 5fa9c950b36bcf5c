# The newest day of data that a deployed model was trained on. Terraform makes it, runs move it.

resource "aws_ssm_parameter" "this" {
  name        = var.name
  description = "Newest day of data that the deployed model of ${var.pipeline} was trained on."
  type        = "String"
  value       = "never"

  lifecycle {
    ignore_changes = [value]
  }
}
