# What a pipeline remembers between its runs. Terraform makes the parameters, runs and people write them.

locals {
  parameters = {
    watermark = { path = "train/latest", value = "never", description = "Newest day of data that the deployed model of ${var.pipeline} was trained on." }
    run       = { path = "train/run", value = "never", description = "The run whose data the watermark of ${var.pipeline} speaks of." }
    hold      = { path = "hold", value = "none", description = "Who holds the model of ${var.pipeline} where it is, since when and why." }
  }
}

resource "aws_ssm_parameter" "this" {
  for_each = local.parameters

  name        = "/models/${var.pipeline}/${each.value.path}"
  description = each.value.description
  type        = "String"
  value       = each.value.value

  lifecycle {
    # SSM sets all attributes or none: a change of any other would also send the value that the plan has read, and take back
    # what a run has written since then. Tags alone are set by themselves.
    ignore_changes = [value, description]
  }
}

# The watermark was the only one once; it keeps its value.
moved {
  from = aws_ssm_parameter.this
  to   = aws_ssm_parameter.this["watermark"]
}
