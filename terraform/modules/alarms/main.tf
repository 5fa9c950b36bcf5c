# Runs that ended in any other way than a success. No run is no failure.

locals {
  # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  alarms = {
    failed    = { metric = "ExecutionsFailed", description = "A run of ${var.name} failed." }
    timed-out = { metric = "ExecutionsTimedOut", description = "A run of ${var.name} took longer than it may." }
    aborted   = { metric = "ExecutionsAborted", description = "A run of ${var.name} was stopped." }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-runs-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/States"
  metric_name         = each.value.metric
  dimensions          = { StateMachineArn = var.state_machine_arn }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.actions
}
