terraform {
  required_version = ">= 1.10" # S3 state locking without a DynamoDB table (use_lockfile)

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # `refit terraform` passes the bucket, the key, the region and the locking: each pipeline has its own state.
  backend "s3" {}
}
