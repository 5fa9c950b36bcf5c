# Statements that several roles share: with polling, the Lambda functions need them; with direct, the state machine itself.

locals {
  # A redriven run must check whether another run has taken over the lease (lambdas/aws/lease.py).
  read_lease = [
    {
      Sid      = "ReadLease"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${local.bucket_arn}/${local.lease_key}"
    },
    {
      Sid       = "ListLease"
      Effect    = "Allow"
      Action    = "s3:ListBucket"
      Resource  = local.bucket_arn
      Condition = { StringLikeIfExists = { "s3:prefix" = local.lease_key } }
    },
  ]

  list_data_and_runs = {
    Sid      = "ListDataAndRuns"
    Effect   = "Allow"
    Action   = "s3:ListBucket"
    Resource = local.bucket_arn
    Condition = {
      StringLikeIfExists = {
        "s3:prefix" = [for prefix in concat(var.own_data_prefix[*], [local.runs_prefix]) : "${prefix}*"]
      }
    }
  }

  # A run copies the code of a custom algorithm next to its model (lambdas/decisions/source_copy.py).
  copy_source = [
    for statement in [
      {
        Sid      = "ReadCode"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.bucket_arn}/code/*"
      },
      {
        Sid      = "CopyCodeNextToModel"
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

  describe_endpoint = {
    Sid      = "DescribeEndpoint"
    Effect   = "Allow"
    Action   = "sagemaker:DescribeEndpoint"
    Resource = local.endpoint_arn
  }

  describe_endpoint_config = {
    Sid      = "DescribeEndpointConfig"
    Effect   = "Allow"
    Action   = "sagemaker:DescribeEndpointConfig"
    Resource = local.endpoint_config_arn
  }

  deploy = concat(
    [
      # Required for deployments with alarms. A statement without resources would be invalid.
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
        Sid      = "CreateModel"
        Effect   = "Allow"
        Action   = ["sagemaker:AddTags", "sagemaker:CreateModel", "sagemaker:DescribeModel"]
        Resource = local.model_arn
      },
      {
        Sid      = "CreateEndpointConfig"
        Effect   = "Allow"
        Action   = ["sagemaker:AddTags", "sagemaker:CreateEndpointConfig", "sagemaker:DescribeEndpointConfig"]
        Resource = local.endpoint_config_arn
      },
      {
        # Both calls also need permissions on the endpoint config that they name:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
        Sid      = "DeployEndpoint"
        Effect   = "Allow"
        Action   = ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"]
        Resource = [local.endpoint_arn, local.endpoint_config_arn]
      },
      {
        Sid      = "DescribeAndReplaceEndpoint"
        Effect   = "Allow"
        Action   = ["sagemaker:AddTags", "sagemaker:DeleteEndpoint", "sagemaker:DescribeEndpoint"]
        Resource = local.endpoint_arn
      },
    ],
  )

  read_parameters = {
    Sid      = "ReadParameters"
    Effect   = "Allow"
    Action   = "ssm:GetParameters"
    Resource = [local.parameters.watermark, local.parameters.run]
  }

  write_parameters = {
    Sid      = "WriteParameters"
    Effect   = "Allow"
    Action   = "ssm:PutParameter"
    Resource = [local.parameters.watermark, local.parameters.run]
  }
}
