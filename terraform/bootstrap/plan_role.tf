# For pull requests and for the nightly comparison: it reads, and changes nothing. Not even the state's lock, so that plans
# run with -lock=false.

resource "aws_iam_role" "plan" {
  name                 = "github-refit-plan" # not refit-*: the deploy role may change those
  description          = "Plans Refit's pipelines for ${var.repository}; read-only."
  assume_role_policy   = local.trust.plan
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "plan" {
  name = "plan"
  role = aws_iam_role.plan.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.read_statements, local.secrecy_statements, [
      {
        # `refit validate --live` looks into the data of a day: its columns, its numbers.
        Sid      = "ReadData"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = local.arns.objects
      },
    ])
  })
}
