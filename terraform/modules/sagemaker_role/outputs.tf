output "arn" {
  description = "The role's ARN, known before the role exists and handed out when it has its rights."
  value       = "arn:${var.aws.partition}:iam::${var.aws.account_id}:role/${var.name}"
  depends_on  = [aws_iam_role.this, aws_iam_role_policy.this]
}
