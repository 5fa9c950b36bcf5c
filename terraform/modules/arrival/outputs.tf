output "rule" {
  description = "The name of the rule for new objects."
  value       = aws_cloudwatch_event_rule.this.name
}
