# The role for training jobs and the endpoint: it reads this pipeline's data, manifests and models, writes models, logs and
# metrics, and pulls one image. The actions are from:
# https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html

locals {
  bucket_arn = "arn:${var.aws.partition}:s3:::${var.bucket}"
  log_groups = [for group in ["TrainingJobs", "Endpoints/${var.endpoint}"] :
    "arn:${var.aws.partition}:logs:${var.aws.region}:${var.aws.account_id}:log-group:/aws/sagemaker/${group}"
  ]

  # AWS publishes its algorithms from different accounts in each region, so only the repository is known.
  repositories = { linear-learner = "linear-learner", xgboost = "sagemaker-xgboost" }

  image = regex("^(?:([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.[a-z0-9.]+/)?([^:@]+)",
  coalesce(var.image, local.repositories[var.algorithm]))
  repository_arn = format("arn:%s:ecr:%s:%s:repository/%s",
  var.aws.partition, coalesce(local.image[1], var.aws.region), coalesce(local.image[0], "*"), local.image[2])
}

resource "aws_iam_role" "this" {
  name                 = var.name
  description          = "Training and serving of the pipeline ${var.pipeline}."
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "SageMaker"
      Effect    = "Allow"
      Principal = { Service = "sagemaker.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.aws.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${var.aws.partition}:sagemaker:${var.aws.region}:${var.aws.account_id}:*" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "training-and-serving"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(var.read_data, [
      {
        Sid      = "ReadDataManifestsAndModels"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = [for prefix in var.readable_prefixes : "${local.bucket_arn}/${prefix}*"]
      },
      {
        Sid      = "WriteModels"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${local.bucket_arn}/${var.models_prefix}*"
      },
      {
        # IfExists, because GetObject requests have no prefix, and S3 returns 404 for a missing key only to callers that may
        # list the bucket. A 403 would point to the wrong cause.
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        Sid       = "ListDataManifestsAndModels"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = local.bucket_arn
        Condition = { StringLikeIfExists = { "s3:prefix" = [for prefix in var.readable_prefixes : "${prefix}*"] } }
      },
      {
        Sid      = "WriteLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = concat(local.log_groups, [for arn in local.log_groups : "${arn}:*"])
      },
      {
        # PutMetricData does not support resource-level permissions; it can only be limited to a namespace.
        Sid       = "WriteMetrics"
        Effect    = "Allow"
        Action    = "cloudwatch:PutMetricData"
        Resource  = "*"
        Condition = { StringLike = { "cloudwatch:namespace" = ["/aws/sagemaker/*", "AWS/SageMaker*"] } }
      },
      {
        # GetAuthorizationToken does not support resource-level permissions:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        Sid      = "LogInToEcr"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid      = "PullImage"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = local.repository_arn
      },
      ], [
      # https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
      for arns in [var.alarm_arns] : {
        Sid      = "WatchAlarms"
        Effect   = "Allow"
        Action   = "cloudwatch:DescribeAlarms"
        Resource = arns
      } if length(arns) > 0
    ])
  })
}
