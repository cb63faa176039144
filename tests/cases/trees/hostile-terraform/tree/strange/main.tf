resource {}
resource "aws_s3_bucket" {}
module {}
variable {}
output {}
resource "aws_lambda_function" "f" {
  function_name = ["a", { b = 1 }]
  environment   = "text"
  role          = aws_lambda_function.f.arn
}
resource "aws_ecs_service" "s" { task_definition = aws_ecs_service.s.id }
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = "{\"Statement\": [[[{\"Action\": {\"a\": 1}}]]"
}
resource "aws_iam_role" "r" { inline_policy = aws_iam_role.r.arn }
resource "aws_lambda_function" "g" {
  role = aws_iam_role.r.arn
  environment {
    variables = { A = "${aws_s3_bucket.gone.id}", B = aws_s3_bucket.gone.id, C = "${var.c}", TABLE_NAME = var.c, URL = "http://[::1" }
  }
}
resource "aws_lambda_event_source_mapping" "m" {}
resource "aws_sns_topic_subscription" "m" { topic_arn = 3 }
resource "aws_s3_bucket_notification" "m" { bucket = [] }
resource "aws_lb_listener" "m" { load_balancer_arn = null }
resource "aws_rds_cluster" "c" { engine = ["x"] }
resource "aws_db_instance" "d" { replicate_source_db = aws_db_instance.d.id }
