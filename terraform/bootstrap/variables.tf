variable "repository" {
  description = "The GitHub repository that may plan and deploy, as owner/name, in GitHub's spelling."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9](-?[A-Za-z0-9])*/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be owner/name without a URL, got \"${var.repository}\"; write repository = \"acme/models\"."
  }
}

variable "repository_ids" {
  description = <<-EOT
    The IDs of the owner and of the repository, if its OIDC subjects are immutable (repositories that were created, renamed or
    transferred since 2026-07-15); null means subjects without IDs.
  EOT
  type        = object({ owner = number, repository = number })
  default     = null

  validation {
    condition = var.repository_ids == null ? true : alltrue([
      for id in [var.repository_ids.owner, var.repository_ids.repository] : id >= 1 && floor(id) == id
    ])
    error_message = join(" ", [
      "repository_ids must be whole numbers; write the output of:",
      "gh api repos/OWNER/NAME --jq '\"repository_ids = { owner = \\(.owner.id), repository = \\(.id) }\"'."
    ])
  }
}

variable "deploy_environments" {
  description = "The GitHub environments whose jobs may deploy to this account: names of folders in terraform/pipelines."
  type        = set(string)
  default     = ["prod"]
  nullable    = false

  validation {
    condition = length(var.deploy_environments) > 0 && alltrue([
      for name in var.deploy_environments : can(regex("^[a-z0-9][a-z0-9-]{0,31}$", name))
    ])
    error_message = "deploy_environments must be names of folders in terraform/pipelines; write deploy_environments = [\"prod\"]."
  }

  validation {
    condition = length(setintersection(var.deploy_environments, ["local", "plan"])) == 0
    error_message = join(" ", [
      "deploy_environments must contain neither \"local\", which is the embedded cloud, nor \"plan\", whose jobs run for",
      "unreviewed changes; write deploy_environments = [\"prod\"]."
    ])
  }
}

variable "region" {
  description = "The AWS region of the state bucket; null means AWS_REGION or the profile's region."
  type        = string
  default     = null

  validation {
    condition     = var.region == null || can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the code of an AWS region; write region = \"us-west-2\"."
  }
}

variable "pipeline_regions" {
  description = "The AWS regions in which pipelines may run; null means the region of the state bucket."
  type        = set(string)
  default     = null

  validation {
    condition = var.pipeline_regions == null ? true : length(var.pipeline_regions) > 0 && alltrue([
      for region in var.pipeline_regions : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", region))
    ])
    error_message = "pipeline_regions must be AWS region codes; write pipeline_regions = [\"us-west-2\", \"eu-central-1\"]."
  }
}

variable "pipeline_buckets" {
  description = "The names of the pipelines' buckets, with * as a wildcard; null means Refit's default names: *-<account>-<region>."
  type        = set(string)
  default     = null

  validation {
    condition = var.pipeline_buckets == null ? true : length(var.pipeline_buckets) > 0 && alltrue([
      for name in var.pipeline_buckets : can(regex("^[a-z0-9*-]{3,63}$", name)) && name != "***"
    ])
    error_message = join(" ", [
      "pipeline_buckets must be names of buckets, or patterns of names, and not ARNs;",
      "write pipeline_buckets = [\"acme-home-prices\", \"*-123456789012-us-west-2\"]."
    ])
  }
}

variable "data_prefixes" {
  description = "The prefixes in existing buckets that pipelines may use as data.bucket and data.prefix, as bucket/prefix/."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for each in var.data_prefixes : can(regex("^[a-z0-9][a-z0-9.-]+/[A-Za-z0-9!_.'()=/-]+/$", each))])
    error_message = "data_prefixes must be a bucket's name and a prefix that ends in /; write data_prefixes = [\"company-lake/sales/\"]."
  }
}

variable "data_keys" {
  description = "The ARNs of the KMS keys that pipelines may use as data.kms_key_arn."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([for arn in var.data_keys : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9a-z-]+$", arn))])
    error_message = join(" ", [
      "data_keys must be ARNs of keys, not of aliases;",
      "write data_keys = [\"arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab\"]."
    ])
  }
}

variable "state_bucket" {
  description = "The name of the bucket to create for Terraform's state; null means refit-terraform-state-<account>."
  type        = string
  default     = null

  validation {
    condition = var.state_bucket == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = join(" ", [
      "state_bucket must be 3 to 63 lowercase letters, digits and hyphens, and neither start nor end with a hyphen;",
      "write state_bucket = \"acme-terraform-state\"."
    ])
  }
}

variable "token_parameters" {
  description = "The SSM parameters that pipelines may use as slack.token_parameter, with * as a wildcard."
  type        = set(string)
  default     = ["/refit/*"]
  nullable    = false

  validation {
    condition     = alltrue([for name in var.token_parameters : can(regex("^/[A-Za-z0-9_./*-]{2,}$", name))])
    error_message = "token_parameters must start with \"/\", as full names of SSM parameters do; write token_parameters = [\"/refit/*\"]."
  }
}

variable "token_secrets" {
  description = "The Secrets Manager secrets that pipelines may use as slack.token_secret, with * as a wildcard."
  type        = set(string)
  default     = ["refit/*"]
  nullable    = false

  validation {
    condition = alltrue([
      for name in var.token_secrets : can(regex("^[A-Za-z0-9/_+=.@*-]{2,}$", name)) && !startswith(name, "arn:")
    ])
    error_message = "token_secrets must be names of secrets and not ARNs; write token_secrets = [\"refit/*\"]."
  }
}

variable "sagemaker_role_arns" {
  description = "The ARNs of existing roles that pipelines use as sagemaker_role_arn; empty if every stack creates its own."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.sagemaker_role_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+$", arn))
    ])
    error_message = join(" ", [
      "sagemaker_role_arns must be ARNs of IAM roles;",
      "write sagemaker_role_arns = [\"arn:aws:iam::123456789012:role/my-sagemaker-role\"]."
    ])
  }
}

variable "oidc_provider_arn" {
  description = "The ARN of the account's identity provider for GitHub if one exists (an account can have only one); null creates it."
  type        = string
  default     = null

  validation {
    condition = var.oidc_provider_arn == null ? true : can(
      regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.oidc_provider_arn)
    )
    error_message = join(" ", [
      "oidc_provider_arn must be the ARN of GitHub's provider;",
      "write oidc_provider_arn = \"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com\"."
    ])
  }
}

variable "tags" {
  description = "Tags for all resources of the bootstrap."
  type        = map(string)
  default     = {}
  nullable    = false
}
