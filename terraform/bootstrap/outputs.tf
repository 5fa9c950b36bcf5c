output "state_bucket" {
  description = "The name of the bucket for Terraform's state."
  value       = module.state_bucket.name
}

output "plan_role_arn" {
  description = "The ARN of the read-only role of pull requests and of the nightly drift detection."
  value       = aws_iam_role.plan.arn
}

output "deploy_role_arn" {
  description = "The ARN of the role of merges."
  value       = aws_iam_role.deploy.arn
}

output "permissions_boundary_arn" {
  description = "The ARN of the permissions boundary for the roles of pipelines' stacks."
  value       = aws_iam_policy.boundary.arn
}

output "github_variables" {
  description = "The variables that the repository needs in GitHub Actions, by name."
  value = {
    AWS_REGION                 = local.region
    AWS_PLAN_ROLE_ARN          = aws_iam_role.plan.arn
    AWS_DEPLOY_ROLE_ARN        = aws_iam_role.deploy.arn
    REFIT_PERMISSIONS_BOUNDARY = aws_iam_policy.boundary.arn
    REFIT_STATE_BUCKET         = module.state_bucket.name
  }
}
