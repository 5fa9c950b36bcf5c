variable "aws" {
  description = "Where the stack lives."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}

variable "handlers" {
  description = "The Lambdas that the pipeline has."
  type        = set(string)
}

variable "direct" {
  description = "Whether the state machine trains and deploys itself."
  type        = bool
}

variable "approval" {
  description = "Whether a run waits for a person."
  type        = bool
}

variable "bucket" {
  description = "The name of the pipeline's bucket."
  type        = string
}

variable "data_prefix" {
  description = "The prefix in the bucket where the daily data lands."
  type        = string
}

variable "parameters" {
  description = "The names of the pipeline's SSM parameters."
  type        = object({ watermark = string, run = string, hold = string })
}

variable "state_machine_arn" {
  description = "The state machine whose executions CheckData may ask about."
  type        = string
}

variable "endpoint" {
  description = "The endpoint's name."
  type        = string
}

variable "sagemaker_role_arn" {
  description = "The only role that may be passed to SageMaker."
  type        = string
}

variable "alarm_arns" {
  description = "The alarms that SageMaker is asked to watch during a deployment."
  type        = list(string)
}

variable "slack" {
  description = "Where the Slack token is kept; null gives NotifySlack no rights."
  type        = object({ token_parameter = string, token_secret = string })
}

variable "schedule_role_arn" {
  description = "The only role that may be passed to EventBridge Scheduler."
  type        = string
}

variable "arrival_schedule" {
  description = "The schedule that ObjectArrived makes and moves."
  type        = object({ group = string, name = string })
}

variable "own_code" {
  description = "Whether the pipeline has code of an own algorithm, of which each run keeps a copy."
  type        = bool
}
