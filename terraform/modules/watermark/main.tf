# The newest day of data that a deployed model was trained on. Terraform makes it, runs move it.

resource "aws_ssm_parameter" "this" {
  name        = var.name
  description = "Newest day of data that the deployed model of ${var.pipeline} was trained on."
  type        = "String"
  value       = "never"

  lifecycle {
    # SSM sets all attributes or none: a change of any other would also send the value that the plan has read, and take back
    # a watermark that a run has moved since then. Tags alone are set by themselves.
    ignore_changes = [value, description]
  }
}
