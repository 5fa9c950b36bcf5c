# The permissions of every handler. A pipeline uses only some of the handlers.

locals {
  # Secrets Manager appends a hyphen and six random characters to the name of a secret in its ARN.
  token_parameters = [for name in compact([try(var.slack.token_parameter, null)]) : "${local.ssm}${name}"]
  token_secrets = [for name in compact([try(var.slack.token_secret, null)]) :
    startswith(name, "arn:") ? name : "${local.secrets}:${name}-??????"
  ]

  functions = {
    check_data = concat(local.copy_source, var.list_data, [
      local.list_data_and_runs,
      {
        Sid      = "WriteManifestsFingerprintsAndLease"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${local.runs_arn}*"
      },
      {
        Sid      = "ReadParameters"
        Effect   = "Allow"
        Action   = "ssm:GetParameters"
        Resource = [local.parameters.watermark, local.parameters.run, local.parameters.hold]
      },
      {
        Sid      = "DescribeLeaseHolder"
        Effect   = "Allow"
        Action   = "states:DescribeExecution"
        Resource = "${replace(var.state_machine_arn, ":stateMachine:", ":execution:")}:*"
      },
      {
        # ListTrainingJobs does not support resource-level permissions. CheckData stops only jobs that are named after runs.
        Sid      = "ListTrainingJobs"
        Effect   = "Allow"
        Action   = "sagemaker:ListTrainingJobs"
        Resource = "*"
      },
      local.stop_training_job,
      local.describe_endpoint,
      local.describe_endpoint_config,
      {
        Sid      = "DescribeModelToRollBackTo"
        Effect   = "Allow"
        Action   = "sagemaker:DescribeModel"
        Resource = local.model_arn
      },
    ])

    check_quality = concat(var.read_data, [
      local.list_data_and_runs, # so that a missing object is reported as 404
      {
        Sid      = "ReadDataAndRuns"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = concat([for prefix in var.own_data_prefix[*] : "${local.bucket_arn}/${prefix}*"], ["${local.runs_arn}*"])
      },
      {
        Sid      = "WriteManifestsAndStatistics"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${local.runs_arn}*"
      },
      local.read_parameters,
    ])

    start_training_job = concat(local.read_lease, [local.train, local.pass_sagemaker_role])

    get_status = [
      {
        Sid      = "DescribeTrainingJob"
        Effect   = "Allow"
        Action   = "sagemaker:DescribeTrainingJob"
        Resource = local.training_job_arn
      },
      local.stop_training_job,
      local.describe_endpoint,
    ]

    evaluate_model = concat(var.read_data, [
      local.list_data_and_runs, # so that a missing held-out object is reported as 404, which is not a failure
      {
        Sid      = "ReadHoldout"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = concat([for prefix in var.own_data_prefix[*] : "${local.bucket_arn}/${prefix}*"], ["${local.runs_arn}*"])
      },
      local.describe_endpoint,
      local.describe_endpoint_config,
      {
        Sid      = "InvokeChampion"
        Effect   = "Allow"
        Action   = "sagemaker:InvokeEndpoint"
        Resource = local.endpoint_arn
      },
    ])

    deploy_model = concat(local.read_lease, local.deploy, [local.pass_sagemaker_role])

    update_parameters = concat(local.read_lease, [
      local.write_parameters,
      local.read_parameters,
    ])

    clean_up = [
      {
        # These List actions do not support resource-level permissions. CleanUp describes and deletes only resources that are
        # named after runs.
        Sid      = "ListModelsAndEndpointConfigs"
        Effect   = "Allow"
        Action   = ["sagemaker:ListEndpointConfigs", "sagemaker:ListModels"]
        Resource = "*"
      },
      {
        Sid      = "DeleteModels"
        Effect   = "Allow"
        Action   = ["sagemaker:DeleteModel", "sagemaker:ListTags"]
        Resource = local.model_arn
      },
      {
        Sid      = "DeleteEndpointConfigs"
        Effect   = "Allow"
        Action   = ["sagemaker:DeleteEndpointConfig", "sagemaker:DescribeEndpointConfig", "sagemaker:ListTags"]
        Resource = local.endpoint_config_arn
      },
      local.describe_endpoint,
      {
        Sid      = "ReadRunsAndLease"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.runs_arn}*"
      },
      {
        Sid       = "ListRuns" # so that a missing record is reported as 404
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.bucket_arn
        Condition = { StringLikeIfExists = { "s3:prefix" = "${local.runs_prefix}*" } }
      },
    ]

    notify_slack = concat(
      [for arn in local.token_parameters : {
        Sid      = "ReadSlackToken"
        Effect   = "Allow"
        Action   = "ssm:GetParameter"
        Resource = arn
      }],
      [for arn in local.token_secrets : {
        Sid      = "ReadSlackToken"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = arn
      }],
      [
        # The keys aws/ssm and aws/secretsmanager need no permission: their policies allow the account to use them through the
        # service. The customer's own key does, and only the pipeline file's author knows which key it is: the condition limits
        # it to this one token.
        for token in concat(
          [for arn in local.token_parameters : { arn = arn, service = "ssm", context = "PARAMETER_ARN" }],
          [for arn in local.token_secrets : { arn = arn, service = "secretsmanager", context = "SecretARN" }],
          ) : {
          Sid      = "DecryptSlackToken"
          Effect   = "Allow"
          Action   = "kms:Decrypt"
          Resource = "arn:${var.aws.partition}:kms:${split(":", token.arn)[3]}:${split(":", token.arn)[4]}:key/*"
          # https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html#parameter-store-encryption-context
          # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context
          Condition = { StringLike = {
            "kms:ViaService"                         = "${token.service}.${var.aws.region}.amazonaws.com*" # .cn in China
            "kms:EncryptionContext:${token.context}" = token.arn
          } }
        }
      ],
    )

    object_arrived = [
      {
        Sid      = "WriteSchedule"
        Effect   = "Allow"
        Action   = ["scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule"]
        Resource = local.schedule
      },
      {
        Sid       = "PassScheduleRole"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = var.schedule_role_arn
        Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
      },
    ]
  }
}
