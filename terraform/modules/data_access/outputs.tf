output "list" {
  description = "The statements of a role that lists the data."
  value       = local.list
}

output "read" {
  description = "The statements of a role that lists and reads the data."
  value       = concat(local.list, local.read, local.decrypt)
}

output "grants" {
  description = "The statements for the policies of the bucket and of its key, if another account owns them."
  value       = { for policy, statements in local.grants : policy => flatten(statements) }
}
