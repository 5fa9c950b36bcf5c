# The state machine: the rendered definition with its ARNs, its role and its logs.

resource "aws_sfn_state_machine" "this" {
  #checkov:skip=CKV_AWS_284:The history of a run has the duration of each state.
  #checkov:skip=CKV_AWS_285:Execution data would put the task tokens of approvals into the log.
  name     = var.name
  role_arn = aws_iam_role.this.arn
  # If the file is missing, the plan has already been rejected (terraform_data.build); a destroy does not need the file.
  # The provider lets AWS validate the definition even then, so it must be a valid one.
  definition = (
    fileexists(var.definition_file)
    ? templatefile(var.definition_file, var.substitutions)
    : jsonencode({ StartAt = "NotBuilt", States = { NotBuilt = { Type = "Fail" } } })
  )

  # Only on this resource: as a default tag it would change all resources of a stack with each version.
  tags = { "refit:version" = var.refit_version }

  logging_configuration {
    level = "ALL"
    # The arguments of AwaitApproval contain its task token: anyone who can read it could approve the model.
    include_execution_data = false
    log_destination        = "${aws_cloudwatch_log_group.this.arn}:*"
  }

  # When a state machine is created or updated, Step Functions checks some of its role's permissions.
  depends_on = [aws_iam_role_policy.this, aws_iam_role_policy.invoke]
}

# Names under /aws/vendedlogs keep the resource policy of CloudWatch Logs below its size limit:
# https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch encrypts logs; without execution data they contain nothing for a customer's key to protect.
  name              = "/aws/vendedlogs/states/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "this" {
  name                 = "${var.name}-states"
  description          = "The state machine ${var.name}."
  permissions_boundary = var.permissions_boundary
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "StepFunctions"
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.aws.account_id }
        ArnLike      = { "aws:SourceArn" = var.arn }
      }
    }]
  })
}

# Created before the functions, which take a while, so that IAM propagates the permissions meanwhile: after a change of
# orchestration, Step Functions rejects a definition for which its role lacks permissions (ReceiveTrainingJobEvents).
resource "aws_iam_role_policy" "this" {
  name = "states"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(jsondecode(var.statements), [
      {
        # Log delivery actions do not support resource-level permissions: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
        Sid    = "DeliverLogs"
        Effect = "Allow"
        Action = [
          "logs:CreateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:UpdateLogDelivery",
        ]
        Resource = "*"
      },
    ])
  })
}

resource "aws_iam_role_policy" "invoke" {
  name = "invoke"
  role = aws_iam_role.this.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "InvokeFunctions"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = var.function_arns
    }]
  })
}
