# The read permissions of both roles: the state, each resource's attributes for `terraform plan`, and data and runs for
# `refit plan`. Neither role may read a secret, or the task token of an approval.

locals {
  read_statements = [
    {
      Sid      = "ListState"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = local.arns.state_bucket
    },
    {
      Sid      = "ReadState"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = local.arns.states
    },
    {
      # The provider reads every setting of a bucket. GetBucket* allows reading settings, not objects.
      Sid    = "ReadBuckets"
      Effect = "Allow"
      Action = [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:ListTagsForResource",
      ]
      Resource = local.arns.buckets
    },
    {
      Sid      = "ReadCodeAndRuns"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"]
      Resource = concat(local.arns.lambda_zips, local.arns.sources, local.arns.run_files)
    },
    {
      Sid      = "ReadParameters"
      Effect   = "Allow"
      Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"]
      Resource = local.arns.parameters
    },
    {
      Sid    = "ReadRoles"
      Effect = "Allow"
      Action = [
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
        "iam:ListRoleTags",
      ]
      Resource = local.arns.roles
    },
    {
      Sid    = "ReadFunctions"
      Effect = "Allow"
      Action = [
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConfiguration",
        "lambda:GetPolicy",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ]
      Resource = local.arns.functions
    },
    {
      Sid    = "ReadRuns"
      Effect = "Allow"
      Action = [
        "states:DescribeExecution",
        "states:DescribeStateMachine",
        "states:DescribeStateMachineForExecution",
        "states:ListExecutions",
        "states:ListStateMachineVersions",
        "states:ListTagsForResource",
      ]
      Resource = concat(local.arns.state_machines, local.arns.executions)
    },
    {
      Sid    = "ReadSchedulesRulesAndAlarms"
      Effect = "Allow"
      Action = [
        "cloudwatch:ListTagsForResource",
        "events:DescribeRule",
        "events:ListTagsForResource",
        "events:ListTargetsByRule",
        "scheduler:GetSchedule",
        "scheduler:GetScheduleGroup",
        "scheduler:ListTagsForResource",
      ]
      Resource = local.arns.triggers
    },
    {
      Sid      = "ReadFunctionLogs"
      Effect   = "Allow"
      Action   = ["logs:FilterLogEvents", "logs:GetLogEvents"]
      Resource = local.arns.function_logs
    },
    {
      Sid      = "ReadTagsOfLogs"
      Effect   = "Allow"
      Action   = "logs:ListTagsForResource"
      Resource = local.arns.logs
    },
    {
      Sid    = "ReadModels"
      Effect = "Allow"
      Action = [
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DescribeModel",
        "sagemaker:DescribeTrainingJob",
        "sagemaker:ListTags",
      ]
      Resource = local.arns.sagemaker
    },
    {
      # These actions do not support resource-level permissions, or need them on all resources:
      # https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
      Sid    = "ListAndValidate"
      Effect = "Allow"
      Action = [
        "cloudwatch:DescribeAlarms",
        "logs:DescribeLogGroups",
        "ssm:DescribeParameters",
        "states:ValidateStateMachineDefinition",
      ]
      Resource = "*"
    },
  ]
}
