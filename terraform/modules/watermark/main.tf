# The state of a pipeline between its runs. Terraform creates the parameters; runs and `refit` write their values.

locals {
  parameters = {
    watermark = {
      path        = "train/latest"
      value       = "never"
      description = "Newest day of data that the deployed model of ${var.pipeline} was trained on."
    }
    run = {
      path        = "train/run"
      value       = "never"
      description = "The run that the watermark of ${var.pipeline} refers to."
    }
    commit = {
      path        = "train/commit"
      value       = "never"
      description = "The commits that have claimed and deployed ${var.pipeline}."
    }
    hold = {
      path        = "hold"
      value       = "none"
      description = "Who holds the deployed model of ${var.pipeline}, since when and why."
    }
  }
}

resource "aws_ssm_parameter" "this" {
  #checkov:skip=CKV2_AWS_34:A date, the name of a run, and who holds a model are no secrets.
  for_each = local.parameters

  name        = "/models/${var.pipeline}/${each.value.path}"
  description = each.value.description
  type        = "String"
  value       = each.value.value

  lifecycle {
    # PutParameter writes all attributes: a changed description would also write the value that the plan has read, and
    # overwrite a value that a run has written since. Tags are written in a separate call.
    ignore_changes = [value, description]
  }
}

# Earlier versions had only the watermark. Moving it keeps its value.
moved {
  from = aws_ssm_parameter.this
  to   = aws_ssm_parameter.this["watermark"]
}
