# The stack of one pipeline.
#
# All names are derived from the pipeline's name, so ARNs are known before the resources exist: a plan shows the complete
# definition and every policy, and no resource waits for another one that it only refers to by name.

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
  own_data           = var.data.bucket == null # whether the data is in the stack's own bucket
  models_prefix      = "models/${var.pipeline}/"
  role_arn           = "arn:${local.aws.partition}:iam::${local.aws.account_id}:role"
  sagemaker_role_arn = coalesce(var.sagemaker_role_arn, one(module.sagemaker_role[*].arn))
  state_machine_arn  = "arn:${local.aws.partition}:states:${local.aws.region}:${local.aws.account_id}:stateMachine:${local.name}"
  arrival            = "${local.name}-arrival" # the EventBridge rule for new data, and the schedule that starts the run for it

  # The alarms that roll a deployment back; Pipeline.rollback_alarms in driver/refit/pipeline/model.py has the same names.
  guarded         = var.endpoint.deployment.strategy != "all-at-once"
  default_alarm   = "${local.name}-endpoint-errors"
  rollback_alarms = !local.guarded ? [] : coalescelist(var.endpoint.deployment.alarms, [local.default_alarm])
  rollback_alarm_arns = [for alarm in local.rollback_alarms :
    "arn:${local.aws.partition}:cloudwatch:${local.aws.region}:${local.aws.account_id}:alarm:${alarm}"
  ]

  # CheckQuality reads data with pyarrow, from the layer of AWS SDK for pandas or from one with the same packages.
  # https://aws-sdk-pandas.readthedocs.io/en/stable/layers.html
  check_layer_arn = coalesce(
    var.data.check_layer_arn,
    "arn:${local.aws.partition}:lambda:${local.aws.region}:336392948345:layer:AWSSDKPandas-Python312:19"
  )

  # A workflow passes "" for a variable that its repository does not have.
  permissions_boundary = var.permissions_boundary == "" ? null : var.permissions_boundary
}

module "bucket" {
  source = "./modules/bucket"

  aws           = local.aws
  name          = local.bucket
  force_destroy = var.force_destroy
  retention     = var.retention

  objects_before_versioning = concat([module.functions.zip], module.source[*].key)
}

module "watermark" {
  source = "./modules/watermark"

  pipeline = var.pipeline
}

module "data_access" {
  source = "./modules/data_access"

  aws          = local.aws
  pipeline     = var.pipeline
  bucket       = var.data.bucket
  bucket_owner = var.data.bucket_owner
  kms_key_arn  = var.data.kms_key_arn
  prefix       = var.data.prefix
  listers      = ["${local.role_arn}/${local.name}-check-data"]
  # Not module.sagemaker_role.arn, which waits for the statements of this module.
  readers = concat([coalesce(var.sagemaker_role_arn, "${local.role_arn}/${local.name}-sagemaker")],
    [for gate in var.gate[*] : "${local.role_arn}/${local.name}-evaluate-model"],
    local.has_contract ? ["${local.role_arn}/${local.name}-check-quality"] : [],
  )
}

module "sagemaker_role" {
  source = "./modules/sagemaker_role"
  count  = var.sagemaker_role_arn == null ? 1 : 0

  aws           = local.aws
  name          = "${local.name}-sagemaker"
  pipeline      = var.pipeline
  bucket        = local.bucket
  models_prefix = local.models_prefix
  endpoint      = local.endpoint
  algorithm     = var.training.algorithm
  image         = var.training.image
  alarm_arns    = local.rollback_alarm_arns
  readable_prefixes = distinct(concat(
    local.own_data ? [var.data.prefix] : [],
    ["runs/${var.pipeline}/", local.models_prefix],
    values(var.training.channels),
  ))
  read_data = module.data_access.read

  permissions_boundary = local.permissions_boundary
}

module "source" {
  source     = "./modules/source"
  count      = local.has_source ? 1 : 0
  depends_on = [terraform_data.build]

  archive = "${local.build_dir}/source.tar.gz"
  bucket  = module.bucket.created
}

module "permissions" {
  source = "./modules/permissions"

  aws                = local.aws
  pipeline           = var.pipeline
  handlers           = keys(local.handlers)
  direct             = var.orchestration == "direct"
  approval           = var.approval != null
  own_code           = local.has_source
  bucket             = local.bucket
  own_data_prefix    = local.own_data ? var.data.prefix : null
  list_data          = module.data_access.list
  read_data          = module.data_access.read
  parameters         = module.watermark.names
  state_machine_arn  = local.state_machine_arn
  endpoint           = local.endpoint
  sagemaker_role_arn = local.sagemaker_role_arn
  alarm_arns         = local.rollback_alarm_arns
  slack              = var.slack
  schedule_role_arn  = module.schedule.role_arn
  arrival_schedule   = { group = module.schedule.group, name = local.arrival }
}

module "functions" {
  source     = "./modules/functions"
  depends_on = [terraform_data.build]

  aws                = local.aws
  name               = local.name
  pipeline           = var.pipeline
  handlers           = local.handlers
  statements         = module.permissions.functions
  layers             = { check_quality = local.check_layer_arn }
  zip                = "${local.build_dir}/lambdas.zip"
  bucket             = module.bucket.created
  log_retention_days = var.log_retention_days

  environment = { for arrival in var.arrival[*] : "object_arrived" => merge({
    PIPELINE          = var.pipeline
    STATE_MACHINE_ARN = local.state_machine_arn
    SCHEDULE          = local.arrival
    SCHEDULE_GROUP    = module.schedule.group
    SCHEDULE_ROLE_ARN = module.schedule.role_arn
    PREFIX            = var.data.prefix
    QUIET_MINUTES     = arrival.quiet_minutes
    MAX_WAIT_MINUTES  = arrival.max_wait_minutes
    FORMAT            = var.data.format
    }, {
    for name, value in { LAYOUT = var.data.layout, READY = var.data.ready, CONTENT_TYPE = var.data.content_type } :
    name => value if value != null
  }) }

  permissions_boundary = local.permissions_boundary
}

module "state_machine" {
  source     = "./modules/state_machine"
  depends_on = [terraform_data.build]

  aws                = local.aws
  name               = local.name
  arn                = local.state_machine_arn
  definition_file    = "${local.build_dir}/state_machine.asl.json"
  refit_version      = local.refit_version
  statements         = module.permissions.state_machine
  function_arns      = values(module.functions.arns)
  log_retention_days = var.log_retention_days

  substitutions = merge({ for key, arn in module.functions.arns : "${key}_arn" => arn }, {
    bucket              = module.bucket.name
    partition           = local.aws.partition
    region              = local.aws.region
    environment         = var.environment
    watermark_parameter = module.watermark.names.watermark
    run_parameter       = module.watermark.names.run
    hold_parameter      = module.watermark.names.hold
    sagemaker_role_arn  = local.sagemaker_role_arn
    source_uri          = local.has_source ? one(module.source[*].uri) : ""
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

# After the schedules: a destroy removes the rule first, so that no new object creates a schedule while the group is deleted.
module "arrival" {
  source     = "./modules/arrival"
  count      = var.arrival == null ? 0 : 1
  depends_on = [module.schedule]

  name        = local.arrival
  bucket      = local.own_data ? module.bucket.name : var.data.bucket
  own_bucket  = local.own_data
  data_prefix = var.data.prefix

  # The defaults are for a destroy, which needs no build but still validates this module's resources.
  function = {
    name = lookup(module.functions.names, "object_arrived", "${local.name}-object-arrived")
    arn = lookup(
      module.functions.arns, "object_arrived",
      "arn:${local.aws.partition}:lambda:${local.aws.region}:${local.aws.account_id}:function:${local.name}-object-arrived"
    )
  }
}

module "alarms" {
  source = "./modules/alarms"

  name              = local.name
  state_machine_arn = module.state_machine.arn
  schedule_group    = module.schedule.group
  actions           = var.alarms.actions
  endpoint          = local.guarded ? local.endpoint : null
}
