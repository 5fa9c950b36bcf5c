# GitHub's identity provider: its signed tokens prove which repository and environment a GitHub Actions job runs for.

locals {
  issuer       = "token.actions.githubusercontent.com"
  provider_arn = coalesce(var.oidc_provider_arn, "arn:${local.partition}:iam::${local.account_id}:oidc-provider/${local.issuer}")

  # Accepts only one of the two forms: if the subject contains IDs, a repository that takes over an old name is not trusted.
  # https://docs.github.com/en/actions/concepts/security/openid-connect
  owner = split("/", var.repository)[0]
  name  = split("/", var.repository)[1]
  claim = (
    var.repository_ids == null
    ? "repo:${var.repository}"
    : "repo:${local.owner}@${var.repository_ids.owner}/${local.name}@${var.repository_ids.repository}"
  )

  # The subject of a job with an environment has no branch; the environment's rules restrict which branches may use it.
  trust = { for role, environments in { plan = ["plan"], deploy = var.deploy_environments } : role => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "GitHubActions"
      Effect    = "Allow"
      Principal = { Federated = local.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = {
        "${local.issuer}:aud" = "sts.amazonaws.com"
        "${local.issuer}:sub" = [for environment in sort(environments) : "${local.claim}:environment:${environment}"]
      } }
    }]
  }) }
}

# Without thumbprints: AWS verifies GitHub's certificate with its own list of certificate authorities.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
resource "aws_iam_openid_connect_provider" "github" {
  count          = var.oidc_provider_arn == null ? 1 : 0
  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}
