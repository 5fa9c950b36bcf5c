output "created" {
  description = "The bucket's name, available when objects can be written, but before versioning is enabled."
  value       = var.name
  depends_on = [
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_policy.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
  ]
}

output "name" {
  description = "The bucket's name, available when the bucket is ready to use."
  value       = var.name
  depends_on = [
    aws_s3_bucket_policy.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}
