# The permissions of the pipeline's Lambda functions and state machine: only the calls that they make, on only the resources
# that they use. https://docs.aws.amazon.com/service-authorization/latest/reference/
#
# For a missing key, S3 returns 404 to callers that may list the bucket, and 403 to others. GetObject requests have no prefix,
# hence the IfExists in conditions. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html

locals {
  region_and_account = "${var.aws.region}:${var.aws.account_id}"

  bucket_arn  = "arn:${var.aws.partition}:s3:::${var.bucket}"
  runs_prefix = "runs/${var.pipeline}/"
  runs_arn    = "${local.bucket_arn}/${local.runs_prefix}"
  lease_key   = "${local.runs_prefix}lease.json"

  ssm        = "arn:${var.aws.partition}:ssm:${local.region_and_account}:parameter"
  parameters = { for key, name in var.parameters : key => "${local.ssm}${name}" }
  secrets    = "arn:${var.aws.partition}:secretsmanager:${local.region_and_account}:secret"
  scheduler  = "arn:${var.aws.partition}:scheduler:${local.region_and_account}"
  schedule   = "${local.scheduler}:schedule/${var.arrival_schedule.group}/${var.arrival_schedule.name}"

  # The name of a run is <pipeline>-<YYYYMMDD>-<8 hex digits>. "home-*" would also match the runs of "home-prices".
  run_name = "${var.pipeline}-????????-????????"

  # SageMaker's ARNs are in lowercase, even if the name is not.
  sagemaker           = "arn:${var.aws.partition}:sagemaker:${local.region_and_account}"
  training_job_arn    = "${local.sagemaker}:training-job/${local.run_name}"
  model_arn           = "${local.sagemaker}:model/${local.run_name}"
  endpoint_config_arn = "${local.sagemaker}:endpoint-config/${local.run_name}"
  endpoint_arn        = "${local.sagemaker}:endpoint/${lower(var.endpoint)}"
}
