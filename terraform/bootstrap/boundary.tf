# The permissions boundary: the maximum permissions of every role in a pipeline's stack, whatever the role's own policy allows.
# A boundary grants nothing; the stack gives each role a small subset of it.

locals {
  boundary_name = "refit-boundary"
  boundary_arn  = "arn:${local.partition}:iam::${local.account_id}:policy/${local.boundary_name}"
}

resource "aws_iam_policy" "boundary" {
  name        = local.boundary_name
  description = "The maximum permissions of the roles of Refit's pipelines."
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.read_data_statements, [
      {
        Sid      = "Objects"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]
        Resource = concat(local.arns.buckets, local.arns.objects)
      },
      {
        Sid      = "NoState"
        Effect   = "Deny"
        Action   = "s3:*"
        Resource = concat(local.arns.state_bucket, ["${local.arns.state_bucket[0]}/*"])
      },
      {
        # A policy that names a session, and not only its role, is not limited by what a boundary omits, only by what it denies:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
        Sid       = "NoDeletion"
        Effect    = "Deny"
        NotAction = ["s3:GetObject", "s3:ListBucket", "s3:PutObject"]
        Resource  = "arn:${local.partition}:s3:::*"
      },
      {
        # Only users may approve; the state machine writes the task token and never reads it.
        Sid      = "NoTaskTokens"
        Effect   = "Deny"
        Action   = "s3:GetObject"
        Resource = local.arns.approvals
      },
      {
        Sid      = "NoOtherIdentity"
        Effect   = "Deny"
        Action   = ["states:SendTask*", "sts:AssumeRole*"]
        Resource = "*"
      },
      {
        Sid      = "Parameters"
        Effect   = "Allow"
        Action   = ["ssm:GetParameters", "ssm:PutParameter"]
        Resource = local.arns.parameters
      },
      {
        Sid      = "SlackTokens"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue", "ssm:GetParameter"]
        Resource = concat(local.arns.token_parameters, local.arns.token_secrets)
      },
      {
        # A token that is encrypted with the customer's own key.
        Sid       = "SlackTokenKeys"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = local.arns.keys
        Condition = { StringLike = { "kms:ViaService" = ["secretsmanager.*", "ssm.*"] } }
      },
      {
        Sid    = "Models"
        Effect = "Allow"
        Action = [
          "sagemaker:AddTags",
          "sagemaker:Create*",
          "sagemaker:Delete*",
          "sagemaker:Describe*",
          "sagemaker:InvokeEndpoint",
          "sagemaker:ListTags",
          "sagemaker:StopTrainingJob",
          "sagemaker:Update*",
        ]
        Resource = local.arns.sagemaker
      },
      {
        Sid       = "PassSageMakerRoles"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = local.arns.sagemaker_roles
        Condition = { StringEquals = { "iam:PassedToService" = "sagemaker.amazonaws.com" } }
      },
      {
        # ObjectArrived creates the schedule that waits for a complete day of data, and postpones it while data arrives.
        Sid      = "ArrivalSchedules"
        Effect   = "Allow"
        Action   = ["scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule"]
        Resource = local.arns.schedules
      },
      {
        Sid       = "PassScheduleRoles"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = local.arns.schedule_roles
        Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
      },
      {
        Sid      = "Runs"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction", "states:DescribeExecution", "states:StartExecution"]
        Resource = concat(local.arns.functions, local.arns.state_machines, local.arns.executions)
      },
      {
        # Step Functions creates this rule to be notified of the end of training jobs.
        Sid      = "TrainingJobEvents"
        Effect   = "Allow"
        Action   = ["events:DescribeRule", "events:PutRule", "events:PutTargets"]
        Resource = local.arns.sync_rules
      },
      {
        Sid      = "Images"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = local.arns.images
      },
      {
        # endpoint.deployment.alarms may name any alarm in the account.
        Sid      = "Alarms"
        Effect   = "Allow"
        Action   = "cloudwatch:DescribeAlarms"
        Resource = "arn:${local.partition}:cloudwatch:*:${local.account_id}:alarm:*"
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = [for arn in concat(local.arns.function_logs, local.arns.sagemaker_logs) : "${arn}*"]
      },
      {
        # These actions do not support resource-level permissions.
        Sid    = "ListsLogDeliveryMetricsAndRegistry"
        Effect = "Allow"
        Action = [
          "cloudwatch:PutMetricData",
          "ecr:GetAuthorizationToken",
          "logs:*LogDelivery",
          "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "sagemaker:ListEndpointConfigs",
          "sagemaker:ListModels",
          "sagemaker:ListTrainingJobs",
        ]
        Resource = "*"
      },
    ])
  })
}
