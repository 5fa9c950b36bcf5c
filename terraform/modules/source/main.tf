# Uploads a custom algorithm's code, which `refit build` has packed. The key contains the hash of the content, so the object never
# changes while a run copies it. Training and serving read that copy (lambdas/decisions/source_copy.py); Terraform deletes this
# object when the code changes.

locals {
  # If the file is missing, the plan has already been rejected (terraform_data.build); a destroy does not need the file.
  built  = fileexists(var.archive)
  sha256 = local.built ? filesha256(var.archive) : "none"
  key    = "code/${local.sha256}/source.tar.gz"
}

resource "aws_s3_object" "this" {
  bucket = var.bucket
  key    = local.key
  source = var.archive

  # S3 allows at most ten tags on an object; a stack may have more.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    # The state machine is updated before the previous code is deleted.
    create_before_destroy = true

    # The key contains the hash of the content. The path differs between machines, and a different path is not a change.
    ignore_changes = [source]
  }
}
