# The ARNs of all pipelines' resources: those named refit-*, their buckets and their parameters.

locals {
  # The public layer of AWS SDK for pandas, and the account's own.
  layers = ["336392948345:layer:AWSSDKPandas-*", "${local.account_id}:layer:*"]

  bucket_names = coalesce(var.pipeline_buckets, [for region in local.regions : "*-${local.account_id}-${region}"])

  # In each of the pipelines' regions. The * at the end of a log group's name also matches its streams.
  regional = { for name, suffix in {
    alarms         = "cloudwatch:%s:${local.account_id}:alarm:refit-*"
    executions     = "states:%s:${local.account_id}:execution:refit-*:*"
    functions      = "lambda:%s:${local.account_id}:function:refit-*"
    function_logs  = "logs:%s:${local.account_id}:log-group:/aws/lambda/refit-*"
    run_logs       = "logs:%s:${local.account_id}:log-group:/aws/vendedlogs/states/refit-*"
    sagemaker_logs = "logs:%s:${local.account_id}:log-group:/aws/sagemaker/*"
    keys           = "kms:%s:${local.account_id}:key/*"
    holds          = "ssm:%s:${local.account_id}:parameter/models/*/hold"
    rules          = "events:%s:${local.account_id}:rule/refit-*"
    groups         = "scheduler:%s:${local.account_id}:schedule-group/refit-*"
    schedules      = "scheduler:%s:${local.account_id}:schedule/*/refit-*"
    state_machines = "states:%s:${local.account_id}:stateMachine:refit-*"
    # One ARN for both, because the size of a policy is limited.
    machines_and_runs = "states:%s:${local.account_id}:*:refit-*"
    watermarks        = "ssm:%s:${local.account_id}:parameter/models/*/train/*"

    # SageMaker resources are named after pipelines and their runs, without the prefix refit-.
    endpoints        = "sagemaker:%s:${local.account_id}:endpoint/*"
    endpoint_configs = "sagemaker:%s:${local.account_id}:endpoint-config/*"
    models           = "sagemaker:%s:${local.account_id}:model/*"
    training_jobs    = "sagemaker:%s:${local.account_id}:training-job/*"

    # AWS publishes Linear Learner from a different account in each region.
    images     = "ecr:%s:*:repository/*"
    sync_rules = "events:%s:${local.account_id}:rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule"
  } : name => [for region in sort(local.regions) : "arn:${local.partition}:${format(suffix, region)}"] }

  arns = merge(local.regional, {
    buckets        = [for name in sort(local.bucket_names) : "arn:${local.partition}:s3:::${name}"]
    objects        = [for name in sort(local.bucket_names) : "arn:${local.partition}:s3:::${name}/*"]
    lambda_zips    = [for name in sort(local.bucket_names) : "arn:${local.partition}:s3:::${name}/lambdas/*"]
    sources        = [for name in sort(local.bucket_names) : "arn:${local.partition}:s3:::${name}/code/*"]
    layers         = [for name in local.layers : "arn:${local.partition}:lambda:*:${name}"]
    run_files      = [for name in sort(local.bucket_names) : "arn:${local.partition}:s3:::${name}/runs/*"]
    approvals      = [for name in sort(local.bucket_names) : "arn:${local.partition}:s3:::${name}/runs/*/approval.json"]
    parameters     = concat(local.regional.watermarks, local.regional.holds)
    roles          = ["arn:${local.partition}:iam::${local.account_id}:role/refit-*"]
    schedule_roles = ["arn:${local.partition}:iam::${local.account_id}:role/refit-*-schedule"]
    state_bucket   = ["arn:${local.partition}:s3:::${local.state_bucket}"]
    # <environment>/<pipeline>.tfstate, and not bootstrap.tfstate: whoever writes a state decides which providers the next
    # `terraform init` downloads and runs, and an administrator applies the bootstrap.
    states          = ["arn:${local.partition}:s3:::${local.state_bucket}/*/*.tfstate"]
    locks           = ["arn:${local.partition}:s3:::${local.state_bucket}/*/*.tflock"]
    sagemaker_roles = concat(["arn:${local.partition}:iam::${local.account_id}:role/refit-*"], sort(var.sagemaker_role_arns))
    sagemaker       = concat(local.regional.endpoints, local.regional.endpoint_configs, local.regional.models, local.regional.training_jobs)
    triggers        = concat(local.regional.alarms, local.regional.groups, local.regional.rules, local.regional.schedules)
    logs            = concat(local.regional.function_logs, local.regional.run_logs)
    token_parameters = flatten([for region in sort(local.regions) : [
      for name in sort(var.token_parameters) : "arn:${local.partition}:ssm:${region}:${local.account_id}:parameter${name}"
    ]])
    # Secrets Manager appends a hyphen and six random characters to the name of a secret in its ARN.
    token_secrets = flatten([for region in sort(local.regions) : [
      for name in sort(var.token_secrets) :
      "arn:${local.partition}:secretsmanager:${region}:${local.account_id}:secret:${name}${endswith(name, "*") ? "" : "-??????"}"
    ]])
  })
}
