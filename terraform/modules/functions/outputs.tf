output "arns" {
  description = "Handler to ARN, known before the functions exist and handed out when they can work."
  value = { for key, name in local.names :
    key => "arn:${var.aws.partition}:lambda:${var.aws.region}:${var.aws.account_id}:function:${name}"
  }
  depends_on = [aws_lambda_function.this, aws_iam_role_policy.this]
}

output "names" {
  description = "Handler to the function's name."
  value       = local.names
}

output "log_groups" {
  description = "Handler to the name of its log group."
  value       = { for key, group in aws_cloudwatch_log_group.this : key => group.name }
}
