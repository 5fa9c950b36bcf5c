# Existing buckets with data: the roles of stacks and the plan role, which samples rows for `refit validate --live`, may list and
# read the declared prefixes and decrypt with the declared keys. The deploy role may only list, for `refit plan`.

locals {
  data_prefixes = [for each in sort(var.data_prefixes) : regex("^(?P<bucket>[^/]+)/(?P<prefix>.+)$", each)]

  list_data_statements = [for each in local.data_prefixes : {
    Effect    = "Allow"
    Action    = "s3:ListBucket"
    Resource  = "arn:${local.partition}:s3:::${each.bucket}"
    Condition = { StringLike = { "s3:prefix" = "${each.prefix}*" } }
  }]

  read_data_statements = concat(
    local.list_data_statements,
    [for prefixes in [local.data_prefixes] : {
      Sid      = "ExistingData"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = [for each in prefixes : "arn:${local.partition}:s3:::${each.bucket}/${each.prefix}*"]
    } if length(prefixes) > 0],
    [for keys in [sort(var.data_keys)] : {
      Sid       = "ExistingDataKeys"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = keys
      Condition = { StringLike = { "kms:ViaService" = "s3.*" } }
    } if length(keys) > 0],
  )
}

locals {
  # By the role that gets them, if prefixes are declared.
  data_policies = { for name, statements in {
    plan = concat(local.read_data_statements, [{
      # `refit validate --live` says whether the bucket sends the events that `arrival` needs.
      Sid      = "ExistingDataEvents"
      Effect   = "Allow"
      Action   = "s3:GetBucketNotification"
      Resource = distinct([for each in local.data_prefixes : "arn:${local.partition}:s3:::${each.bucket}"])
    }])
    deploy = concat(local.list_data_statements, [])
  } : name => jsonencode({ Version = "2012-10-17", Statement = statements }) if length(local.data_prefixes) > 0 }
}

# Managed policies, because IAM limits the size of a role's inline policies together.
resource "aws_iam_policy" "data" {
  for_each = local.data_policies

  name        = "github-refit-${each.key}-data" # not refit-*, like the roles
  description = "What GitHub's role ${each.key} may do with the existing data of Refit's pipelines."
  policy      = each.value
}

resource "aws_iam_role_policy_attachment" "data" {
  for_each = local.data_policies

  role       = { plan = aws_iam_role.plan.name, deploy = aws_iam_role.deploy.name }[each.key]
  policy_arn = aws_iam_policy.data[each.key].arn
}
