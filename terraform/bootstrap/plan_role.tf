# The read-only role for pull requests and for the nightly drift detection. It cannot lock the state, so plans run with
# -lock=false.

resource "aws_iam_role" "plan" {
  name                 = "github-refit-plan" # not refit-*, because the deploy role may change roles of that name
  description          = "Plans Refit's pipelines for ${var.repository}; read-only."
  assume_role_policy   = local.trust.plan
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "plan" {
  name = "plan"
  role = aws_iam_role.plan.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.read_statements, [
      {
        # `refit validate --live` reads one day of data to check its columns and values.
        Sid      = "ReadData"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = local.arns.objects
      },
    ])
  })

  # The role is never without its denials.
  depends_on = [aws_iam_role_policy_attachment.denials]
}
