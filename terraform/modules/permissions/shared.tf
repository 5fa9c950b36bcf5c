# Statements of more than one role: what the Lambdas of polling do, the state machine of direct does itself.

locals {
  # A run that was redriven must see whether another one has taken its place (lambdas/aws/lease.py).
  read_lease = [
    {
      Sid      = "ReadLease"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${local.bucket_arn}/${local.lease_key}"
    },
    {
      Sid       = "SeeThatLeaseIsMissing"
      Effect    = "Allow"
      Action    = "s3:ListBucket"
      Resource  = local.bucket_arn
      Condition = { StringLikeIfExists = { "s3:prefix" = local.lease_key } }
    },
  ]

  list_data_and_runs = {
    Sid       = "ListDataAndRuns"
    Effect    = "Allow"
    Action    = "s3:ListBucket"
    Resource  = local.bucket_arn
    Condition = { StringLikeIfExists = { "s3:prefix" = ["${var.data_prefix}*", "${local.runs_prefix}*"] } }
  }

  # A run keeps the code of an own algorithm beside the model that it makes (lambdas/decisions/source_copy.py).
  keep_source = [
    for statement in [
      {
        Sid      = "ReadCode"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.bucket_arn}/code/*"
      },
      {
        Sid      = "KeepCodeBesideModel"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${local.bucket_arn}/models/${var.pipeline}/*/source.tar.gz"
      },
    ] : statement if var.own_code
  ]

  pass_sagemaker_role = {
    Sid       = "PassSageMakerRole"
    Effect    = "Allow"
    Action    = "iam:PassRole"
    Resource  = var.sagemaker_role_arn
    Condition = { StringEquals = { "iam:PassedToService" = "sagemaker.amazonaws.com" } }
  }

  train = {
    Sid      = "Train"
    Effect   = "Allow"
    Action   = ["sagemaker:AddTags", "sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob"]
    Resource = local.training_job_arn
  }

  stop_training_job = {
    Sid      = "StopTrainingJob"
    Effect   = "Allow"
    Action   = "sagemaker:StopTrainingJob"
    Resource = local.training_job_arn
  }

  ask_endpoint = {
    Sid      = "AskEndpoint"
    Effect   = "Allow"
    Action   = "sagemaker:DescribeEndpoint"
    Resource = local.endpoint_arn
  }

  ask_endpoint_config = {
    Sid      = "AskEndpointConfig"
    Effect   = "Allow"
    Action   = "sagemaker:DescribeEndpointConfig"
    Resource = local.endpoint_config_arn
  }

  deploy = concat(
    [
      # AWS asks it of who has alarms watched; a statement without a resource would be none.
      # https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
      for arns in [var.alarm_arns] : {
        Sid      = "WatchAlarms"
        Effect   = "Allow"
        Action   = "cloudwatch:DescribeAlarms"
        Resource = arns
      } if length(arns) > 0
    ],
    [
      {
        Sid      = "MakeModel"
        Effect   = "Allow"
        Action   = ["sagemaker:AddTags", "sagemaker:CreateModel", "sagemaker:DescribeModel"]
        Resource = local.model_arn
      },
      {
        Sid      = "MakeEndpointConfig"
        Effect   = "Allow"
        Action   = ["sagemaker:AddTags", "sagemaker:CreateEndpointConfig", "sagemaker:DescribeEndpointConfig"]
        Resource = local.endpoint_config_arn
      },
      {
        # Both calls are also authorised on the endpoint config that they name:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
        Sid      = "DeployEndpoint"
        Effect   = "Allow"
        Action   = ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"]
        Resource = [local.endpoint_arn, local.endpoint_config_arn]
      },
      {
        Sid      = "AskAndReplaceEndpoint"
        Effect   = "Allow"
        Action   = ["sagemaker:AddTags", "sagemaker:DeleteEndpoint", "sagemaker:DescribeEndpoint"]
        Resource = local.endpoint_arn
      },
    ],
  )

  move_parameters = {
    Sid      = "MoveParameters"
    Effect   = "Allow"
    Action   = "ssm:PutParameter"
    Resource = [local.parameters.watermark, local.parameters.run]
  }
}
