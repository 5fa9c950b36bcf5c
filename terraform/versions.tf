terraform {
  required_version = ">= 1.10" # S3 state locking without a table (use_lockfile)

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # Bucket, key, region and locking come from `refit terraform`: one state for each pipeline.
  backend "s3" {}
}
