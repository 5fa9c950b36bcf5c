variable "aws" {
  description = "The partition, the region and the account of the stack."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}

variable "handlers" {
  description = "The handlers of the pipeline."
  type        = set(string)
}

variable "direct" {
  description = "Whether the state machine itself trains and deploys (orchestration = \"direct\")."
  type        = bool
}

variable "approval" {
  description = "Whether a run waits for manual approval."
  type        = bool
}

variable "bucket" {
  description = "The name of the pipeline's bucket."
  type        = string
}

variable "own_data_prefix" {
  description = "The prefix in the pipeline's bucket where the daily data arrives; null if the data is in an existing bucket."
  type        = string
}

variable "list_data" {
  description = "The statements of a role that lists the data in an existing bucket."
  type        = any
}

variable "read_data" {
  description = "The statements of a role that lists and reads the data in an existing bucket."
  type        = any
}

variable "parameters" {
  description = "The names of the pipeline's SSM parameters."
  type        = object({ watermark = string, run = string, hold = string })
}

variable "state_machine_arn" {
  description = "The ARN of the state machine whose executions CheckData describes."
  type        = string
}

variable "endpoint" {
  description = "The endpoint's name."
  type        = string
}

variable "sagemaker_role_arn" {
  description = "The ARN of the only role that may be passed to SageMaker."
  type        = string
}

variable "alarm_arns" {
  description = "The ARNs of the alarms that SageMaker monitors during a deployment."
  type        = list(string)
}

variable "slack" {
  description = "Where the Slack token is stored; null gives NotifySlack no permissions."
  type        = object({ token_parameter = string, token_secret = string })
}

variable "schedule_role_arn" {
  description = "The ARN of the only role that may be passed to EventBridge Scheduler."
  type        = string
}

variable "arrival_schedule" {
  description = "The schedule that ObjectArrived creates and postpones."
  type        = object({ group = string, name = string })
}

variable "own_code" {
  description = "Whether the pipeline has a custom algorithm, whose code each run copies."
  type        = bool
}
