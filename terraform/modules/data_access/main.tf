# What roles may do with an existing bucket that has the data: list and read one prefix, and decrypt with one key. Terraform
# creates and changes nothing there. Without such a bucket there are no statements: the data is in the stack's own bucket.

locals {
  existing   = var.bucket[*]
  bucket_arn = "arn:${var.aws.partition}:s3:::${coalesce(var.bucket, "none")}"
  objects    = "${local.bucket_arn}/${var.prefix}*"

  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html: SageMaker has no parameter for the
  # expected owner of a bucket, so the roles have the condition.
  owned = { for account in var.bucket_owner[*] : "StringEquals" => { "s3:ResourceAccount" = account } }

  # Not IfExists, as for the stack's own bucket: a listing without a prefix would show the names of all objects. Hence a missing
  # object is reported as 403.
  list = [for name in local.existing : {
    Sid       = "ListData"
    Effect    = "Allow"
    Action    = "s3:ListBucket"
    Resource  = local.bucket_arn
    Condition = merge({ StringLike = { "s3:prefix" = "${var.prefix}*" } }, local.owned)
  }]

  read = [for name in local.existing : merge({
    Sid      = "ReadData"
    Effect   = "Allow"
    Action   = "s3:GetObject"
    Resource = local.objects
  }, { for operators in [local.owned] : "Condition" => operators if length(operators) > 0 })]

  # The encryption context is the object's ARN or, with an S3 Bucket Key, the bucket's:
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
  decrypt = [for key in var.kms_key_arn[*] : {
    Sid      = "DecryptData"
    Effect   = "Allow"
    Action   = "kms:Decrypt"
    Resource = key
    Condition = { StringLike = {
      "kms:ViaService"                   = "s3.${var.aws.region}.amazonaws.com*" # .cn in China
      "kms:EncryptionContext:aws:s3:arn" = [local.bucket_arn, local.objects]
    } }
  }]
}

# What the owner of the bucket, and of the key, must add to their policies if that is another account. The principals are the
# account and a condition, and not the roles: a policy that names a role is invalid before the role exists, and void once the role
# has been deleted and created again. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
locals {
  principal = { AWS = "arn:${var.aws.partition}:iam::${var.aws.account_id}:root" }
  listers   = sort(distinct(concat(var.listers, var.readers)))
  readers   = sort(var.readers)

  grants = {
    bucket_policy = [for name in local.existing : [
      merge(local.list[0], {
        Sid       = "RefitLists${local.suffix}"
        Principal = local.principal
        Condition = {
          StringLike = { "s3:prefix" = "${var.prefix}*" }
          ArnEquals  = { "aws:PrincipalArn" = local.listers }
        }
      }),
      {
        Sid       = "RefitReads${local.suffix}"
        Effect    = "Allow"
        Principal = local.principal
        Action    = "s3:GetObject"
        Resource  = local.objects
        Condition = { ArnEquals = { "aws:PrincipalArn" = local.readers } }
      },
    ]]
    key_policy = [for statement in local.decrypt : [{
      Sid       = "RefitDecrypts${local.suffix}"
      Effect    = "Allow"
      Principal = local.principal
      Action    = "kms:Decrypt"
      Resource  = "*" # in the policy of a key, the key
      Condition = merge(statement.Condition, { ArnEquals = { "aws:PrincipalArn" = local.readers } })
    }]]
  }
  # A Sid has only letters and digits.
  suffix = replace(title(replace(var.pipeline, "-", " ")), " ", "")
}
