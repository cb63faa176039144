variable "stage" {}

resource "aws_s3_bucket" "uploads" {
  bucket = "darkroom-${var.stage}-uploads"
}

resource "aws_dynamodb_table" "photos" {
  name     = "photos-${var.stage}"
  hash_key = "id"
}

resource "aws_sns_topic" "printed" {
  name = "printed"
}

resource "aws_sqs_queue" "prints" {
  name = "prints"
}

resource "aws_kinesis_stream" "clicks" {
  name = "clicks"
}

resource "aws_sns_topic_subscription" "prints" {
  topic_arn = aws_sns_topic.printed.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.prints.arn
}

data "archive_file" "resize" {
  type        = "zip"
  source_dir  = "${path.module}/../../functions/resize"
  output_path = "resize.zip"
}

resource "aws_lambda_function" "resize" {
  function_name    = "resize-${var.stage}"
  role             = aws_iam_role.resize.arn
  filename         = data.archive_file.resize.output_path
  handler          = "app.handler"
  environment {
    variables = {
      TABLE     = aws_dynamodb_table.photos.name
      TOPIC_ARN = aws_sns_topic.printed.arn
    }
  }
}

resource "aws_iam_role" "resize" {
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_policy" "resize" {
  policy = <<-EOF
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": ["dynamodb:PutItem"], "Resource": "${aws_dynamodb_table.photos.arn}"},
        {"Effect": "Allow", "Action": "sns:Publish", "Resource": "${aws_sns_topic.printed.arn}"}
      ]
    }
  EOF
}

resource "aws_iam_role_policy_attachment" "resize" {
  role       = aws_iam_role.resize.name
  policy_arn = aws_iam_policy.resize.arn
}

resource "aws_s3_bucket_notification" "uploads" {
  bucket = aws_s3_bucket.uploads.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.resize.arn
    events              = ["s3:ObjectCreated:*"]
  }
}

resource "aws_lambda_function" "printer" {
  function_name = "printer"
  role          = "arn:aws:iam::111122223333:role/printer"
}

resource "aws_lambda_event_source_mapping" "printer" {
  function_name    = aws_lambda_function.printer.arn
  event_source_arn = aws_sqs_queue.prints.arn
}

resource "aws_lambda_function" "report" {
  function_name = "nightly-report"
  role          = "x"
}

resource "aws_cloudwatch_event_rule" "nightly" {
  schedule_expression = "cron(0 3 * * ? *)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = aws_lambda_function.report.arn
}

resource "aws_kinesis_firehose_delivery_stream" "clicks" {
  name        = "clicks-to-lake"
  destination = "extended_s3"
  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.clicks.arn
  }
  extended_s3_configuration {
    bucket_arn = aws_s3_bucket.uploads.arn
  }
}

resource "aws_apigatewayv2_api" "public" {
  name          = "darkroom"
  protocol_type = "HTTP"
}

resource "aws_lambda_function" "browse" {
  function_name = "browse"
  role          = "x"
  environment {
    variables = {
      PHOTOS_TABLE = "photos-${var.stage}"
      STREAM       = aws_kinesis_stream.clicks.name
    }
  }
}

resource "aws_apigatewayv2_integration" "browse" {
  api_id           = aws_apigatewayv2_api.public.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.browse.invoke_arn
}

resource "aws_lambda_permission" "browse" {
  function_name = aws_lambda_function.browse.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.public.execution_arn}/*/*"
}
