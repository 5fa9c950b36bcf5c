output "names" {
  description = "The names of the parameters: watermark, run and hold."
  value       = { for key, parameter in aws_ssm_parameter.this : key => parameter.name }
}
