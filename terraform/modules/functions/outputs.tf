output "arns" {
  description = "The ARN of each handler's function, known before the functions exist and available when they are ready to use."
  value = { for key, name in local.names :
    key => "arn:${var.aws.partition}:lambda:${var.aws.region}:${var.aws.account_id}:function:${name}"
  }
  depends_on = [aws_lambda_function.this, aws_iam_role_policy.this]
}

output "names" {
  description = "The name of each handler's function."
  value       = local.names
}

output "log_groups" {
  description = "The name of each handler's log group."
  value       = { for key, group in aws_cloudwatch_log_group.this : key => group.name }
}

output "zip" {
  description = "The key of the uploaded lambdas.zip, available when the object exists."
  value       = aws_s3_object.zip.key
}
