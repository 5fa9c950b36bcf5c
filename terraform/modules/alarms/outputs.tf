output "names" {
  description = "The names of all alarms."
  value = sort([
    for alarm in concat(values(aws_cloudwatch_metric_alarm.this), aws_cloudwatch_metric_alarm.endpoint_errors) : alarm.alarm_name
  ])
}
