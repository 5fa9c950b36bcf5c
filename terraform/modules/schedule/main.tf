# The daily schedule, in its own group: deleting the group also deletes the schedules that ObjectArrived creates, and CloudWatch
# reports metrics per group.

resource "aws_scheduler_schedule_group" "this" {
  name = var.name

  # A destroy deletes the group before the state machine that its schedules start.
  depends_on = [var.state_machine_arn]
}

resource "aws_scheduler_schedule" "this" {
  #checkov:skip=CKV_AWS_297:The input of the schedule is the same for everyone; there is nothing to protect with a customer's key.
  name                         = var.name
  group_name                   = aws_scheduler_schedule_group.this.name
  description                  = "Starts ${var.name}."
  schedule_expression          = var.schedule.expression
  schedule_expression_timezone = var.schedule.timezone
  state                        = var.schedule.enabled ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.state_machine_arn
    role_arn = aws_iam_role.this.arn
    # Not jsonencode, which escapes < and >: the Scheduler would not recognize its placeholder.
    input = "{\"source\":\"refit.schedule\",\"time\":\"<aws.scheduler.scheduled-time>\",\"detail\":{}}"

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 5
    }
  }

  # A rate schedule may fire as soon as it exists.
  depends_on = [aws_iam_role_policy.this]
}

locals {
  role      = "${var.name}-schedule"
  group_arn = "arn:${var.aws.partition}:scheduler:${var.aws.region}:${var.aws.account_id}:schedule-group/${var.name}"
}

resource "aws_iam_role" "this" {
  name                 = local.role
  description          = "The schedules of ${var.name}."
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Scheduler"
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # The schedule group is the most specific source that AWS supports:
      # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.aws.account_id }
        ArnLike      = { "aws:SourceArn" = local.group_arn }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "schedule"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "StartRun"
      Effect   = "Allow"
      Action   = "states:StartExecution"
      Resource = var.state_machine_arn
    }]
  })
}
