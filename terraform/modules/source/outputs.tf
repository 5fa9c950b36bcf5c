output "uri" {
  description = "The S3 URI of the code, known before the object exists and available when it does."
  value       = "s3://${var.bucket}/${local.key}"
  depends_on  = [aws_s3_object.this]
}

output "key" {
  description = "The key of the code, available when the object exists."
  value       = aws_s3_object.this.key
}
