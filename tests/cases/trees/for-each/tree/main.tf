locals {
  queues = toset(["orders", "returns"])
  jobs = {
    packer = { queue = "orders" }
    sorter = { queue = "returns" }
  }
}
resource "aws_sqs_queue" "q" {
  for_each = local.queues
  name     = "depot-${each.key}"
}
resource "aws_lambda_function" "job" {
  for_each      = local.jobs
  function_name = each.key
  role          = "x"
}
resource "aws_lambda_event_source_mapping" "job" {
  for_each         = local.jobs
  function_name    = aws_lambda_function.job[each.key].arn
  event_source_arn = aws_sqs_queue.q[each.value.queue].arn
}
module "worker" {
  for_each = { loader = aws_sqs_queue.q["orders"].url, checker = aws_sqs_queue.q["returns"].url }
  source   = "./modules/worker"
  name     = each.key
  url      = each.value
}
resource "aws_lambda_function" "watch" {
  function_name = "watch"
  role          = "x"
  environment {
    variables = { BUCKET = module.worker["checker"].bucket }
  }
}
resource "aws_db_instance" "main" {
  count  = 2
  engine = "postgres"
}
resource "aws_dynamodb_table" "unknown" {
  for_each = var.tables
  name     = each.key
}
variable "tables" {}
