output "names" {
  description = "The names of the parameters: watermark, run, commit and hold."
  value       = { for key, parameter in aws_ssm_parameter.this : key => parameter.name }
}
