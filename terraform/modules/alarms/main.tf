# Alarms for runs that did not succeed or could not start, and for an endpoint that fails requests. The absence of runs does
# not trigger an alarm.

locals {
  # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  runs = { namespace = "AWS/States", dimensions = { StateMachineArn = var.state_machine_arn } }

  # https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
  schedules = { namespace = "AWS/Scheduler", dimensions = { ScheduleGroup = var.schedule_group } }

  alarms = {
    failed    = merge(local.runs, { metric = "ExecutionsFailed", description = "A run of ${var.name} failed." })
    timed-out = merge(local.runs, { metric = "ExecutionsTimedOut", description = "A run of ${var.name} exceeded its time limit." })
    aborted   = merge(local.runs, { metric = "ExecutionsAborted", description = "A run of ${var.name} was stopped." })

    # Not TargetErrorCount, because the Scheduler retries failed attempts.
    not-started = merge(local.schedules, {
      metric      = "InvocationDroppedCount"
      description = "A schedule of ${var.name} could not start a run."
    })
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-runs-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.actions
}

# Rolls a deployment back if one request in a hundred fails, counted over the old and the new model together. A metric for the
# new model alone would have the endpoint config as a dimension, which has a new name in each run.
# https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
resource "aws_cloudwatch_metric_alarm" "endpoint_errors" {
  count = var.endpoint == null ? 0 : 1

  alarm_name          = "${var.name}-endpoint-errors"
  alarm_description   = "The endpoint ${var.endpoint} of ${var.name} fails requests."
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  dimensions          = { EndpointName = var.endpoint, VariantName = "AllTraffic" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 0.01
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.actions
}
