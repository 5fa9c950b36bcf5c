# What each handler may do: exactly the calls that it makes, on exactly what they touch.

locals {
  bucket_arn    = "arn:${var.aws.partition}:s3:::${var.bucket}"
  runs_prefix   = "runs/${var.pipeline}/"
  ssm           = "arn:${var.aws.partition}:ssm:${var.aws.region}:${var.aws.account_id}:parameter"
  watermark_arn = "${local.ssm}${var.watermark_parameter}"
  secrets       = "arn:${var.aws.partition}:secretsmanager:${var.aws.region}:${var.aws.account_id}:secret"
  sagemaker     = "arn:${var.aws.partition}:sagemaker:${var.aws.region}:${var.aws.account_id}"

  # A run is called <pipeline>-<YYYYMMDD>-<8 hex digits>. "home-*" would also match the runs of "home-prices".
  run_name = "${var.pipeline}-????????-????????"

  # SageMaker writes its ARNs in lower case, whatever the case of the name.
  training_job_arn    = "${local.sagemaker}:training-job/${local.run_name}"
  model_arn           = "${local.sagemaker}:model/${local.run_name}"
  endpoint_config_arn = "${local.sagemaker}:endpoint-config/${local.run_name}"
  endpoint_arn        = "${local.sagemaker}:endpoint/${lower(var.endpoint)}"

  pass_sagemaker_role = {
    Sid       = "PassSageMakerRole"
    Effect    = "Allow"
    Action    = "iam:PassRole"
    Resource  = var.sagemaker_role_arn
    Condition = { StringEquals = { "iam:PassedToService" = "sagemaker.amazonaws.com" } }
  }

  # A run that was redriven must see whether another one has taken its place (lambdas/lease.py).
  read_lease = {
    Sid      = "ReadLease"
    Effect   = "Allow"
    Action   = "s3:GetObject"
    Resource = "${local.bucket_arn}/${local.runs_prefix}lease.json"
  }

  # AWS asks it of who has alarms watched; a statement without a resource would be none.
  # https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
  watch_alarms = [for arns in [var.alarm_arns] : {
    Sid      = "WatchAlarms"
    Effect   = "Allow"
    Action   = "cloudwatch:DescribeAlarms"
    Resource = arns
  } if length(arns) > 0]

  statements = {
    check_data = [
      {
        # IfExists: a get has no prefix, and S3 says that a key is missing only to who may list without one.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        Sid       = "ListDataAndRuns"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.bucket_arn
        Condition = { StringLikeIfExists = { "s3:prefix" = ["${var.data_prefix}*", "${local.runs_prefix}*"] } }
      },
      {
        Sid      = "WriteManifestAndLease"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${local.bucket_arn}/${local.runs_prefix}*"
      },
      {
        Sid      = "ReadWatermark"
        Effect   = "Allow"
        Action   = "ssm:GetParameter"
        Resource = local.watermark_arn
      },
      {
        Sid      = "AskWhetherLeaseHolderRuns"
        Effect   = "Allow"
        Action   = "states:DescribeExecution"
        Resource = "arn:${var.aws.partition}:states:${var.aws.region}:${var.aws.account_id}:execution:${var.state_machine}:*"
      },
      {
        Sid      = "AskWhatServes"
        Effect   = "Allow"
        Action   = "sagemaker:DescribeEndpoint"
        Resource = local.endpoint_arn
      },
      {
        Sid      = "AskWhatServesOn"
        Effect   = "Allow"
        Action   = "sagemaker:DescribeEndpointConfig"
        Resource = local.endpoint_config_arn
      },
    ]

    start_training_job = [
      local.read_lease,
      {
        Sid      = "Train"
        Effect   = "Allow"
        Action   = ["sagemaker:AddTags", "sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob"]
        Resource = local.training_job_arn
      },
      local.pass_sagemaker_role,
    ]

    get_status = [
      {
        Sid      = "AskAndStopTrainingJob"
        Effect   = "Allow"
        Action   = ["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"]
        Resource = local.training_job_arn
      },
      {
        Sid      = "AskEndpoint"
        Effect   = "Allow"
        Action   = "sagemaker:DescribeEndpoint"
        Resource = local.endpoint_arn
      },
    ]

    deploy_model = concat(local.watch_alarms, [
      local.read_lease,
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
      local.pass_sagemaker_role,
    ])

    update_parameters = [
      local.read_lease,
      {
        Sid      = "MoveWatermark"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter", "ssm:PutParameter"]
        Resource = local.watermark_arn
      },
    ]

    notify_slack = concat(
      [
        # A SecureString under the key aws/ssm needs no right of its own on the key: its policy admits the account through SSM.
        for name in compact([try(var.slack.token_parameter, null)]) : {
          Sid      = "ReadSlackToken"
          Effect   = "Allow"
          Action   = "ssm:GetParameter"
          Resource = "${local.ssm}${name}"
        }
      ],
      [
        # Secrets Manager ends the ARN of a secret with six characters of its own choice.
        for name in compact([try(var.slack.token_secret, null)]) : {
          Sid      = "ReadSlackToken"
          Effect   = "Allow"
          Action   = "secretsmanager:GetSecretValue"
          Resource = startswith(name, "arn:") ? name : "${local.secrets}:${name}-??????"
        }
      ],
    )
  }
}
