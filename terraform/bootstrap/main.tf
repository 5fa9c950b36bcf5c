# Once in each AWS account: where Terraform's state is kept, and whom GitHub Actions may become.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.name
  regions    = coalesce(var.pipeline_regions, [local.region])

  # Not *-<account>-<region>: what may be done to the pipelines' buckets must not be possible here.
  state_bucket = coalesce(var.state_bucket, "refit-terraform-state-${local.account_id}")
}

# Locking needs no table: Terraform writes <key>.tflock beside the state, and S3 lets only one writer create it.
module "state_bucket" {
  source = "../modules/bucket"

  aws           = { partition = local.partition }
  name          = local.state_bucket
  force_destroy = false
  retention     = null # every version of every state stays
}
