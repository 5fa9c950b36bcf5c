output "functions" {
  description = "Handler to the statements of its role, as JSON; its own logs are left to the functions."
  value       = { for key in var.handlers : key => jsonencode(local.functions[key]) }
}

output "state_machine" {
  description = "The statements of the state machine's role, as JSON; its logs and its Lambdas are left to the state machine."
  value       = jsonencode(local.state_machine)
}
