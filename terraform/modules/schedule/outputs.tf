output "name" {
  description = "The name of the daily schedule."
  value       = aws_scheduler_schedule.this.name
}

output "group" {
  description = "The name of the group of all schedules of the pipeline, known before it exists."
  value       = var.name
}

output "role_arn" {
  description = "The ARN of the role with which a schedule of the group starts a run, known before the role exists."
  value       = "arn:${var.aws.partition}:iam::${var.aws.account_id}:role/${local.role}"
}
