variable "name" {
  description = "The prefix of the alarms' names."
  type        = string
}

variable "state_machine_arn" {
  description = "The ARN of the state machine whose runs are monitored."
  type        = string
}

variable "schedule_group" {
  description = "The name of the schedule group whose schedules start its runs."
  type        = string
}

variable "actions" {
  description = "The ARNs of the actions of every alarm, such as SNS topics."
  type        = list(string)
}

variable "endpoint" {
  description = "The name of the endpoint whose failed requests are monitored; null means none."
  type        = string
}
