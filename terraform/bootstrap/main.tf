# The bootstrap, applied once in each AWS account: the bucket for Terraform's state, and the roles for GitHub Actions.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.name
  regions    = coalesce(var.pipeline_regions, [local.region])

  # Not *-<account>-<region>: the permissions on the pipelines' buckets must not apply to this one.
  state_bucket = coalesce(var.state_bucket, "refit-terraform-state-${local.account_id}")
}

# Locking needs no DynamoDB table: Terraform writes <key>.tflock next to the state, and S3 lets only one writer create it.
module "state_bucket" {
  source = "../modules/bucket"

  aws           = { partition = local.partition }
  name          = local.state_bucket
  force_destroy = false
  retention     = null # keep every version of every state
}
