output "arn" {
  description = "The state machine's ARN, known before it exists and available when it is ready to run."
  value       = var.arn
  depends_on  = [aws_sfn_state_machine.this]
}

output "log_group" {
  description = "The name of the state machine's log group."
  value       = aws_cloudwatch_log_group.this.name
}
