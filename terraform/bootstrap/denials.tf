# What GitHub's roles are denied, whatever other policies allow. A Deny also overrides a policy of a bucket, a function or a role
# that names the role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#
# In managed policies, because IAM limits the size of a role's inline policies together.

locals {
  # Both roles are denied the first, the deploy role also the second.
  denials = {
    secrets = { description = "Denies GitHub's roles secrets and task tokens.", statements = local.secrecy_statements }
    data    = { description = "Denies GitHub's deploy role data.", statements = local.data_statements }
  }

  secrecy_statements = [
    {
      # The history of a run contains the task token of its approval, and so does runs/<pipeline>/<run>/approval.json.
      # https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
      Sid      = "NoApprovals"
      Effect   = "Deny"
      Action   = ["states:GetExecutionHistory", "states:SendTask*"]
      Resource = "*"
    },
    {
      Sid      = "NoTaskTokens"
      Effect   = "Deny"
      Action   = ["logs:FilterLogEvents", "logs:Get*", "logs:Start*", "s3:GetObject*"]
      Resource = concat(local.arns.approvals, local.arns.run_logs)
    },
    {
      # A function's or a role's policy that names one of these roles would be enough to use it.
      Sid      = "NoOtherIdentity"
      Effect   = "Deny"
      Action   = ["lambda:Invoke*", "sts:AssumeRole*"]
      Resource = "*"
    },
    {
      Sid      = "NoSecrets"
      Effect   = "Deny"
      Action   = ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"]
      Resource = "*"
    },
    {
      Sid         = "OnlyParametersOfPipelines"
      Effect      = "Deny"
      Action      = ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters", "ssm:GetParametersByPath"]
      NotResource = local.arns.parameters
    },
  ]

  # The deploy role writes the policies of the pipelines' buckets. A bucket's policy that names the role would be enough to
  # read and delete data without this Deny.
  data_statements = [
    {
      # Needed if the name of the state bucket matches the names of the pipelines' buckets.
      Sid       = "NothingElseInTheStateBucket"
      Effect    = "Deny"
      NotAction = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
      Resource  = concat(local.arns.state_bucket, ["${local.arns.state_bucket[0]}/*"])
    },
    {
      Sid         = "ReadOnlyCodeRunsAndStates"
      Effect      = "Deny"
      Action      = "s3:GetObject*"
      NotResource = concat(local.arns.lambda_zips, local.arns.sources, local.arns.run_files, local.arns.states, local.arns.locks)
    },
    {
      Sid         = "WriteOnlyCodeAndStates"
      Effect      = "Deny"
      Action      = ["s3:DeleteObject*", "s3:PutObject*", "s3:Replicate*", "s3:RestoreObject"]
      NotResource = concat(local.arns.lambda_zips, local.arns.sources, local.arns.states, local.arns.locks)
    },
    {
      Sid      = "KeepBuckets"
      Effect   = "Deny"
      Action   = ["s3:DeleteBucket*", "s3:PutBucketAcl", "s3:PutReplicationConfiguration"]
      Resource = "*"
    },
  ]
}

resource "aws_iam_policy" "denials" {
  for_each = local.denials

  name        = "github-refit-no-${each.key}" # not refit-*, like the roles
  description = each.value.description
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value.statements })
}

resource "aws_iam_role_policy_attachment" "denials" {
  for_each = {
    plan-secrets   = { role = aws_iam_role.plan.name, policy = "secrets" }
    deploy-secrets = { role = aws_iam_role.deploy.name, policy = "secrets" }
    deploy-data    = { role = aws_iam_role.deploy.name, policy = "data" }
  }

  role       = each.value.role
  policy_arn = aws_iam_policy.denials[each.value.policy].arn
}
