variable "name" {}
variable "url" {}
resource "aws_s3_bucket" "this" { bucket = "depot-${var.name}" }
resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = "x"
  environment {
    variables = { QUEUE_URL = var.url }
  }
}
output "bucket" { value = aws_s3_bucket.this.id }
