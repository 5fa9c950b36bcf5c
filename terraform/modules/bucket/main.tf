# The bucket for data, for the manifests and leases of runs, and for models: private, encrypted, versioned, TLS only.

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18:The owner chooses where access is logged; CloudTrail can log it without a second bucket.
  #checkov:skip=CKV_AWS_144:The owner decides whether data and models are worth a copy in another region.
  #checkov:skip=CKV_AWS_145:S3 encrypts with its own key. A customer's key would need a permission in every role that reads data.
  #checkov:skip=CKV2_AWS_62:Only a pipeline with arrival needs events of its bucket (modules/arrival).
  bucket        = var.name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }

  # For up to 15 minutes after versioning is first enabled, S3 may answer NoSuchKey for objects that were created since:
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html. Lambda reads its code at once.
  depends_on = [var.objects_before_versioning]
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.arn, "${local.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  # S3 rejects concurrent changes to a bucket's access settings (OperationAborted).
  depends_on = [aws_s3_bucket_public_access_block.this]
}

# Created only if requested: the owner decides how long to keep data and models, and the provider waits almost a minute for
# these rules. A rule cannot exclude runs/<pipeline>/lease.json, because the folders next to it can have any name. It is safe for
# the lease to expire with them, because `refit build` rejects a retention that is shorter than the longest run.
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count  = var.retention == null ? 0 : 1
  bucket = aws_s3_bucket.this.id

  dynamic "rule" {
    for_each = { runs = var.retention.run_days, models = var.retention.model_days }

    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = "${rule.key}/"
      }

      expiration {
        days = rule.value
      }

      noncurrent_version_expiration {
        noncurrent_days = rule.value
      }
    }
  }

  # In the whole bucket: incomplete uploads are billed and not listed.
  rule {
    id     = "uploads"
    status = "Enabled"

    filter {
      prefix = ""
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

locals {
  arn = "arn:${var.aws.partition}:s3:::${var.name}"
}
