output "functions" {
  description = "The statements of each handler's role as JSON; modules/functions adds those for the logs."
  value       = { for key in var.handlers : key => jsonencode(local.functions[key]) }
}

output "state_machine" {
  description = "The statements of the state machine's role as JSON; modules/state_machine adds those for the logs and the functions."
  value       = jsonencode(local.state_machine)
}
