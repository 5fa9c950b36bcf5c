# The role for merges: it applies stacks and starts runs. It may create and change resources named refit-*, but its own calls
# cannot read or delete data, or delete models, buckets, a pipeline's parameters or Terraform states: only an administrator can
# destroy pipelines. What the code that it deploys can do is limited by the boundary; SECURITY.md lists what remains.

resource "aws_iam_role" "deploy" {
  name                 = "github-refit-deploy" # not refit-*, because it may change roles of that name
  description          = "Deploys Refit's pipelines for ${var.repository}."
  assume_role_policy   = local.trust.deploy
  max_session_duration = 21600 # six hours, because a GitHub Actions job waits until the run has ended
}

resource "aws_iam_role_policy" "deploy" {
  name = "deploy"
  role = aws_iam_role.deploy.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.read_statements, local.write_statements)
  })

  # The role is never without its denials.
  depends_on = [aws_iam_role_policy_attachment.denials]
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
      Sid    = "CreateBuckets"
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
      # Terraform deletes the previous code of the Lambdas and of a custom algorithm, with its versions, after it has
      # uploaded new code.
      Sid      = "WriteAndDeleteOldCode"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject", "s3:PutObjectTagging"]
      Resource = concat(local.arns.lambda_zips, local.arns.sources)
    },
    {
      Sid      = "CreateParameters"
      Effect   = "Allow"
      Action   = ["ssm:AddTagsToResource", "ssm:PutParameter", "ssm:RemoveTagsFromResource"]
      Resource = local.arns.parameters
    },
    {
      # The deploy role can create and change roles only within the boundary. It cannot become an administrator, nor hand a
      # role without the boundary to anyone.
      # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
      Sid    = "CreateAndChangeBoundedRoles"
      Effect = "Allow"
      Action = [
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
      ]
      Resource  = local.arns.roles
      Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
    },
    {
      # These actions have no such condition:
      # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
      Sid    = "ManageRoles"
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
      Sid      = "PassRoles"
      Effect   = "Allow"
      Action   = "iam:PassRole"
      Resource = local.arns.roles
      Condition = { StringEquals = {
        "iam:PassedToService" = ["lambda.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"]
      } }
    },
    {
      Sid    = "CreateFunctions"
      Effect = "Allow"
      Action = [
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
      # CheckQuality has a layer with pyarrow: the public one of AWS SDK for pandas, or one of this account.
      Sid      = "UseLayers"
      Effect   = "Allow"
      Action   = "lambda:GetLayerVersion"
      Resource = local.arns.layers
    },
    {
      Sid       = "LetRulesInvokeFunctions"
      Effect    = "Allow"
      Action    = "lambda:AddPermission"
      Resource  = local.arns.functions
      Condition = { StringEquals = { "lambda:Principal" = "events.amazonaws.com" } }
    },
    {
      # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
      Sid       = "SendEventsToFunctions"
      Effect    = "Allow"
      Action    = "events:PutTargets"
      Resource  = local.arns.rules
      Condition = { "ForAllValues:ArnLike" = { "events:TargetArn" = local.arns.functions } }
    },
    {
      Sid    = "CreateLogGroups"
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
      Sid    = "CreateStateMachinesAndStartRuns"
      Effect = "Allow"
      Action = [
        "states:CreateStateMachine",
        "states:DeleteStateMachine",
        "states:StartExecution",
        "states:StopExecution", # of a run that started with the definition from before an update
        "states:TagResource",
        "states:UntagResource",
        "states:UpdateStateMachine",
      ]
      Resource = local.arns.machines_and_runs
    },
    {
      Sid    = "CreateSchedulesRulesAndAlarms"
      Effect = "Allow"
      Action = [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
        "events:DeleteRule",
        "events:PutRule",
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
