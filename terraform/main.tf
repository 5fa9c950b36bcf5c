# The stack of one pipeline.
#
# Every name derives from the pipeline's, so ARNs are known before anything exists: a plan shows the whole definition
# and every policy, and nothing waits for what it only names.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  aws = {
    partition  = data.aws_partition.current.partition
    region     = data.aws_region.current.name
    account_id = data.aws_caller_identity.current.account_id
  }

  name               = "refit-${var.pipeline}"
  bucket             = coalesce(var.bucket, "${var.pipeline}-${local.aws.account_id}-${local.aws.region}")
  endpoint           = coalesce(var.endpoint.name, var.pipeline)
  models_prefix      = "models/${var.pipeline}/"
  sagemaker_role_arn = coalesce(var.sagemaker_role_arn, one(module.sagemaker_role[*].arn))

  # What takes the old model back; driver/pipeline.py names the same.
  guarded             = var.endpoint.deployment.strategy != "all-at-once"
  own_rollback_alarm  = "${local.name}-endpoint-errors"
  rollback_alarms     = !local.guarded ? [] : coalescelist(var.endpoint.deployment.alarms, [local.own_rollback_alarm])
  rollback_alarm_arns = [for alarm in local.rollback_alarms : "arn:${local.aws.partition}:cloudwatch:${local.aws.region}:${local.aws.account_id}:alarm:${alarm}"]

  # A workflow hands on "" for a variable that its repository does not have.
  permissions_boundary = var.permissions_boundary == "" ? null : var.permissions_boundary

  key       = "${var.environment}/${var.pipeline}"
  file      = "${path.root}/pipelines/${local.key}.tfvars"
  build_dir = "${path.root}/../build/${local.key}"
  named     = fileexists(local.file)
  built     = alltrue([for name in ["lambdas.zip", "state_machine.asl.json", "build.json"] : fileexists("${local.build_dir}/${name}")])
}

# Refuses to plan on artefacts that are missing or belong to an older pipeline file. Whatever reads them comes after it.
resource "terraform_data" "build" {
  lifecycle {
    precondition {
      condition     = local.named
      error_message = "There is no terraform/pipelines/${local.key}.tfvars; keep pipeline = \"${var.pipeline}\" in a file of that name, in the folder of its environment."
    }

    precondition {
      condition     = !local.named || local.built
      error_message = "The pipeline ${local.key} is not built; run: refit build ${local.key}"
    }

    precondition {
      condition     = !(local.named && local.built) || try(jsondecode(file("${local.build_dir}/build.json")).pipeline_sha256 == filesha256(local.file), false)
      error_message = "The build of ${local.key} is older than its pipeline file; run: refit build ${local.key}"
    }
  }
}

module "bucket" {
  source = "./modules/bucket"

  aws           = local.aws
  name          = local.bucket
  force_destroy = var.force_destroy
  retention     = var.retention
}

module "watermark" {
  source = "./modules/watermark"

  name     = "/models/${var.pipeline}/train/latest"
  pipeline = var.pipeline
}

module "sagemaker_role" {
  source = "./modules/sagemaker_role"
  count  = var.sagemaker_role_arn == null ? 1 : 0

  aws               = local.aws
  name              = "${local.name}-sagemaker"
  pipeline          = var.pipeline
  bucket            = local.bucket
  readable_prefixes = [var.data.prefix, "runs/${var.pipeline}/", local.models_prefix]
  models_prefix     = local.models_prefix
  endpoint          = local.endpoint
  image             = var.training.image
  alarm_arns        = local.rollback_alarm_arns

  permissions_boundary = local.permissions_boundary
}

module "functions" {
  source     = "./modules/functions"
  depends_on = [terraform_data.build]

  aws                 = local.aws
  name                = local.name
  pipeline            = var.pipeline
  zip                 = "${local.build_dir}/lambdas.zip"
  bucket              = module.bucket.name
  data_prefix         = var.data.prefix
  watermark_parameter = module.watermark.name
  state_machine       = local.name
  endpoint            = local.endpoint
  sagemaker_role_arn  = local.sagemaker_role_arn
  alarm_arns          = local.rollback_alarm_arns
  slack               = var.slack
  log_retention_days  = var.log_retention_days

  permissions_boundary = local.permissions_boundary
}

module "state_machine" {
  source     = "./modules/state_machine"
  depends_on = [terraform_data.build]

  aws                = local.aws
  name               = local.name
  definition_file    = "${local.build_dir}/state_machine.asl.json"
  function_arns      = values(module.functions.arns)
  log_retention_days = var.log_retention_days

  substitutions = merge({ for key, arn in module.functions.arns : "${key}_arn" => arn }, {
    bucket              = module.bucket.name
    region              = local.aws.region
    watermark_parameter = module.watermark.name
    sagemaker_role_arn  = local.sagemaker_role_arn
  })

  permissions_boundary = local.permissions_boundary
}

module "schedule" {
  source = "./modules/schedule"

  aws               = local.aws
  name              = local.name
  schedule          = var.schedule
  state_machine_arn = module.state_machine.arn

  permissions_boundary = local.permissions_boundary
}

module "alarms" {
  source = "./modules/alarms"

  name              = local.name
  state_machine_arn = module.state_machine.arn
  actions           = var.alarms.actions
  endpoint          = local.guarded ? local.endpoint : null
}
