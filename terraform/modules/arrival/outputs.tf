output "rule" {
  description = "The name of the rule that tells of new objects."
  value       = aws_cloudwatch_event_rule.this.name
}
