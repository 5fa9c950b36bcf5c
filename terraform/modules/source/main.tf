# The code of an own algorithm, as `refit build` packed it. It lies under its own hash: what a run copies never changes under
# it. Training and serving read that copy (lambdas/decisions/source_copy.py), and this goes as soon as the code changes.

locals {
  built  = fileexists(var.archive) # a plan without it is refused before (terraform_data.build), a destroy needs none
  sha256 = local.built ? filesha256(var.archive) : "none"
  key    = "code/${local.sha256}/source.tar.gz"
}

resource "aws_s3_object" "this" {
  bucket      = var.bucket
  key         = local.key
  source      = var.archive
  source_hash = local.sha256

  # An object may have ten tags, a stack more.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    # The state machine names the new code before the old is gone.
    create_before_destroy = true
  }
}
