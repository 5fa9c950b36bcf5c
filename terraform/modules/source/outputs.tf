output "uri" {
  description = "Where CheckData finds the code, known before it is there and handed out when it is."
  value       = "s3://${var.bucket}/${local.key}"
  depends_on  = [aws_s3_object.this]
}
