resource "aws_cloudwatch_event_rule" "landed" {
  event_pattern = jsonencode({ source = ["aws.s3"] })
}
resource "aws_cloudwatch_event_target" "queue" {
  rule = aws_cloudwatch_event_rule.landed.name
  arn  = aws_sqs_queue.landed.arn
}
resource "aws_sqs_queue" "landed" {
  name = "landed"
}
resource "aws_cloudwatch_event_bus" "own" {
  name = "harvest"
}
resource "aws_cloudwatch_event_rule" "own" {
  event_bus_name = aws_cloudwatch_event_bus.own.name
  event_pattern  = "{}"
}
resource "aws_cloudwatch_event_target" "own" {
  rule = aws_cloudwatch_event_rule.own.name
  arn  = aws_sfn_state_machine.press.arn
}
resource "aws_sfn_state_machine" "press" {
  name       = "press"
  definition = <<-EOF
    {"States": {"Press": {"Type": "Task", "Resource": "${aws_lambda_function.press.arn}"}}}
  EOF
}
resource "aws_lambda_function" "press" {
  function_name = "press-fruit"
  role          = "x"
}
resource "aws_api_gateway_rest_api" "front" {
  name = "front"
}
resource "aws_api_gateway_integration" "queue" {
  rest_api_id = aws_api_gateway_rest_api.front.id
  uri         = "arn:aws:apigateway:eu-west-1:sqs:path/1/${aws_sqs_queue.landed.name}"
}
