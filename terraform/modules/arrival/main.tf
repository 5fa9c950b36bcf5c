# Invokes ObjectArrived for every new object under the data prefix. ObjectArrived postpones the start of a run until no more
# objects arrive.

# An existing bucket is not changed: its owner turns its notifications on, and `refit doctor` says whether they are.
resource "aws_s3_bucket_notification" "this" {
  count       = var.own_bucket ? 1 : 0
  bucket      = var.bucket
  eventbridge = true

  # Events that occur before these exist would be lost.
  depends_on = [aws_cloudwatch_event_target.this, aws_lambda_permission.this]
}

resource "aws_cloudwatch_event_rule" "this" {
  name        = var.name
  description = "New data for ${var.name}."
  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.bucket] }
      object = { key = [{ prefix = var.data_prefix }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "this" {
  rule      = aws_cloudwatch_event_rule.this.name
  target_id = "object-arrived"
  arn       = var.function.arn
}

resource "aws_lambda_permission" "this" {
  statement_id  = "arrival"
  action        = "lambda:InvokeFunction"
  function_name = var.function.name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this.arn
}
