output "arn" {
  description = "The role's ARN, known before the role exists and available once the role has its permissions."
  value       = "arn:${var.aws.partition}:iam::${var.aws.account_id}:role/${var.name}"
  depends_on  = [aws_iam_role.this, aws_iam_role_policy.this]
}
