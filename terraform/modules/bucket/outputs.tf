output "name" {
  description = "The bucket's name, available when the bucket is ready to use."
  value       = var.name
  depends_on = [
    aws_s3_bucket_policy.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}
