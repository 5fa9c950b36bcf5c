output "state_bucket" {
  description = "The name of the bucket for Terraform's state."
  value       = module.state_bucket.name
}

output "plan_role_arn" {
  description = "The ARN of the read-only role for pull requests and for the nightly drift detection."
  value       = aws_iam_role.plan.arn
}

output "deploy_role_arn" {
  description = "The ARN of the role for merges."
  value       = aws_iam_role.deploy.arn
}

output "permissions_boundary_arn" {
  description = "The ARN of the permissions boundary for the roles in the pipelines' stacks."
  value       = aws_iam_policy.boundary.arn
}

output "github_variables" {
  description = "The variables to set for GitHub Actions in the repository, by name."
  value = {
    AWS_REGION                 = local.region
    AWS_PLAN_ROLE_ARN          = aws_iam_role.plan.arn
    AWS_DEPLOY_ROLE_ARN        = aws_iam_role.deploy.arn
    REFIT_PERMISSIONS_BOUNDARY = aws_iam_policy.boundary.arn
    REFIT_STATE_BUCKET         = module.state_bucket.name
  }
}
