variable "aws" {
  description = "Where the stack lives."
  type        = object({ partition = string, region = string, account_id = string })
}

variable "name" {
  description = "What the names of the functions, their roles and their log groups start with."
  type        = string
}

variable "pipeline" {
  description = "The pipeline's name."
  type        = string
}

variable "zip" {
  description = "The path of the built lambdas.zip."
  type        = string
}

variable "bucket" {
  description = "The name of the pipeline's bucket."
  type        = string
}

variable "data_prefix" {
  description = "The prefix in the bucket where the daily data lands."
  type        = string
}

variable "watermark_parameter" {
  description = "The name of the watermark's SSM parameter."
  type        = string
}

variable "state_machine" {
  description = "The name of the state machine whose executions CheckData may ask about."
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

variable "slack" {
  description = "Where the Slack token is kept; null gives NotifySlack no rights."
  type        = object({ token_parameter = string, token_secret = string })
}

variable "log_retention_days" {
  description = "How many days the logs are kept."
  type        = number
}

variable "alarm_arns" {
  description = "The alarms that DeployModel has SageMaker watch during a deployment."
  type        = list(string)
}

variable "permissions_boundary" {
  description = "The ARN of the policy that bounds every role made here; null bounds none."
  type        = string
}
