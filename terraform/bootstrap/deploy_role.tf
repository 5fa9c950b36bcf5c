# For what is merged: applies stacks and starts runs. It may make and change what is called refit-*, and it cannot delete
# data, models, a bucket, a pipeline's parameters or a state: a pipeline is destroyed by a person.

resource "aws_iam_role" "deploy" {
  name                 = "github-refit-deploy" # not refit-*, or it could change itself
  description          = "Deploys Refit's pipelines for ${var.repository}."
  assume_role_policy   = local.trust.deploy
  max_session_duration = 21600 # six hours: a job of GitHub Actions follows the run to its end
}

resource "aws_iam_role_policy" "deploy" {
  name = "deploy"
  role = aws_iam_role.deploy.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.read_statements, local.secrecy_statements, local.write_statements)
  })
}

locals {
  write_statements = [
    {
      Sid      = "WriteState"
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = local.arns.states
    },
    {
      Sid      = "LockState"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = local.arns.locks
    },
    {
      # In case that the state bucket is called as the pipelines' are.
      Sid       = "NothingElseInTheStateBucket"
      Effect    = "Deny"
      NotAction = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
      Resource  = concat(local.arns.state_bucket, ["${local.arns.state_bucket[0]}/*"])
    },
    {
      Sid    = "MakeBuckets"
      Effect = "Allow"
      Action = [
        "s3:CreateBucket",
        "s3:ListBucketVersions",
        "s3:PutBucketNotification",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:TagResource",
        "s3:UntagResource",
      ]
      Resource = local.arns.buckets
    },
    {
      Sid      = "WriteCode"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:PutObjectTagging"]
      Resource = concat(local.arns.lambda_zips, local.arns.sources)
    },
    {
      # Terraform deletes the previous code of the Lambdas and of a custom algorithm, with its versions, after it has
      # uploaded new code.
      Sid      = "DeleteOldCode"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
      Resource = concat(local.arns.lambda_zips, local.arns.sources)
    },
    {
      Sid      = "MakeParameters"
      Effect   = "Allow"
      Action   = ["ssm:AddTagsToResource", "ssm:PutParameter", "ssm:RemoveTagsFromResource"]
      Resource = local.arns.parameters
    },
    {
      # A role can be made, and given rights, only within the boundary: the deploy role cannot make itself an administrator.
      # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
      Sid       = "MakeBoundedRoles"
      Effect    = "Allow"
      Action    = ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      Resource  = local.arns.roles
      Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
    },
    {
      Sid    = "ChangeRoles"
      Effect = "Allow"
      Action = [
        "iam:DeleteRole",
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ]
      Resource = local.arns.roles
    },
    {
      Sid       = "PassRoles"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = local.arns.roles
      Condition = { StringEquals = { "iam:PassedToService" = ["lambda.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"] } }
    },
    {
      Sid    = "MakeFunctions"
      Effect = "Allow"
      Action = [
        "lambda:AddPermission",
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:RemovePermission",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
      ]
      Resource = local.arns.functions
    },
    {
      Sid    = "MakeLogGroups"
      Effect = "Allow"
      Action = [
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteRetentionPolicy",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ]
      Resource = local.arns.logs
    },
    {
      Sid    = "MakeStateMachinesAndStartRuns"
      Effect = "Allow"
      Action = [
        "states:CreateStateMachine",
        "states:DeleteStateMachine",
        "states:StartExecution",
        "states:TagResource",
        "states:UntagResource",
        "states:UpdateStateMachine",
      ]
      Resource = local.arns.state_machines
    },
    {
      Sid    = "MakeSchedulesRulesAndAlarms"
      Effect = "Allow"
      Action = [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
        "scheduler:CreateSchedule",
        "scheduler:CreateScheduleGroup",
        "scheduler:DeleteSchedule",
        "scheduler:TagResource",
        "scheduler:UntagResource",
        "scheduler:UpdateSchedule",
      ]
      Resource = local.arns.triggers
    },
  ]
}
