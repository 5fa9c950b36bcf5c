variable "name" {
  description = "What the names of the alarms start with."
  type        = string
}

variable "state_machine_arn" {
  description = "The state machine whose runs are watched."
  type        = string
}

variable "schedule_group" {
  description = "The group of schedules that start its runs."
  type        = string
}

variable "actions" {
  description = "The ARNs that are told."
  type        = list(string)
}

variable "endpoint" {
  description = "The endpoint whose failing requests are watched; null watches none."
  type        = string
}
