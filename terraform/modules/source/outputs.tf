output "uri" {
  description = "The S3 URI of the code, known before the object exists and available when it does."
  value       = "s3://${var.bucket}/${local.key}"
  depends_on  = [aws_s3_object.this]
}
