output "pipeline" {
  description = "The pipeline's name."
  value       = var.pipeline
}

output "environment" {
  description = "The environment that the pipeline belongs to."
  value       = var.environment
}

output "region" {
  description = "The AWS region of the stack."
  value       = local.aws.region
}

output "bucket" {
  description = "The bucket with runs and models and, without data.bucket, the data."
  value       = module.bucket.name
}

output "data_bucket" {
  description = "The bucket with the data."
  value       = local.own_data ? module.bucket.name : var.data.bucket

  precondition {
    condition     = var.data.bucket != local.bucket
    error_message = "data.bucket ${local.bucket} is the bucket that this stack creates; remove bucket from data."
  }
}

output "data_grants" {
  description = "What another account that owns data.bucket or its key must add to the bucket's policy and to the key's."
  value       = module.data_access.grants
}

output "data_prefix" {
  description = "The prefix in the bucket where the daily data arrives."
  value       = var.data.prefix
}

output "endpoint" {
  description = "The name of the endpoint that serves the model."
  value       = local.endpoint
}

output "state_machine_arn" {
  description = "The state machine: one execution is one run."
  value       = module.state_machine.arn
}

output "schedule" {
  description = "The name of the schedule that starts the daily run."
  value       = module.schedule.name
}

output "arrival" {
  description = "The name of the EventBridge rule for new data, and of the schedule that starts the run for it; null without arrival."
  value       = one(module.arrival[*].rule)
}

output "watermark_parameter" {
  description = "The SSM parameter with the newest day of data that a deployed model was trained on."
  value       = module.watermark.names.watermark
}

output "run_parameter" {
  description = "The SSM parameter with the name of the run that the watermark refers to."
  value       = module.watermark.names.run
}

output "commit_parameter" {
  description = "The SSM parameter with the commits that have claimed and deployed the pipeline, as JSON."
  value       = module.watermark.names.commit
}

output "hold_parameter" {
  description = "The SSM parameter with the hold on the deployed model (who, since when and why), or none."
  value       = module.watermark.names.hold
}

output "sagemaker_role_arn" {
  description = "The role for training jobs and the endpoint."
  value       = local.sagemaker_role_arn
}

output "lambda_functions" {
  description = "The name of the Lambda function of each handler."
  value       = module.functions.names
}

output "log_groups" {
  description = "The name of the log group of each handler and of the state machine."
  value       = merge(module.functions.log_groups, { state_machine = module.state_machine.log_group })
}

output "alarms" {
  description = "The names of the alarms for failed runs and for the endpoint."
  value       = module.alarms.names
}
