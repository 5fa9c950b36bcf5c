# The Lambda functions of one pipeline. They share one zip; each has its handler, a least-privilege role and a log group.

locals {
  # If the file is missing, the plan has already been rejected (terraform_data.build); a destroy does not need the file.
  built  = fileexists(var.zip)
  sha256 = local.built ? filesha256(var.zip) : "none"

  names = { for key, limits in var.handlers : key => "${var.name}-${replace(key, "_", "-")}" }
}

resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_50:The history of a run has the duration of each call.
  #checkov:skip=CKV_AWS_115:One run at a time limits the calls; reserved concurrency would be taken from the account's other functions.
  #checkov:skip=CKV_AWS_116:The state machine waits for the result. If an event of new data is lost, the next scheduled run finds the data.
  #checkov:skip=CKV_AWS_117:The functions call only AWS and Slack, and need nothing in a VPC.
  #checkov:skip=CKV_AWS_173:The variables are names and ARNs, and Lambda encrypts them.
  #checkov:skip=CKV_AWS_272:The deploy role builds and uploads the zip; it could sign it, too.
  for_each = local.names

  function_name    = each.value
  description      = "${replace(title(replace(each.key, "_", " ")), " ", "")} of the pipeline ${var.pipeline}."
  role             = aws_iam_role.this[each.key].arn
  handler          = "lambdas.${each.key}.handler"
  runtime          = "python3.12"
  architectures    = ["x86_64"] # pure Python would run on either architecture; this one is available in every region
  timeout          = var.handlers[each.key].timeout_seconds
  memory_size      = var.handlers[each.key].memory_mb
  s3_bucket        = aws_s3_object.zip.bucket
  s3_key           = aws_s3_object.zip.key # contains the hash of the content, so no version is needed
  source_code_hash = local.built ? filebase64sha256(var.zip) : null
  layers           = [for key, arn in var.layers : arn if key == each.key]

  dynamic "environment" {
    for_each = [for key, variables in var.environment : variables if key == each.key]

    content {
      variables = environment.value
    }
  }

  # Lambda creates a log group that does not exist, but its logs would never expire.
  depends_on = [aws_cloudwatch_log_group.this]
}

# Through S3, because the provider creates functions one at a time when it uploads the zip itself.
resource "aws_s3_object" "zip" {
  bucket = var.bucket
  key    = "lambdas/${local.sha256}/lambdas.zip"
  source = var.zip

  # S3 allows at most ten tags on an object; a stack may have more.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    # The functions are updated before the previous zip is deleted.
    create_before_destroy = true

    # The key contains the hash of the content. The path differs between machines, and a different path is not a change.
    ignore_changes = [source]
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts logs; these contain neither data nor secrets, which a customer's key would protect.
  for_each = local.names

  name              = "/aws/lambda/${each.value}"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "this" {
  for_each = local.names

  name                 = each.value
  description          = "The Lambda function ${each.value}."
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Lambda"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.names

  name = each.key
  role = aws_iam_role.this[each.key].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(jsondecode(var.statements[each.key]), [{
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:${var.aws.partition}:logs:${var.aws.region}:${var.aws.account_id}:log-group:/aws/lambda/${each.value}:*"
    }])
  })
}
